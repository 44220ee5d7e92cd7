package io.github.paravane.samples.outside;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** Starts an OSGi framework, installs bundles and starts each of them; an exception tells what could not be resolved. */
public final class FelixLauncher {
    private FelixLauncher() {}

    /** The storage of the framework, then the bundles in the order in which they start. */
    public static void main(String[] args) throws BundleException, InterruptedException {
        Framework framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        args[0],
                        Constants.FRAMEWORK_STORAGE_CLEAN,
                        Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT));
        framework.start();
        try {
            List<Bundle> bundles = new ArrayList<>();
            for (int n = 1; n < args.length; n++) {
                bundles.add(framework
                        .getBundleContext()
                        .installBundle(Path.of(args[n]).toUri().toString()));
            }
            for (Bundle bundle : bundles) {
                bundle.start();
                if (bundle.getState() != Bundle.ACTIVE) {
                    throw new IllegalStateException(bundle + " is in state " + bundle.getState());
                }
            }
        } finally {
            framework.stop();
            framework.waitForStop(0);
        }
    }
}
