package io.github.paravane.cpu.translate;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** The constant pool of a class file (JVMS 4.4); each constant is there once. */
final class ConstantPool {
    private static final int UTF8 = 1;
    private static final int CLASS = 7;
    private static final int FIELD = 9;
    private static final int METHOD = 10;
    private static final int NAME_AND_TYPE = 12;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);
    private final Map<String, Integer> indices = new HashMap<>();

    int utf8(String text) {
        String key = "text " + text;
        Integer known = indices.get(key);
        if (known != null) {
            return known;
        }
        try {
            out.writeByte(UTF8);
            out.writeUTF(text);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return added(key);
    }

    int type(String name) {
        return pair("class " + name, CLASS, utf8(name), -1);
    }

    int field(String owner, String name, String descriptor) {
        return pair(
                "field " + owner + ' ' + name + ' ' + descriptor, FIELD, type(owner), nameAndType(name, descriptor));
    }

    int method(String owner, String name, String descriptor) {
        return pair(
                "method " + owner + ' ' + name + ' ' + descriptor, METHOD, type(owner), nameAndType(name, descriptor));
    }

    private int nameAndType(String name, String descriptor) {
        return pair("name " + name + ' ' + descriptor, NAME_AND_TYPE, utf8(name), utf8(descriptor));
    }

    private int pair(String key, int tag, int first, int second) {
        Integer known = indices.get(key);
        if (known != null) {
            return known;
        }
        try {
            out.writeByte(tag);
            out.writeShort(first);
            if (second >= 0) {
                out.writeShort(second);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return added(key);
    }

    private int added(String key) {
        int index = indices.size() + 1;
        indices.put(key, index);
        return index;
    }

    /** Writes the number of constants and the constants. */
    void writeTo(DataOutputStream target) throws IOException {
        target.writeShort(indices.size() + 1);
        bytes.writeTo(target);
    }
}
