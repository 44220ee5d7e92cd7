package io.github.paravane.hypervisor.hypercall.service;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.hypervisor.domain.Domain;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** console_io (abi-reference 3.21): writes go to the host byte for byte; there is nothing to read. */
final class ConsoleCall implements Hypercall {

    private static final int WRITE = 0;
    private static final int READ = 1;
    /** A longer write is done in parts, so that a guest cannot keep the machine busy with one call. */
    private static final int PART = 16 << 10;

    private final Services services;

    ConsoleCall(Services services) {
        this.services = services;
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        Domain domain = services.platform().current().domain();
        int command = context.argument32(0);
        Optional<OutputStream> output = services.consoleIo().output(domain);
        if (command == WRITE && output.isPresent()) {
            return write(context, output.get());
        }
        if (!domain.isPrivileged()) {
            return Operations.NOT_PERMITTED;
        }
        return switch (command) {
            case WRITE -> HypercallOutcome.OK;
            case READ ->
                context.argument32(1) < 0 ? HypercallOutcome.failed(XenErrno.E2BIG) : HypercallOutcome.completed(0);
            default -> Operations.UNKNOWN;
        };
    }

    private static HypercallOutcome write(HypercallContext context, OutputStream output) {
        long count = Integer.toUnsignedLong(context.argument32(1));
        long buffer = context.argument(2);
        int part = (int) Math.min(count, PART);
        byte[] bytes = new byte[part];
        GuestBuffer memory = context.memory();
        memory.read(buffer, bytes, 0, part);
        try {
            output.write(bytes, 0, part);
            output.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (part == count) {
            return HypercallOutcome.OK;
        }
        context.setArgument(1, count - part);
        context.setArgument(2, buffer + part);
        return HypercallOutcome.CONTINUED;
    }
}
