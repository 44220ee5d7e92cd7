#!/usr/bin/env python3
"""Writes Op.java and the dispatch classes from the instruction table. Run it in the cpu module after opcodes.txt or the
set of family methods changed; the results are committed, and a test checks that they agree with the table.

A method that the table names and no family class defines gets an id and no case: executing it is a structured error.
"""
import os
import re
import sys

ROOT = 'src/main/java/io/github/paravane/cpu'
TABLE = 'src/main/resources/io/github/paravane/cpu/decode/opcodes.txt'
FIXED = ['undefined', 'unimplemented', 'tooLong']
CASES_PER_CLASS = 420
HEADER = '// Generated from opcodes.txt by src/build/generate_dispatch.py; do not edit.\n'


def table_methods():
    hot, plain = [], []
    for line in open(TABLE):
        cells = line.split()
        if not cells or cells[0].startswith('#'):
            continue
        if cells[0] == 'hot':
            if cells[4] not in hot:
                hot.append(cells[4])
        elif cells[2] not in plain and cells[2] not in FIXED:
            plain.append(cells[2])
    plain = [m for m in plain if m not in hot]
    plain.sort(key=lambda m: (m.startswith('Sse') or m.startswith('X87') or m.startswith('Mmx'), m.split('.')[0]))
    return FIXED, hot, plain


def constant(method):
    return re.sub(r'(?<=[a-z0-9])(?=[A-Z])', '_', method.replace('.', '_')).upper()


def implemented(methods):
    found = set()
    for method in methods:
        family, name = method.split('.')
        path = f'{ROOT}/exec/{family}.java'
        if os.path.exists(path) and re.search(r'static void ' + name + r'\(Core c, Insn i\)', open(path).read()):
            found.add(method)
        else:
            print('not implemented:', method, file=sys.stderr)
    return found


def write(path, text):
    open(f'{ROOT}/{path}', 'w').write(text)


def write_op(names):
    out = ['package io.github.paravane.cpu.decode;\n\n', HEADER,
           '/** Dense operation ids, one for each method that the instruction table names. */\npublic final class Op {\n']
    for n, name in enumerate(names):
        out.append(f'    public static final int {constant(name)} = {n};\n')
    out.append(f'\n    /** Number of ids. */\n    public static final int COUNT = {len(names)};\n\n')
    out.append('    private static final String[] NAMES = {\n')
    for name in names:
        out.append(f'        "{name}",\n')
    out.append('    };\n\n    private Op() {}\n\n')
    out.append('    /** The name in the table: {@code Family.method}. */\n'
               '    public static String name(int op) {\n        return NAMES[op];\n    }\n}\n')
    write('decode/Op.java', ''.join(out))


def cases(methods, indent):
    pad = ' ' * indent
    out = []
    for m in methods:
        call = 'Core.' + m if m in FIXED else m
        out.append(f'{pad}case Op.{constant(m)} -> {call}(c, i);\n')
    return ''.join(out)


def write_dispatch(name, doc, methods, other):
    write(f'exec/{name}.java', f'''package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.decode.Op;

{HEADER}/** {doc} */
final class {name} {{
    private {name}() {{}}

    static void execute(Core c, Insn i) {{
        switch (i.op) {{
{cases(methods, 12)}            default -> {other}(c, i);
        }}
    }}
}}
''')


def write_loop(hot):
    write('exec/BlockLoop.java', f'''package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.decode.Op;
import io.github.paravane.cpu.fault.FaultSignal;

{HEADER}/** The inner loop: the hot operations in one switch, everything else one call away. */
final class BlockLoop {{
    private BlockLoop() {{}}

    /** Whether {{@code op}} is a method of its own for one operand form. */
    static boolean isHot(int op) {{
        return op >= Op.{constant(hot[0])} && op <= Op.{constant(hot[-1])};
    }}

    /**
     * Executes {{@code code[from..to)}} until the end, a fault, or {{@code attention}}. {{@code c.position}} counts the
     * instructions completed: after a fault, which sets {{@code c.faulted}}, it is the index of the one that faulted.
     */
    static void run(Core c, Insn[] code, int from, int to) {{
        int n = from;
        try {{
            do {{
                Insn i = code[n];
                switch (i.op) {{
{cases(hot, 20)}                    default -> {first_dispatch}.execute(c, i);
                }}
                n++;
            }} while (n < to && !c.s.attention);
        }} catch (FaultSignal signal) {{
            c.faulted = true;
        }}
        c.position = n;
    }}
}}
''')


fixed, hot, plain = table_methods()
names = fixed + hot + plain
write_op(names)
have = implemented(hot + plain)
rest = [m for m in hot + plain if m in have]
integer = [m for m in rest if not re.match(r'(Sse|X87|Mmx)', m)]
floating = [m for m in rest if re.match(r'(Sse|X87|Mmx)', m)]
chunks = [floating[n:n + CASES_PER_CLASS] for n in range(0, len(floating), CASES_PER_CLASS)]
targets = [f'FloatDispatch{n + 1}' for n in range(len(chunks))] + ['Core.unimplemented']
for n, chunk in enumerate(chunks):
    other = targets[n + 1]
    write_dispatch(targets[n], 'Operations of the x87, MMX and SSE families.', chunk,
                   other if other.startswith('Core') else other + '.execute')
first_dispatch = 'IntegerDispatch'
other = targets[0]
write_dispatch('IntegerDispatch', 'Operations of the integer and system families.', FIXED + integer,
               other if other.startswith('Core') else other + '.execute')
write_loop([m for m in hot if m in have])
