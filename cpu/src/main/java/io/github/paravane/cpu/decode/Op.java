package io.github.paravane.cpu.decode;

// Generated from opcodes.txt by src/build/generate_dispatch.py; do not edit.
/** Dense operation ids, one for each method that the instruction table names. */
public final class Op {
    public static final int UNDEFINED = 0;
    public static final int UNIMPLEMENTED = 1;
    public static final int TOO_LONG = 2;
    public static final int BIT_OPS_BT = 3;
    public static final int BIT_OPS_BTS = 4;
    public static final int BIT_OPS_BTR = 5;
    public static final int BIT_OPS_POPCNT = 6;
    public static final int BIT_OPS_BTC = 7;
    public static final int BIT_OPS_BSF = 8;
    public static final int BIT_OPS_TZCNT = 9;
    public static final int BIT_OPS_BSR = 10;
    public static final int BIT_OPS_LZCNT = 11;
    public static final int BIT_OPS_CRC32 = 12;
    public static final int BMI_ADCX = 13;
    public static final int BMI_ADOX = 14;
    public static final int BMI_ANDN = 15;
    public static final int BMI_BLSR = 16;
    public static final int BMI_BLSMSK = 17;
    public static final int BMI_BLSI = 18;
    public static final int BMI_BZHI = 19;
    public static final int BMI_PEXT = 20;
    public static final int BMI_PDEP = 21;
    public static final int BMI_MULX = 22;
    public static final int BMI_BEXTR = 23;
    public static final int BMI_SARX = 24;
    public static final int BMI_SHLX = 25;
    public static final int BMI_SHRX = 26;
    public static final int BMI_RORX = 27;
    public static final int BRANCHES_JCC = 28;
    public static final int BRANCHES_RET = 29;
    public static final int BRANCHES_INT3 = 30;
    public static final int BRANCHES_INT_N = 31;
    public static final int BRANCHES_INTO = 32;
    public static final int BRANCHES_LOOPNE = 33;
    public static final int BRANCHES_LOOPE = 34;
    public static final int BRANCHES_LOOP = 35;
    public static final int BRANCHES_JRCXZ = 36;
    public static final int BRANCHES_CALL = 37;
    public static final int BRANCHES_JMP = 38;
    public static final int BRANCHES_INT1 = 39;
    public static final int BRANCHES_CALL_INDIRECT = 40;
    public static final int BRANCHES_JMP_INDIRECT = 41;
    public static final int FLAG_OPS_PAUSE = 42;
    public static final int FLAG_OPS_SAHF = 43;
    public static final int FLAG_OPS_LAHF = 44;
    public static final int FLAG_OPS_CMC = 45;
    public static final int FLAG_OPS_CLC = 46;
    public static final int FLAG_OPS_STC = 47;
    public static final int FLAG_OPS_CLD = 48;
    public static final int FLAG_OPS_STD = 49;
    public static final int FLAG_OPS_NOP = 50;
    public static final int FLAG_OPS_FENCE = 51;
    public static final int FLAG_OPS_CLFLUSH = 52;
    public static final int INTEGER_ARITHMETIC_ADD = 53;
    public static final int INTEGER_ARITHMETIC_ADC = 54;
    public static final int INTEGER_ARITHMETIC_SBB = 55;
    public static final int INTEGER_ARITHMETIC_DAA = 56;
    public static final int INTEGER_ARITHMETIC_SUB = 57;
    public static final int INTEGER_ARITHMETIC_DAS = 58;
    public static final int INTEGER_ARITHMETIC_AAA = 59;
    public static final int INTEGER_ARITHMETIC_CMP = 60;
    public static final int INTEGER_ARITHMETIC_AAS = 61;
    public static final int INTEGER_ARITHMETIC_INC = 62;
    public static final int INTEGER_ARITHMETIC_DEC = 63;
    public static final int INTEGER_ARITHMETIC_NEG = 64;
    public static final int INTEGER_ARITHMETIC_CMPXCHG = 65;
    public static final int INTEGER_ARITHMETIC_XADD = 66;
    public static final int INTEGER_ARITHMETIC_CMPXCHG_WIDE = 67;
    public static final int LOGIC_OR = 68;
    public static final int LOGIC_AND = 69;
    public static final int LOGIC_XOR = 70;
    public static final int LOGIC_TEST = 71;
    public static final int LOGIC_NOT = 72;
    public static final int MOVES_MOVSX = 73;
    public static final int MOVES_XCHG = 74;
    public static final int MOVES_MOV = 75;
    public static final int MOVES_LEA = 76;
    public static final int MOVES_XCHG_ACCUMULATOR = 77;
    public static final int MOVES_CONVERT_WIDEN = 78;
    public static final int MOVES_CONVERT_DOUBLE = 79;
    public static final int MOVES_XLAT = 80;
    public static final int MOVES_CMOV = 81;
    public static final int MOVES_SETCC = 82;
    public static final int MOVES_MOVZX = 83;
    public static final int MOVES_BSWAP = 84;
    public static final int MOVES_MOVBE = 85;
    public static final int MULTIPLY_DIVIDE_IMUL3 = 86;
    public static final int MULTIPLY_DIVIDE_AAM = 87;
    public static final int MULTIPLY_DIVIDE_AAD = 88;
    public static final int MULTIPLY_DIVIDE_MUL = 89;
    public static final int MULTIPLY_DIVIDE_IMUL1 = 90;
    public static final int MULTIPLY_DIVIDE_DIV = 91;
    public static final int MULTIPLY_DIVIDE_IDIV = 92;
    public static final int MULTIPLY_DIVIDE_IMUL2 = 93;
    public static final int SEGMENT_OPS_PUSH_SEGMENT = 94;
    public static final int SEGMENT_OPS_POP_SEGMENT = 95;
    public static final int SEGMENT_OPS_MOV_FROM_SEGMENT = 96;
    public static final int SEGMENT_OPS_MOV_TO_SEGMENT = 97;
    public static final int SEGMENT_OPS_CALL_FAR_POINTER = 98;
    public static final int SEGMENT_OPS_LOAD_FAR_POINTER = 99;
    public static final int SEGMENT_OPS_RET_FAR = 100;
    public static final int SEGMENT_OPS_IRET = 101;
    public static final int SEGMENT_OPS_JMP_FAR_POINTER = 102;
    public static final int SEGMENT_OPS_CALL_FAR_MEMORY = 103;
    public static final int SEGMENT_OPS_JMP_FAR_MEMORY = 104;
    public static final int SEGMENT_OPS_RDFSBASE = 105;
    public static final int SEGMENT_OPS_RDGSBASE = 106;
    public static final int SEGMENT_OPS_WRFSBASE = 107;
    public static final int SEGMENT_OPS_WRGSBASE = 108;
    public static final int SHIFTS_ROL = 109;
    public static final int SHIFTS_ROR = 110;
    public static final int SHIFTS_RCL = 111;
    public static final int SHIFTS_RCR = 112;
    public static final int SHIFTS_SHL = 113;
    public static final int SHIFTS_SHR = 114;
    public static final int SHIFTS_SAR = 115;
    public static final int SHIFTS_SHLD = 116;
    public static final int SHIFTS_SHRD = 117;
    public static final int STACK_OPS_PUSH = 118;
    public static final int STACK_OPS_POP = 119;
    public static final int STACK_OPS_PUSHA = 120;
    public static final int STACK_OPS_POPA = 121;
    public static final int STACK_OPS_PUSHF = 122;
    public static final int STACK_OPS_POPF = 123;
    public static final int STACK_OPS_ENTER = 124;
    public static final int STACK_OPS_LEAVE = 125;
    public static final int STRING_OPS_INS = 126;
    public static final int STRING_OPS_OUTS = 127;
    public static final int STRING_OPS_MOVS = 128;
    public static final int STRING_OPS_CMPS = 129;
    public static final int STRING_OPS_STOS = 130;
    public static final int STRING_OPS_LODS = 131;
    public static final int STRING_OPS_SCAS = 132;
    public static final int SYSTEM_OPS_BOUND = 133;
    public static final int SYSTEM_OPS_ARPL = 134;
    public static final int SYSTEM_OPS_IN = 135;
    public static final int SYSTEM_OPS_OUT = 136;
    public static final int SYSTEM_OPS_HLT = 137;
    public static final int SYSTEM_OPS_CLI = 138;
    public static final int SYSTEM_OPS_STI = 139;
    public static final int SYSTEM_OPS_SLDT = 140;
    public static final int SYSTEM_OPS_STR = 141;
    public static final int SYSTEM_OPS_LLDT = 142;
    public static final int SYSTEM_OPS_LTR = 143;
    public static final int SYSTEM_OPS_VERR = 144;
    public static final int SYSTEM_OPS_VERW = 145;
    public static final int SYSTEM_OPS_SGDT = 146;
    public static final int SYSTEM_OPS_SIDT = 147;
    public static final int SYSTEM_OPS_LGDT = 148;
    public static final int SYSTEM_OPS_LIDT = 149;
    public static final int SYSTEM_OPS_SMSW = 150;
    public static final int SYSTEM_OPS_LMSW = 151;
    public static final int SYSTEM_OPS_INVLPG = 152;
    public static final int SYSTEM_OPS_XGETBV = 153;
    public static final int SYSTEM_OPS_XSETBV = 154;
    public static final int SYSTEM_OPS_SWAPGS = 155;
    public static final int SYSTEM_OPS_RDTSCP = 156;
    public static final int SYSTEM_OPS_LAR = 157;
    public static final int SYSTEM_OPS_LSL = 158;
    public static final int SYSTEM_OPS_SYSCALL = 159;
    public static final int SYSTEM_OPS_CLTS = 160;
    public static final int SYSTEM_OPS_SYSRET = 161;
    public static final int SYSTEM_OPS_INVD = 162;
    public static final int SYSTEM_OPS_WBINVD = 163;
    public static final int SYSTEM_OPS_UD = 164;
    public static final int SYSTEM_OPS_MOV_FROM_CONTROL = 165;
    public static final int SYSTEM_OPS_MOV_FROM_DEBUG = 166;
    public static final int SYSTEM_OPS_MOV_TO_CONTROL = 167;
    public static final int SYSTEM_OPS_MOV_TO_DEBUG = 168;
    public static final int SYSTEM_OPS_WRMSR = 169;
    public static final int SYSTEM_OPS_RDTSC = 170;
    public static final int SYSTEM_OPS_RDMSR = 171;
    public static final int SYSTEM_OPS_RDPMC = 172;
    public static final int SYSTEM_OPS_SYSENTER = 173;
    public static final int SYSTEM_OPS_SYSEXIT = 174;
    public static final int SYSTEM_OPS_CPUID = 175;
    public static final int SYSTEM_OPS_RSM = 176;
    public static final int X87_FWAIT = 177;

