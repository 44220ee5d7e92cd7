#!/usr/bin/env python3
"""Records instruction vectors on the host processor: record.py ORACLE > integer.vectors (ORACLE is oracle.c, compiled).

Line: bytes ; disassembly ; inputs => outputs. Registers not named hold 0x0101010101010101 * (number + 1), RSP 0x3fe00,
quadwords of data (m0-mf at 0x20100) 0. 'flags=V/M': arithmetic flags and DF V of which only M is defined. An instruction
that faults has the output '#vector' alone. Outputs name what changed.
"""
import random
import struct
import subprocess
import sys
import tempfile

random.seed(20071122)
NAMES = 'rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15'.split()
CF, PF, AF, ZF, SF, DF, OF = 1, 4, 16, 64, 128, 1024, 2048
ALL = CF | PF | AF | ZF | SF | OF
MASK = (1 << 64) - 1
DATA = 0x20100
cases = []


def value():
    kind = random.randrange(6)
    if kind == 0:
        return random.choice([0, 1, MASK, 1 << 63, (1 << 63) - 1, 0x80, 0x7f, 0x8000, 0x7fff, 0x80000000, 0x7fffffff,
                              0xff, 0xffff, 0xffffffff])
    if kind == 1:
        return random.randrange(256)
    if kind == 2:
        return (-random.randrange(256)) & MASK
    if kind == 3:
        return random.getrandbits(32)
    return random.getrandbits(64)


def default(n):
    return 0x3fe00 if n == 4 else 0x0101010101010101 * (n + 1) & MASK


def imm(size):
    return (value() & ((1 << (8 * size)) - 1)).to_bytes(size, 'little')


class Case:
    def __init__(self, defined=ALL):
        self.regs = [default(n) for n in range(16)]
        self.flags = random.getrandbits(12) & ALL
        self.mem = [0] * 16
        self.defined = defined | DF

    def randomise(self, *numbers):
        for n in numbers:
            if n != 4:
                self.regs[n] = value()

    def emit(self, code):
        if len(code) <= 15:
            self.code = bytes(code)
            cases.append(self)


def encode(case, prefix, opcode, width, reg, memory, rm=None, suffix=b'', rexw=None, byte_regs=True):
    """prefix: mandatory/legacy bytes; opcode without width bit; reg may be a digit or register."""
    out = bytearray(prefix)
    if width == 2:
        out.insert(0, 0x66)
    rex = 0x48 if (width == 8 if rexw is None else rexw) else 0
    if reg >= 8:
        rex |= 0x44
    if memory:
        case.regs[7] = DATA + random.randrange(0, 0x30)
        for n in range(8):
            case.mem[n] = value()
        disp = random.choice([0, 8, 0x10])
        modrm = 0x47 | (reg & 7) << 3
        tail = bytes([modrm, disp])
    else:
        if rm >= 8:
            rex |= 0x41
        tail = bytes([0xC0 | (reg & 7) << 3 | (rm & 7)])
    if byte_regs and width == 1 and rex == 0 and random.random() < 0.5:
        rex = 0x40
    if rex:
        out.append(rex)
    return bytes(out) + bytes(opcode) + tail + suffix


def reg():
    return random.choice([0, 1, 2, 3, 5, 6, 8, 9, 12, 13, 15])


def two(opcode, widths=(1, 2, 4, 8), defined=ALL, prefix=b'', count=6, suffix=None, wide_opcode=True, memory=(0, 1),
        prepare=None, reverse=False):
    """E,G or G,E instruction."""
    for width in widths:
        for m in memory:
            for _ in range(count):
                c = Case(defined)
                r, e = reg(), reg()
                if m:
                    r = random.choice([0, 1, 2, 3, 5, 6, 9])
                c.randomise(r, e, 0)
                if prepare:
                    prepare(c, r, e, width)
                op = bytearray(opcode)
                if wide_opcode and width > 1:
                    op[-1] |= 1
                c.emit(encode(c, prefix, op, width, r, m, e, suffix() if suffix else b''))


