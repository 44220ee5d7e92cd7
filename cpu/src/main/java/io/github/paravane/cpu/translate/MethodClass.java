package io.github.paravane.cpu.translate;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A class with a constructor without parameters and one method without a result, whose only jumps lead forward while the
 * stack is empty and all locals are parameters (JVMS 4). The order of calls is the order of the method's instructions.
 */
public final class MethodClass {
    private static final int MAGIC = 0xCAFE_BABE;
    private static final int VERSION_17 = 61;
    private static final int FINAL_SUPER_SYNTHETIC = 0x1030;
    private static final int SAME_FRAME_EXTENDED = 251;
    private static final int STACK = 3;

    private static final int SIPUSH = 0x11;
    private static final int ALOAD = 0x19;
    private static final int AALOAD = 0x32;
    private static final int IFEQ = 0x99;
    private static final int RETURN = 0xB1;
    private static final int GETFIELD = 0xB4;
    private static final int PUTFIELD = 0xB5;
    private static final int INVOKESPECIAL = 0xB7;
    private static final int INVOKESTATIC = 0xB8;

    private final ConstantPool pool = new ConstantPool();
    private final ByteArrayOutputStream code = new ByteArrayOutputStream();
    private final List<Integer> targets = new ArrayList<>();
    private final String name;
    private final String superName;
    private final String method;
    private final String descriptor;
    private final int locals;

    /**
     * @param name internal name of the class
     * @param superName internal name of its superclass, which has a constructor without parameters
     * @param method name of the method
     * @param descriptor descriptor of the method: references, no result
     * @param parameters number of its parameters
     */
    public MethodClass(String name, String superName, String method, String descriptor, int parameters) {
        this.name = name;
        this.superName = superName;
        this.method = method;
        this.descriptor = descriptor;
        this.locals = parameters + 1;
    }

    /** Pushes parameter {@code index}, 1 for the first. */
    public MethodClass parameter(int index) {
        code.write(ALOAD);
        code.write(index);
        return this;
    }

    /** Pushes a number in [0, 32767]. */
    public MethodClass number(int value) {
        code.write(SIPUSH);
        return index(value);
    }

    /** Replaces an array and an index by the element, a reference. */
    public MethodClass element() {
        code.write(AALOAD);
        return this;
    }

    /** Replaces an object by its field. */
    public MethodClass get(String owner, String field, String type) {
        code.write(GETFIELD);
        return index(pool.field(owner, field, type));
    }

    /** Takes an object and a value, and sets the object's field. */
    public MethodClass put(String owner, String field, String type) {
        code.write(PUTFIELD);
        return index(pool.field(owner, field, type));
    }

    /** Calls a static method. */
    public MethodClass call(String owner, String called, String type) {
        code.write(INVOKESTATIC);
        return index(pool.method(owner, called, type));
    }

    /** Takes a boolean and skips what follows up to {@link #land} if it is false; the place to land. */
    public int skipUnless() {
        code.write(IFEQ);
        index(0);
        return code.size() - 3;
    }

    /** Where the jump {@code at}, of {@link #skipUnless}, lands. */
    public MethodClass land(int at) {
        targets.add(at);
        targets.add(code.size());
        return this;
    }

    /** Returns from the method; its last instruction too. */
    public MethodClass leave() {
        code.write(RETURN);
        return this;
    }

    private MethodClass index(int value) {
        code.write(value >>> 8);
        code.write(value);
        return this;
    }

    /** The bytes of the class file. */
    public byte[] toBytes() {
        try {
            return write();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private byte[] write() throws IOException {
        ByteArrayOutputStream constructor = new ByteArrayOutputStream();
        constructor.write(ALOAD);
        constructor.write(0);
        constructor.write(INVOKESPECIAL);
        new DataOutputStream(constructor).writeShort(pool.method(superName, "<init>", "()V"));
        constructor.write(RETURN);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(body);
        out.writeShort(FINAL_SUPER_SYNTHETIC);
        out.writeShort(pool.type(name));
        out.writeShort(pool.type(superName));
        out.writeShort(0);
        out.writeShort(0);
        out.writeShort(2);
        writeMethod(out, "<init>", "()V", constructor.toByteArray(), 1, List.of());
        writeMethod(out, method, descriptor, linked(), locals, targets);
        out.writeShort(0);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        DataOutputStream all = new DataOutputStream(file);
        all.writeInt(MAGIC);
        all.writeInt(VERSION_17);
        pool.writeTo(all);
        body.writeTo(all);
        return file.toByteArray();
    }

    /** The code, jumps filled in. */
    private byte[] linked() {
        byte[] bytes = code.toByteArray();
        for (int n = 0; n < targets.size(); n += 2) {
            int from = targets.get(n);
            int distance = targets.get(n + 1) - from;
            bytes[from + 1] = (byte) (distance >>> 8);
            bytes[from + 2] = (byte) distance;
        }
        return bytes;
    }

    private void writeMethod(
            DataOutputStream out, String called, String type, byte[] bytes, int size, List<Integer> jumps)
            throws IOException {
        int frames = jumps.size() / 2;
        int table = frames == 0 ? 0 : 6 + 2 + 3 * frames;
        out.writeShort(0);
        out.writeShort(pool.utf8(called));
        out.writeShort(pool.utf8(type));
        out.writeShort(1);
        out.writeShort(pool.utf8("Code"));
        out.writeInt(12 + bytes.length + table);
        out.writeShort(STACK);
        out.writeShort(size);
        out.writeInt(bytes.length);
        out.write(bytes);
        out.writeShort(0);
        out.writeShort(frames == 0 ? 0 : 1);
        if (frames != 0) {
            writeFrames(out, jumps, frames, table - 6);
        }
    }

    /** One frame a target, equal to the first one of the method (JVMS 4.7.4). */
    private void writeFrames(DataOutputStream out, List<Integer> jumps, int frames, int length) throws IOException {
        out.writeShort(pool.utf8("StackMapTable"));
        out.writeInt(length);
        out.writeShort(frames);
        int last = -1;
        for (int n = 1; n < jumps.size(); n += 2) {
            out.writeByte(SAME_FRAME_EXTENDED);
            out.writeShort(jumps.get(n) - last - 1);
            last = jumps.get(n);
        }
    }
}
