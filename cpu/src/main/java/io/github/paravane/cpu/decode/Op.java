package io.github.paravane.cpu.decode;

// Generated from opcodes.txt by src/build/generate_dispatch.py; do not edit.
/** Dense operation ids, one for each method that the instruction table names. */
public final class Op {
    public static final int UNDEFINED = 0;
    public static final int UNIMPLEMENTED = 1;
    public static final int TOO_LONG = 2;
    public static final int INTEGER_ARITHMETIC_ADD_RR64 = 3;
    public static final int INTEGER_ARITHMETIC_ADD_RI64 = 4;
    public static final int INTEGER_ARITHMETIC_ADD_RM64 = 5;
    public static final int INTEGER_ARITHMETIC_ADD_RR32 = 6;
    public static final int INTEGER_ARITHMETIC_ADD_RI32 = 7;
    public static final int INTEGER_ARITHMETIC_SUB_RR64 = 8;
    public static final int INTEGER_ARITHMETIC_SUB_RI64 = 9;
    public static final int INTEGER_ARITHMETIC_SUB_RR32 = 10;
    public static final int INTEGER_ARITHMETIC_SUB_RI32 = 11;
    public static final int INTEGER_ARITHMETIC_CMP_RR64 = 12;
    public static final int INTEGER_ARITHMETIC_CMP_RI64 = 13;
    public static final int INTEGER_ARITHMETIC_CMP_RM64 = 14;
    public static final int INTEGER_ARITHMETIC_CMP_MI64 = 15;
    public static final int INTEGER_ARITHMETIC_CMP_RR32 = 16;
    public static final int INTEGER_ARITHMETIC_CMP_RI32 = 17;
    public static final int INTEGER_ARITHMETIC_CMP_MI32 = 18;
    public static final int INTEGER_ARITHMETIC_CMP_MI8 = 19;
    public static final int LOGIC_AND_RR64 = 20;
    public static final int LOGIC_AND_RI64 = 21;
    public static final int LOGIC_AND_RR32 = 22;
    public static final int LOGIC_AND_RI32 = 23;
    public static final int LOGIC_OR_RR64 = 24;
    public static final int LOGIC_OR_RR32 = 25;
    public static final int LOGIC_XOR_RR64 = 26;
    public static final int LOGIC_XOR_RR32 = 27;
    public static final int LOGIC_TEST_RR64 = 28;
    public static final int LOGIC_TEST_RR32 = 29;
    public static final int LOGIC_TEST_RR8 = 30;
    public static final int LOGIC_TEST_RI8 = 31;
    public static final int LOGIC_TEST_MI8 = 32;
    public static final int MOVES_MOV_RR64 = 33;
    public static final int MOVES_MOV_RR32 = 34;
    public static final int MOVES_MOV_RI64 = 35;
    public static final int MOVES_MOV_RI32 = 36;
    public static final int MOVES_MOV_RM64 = 37;
    public static final int MOVES_MOV_RM32 = 38;
    public static final int MOVES_MOV_MR64 = 39;
    public static final int MOVES_MOV_MR32 = 40;
    public static final int MOVES_MOV_MR8 = 41;
    public static final int MOVES_MOV_MI64 = 42;
    public static final int MOVES_MOV_MI32 = 43;
    public static final int MOVES_LEA64 = 44;
    public static final int MOVES_MOVZX_RM = 45;
    public static final int MOVES_MOVZX = 46;
    public static final int MOVES_MOVSX = 47;
    public static final int MOVES_CMOV = 48;
    public static final int SHIFTS_SHL_RI64 = 49;
    public static final int SHIFTS_SHL_RI32 = 50;
    public static final int SHIFTS_SHR_RI64 = 51;
    public static final int SHIFTS_SHR_RI32 = 52;
    public static final int SHIFTS_SAR_RI64 = 53;
    public static final int INTEGER_ARITHMETIC_INC = 54;
    public static final int INTEGER_ARITHMETIC_DEC = 55;
    public static final int STACK_OPS_PUSH_R64 = 56;
    public static final int STACK_OPS_POP_R64 = 57;
    public static final int BRANCHES_CALL = 58;
    public static final int BRANCHES_RET = 59;
    public static final int BRANCHES_JMP = 60;
    public static final int BRANCHES_JO = 61;
    public static final int BRANCHES_JNO = 62;
    public static final int BRANCHES_JC = 63;
    public static final int BRANCHES_JNC = 64;
    public static final int BRANCHES_JZ = 65;
    public static final int BRANCHES_JNZ = 66;
    public static final int BRANCHES_JNA = 67;
    public static final int BRANCHES_JA = 68;
    public static final int BRANCHES_JS = 69;
    public static final int BRANCHES_JNS = 70;
    public static final int BRANCHES_JP = 71;
    public static final int BRANCHES_JNP = 72;
    public static final int BRANCHES_JL = 73;
    public static final int BRANCHES_JNL = 74;
    public static final int BRANCHES_JNG = 75;
    public static final int BRANCHES_JG = 76;
    public static final int BIT_OPS_BT = 77;
    public static final int BIT_OPS_BTS = 78;
    public static final int BIT_OPS_BTR = 79;
    public static final int BIT_OPS_POPCNT = 80;
    public static final int BIT_OPS_BTC = 81;
    public static final int BIT_OPS_BSF = 82;
    public static final int BIT_OPS_TZCNT = 83;
    public static final int BIT_OPS_BSR = 84;
    public static final int BIT_OPS_LZCNT = 85;
    public static final int BIT_OPS_CRC32 = 86;
    public static final int BMI_ADCX = 87;
    public static final int BMI_ADOX = 88;
    public static final int BMI_ANDN = 89;
    public static final int BMI_BLSR = 90;
    public static final int BMI_BLSMSK = 91;
    public static final int BMI_BLSI = 92;
    public static final int BMI_BZHI = 93;
    public static final int BMI_PEXT = 94;
    public static final int BMI_PDEP = 95;
    public static final int BMI_MULX = 96;
    public static final int BMI_BEXTR = 97;
    public static final int BMI_SARX = 98;
    public static final int BMI_SHLX = 99;
    public static final int BMI_SHRX = 100;
    public static final int BMI_RORX = 101;
    public static final int BRANCHES_INT3 = 102;
    public static final int BRANCHES_INT_N = 103;
    public static final int BRANCHES_INTO = 104;
    public static final int BRANCHES_LOOPNE = 105;
    public static final int BRANCHES_LOOPE = 106;
    public static final int BRANCHES_LOOP = 107;
    public static final int BRANCHES_JRCXZ = 108;
    public static final int BRANCHES_INT1 = 109;
    public static final int BRANCHES_CALL_INDIRECT = 110;
    public static final int BRANCHES_JMP_INDIRECT = 111;
    public static final int FLAG_OPS_PAUSE = 112;
    public static final int FLAG_OPS_SAHF = 113;
    public static final int FLAG_OPS_LAHF = 114;
    public static final int FLAG_OPS_CMC = 115;
    public static final int FLAG_OPS_CLC = 116;
    public static final int FLAG_OPS_STC = 117;
    public static final int FLAG_OPS_CLD = 118;
    public static final int FLAG_OPS_STD = 119;
    public static final int FLAG_OPS_NOP = 120;
    public static final int FLAG_OPS_FENCE = 121;
    public static final int FLAG_OPS_CLFLUSH = 122;
    public static final int INTEGER_ARITHMETIC_ADD = 123;
    public static final int INTEGER_ARITHMETIC_ADC = 124;
    public static final int INTEGER_ARITHMETIC_SBB = 125;
    public static final int INTEGER_ARITHMETIC_DAA = 126;
    public static final int INTEGER_ARITHMETIC_SUB = 127;
    public static final int INTEGER_ARITHMETIC_DAS = 128;
    public static final int INTEGER_ARITHMETIC_AAA = 129;
    public static final int INTEGER_ARITHMETIC_CMP = 130;
    public static final int INTEGER_ARITHMETIC_AAS = 131;
    public static final int INTEGER_ARITHMETIC_NEG = 132;
    public static final int INTEGER_ARITHMETIC_CMPXCHG = 133;
    public static final int INTEGER_ARITHMETIC_XADD = 134;
    public static final int INTEGER_ARITHMETIC_CMPXCHG_WIDE = 135;
    public static final int LOGIC_OR = 136;
    public static final int LOGIC_AND = 137;
    public static final int LOGIC_XOR = 138;
    public static final int LOGIC_TEST = 139;
    public static final int LOGIC_NOT = 140;
    public static final int MOVES_XCHG = 141;
    public static final int MOVES_MOV = 142;
    public static final int MOVES_LEA = 143;
    public static final int MOVES_XCHG_ACCUMULATOR = 144;
    public static final int MOVES_CONVERT_WIDEN = 145;
    public static final int MOVES_CONVERT_DOUBLE = 146;
    public static final int MOVES_XLAT = 147;
    public static final int MOVES_SETCC = 148;
    public static final int MOVES_BSWAP = 149;
    public static final int MOVES_MOVBE = 150;
    public static final int MULTIPLY_DIVIDE_IMUL3 = 151;
    public static final int MULTIPLY_DIVIDE_AAM = 152;
    public static final int MULTIPLY_DIVIDE_AAD = 153;
    public static final int MULTIPLY_DIVIDE_MUL = 154;
    public static final int MULTIPLY_DIVIDE_IMUL1 = 155;
    public static final int MULTIPLY_DIVIDE_DIV = 156;
    public static final int MULTIPLY_DIVIDE_IDIV = 157;
    public static final int MULTIPLY_DIVIDE_IMUL2 = 158;
    public static final int SEGMENT_OPS_PUSH_SEGMENT = 159;
    public static final int SEGMENT_OPS_POP_SEGMENT = 160;
    public static final int SEGMENT_OPS_MOV_FROM_SEGMENT = 161;
    public static final int SEGMENT_OPS_MOV_TO_SEGMENT = 162;
    public static final int SEGMENT_OPS_CALL_FAR_POINTER = 163;
    public static final int SEGMENT_OPS_LOAD_FAR_POINTER = 164;
    public static final int SEGMENT_OPS_RET_FAR = 165;
    public static final int SEGMENT_OPS_IRET = 166;
    public static final int SEGMENT_OPS_JMP_FAR_POINTER = 167;
    public static final int SEGMENT_OPS_CALL_FAR_MEMORY = 168;
    public static final int SEGMENT_OPS_JMP_FAR_MEMORY = 169;
    public static final int SEGMENT_OPS_RDFSBASE = 170;
    public static final int SEGMENT_OPS_RDGSBASE = 171;
    public static final int SEGMENT_OPS_WRFSBASE = 172;
    public static final int SEGMENT_OPS_WRGSBASE = 173;
    public static final int SHIFTS_ROL = 174;
    public static final int SHIFTS_ROR = 175;
    public static final int SHIFTS_RCL = 176;
    public static final int SHIFTS_RCR = 177;
    public static final int SHIFTS_SHL = 178;
    public static final int SHIFTS_SHR = 179;
    public static final int SHIFTS_SAR = 180;
    public static final int SHIFTS_SHLD = 181;
    public static final int SHIFTS_SHRD = 182;
    public static final int STACK_OPS_PUSH = 183;
    public static final int STACK_OPS_POP = 184;
    public static final int STACK_OPS_PUSHA = 185;
    public static final int STACK_OPS_POPA = 186;
    public static final int STACK_OPS_PUSHF = 187;
    public static final int STACK_OPS_POPF = 188;
    public static final int STACK_OPS_ENTER = 189;
    public static final int STACK_OPS_LEAVE = 190;
    public static final int STRING_OPS_INS = 191;
    public static final int STRING_OPS_OUTS = 192;
    public static final int STRING_OPS_MOVS = 193;
    public static final int STRING_OPS_CMPS = 194;
    public static final int STRING_OPS_STOS = 195;
    public static final int STRING_OPS_LODS = 196;
    public static final int STRING_OPS_SCAS = 197;
    public static final int SYSTEM_OPS_BOUND = 198;
    public static final int SYSTEM_OPS_ARPL = 199;
    public static final int SYSTEM_OPS_IN = 200;
    public static final int SYSTEM_OPS_OUT = 201;
    public static final int SYSTEM_OPS_HLT = 202;
    public static final int SYSTEM_OPS_CLI = 203;
    public static final int SYSTEM_OPS_STI = 204;
    public static final int SYSTEM_OPS_SLDT = 205;
    public static final int SYSTEM_OPS_STR = 206;
    public static final int SYSTEM_OPS_LLDT = 207;
    public static final int SYSTEM_OPS_LTR = 208;
    public static final int SYSTEM_OPS_VERR = 209;
    public static final int SYSTEM_OPS_VERW = 210;
    public static final int SYSTEM_OPS_SGDT = 211;
    public static final int SYSTEM_OPS_SIDT = 212;
    public static final int SYSTEM_OPS_LGDT = 213;
    public static final int SYSTEM_OPS_LIDT = 214;
    public static final int SYSTEM_OPS_SMSW = 215;
    public static final int SYSTEM_OPS_LMSW = 216;
    public static final int SYSTEM_OPS_INVLPG = 217;
    public static final int SYSTEM_OPS_XSETBV = 218;
    public static final int SYSTEM_OPS_SWAPGS = 219;
    public static final int SYSTEM_OPS_LAR = 220;
    public static final int SYSTEM_OPS_LSL = 221;
    public static final int SYSTEM_OPS_SYSCALL = 222;
    public static final int SYSTEM_OPS_CLTS = 223;
    public static final int SYSTEM_OPS_SYSRET = 224;
    public static final int SYSTEM_OPS_INVD = 225;
    public static final int SYSTEM_OPS_WBINVD = 226;
    public static final int SYSTEM_OPS_UD = 227;
    public static final int SYSTEM_OPS_MOV_FROM_CONTROL = 228;
    public static final int SYSTEM_OPS_MOV_FROM_DEBUG = 229;
    public static final int SYSTEM_OPS_MOV_TO_CONTROL = 230;
    public static final int SYSTEM_OPS_MOV_TO_DEBUG = 231;
    public static final int SYSTEM_OPS_WRMSR = 232;
    public static final int SYSTEM_OPS_RDTSC = 233;
    public static final int SYSTEM_OPS_RDMSR = 234;
    public static final int SYSTEM_OPS_RDPMC = 235;
    public static final int SYSTEM_OPS_SYSENTER = 236;
    public static final int SYSTEM_OPS_SYSEXIT = 237;
    public static final int SYSTEM_OPS_CPUID = 238;
    public static final int SYSTEM_OPS_RSM = 239;
    public static final int X87_FWAIT = 240;

