package io.github.paravane.testkit.contract;

import io.github.paravane.api.guest.GuestKernel;
import io.github.paravane.testkit.guest.KernelHabits;
import io.github.paravane.testkit.guest.LinuxLikeKernel;
import io.github.paravane.testkit.guest.SolarisLikeKernel;
import io.github.paravane.testkit.guest.UserProgram;
import org.junit.jupiter.api.Nested;

class GuestKernelsContractTest {

    @Nested
    class SolarisLike extends GuestKernelContract {
        @Override
        protected GuestKernel create() {
            return new SolarisLikeKernel(KernelHabits.newSolaris()).run("call", UserProgram.touchAndCall(5));
        }
    }

    @Nested
    class LinuxLike extends GuestKernelContract {
        @Override
        protected GuestKernel create() {
            return new LinuxLikeKernel(KernelHabits.linux()).run("call", UserProgram.touchAndCall(5));
        }
    }
}
