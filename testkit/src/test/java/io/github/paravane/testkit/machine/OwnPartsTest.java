package io.github.paravane.testkit.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.api.paging.PagingUnit;
import io.github.paravane.hypervisor.machine.ConsolePort;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.mmu.Mmu;
import io.github.paravane.mmu.memory.LazyMemory;
import io.github.paravane.testkit.runtime.GuestRuntime;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A machine runs on the embedder's memory and MMU. */
class OwnPartsTest {

    private final Map<String, Long> calls = new HashMap<>();

    @Test
    void aKernelRunsOnMemoryAndMmuOfOnesOwn() {
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        GuestRuntime kernel = new GuestRuntime().print("hello\n").shutDown();
        PvMachine machine = PvMachine.builder(AbiProfiles.XEN_4_17)
                .virtualTime()
                .memory(frames -> counted(MachineMemory.class, new LazyMemory(frames)))
                .pagingUnits(memory -> counted(PagingUnit.class, Mmu.of(memory, PagingMode.FOUR_LEVEL)))
                .domain(DomainConfig.of(GuestImage.of(kernel.toElf())).console(ConsolePort.output(console)))
                .build();
        RunResult result = machine.run(RunLimits.none().within(Duration.ofSeconds(30)));
        assertEquals(RunResult.Kind.SHUT_DOWN, result.kind(), result::toString);
        assertEquals("hello", console.toString(StandardCharsets.US_ASCII).strip());
        for (String method : new String[] {"readU64", "writeU64", "translate", "loadBase"}) {
            assertTrue(calls.getOrDefault(method, 0L) > 0, method);
        }
    }

    @Test
    void memoryHasAsManyFramesAsTheMachineAsksFor() {
        PvMachine.Builder builder = PvMachine.builder(AbiProfiles.XEN_4_17)
                .memory(frames -> new LazyMemory(frames - 1))
                .domain(DomainConfig.of(
                        GuestImage.of(new GuestRuntime().shutDown().toElf())));
        assertThrows(IllegalStateException.class, builder::build);
    }

    /** {@code parts} behind an object of another class that counts the calls of each method. */
    private <T> T counted(Class<T> type, T parts) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    calls.merge(method.getName(), 1L, Long::sum);
                    try {
                        return method.invoke(parts, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