    /** Number of ids. */
    public static final int COUNT = 178;

    private static final String[] NAMES = {
        "undefined",
        "unimplemented",
        "tooLong",
        "BitOps.bt",
        "BitOps.bts",
        "BitOps.btr",
        "BitOps.popcnt",
        "BitOps.btc",
        "BitOps.bsf",
        "BitOps.tzcnt",
        "BitOps.bsr",
        "BitOps.lzcnt",
        "BitOps.crc32",
        "Bmi.adcx",
        "Bmi.adox",
        "Bmi.andn",
        "Bmi.blsr",
        "Bmi.blsmsk",
        "Bmi.blsi",
        "Bmi.bzhi",
        "Bmi.pext",
        "Bmi.pdep",
        "Bmi.mulx",
        "Bmi.bextr",
        "Bmi.sarx",
        "Bmi.shlx",
        "Bmi.shrx",
        "Bmi.rorx",
        "Branches.jcc",
        "Branches.ret",
        "Branches.int3",
        "Branches.intN",
        "Branches.into",
        "Branches.loopne",
        "Branches.loope",
        "Branches.loop",
        "Branches.jrcxz",
        "Branches.call",
        "Branches.jmp",
        "Branches.int1",
        "Branches.callIndirect",
        "Branches.jmpIndirect",
        "FlagOps.pause",
        "FlagOps.sahf",
        "FlagOps.lahf",
        "FlagOps.cmc",
        "FlagOps.clc",
        "FlagOps.stc",
        "FlagOps.cld",
        "FlagOps.std",
        "FlagOps.nop",
        "FlagOps.fence",
        "FlagOps.clflush",
        "IntegerArithmetic.add",
        "IntegerArithmetic.adc",
        "IntegerArithmetic.sbb",
        "IntegerArithmetic.daa",
        "IntegerArithmetic.sub",
        "IntegerArithmetic.das",
        "IntegerArithmetic.aaa",
        "IntegerArithmetic.cmp",
        "IntegerArithmetic.aas",
        "IntegerArithmetic.inc",
        "IntegerArithmetic.dec",
        "IntegerArithmetic.neg",
        "IntegerArithmetic.cmpxchg",
        "IntegerArithmetic.xadd",
        "IntegerArithmetic.cmpxchgWide",
        "Logic.or",
        "Logic.and",
        "Logic.xor",
        "Logic.test",
        "Logic.not",
        "Moves.movsx",
        "Moves.xchg",
        "Moves.mov",
        "Moves.lea",
        "Moves.xchgAccumulator",
        "Moves.convertWiden",
        "Moves.convertDouble",
        "Moves.xlat",
        "Moves.cmov",
        "Moves.setcc",
        "Moves.movzx",
        "Moves.bswap",
        "Moves.movbe",
        "MultiplyDivide.imul3",
        "MultiplyDivide.aam",
        "MultiplyDivide.aad",
        "MultiplyDivide.mul",
        "MultiplyDivide.imul1",
        "MultiplyDivide.div",
        "MultiplyDivide.idiv",
        "MultiplyDivide.imul2",
        "SegmentOps.pushSegment",
        "SegmentOps.popSegment",
        "SegmentOps.movFromSegment",
        "SegmentOps.movToSegment",
        "SegmentOps.callFarPointer",
        "SegmentOps.loadFarPointer",
        "SegmentOps.retFar",
        "SegmentOps.iret",
        "SegmentOps.jmpFarPointer",
        "SegmentOps.callFarMemory",
        "SegmentOps.jmpFarMemory",
        "SegmentOps.rdfsbase",
        "SegmentOps.rdgsbase",
        "SegmentOps.wrfsbase",
        "SegmentOps.wrgsbase",
        "Shifts.rol",
        "Shifts.ror",
        "Shifts.rcl",
        "Shifts.rcr",
        "Shifts.shl",
        "Shifts.shr",
        "Shifts.sar",
        "Shifts.shld",
        "Shifts.shrd",
        "StackOps.push",
        "StackOps.pop",
        "StackOps.pusha",
        "StackOps.popa",
        "StackOps.pushf",
        "StackOps.popf",
        "StackOps.enter",
        "StackOps.leave",
        "StringOps.ins",
        "StringOps.outs",
        "StringOps.movs",
        "StringOps.cmps",
        "StringOps.stos",
        "StringOps.lods",
        "StringOps.scas",
        "SystemOps.bound",
        "SystemOps.arpl",
        "SystemOps.in",
        "SystemOps.out",
        "SystemOps.hlt",
        "SystemOps.cli",
        "SystemOps.sti",
        "SystemOps.sldt",
        "SystemOps.str",
        "SystemOps.lldt",
        "SystemOps.ltr",
        "SystemOps.verr",
        "SystemOps.verw",
        "SystemOps.sgdt",
        "SystemOps.sidt",
        "SystemOps.lgdt",
        "SystemOps.lidt",
        "SystemOps.smsw",
        "SystemOps.lmsw",
        "SystemOps.invlpg",
        "SystemOps.xgetbv",
        "SystemOps.xsetbv",
        "SystemOps.swapgs",
        "SystemOps.rdtscp",
        "SystemOps.lar",
        "SystemOps.lsl",
        "SystemOps.syscall",
        "SystemOps.clts",
        "SystemOps.sysret",
        "SystemOps.invd",
        "SystemOps.wbinvd",
        "SystemOps.ud",
        "SystemOps.movFromControl",
        "SystemOps.movFromDebug",
        "SystemOps.movToControl",
        "SystemOps.movToDebug",
        "SystemOps.wrmsr",
        "SystemOps.rdtsc",
        "SystemOps.rdmsr",
        "SystemOps.rdpmc",
        "SystemOps.sysenter",
        "SystemOps.sysexit",
        "SystemOps.cpuid",
        "SystemOps.rsm",
        "X87.fwait",
    };

    private Op() {}

    /** The name in the table: {@code Family.method}. */
    public static String name(int op) {
        return NAMES[op];
    }
}
