package io.github.paravane.hypervisor.hypercall.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** abi-reference 3.18, 3.21 to 3.23. */
final class VersionAndConsoleTest {
    private static final long ARG = ServiceRig.ARG;

    private final ServiceRig rig = new ServiceRig(1);

    private String text(int size) {
        byte[] bytes = new byte[size];
        rig.memory.read(ARG, bytes, 0, size);
        return new String(bytes, StandardCharsets.US_ASCII).trim();
    }

    @Test
    void version() {
        assertEquals(4 << 16 | 17, rig.call("xen_version", 0, 0));
        assertEquals(0, rig.call("xen_version", 3, ARG));
        assertEquals("xen-3.0-x86_64 xen-3.0-x86_32p", text(1024));
        assertEquals(0, rig.call("xen_version", 5, ARG));
        assertEquals(0xFFFF_8000_0000_0000L, rig.memory.readU64(ARG));
        assertEquals(4096, rig.call("xen_version", 7, 0));
        assertEquals(-22, rig.call("xen_version", 7, ARG));
        assertEquals(0, rig.call("xen_version", 9, ARG));
        assertEquals("<denied>", text(9));
        assertEquals(-1, rig.call("xen_version", 10, ARG));
        assertEquals(-38, rig.call("xen_version", 11, ARG));
        assertThrows(GuestFault.class, () -> rig.call("xen_version", 1, ServiceRig.UNMAPPED));
    }

    @Test
    void features() {
        rig.put(0, 0);
        assertEquals(0, rig.call("xen_version", 6, ARG));
        assertEquals(0x220E0, rig.result(4));
        rig.domain.setAssist(3, true);
        rig.call("xen_version", 6, ARG);
        assertEquals(0x220F0, rig.result(4));
        rig.put(1);
        assertEquals(-22, rig.call("xen_version", 6, ARG));
        ServiceRig old = new ServiceRig(1, AbiProfiles.XEN_3_1_0);
        old.put(0, 9);
        old.call("xen_version", 6, ARG);
        assertEquals(0, old.result(4));
    }

    @Test
    void consoleIoWritesEveryByte() {
        byte[] bytes = new byte[100_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        rig.memory.write(0x8000, bytes, 0, bytes.length);
        assertEquals(0, rig.call("console_io", 0, bytes.length, 0x8000));
        assertArrayEquals(bytes, rig.consoleIo.toByteArray());
        assertEquals(-1, rig.call("console_io", 1, 1, 0x8000));
        rig.consoleIoAllowed = false;
        assertEquals(-1, rig.call("console_io", 0, 1, 0x8000));
        rig.consoleIoAllowed = true;
        assertThrows(GuestFault.class, () -> rig.call("console_io", 0, -1L, 0x8000));
    }

    @Test
    void ioPrivilege() {
        assertEquals(0, rig.callWith("physdev_op", 6, 1));
        assertEquals(1, rig.vcpu(0).iopl());
        assertEquals(-22, rig.callWith("physdev_op", 6, 4));
        rig.put(0x1000, 0, 65537);
        assertEquals(-22, rig.call("physdev_op", 7, ARG));
        rig.put(0x1000, 0, 65536);
        assertEquals(0, rig.call("physdev_op", 7, ARG));
        assertEquals(0x1000, rig.vcpu(0).ioBitmap());
        assertEquals(-1, rig.callWith("physdev_op", 13, 0));
        assertEquals(-38, rig.callWith("physdev_op", 99, 0));
        rig.put(6, 0, 3);
        assertEquals(0, rig.call("physdev_op_compat", ARG));
        assertEquals(3, rig.vcpu(0).iopl());
    }

    @Test
    void interruptsOfADomainWithoutDevices() {
        assertEquals(0, rig.callWith("physdev_op", 5, 55, 0));
        assertEquals(1, rig.result(4), "an EOI by hypercall");
        assertEquals(-22, rig.callWith("physdev_op", 5, 56, 0));
        assertEquals(0, rig.callWith("physdev_op", 23, 1, 0));
        assertEquals(16, rig.result(4), "the first with a pin that is no ISA interrupt");
        assertEquals(0, rig.callWith("physdev_op", 23, 0, 0));
        assertEquals(55, rig.result(4));
        assertEquals(0, rig.callWith("physdev_op", 23, 0, 0));
        assertEquals(54, rig.result(4));
        assertEquals(-1, rig.callWith("event_channel_op", 2, 55, 0, 0));
        assertEquals(-22, rig.callWith("event_channel_op", 2, 56, 0, 0));
        assertEquals(-3, rig.callWith("physdev_op", 14, 77, 0));
        assertEquals(-22, rig.callWith("physdev_op", 21, 24, 0));
        assertEquals(-1, rig.callWith("physdev_op", 21, 23, 0));
        assertEquals(0, rig.callWith("physdev_op", 28, 5, 0), "the page of EOI bits");
        assertEquals(-16, rig.callWith("physdev_op", 28, 6, 0));
        assertEquals(-22, rig.callWith("physdev_op", 28, 1000, 0));
    }

    @Test
    void deviceModelsAndHvmDomains() {
        assertEquals(-61, rig.call("dm_op", 7, 0, 0));
        assertEquals(-7, rig.call("dm_op", 7, 3, 0));
        assertEquals(-3, rig.call("dm_op", 7, 1, ARG));
        assertEquals(-1, rig.call("dm_op", 1, 1, ARG));
        assertEquals(-22, rig.call("dm_op", 0, 1, ARG));
        assertEquals(0, rig.call("hvm_op", 10, ARG));
        assertEquals(-38, rig.call("hvm_op", 2, ARG));
        assertEquals(-22, rig.callWith("hvm_op", 1, 1, 0, 0, 0));
        assertEquals(-3, rig.callWith("hvm_op", 1, 9, 0, 0, 0));
        assertEquals(-1, rig.callWith("hvm_op", 15, 0, 0, 0, 0));
    }

    @ParameterizedTest
    @CsvSource({"platform_op, -13", "sysctl, -13", "domctl, -13", "xenpmu_op, -95", "xsm_op, -38", "argo_op, -38"})
    void refusals(String name, long errno) {
        assertEquals(errno, rig.call(name, 0, 0));
    }
}