def one(opcode, digit, widths=(1, 2, 4, 8), defined=ALL, count=6, suffix=None, memory=(0, 1), prepare=None):
    for width in widths:
        for m in memory:
            for _ in range(count):
                c = Case(defined)
                e = reg()
                c.randomise(e, 0, 1, 2)
                if prepare:
                    prepare(c, 0, e, width)
                op = bytearray(opcode)
                if width > 1:
                    op[-1] |= 1
                c.emit(encode(c, b'', op, width, digit, m, e, suffix(width) if suffix else b''))


def integer():
    for n in range(8):
        defined = ALL & ~AF if n in (1, 4, 6) else ALL
        two([n * 8], defined=defined)
        two([n * 8 + 2], defined=defined)
        one([0x80], n, defined=defined, suffix=lambda w: imm(min(w, 4)), count=3)
        one([0x82], n, (2, 4, 8), defined=defined, suffix=lambda w: imm(1), count=3)
        for width in (1, 2, 4, 8):
            c = Case(defined)
            c.randomise(0)
            pre = {1: b'', 2: b'\x66', 4: b'', 8: b'\x48'}[width]
            c.emit(pre + bytes([n * 8 + (4 if width == 1 else 5)]) + imm(min(width, 4)))
    one([0xFE], 0, defined=ALL)
    one([0xFE], 1, defined=ALL)
    one([0xF6], 2)
    one([0xF6], 3)
    two([0x84], defined=ALL & ~AF)
    one([0xF6], 0, defined=ALL & ~AF, suffix=lambda w: imm(min(w, 4)))
    two([0x86])
    two([0x88])
    two([0x8A])
    one([0xC6], 0, suffix=lambda w: imm(min(w, 4)), count=3)

    def accumulator(c, r, e, width):
        if random.random() < 0.6:
            c.regs[e] = c.regs[0]
    two([0x0F, 0xB0], prepare=accumulator)

    def equal_memory(c, r, e, width):
        c.regs[0] = 0
    two([0x0F, 0xC0])
    for op in (0xB6, 0xB7, 0xBE, 0xBF):
        two([0x0F, op], (2, 4, 8), wide_opcode=False, count=4)
    two([0x63], (4, 8), wide_opcode=False)
    for cc in range(16):
        two([0x0F, 0x40 + cc], (2, 4, 8), wide_opcode=False, count=2)
        one_cc(cc)
    for n in range(8):
        for width in (4, 8):
            c = Case()
            c.randomise(n)
            if n != 4:
                c.emit((b'\x48' if width == 8 else b'') + bytes([0x0F, 0xC8 + n]))
    for op in ('98', '6698', '4898', '99', '6699', '4899', '9e', '9f', 'f5', 'f8', 'f9', 'fc', 'fd', '90', '6690', '4890',
               '87c0', '4991', '91', '6693', 'd7', 'c9', 'f390'):
        for _ in range(4):
            c = Case()
            c.randomise(0, 1, 2, 3)
            if op == 'd7':
                c.regs[0] = (value() & ~0xff) | random.randrange(0x40)
                c.regs[3] = DATA
                c.mem = [value() for _ in range(16)]
            if op == 'c9':
                c.regs[5] = DATA + 8 * random.randrange(8)
                c.mem = [value() for _ in range(16)]
            c.emit(bytes.fromhex(op))


def one_cc(cc):
    for m in (0, 1):
        for _ in range(3):
            c = Case()
            e = reg()
            c.randomise(e)
            c.emit(encode(c, b'', [0x0F, 0x90 + cc], 1, 0, m, e))


