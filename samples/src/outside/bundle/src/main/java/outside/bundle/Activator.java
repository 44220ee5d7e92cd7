package outside.bundle;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import outside.MyCore;

/** Plays every known bug when the bundle starts; a bug that is not told apart keeps it from starting. */
public final class Activator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        MyCore.main(new String[0]);
    }

    @Override
    public void stop(BundleContext context) {}
}