    /** Number of ids. */
    public static final int COUNT = 241;

    private static final String[] NAMES = {
        "undefined",
        "unimplemented",
        "tooLong",
        "IntegerArithmetic.addRr64",
        "IntegerArithmetic.addRi64",
        "IntegerArithmetic.addRm64",
        "IntegerArithmetic.addRr32",
        "IntegerArithmetic.addRi32",
        "IntegerArithmetic.subRr64",
        "IntegerArithmetic.subRi64",
        "IntegerArithmetic.subRr32",
        "IntegerArithmetic.subRi32",
        "IntegerArithmetic.cmpRr64",
        "IntegerArithmetic.cmpRi64",
        "IntegerArithmetic.cmpRm64",
        "IntegerArithmetic.cmpMi64",
        "IntegerArithmetic.cmpRr32",
        "IntegerArithmetic.cmpRi32",
        "IntegerArithmetic.cmpMi32",
        "IntegerArithmetic.cmpMi8",
        "Logic.andRr64",
        "Logic.andRi64",
        "Logic.andRr32",
        "Logic.andRi32",
        "Logic.orRr64",
        "Logic.orRr32",
        "Logic.xorRr64",
        "Logic.xorRr32",
        "Logic.testRr64",
        "Logic.testRr32",
        "Logic.testRr8",
        "Logic.testRi8",
        "Logic.testMi8",
        "Moves.movRr64",
        "Moves.movRr32",
        "Moves.movRi64",
        "Moves.movRi32",
        "Moves.movRm64",
        "Moves.movRm32",
        "Moves.movMr64",
        "Moves.movMr32",
        "Moves.movMr8",
        "Moves.movMi64",
        "Moves.movMi32",
        "Moves.lea64",
        "Moves.movzxRm",
        "Moves.movzx",
        "Moves.movsx",
        "Moves.cmov",
        "Shifts.shlRi64",
        "Shifts.shlRi32",
        "Shifts.shrRi64",
        "Shifts.shrRi32",
        "Shifts.sarRi64",
        "IntegerArithmetic.inc",
        "IntegerArithmetic.dec",
        "StackOps.pushR64",
        "StackOps.popR64",
        "Branches.call",
        "Branches.ret",
        "Branches.jmp",
        "Branches.jo",
        "Branches.jno",
        "Branches.jc",
        "Branches.jnc",
        "Branches.jz",
        "Branches.jnz",
        "Branches.jna",
        "Branches.ja",
        "Branches.js",
        "Branches.jns",
        "Branches.jp",
        "Branches.jnp",
        "Branches.jl",
        "Branches.jnl",
        "Branches.jng",
        "Branches.jg",
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
        "Branches.int3",
        "Branches.intN",
        "Branches.into",
        "Branches.loopne",
        "Branches.loope",
        "Branches.loop",
        "Branches.jrcxz",
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
        "IntegerArithmetic.neg",
        "IntegerArithmetic.cmpxchg",
        "IntegerArithmetic.xadd",
        "IntegerArithmetic.cmpxchgWide",
        "Logic.or",
        "Logic.and",
        "Logic.xor",
        "Logic.test",
        "Logic.not",
        "Moves.xchg",
        "Moves.mov",
        "Moves.lea",
        "Moves.xchgAccumulator",
        "Moves.convertWiden",
        "Moves.convertDouble",
        "Moves.xlat",
        "Moves.setcc",
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
        "SystemOps.xsetbv",
        "SystemOps.swapgs",
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