def shifts():
    for digit in range(8):
        logical = digit >= 4

        def by(get):
            for width in (1, 2, 4, 8):
                for m in (0, 1):
                    for _ in range(5):
                        c = Case(0)
                        e = random.choice([0, 2, 3, 6, 9, 12])
                        count = get()
                        c.randomise(e)
                        c.regs[1] = (value() & ~0xff) | (count & 0xff)
                        masked = count & (63 if width == 8 else 31)
                        bits = 8 * width
                        if not logical:
                            effective = masked % (bits + 1) if digit in (2, 3) else masked
                            c.defined = ALL if masked == 1 or effective == 0 and masked == 0 else ALL & ~OF
                            if digit in (2, 3) and masked > bits:
                                c.defined &= ~CF if False else ALL
                        elif masked == 0:
                            c.defined = ALL
                        else:
                            c.defined = ALL & ~AF
                            if masked != 1:
                                c.defined &= ~OF
                            if masked >= bits and digit != 7:
                                c.defined &= ~CF
                        c.defined |= DF
                        yield c, width, m, e, count
        for c, width, m, e, count in by(lambda: random.choice([0, 1, 1, 2, 5, 7, 8, 15, 16, 17, 31, 32, 33, 63, 255])):
            op = 0xC0 | (width > 1)
            c.emit(encode(c, b'', [op], width, digit, m, e, bytes([count])))
        for c, width, m, e, count in by(lambda: random.randrange(256)):
            c.emit(encode(c, b'', [0xD2 | (width > 1)], width, digit, m, e))
        for c, width, m, e, count in by(lambda: 1):
            c.emit(encode(c, b'', [0xD0 | (width > 1)], width, digit, m, e))
    for op in (0xA4, 0xAC, 0xA5, 0xAD):
        for width in (2, 4, 8):
            for m in (0, 1):
                for _ in range(8):
                    c = Case()
                    r, e = random.choice([0, 2, 3, 6]), random.choice([0, 2, 3, 9])
                    c.randomise(r, e)
                    count = random.choice([0, 1, 2, 7, 15, 16, 31, 32, 33, 63, random.randrange(256)])
                    masked = count & (63 if width == 8 else 31)
                    if masked > 8 * width:
                        continue
                    c.regs[1] = (value() & ~0xff) | count
                    if masked:
                        c.defined = (ALL & ~AF if masked == 1 else ALL & ~AF & ~OF) | DF
                    c.emit(encode(c, b'', [0x0F, op], width, r, m, e, b'' if op & 1 else bytes([count])))


def bits():
    def near(c, r, e, width):
        c.regs[r] = random.randrange(-128, 128) & MASK
        c.regs[0] = value() if r else c.regs[0]
    for op in (0xA3, 0xAB, 0xB3, 0xBB):
        two([0x0F, op], (2, 4, 8), defined=CF | ZF, wide_opcode=False, prepare=near, memory=(0,))
        for width in (2, 4, 8):
            for _ in range(6):
                c = Case(CF | ZF)
                r = random.choice([0, 1, 2, 3])
                code = encode(c, b'', [0x0F, op], width, r, 1)
                c.regs[7] = DATA + 0x28
                high = random.getrandbits(64) & ~((1 << (8 * width)) - 1)
                c.regs[r] = random.randrange(-200, 200) & ((1 << (8 * width)) - 1) | high
                c.emit(code)
    for digit in (4, 5, 6, 7):
        for width in (2, 4, 8):
            for m in (0, 1):
                for _ in range(4):
                    c = Case(CF | ZF)
                    e = reg()
                    c.randomise(e)
                    c.emit(encode(c, b'', [0x0F, 0xBA], width, digit, m, e, bytes([random.randrange(256)])))

    def sometimes_zero(c, r, e, width):
        if random.random() < 0.2:
            c.regs[e] = 0
    for op in (0xBC, 0xBD):
        two([0x0F, op], (2, 4, 8), defined=ZF, wide_opcode=False, prepare=sometimes_zero)
        two([0x0F, op], (2, 4, 8), defined=ZF | CF, prefix=b'\xf3', wide_opcode=False, prepare=sometimes_zero)
    two([0x0F, 0xB8], (2, 4, 8), prefix=b'\xf3', wide_opcode=False, prepare=sometimes_zero)
    for width in (2, 4, 8):
        for op in (0xF0, 0xF1):
            for _ in range(4):
                c = Case()
                c.randomise(2)
                c.emit(encode(c, b'', [0x0F, 0x38, op], width, 2, 1))


def muldiv():
    def divisible(c, r, e, width):
        if random.random() < 0.7:
            c.regs[2] = random.choice([0, 0, MASK, 1])
            c.regs[0] = c.regs[0] & 0x7f if width == 1 else c.regs[0]
    product = CF | OF
    one([0xF6], 4, defined=product)
    one([0xF6], 5, defined=product)
    one([0xF6], 6, defined=0, count=10, prepare=divisible)
    one([0xF6], 7, defined=0, count=10, prepare=divisible)
    two([0x0F, 0xAF], (2, 4, 8), defined=product, wide_opcode=False)
    two([0x6B], (2, 4, 8), defined=product, wide_opcode=False, suffix=lambda: imm(1))
    for width in (2, 4, 8):
        two([0x69], (width,), defined=product, wide_opcode=False, suffix=lambda: imm(min(width, 4)))


