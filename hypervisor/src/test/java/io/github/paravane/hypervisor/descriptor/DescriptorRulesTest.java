package io.github.paravane.hypervisor.descriptor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import org.junit.jupiter.api.Test;

class DescriptorRulesTest {

    private static final long FLAT_DATA_DPL_0 = 0x00CF_9300_0000_FFFFL;
    private static final long GATE = 0x0000_EC00_0010_1234L;

    private final DescriptorRules rules = new DescriptorRules(AbiProfiles.XEN_4_17);

    @Test
    void segmentsGetDpl3() {
        assertTrue(rules.isLegal(FLAT_DATA_DPL_0));
        assertEquals(0x00CF_F300_0000_FFFFL, rules.fixUp(FLAT_DATA_DPL_0));
        assertEquals(3, DescriptorRules.dpl(rules.fixUp(FLAT_DATA_DPL_0)));
    }

    @Test
    void whatIsNotPresentIsFree() {
        long anything = 0x1234_5678_9ABC_DEF0L & ~(1L << 47);
        assertTrue(rules.isLegal(anything));
        assertEquals(anything, rules.fixUp(anything));
    }

    @Test
    void systemDescriptorsAreRefusedButCallGates() {
        for (long type = 0; type < 16; type++) {
            long descriptor = 1L << 47 | type << 40 | 0x10L << 16;
            assertEquals(type == 0 || type == 12, rules.isLegal(descriptor), "type " + type);
        }
    }

    @Test
    void callGatesAreNeutralisedFrom32On() {
        assertTrue(rules.isLegal(GATE));
        assertEquals(0x0000_8C00_0013_1234L, rules.fixUp(GATE));
        DescriptorRules old = new DescriptorRules(AbiProfiles.XEN_3_1_2);
        assertEquals(0x0000_EC00_0013_1234L, old.fixUp(GATE));
    }

    @Test
    void callGatesReachGuestSegmentsOnly() {
        assertFalse(rules.isLegal(gateTo(0xE008)));
        assertFalse(rules.isLegal(gateTo(0xE02B)));
        assertTrue(rules.isLegal(gateTo(0xE033)));
        assertTrue(rules.isLegal(gateTo(0xE00C)), "the LDT is the guest's");
        assertTrue(rules.isLegal(gateTo(0xDFFB)));
        assertFalse(rules.isLegal(GATE | 1L << 32), "reserved bits");
        assertTrue(new DescriptorRules(AbiProfiles.XEN_3_1_2).isLegal(GATE | 1L << 32));
    }

    private static long gateTo(long selector) {
        return GATE & ~(0xFFFFL << 16) | selector << 16;
    }
}