def vex(pp, mapno, op, w, regno, vvvv, memory, rm, case, suffix=b''):
    r = 0 if regno >= 8 else 0x80
    b = 0x20 if memory or rm < 8 else 0
    out = bytes([0xC4, r | 0x40 | b | mapno, (0x80 if w else 0) | (~vvvv & 15) << 3 | pp, op])
    if memory:
        case.regs[7] = DATA + random.randrange(0x30)
        for n in range(8):
            case.mem[n] = value()
        return out + bytes([0x47 | (regno & 7) << 3, 8]) + suffix
    return out + bytes([0xC0 | (regno & 7) << 3 | rm & 7]) + suffix


def bmi():
    table = [(0, 2, 0xF2, None, ALL & ~AF & ~PF), (0, 2, 0xF3, 1, ALL & ~AF & ~PF), (0, 2, 0xF3, 2, CF | OF | SF | ZF),
             (0, 2, 0xF3, 3, ALL & ~AF & ~PF), (0, 2, 0xF5, None, ALL & ~AF & ~PF), (2, 2, 0xF5, None, ALL),
             (3, 2, 0xF5, None, ALL), (3, 2, 0xF6, None, ALL), (0, 2, 0xF7, None, CF | OF | ZF), (2, 2, 0xF7, None, ALL),
             (1, 2, 0xF7, None, ALL), (3, 2, 0xF7, None, ALL), (3, 3, 0xF0, None, ALL)]
    for pp, mapno, op, digit, defined in table:
        for w in (0, 1):
            for m in (0, 1):
                for _ in range(5):
                    c = Case(defined)
                    g, v, e = reg(), random.choice([0, 1, 2, 3, 9]), reg()
                    c.randomise(g, v, e, 2)
                    if op == 0xF7 and random.random() < 0.6:
                        c.regs[v] = random.randrange(64) | random.randrange(70) << 8
                    if op == 0xF5 and pp == 0 and random.random() < 0.6:
                        c.regs[v] = random.randrange(80)
                    if mapno == 3:
                        v = 0
                    suffix = bytes([random.randrange(256)]) if mapno == 3 else b''
                    c.emit(vex(pp, mapno, op, w, digit if digit else g, v, m, e, c, suffix))
    for prefix in (b'\x66', b'\xf3'):
        for w in (4, 8):
            for _ in range(8):
                c = Case()
                g, e = reg(), reg()
                c.randomise(g, e)
                c.emit(encode(c, prefix, [0x0F, 0x38, 0xF6], w, g, 0, e))


def strings():
    for op in (0xA4, 0xA6, 0xAA, 0xAC, 0xAE):
        for width in (1, 2, 4, 8):
            for prefix in (b'', b'\xf3', b'\xf2'):
                if prefix == b'\xf2' and op not in (0xA6, 0xAE):
                    continue
                for address32 in (0, 1):
                    c = Case()
                    c.mem = [random.choice([0, 0x4141414141414141, value()]) for _ in range(16)]
                    if op == 0xA6:
                        c.mem[8:16] = c.mem[0:8]
                        c.mem[random.randrange(8, 16)] ^= random.choice([0, 1 << 40])
                    c.flags |= random.choice([0, DF])
                    down = c.flags & DF
                    count = random.randrange(1, 6)
                    c.regs[6] = DATA + (0x30 if down else 0x08)
                    c.regs[7] = DATA + (0x70 if down else 0x48)
                    if op == 0xA4 and random.random() < 0.5:
                        c.regs[7] = c.regs[6] + random.choice([1, 4, -3])
                    if address32:
                        c.regs[6] |= 0x5500000000
                        c.regs[7] |= 0x6600000000
                    c.regs[1] = random.choice([0, count, count]) if prefix else value()
                    c.regs[0] = random.choice([value(), 0x4141414141414141])
                    code = (b'\x67' if address32 else b'') + prefix + (b'\x66' if width == 2 else b'')
                    code += (b'\x48' if width == 8 else b'') + bytes([op | (width > 1)])
                    c.emit(code)


def stack():
    for n in range(16):
        for prefix in (b'', b'\x66'):
            rex = b'\x41' if n >= 8 else b''
            for base in (0x50, 0x58):
                if base == 0x58 and n == 4 and prefix:
                    continue
                c = Case()
                c.randomise(n)
                c.regs[4] = DATA + 0x20
                c.mem = [value() for _ in range(16)]
                if base == 0x58 and n == 4:
                    c.mem[4] = DATA + 0x40
                c.emit(prefix + rex + bytes([base + (n & 7)]))
    for code in ('6a80', '6812345678', '66681234', 'ff7708', '8f4708', '8f442408', 'ff742408', '9c', '669c', 'c8100000',
                 'c8200001', 'c8080003', '669d'):
        for _ in range(2):
            c = Case()
            c.regs[4] = DATA + 0x50
            c.regs[5] = DATA + 0x70
            c.regs[7] = DATA + 0x10
            c.mem = [value() for _ in range(16)]
            if code == '669d':
                c.mem[10] = random.getrandbits(12) & (ALL | DF)
            c.emit(bytes.fromhex(code))


def addresses():
    """LEA with every addressing form."""
    for _ in range(120):
        c = Case()
        base, index, scale = random.randrange(16), random.randrange(16), random.randrange(4)
        for n in range(16):
            c.randomise(n)
        c.regs[4] = 0x3fe00
        rex = 0x40 | random.choice([0, 8]) | (index >> 3) << 1 | base >> 3
        prefix = random.choice([b'', b'', b'\x67', b'\x66'])
        mod = random.choice([0, 1, 2])
        out = prefix + bytes([rex, 0x8D, mod << 6 | 2 << 3 | 4, scale << 6 | (index & 7) << 3 | base & 7])
        size = 4 if mod == 2 or mod == 0 and base & 7 == 5 else mod
        c.emit(out + imm(size) if size else out)
    for _ in range(8):
        c = Case()
        c.emit(random.choice([b'', b'\x67']) + b'\x48\x8d\x05' + imm(4))


for group in (integer, shifts, bits, muldiv, bmi, strings, stack, addresses):
    group()


def disassemble():
    blob = b''.join(c.code.ljust(16, b'\x90') for c in cases)
    with tempfile.NamedTemporaryFile() as f:
        f.write(blob)
        f.flush()
        text = subprocess.run(['objdump', '-D', '-b', 'binary', '-mi386:x86-64', '-Mintel', '--insn-width=16', f.name],
                              capture_output=True, text=True, check=True).stdout
    found = {}
    for line in text.splitlines():
        parts = line.split('\t')
        if len(parts) >= 3:
            found[int(parts[0].strip(' :'), 16)] = ' '.join(parts[2].split('#')[0].split())
    return [found.get(16 * n, '?') for n in range(len(cases))]


def named(regs, mem, old_regs, old_mem):
    out = [f'{NAMES[n]}={regs[n]:x}' for n in range(16) if regs[n] != old_regs[n]]
    out += [f'm{n:x}={mem[n]:x}' for n in range(16) if mem[n] != old_mem[n]]
    return out


def main():
    request = b''.join(struct.pack('<B15s16QQ16Q', len(c.code), c.code, *c.regs, c.flags | 0x202, *c.mem) for c in cases)
    answer = subprocess.run([sys.argv[1]], input=request, capture_output=True, check=True).stdout
    size = 8 * 34
    print('# Recorded on the host by record.py; see there for the format.')
    for n, (c, text) in enumerate(zip(cases, disassemble())):
        words = struct.unpack('<34Q', answer[n * size:(n + 1) * size])
        inputs = named(c.regs, c.mem, [default(k) for k in range(16)], [0] * 16) + [f'flags={c.flags:x}']
        if words[0] != MASK:
            outputs = [f'#{words[0]}']
        else:
            outputs = named(words[1:17], words[18:34], c.regs, c.mem)
            outputs.append(f'flags={words[17] & c.defined:x}/{c.defined:x}')
        print(f'{c.code.hex()} ; {text} ; {" ".join(inputs)} => {" ".join(outputs)}')


main()
