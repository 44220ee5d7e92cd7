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
    public static final int MMX_UNPACK_LOW = 240;
    public static final int MMX_UNPACK_HIGH = 241;
    public static final int MMX_PACK = 242;
    public static final int MMX_PACKED = 243;
    public static final int MMX_AND = 244;
    public static final int MMX_AND_NOT = 245;
    public static final int MMX_OR = 246;
    public static final int MMX_XOR = 247;
    public static final int MMX_SHIFT = 248;
    public static final int MMX_SHIFT_IMMEDIATE = 249;
    public static final int MMX_FROM_GENERAL = 250;
    public static final int MMX_TO_GENERAL = 251;
    public static final int MMX_LOAD = 252;
    public static final int MMX_STORE = 253;
    public static final int MMX_PSHUFW = 254;
    public static final int MMX_PINSRW = 255;
    public static final int MMX_PEXTRW = 256;
    public static final int MMX_PMOVMSKB = 257;
    public static final int MMX_MASKMOVQ = 258;
    public static final int MMX_EMMS = 259;
    public static final int SSE_ARITHMETIC_ADDSD = 260;
    public static final int SSE_ARITHMETIC_MULSD = 261;
    public static final int SSE_ARITHMETIC_SUBSD = 262;
    public static final int SSE_ARITHMETIC_DIVSD = 263;
    public static final int SSE_ARITHMETIC_SCALAR_DOUBLE = 264;
    public static final int SSE_ARITHMETIC_SCALAR_SINGLE = 265;
    public static final int SSE_ARITHMETIC_PACKED_SINGLE = 266;
    public static final int SSE_ARITHMETIC_PACKED_DOUBLE = 267;
    public static final int SSE_ARITHMETIC_SQRTPS = 268;
    public static final int SSE_ARITHMETIC_SQRTPD = 269;
    public static final int SSE_ARITHMETIC_SQRTSS = 270;
    public static final int SSE_ARITHMETIC_SQRTSD = 271;
    public static final int SSE_ARITHMETIC_APPROXIMATE_PACKED = 272;
    public static final int SSE_ARITHMETIC_APPROXIMATE_SCALAR = 273;
    public static final int SSE_COMPARE_COMISS = 274;
    public static final int SSE_COMPARE_COMISD = 275;
    public static final int SSE_COMPARE_CMPPS = 276;
    public static final int SSE_COMPARE_CMPPD = 277;
    public static final int SSE_COMPARE_CMPSS = 278;
    public static final int SSE_COMPARE_CMPSD = 279;
    public static final int SSE_CONVERT_CVTPS2PD = 280;
    public static final int SSE_CONVERT_CVTPD2PS = 281;
    public static final int SSE_CONVERT_CVTSS2SD = 282;
    public static final int SSE_CONVERT_CVTSD2SS = 283;
    public static final int SSE_CONVERT_CVTDQ2PS = 284;
    public static final int SSE_CONVERT_CVTPS2DQ = 285;
    public static final int SSE_CONVERT_CVTDQ2PD = 286;
    public static final int SSE_CONVERT_CVTPD2DQ = 287;
    public static final int SSE_CONVERT_CVTSI2SS = 288;
    public static final int SSE_CONVERT_CVTSI2SD = 289;
    public static final int SSE_CONVERT_CVTSS2SI = 290;
    public static final int SSE_CONVERT_CVTSD2SI = 291;
    public static final int SSE_CONVERT_CVTPI2PS = 292;
    public static final int SSE_CONVERT_CVTPI2PD = 293;
    public static final int SSE_CONVERT_CVTPS2PI = 294;
    public static final int SSE_CONVERT_CVTPD2PI = 295;
    public static final int SSE_INTEGER_UNPACK_LOW = 296;
    public static final int SSE_INTEGER_UNPACK_HIGH = 297;
    public static final int SSE_INTEGER_PACK = 298;
    public static final int SSE_INTEGER_PACKED = 299;
    public static final int SSE_INTEGER_SHIFT = 300;
    public static final int SSE_INTEGER_SHIFT_IMMEDIATE = 301;
    public static final int SSE_INTEGER_PSRLDQ = 302;
    public static final int SSE_INTEGER_PSLLDQ = 303;
    public static final int SSE_LOGIC_AND = 304;
    public static final int SSE_LOGIC_AND_NOT = 305;
    public static final int SSE_LOGIC_OR = 306;
    public static final int SSE_LOGIC_XOR = 307;
    public static final int SSE_MOVES_LOAD = 308;
    public static final int SSE_MOVES_STORE = 309;
    public static final int SSE_MOVES_LOAD_LOW = 310;
    public static final int SSE_MOVES_STORE_LOW = 311;
    public static final int SSE_MOVES_LOAD_HIGH = 312;
    public static final int SSE_MOVES_STORE_HIGH = 313;
    public static final int SSE_MOVES_LOAD_ALIGNED = 314;
    public static final int SSE_MOVES_STORE_ALIGNED = 315;
    public static final int SSE_MOVES_LOAD_SINGLE = 316;
    public static final int SSE_MOVES_STORE_SINGLE = 317;
    public static final int SSE_MOVES_LOAD_DOUBLE = 318;
    public static final int SSE_MOVES_MOVHLPS = 319;
    public static final int SSE_MOVES_UNPCKLPS = 320;
    public static final int SSE_MOVES_UNPCKHPS = 321;
    public static final int SSE_MOVES_UNPCKLPD = 322;
    public static final int SSE_MOVES_UNPCKHPD = 323;
    public static final int SSE_MOVES_MOVMSKPS = 324;
    public static final int SSE_MOVES_MOVMSKPD = 325;
    public static final int SSE_MOVES_FROM_GENERAL = 326;
    public static final int SSE_MOVES_TO_GENERAL = 327;
    public static final int SSE_MOVES_MOVQ = 328;
    public static final int SSE_MOVES_STORE_MOVQ = 329;
    public static final int SSE_MOVES_MASKMOVDQU = 330;
    public static final int SSE_MOVES_SHUFPS = 331;
    public static final int SSE_MOVES_SHUFPD = 332;
    public static final int SSE_MOVES_PSHUFD = 333;
    public static final int SSE_MOVES_PSHUFLW = 334;
    public static final int SSE_MOVES_PSHUFHW = 335;
    public static final int SSE_MOVES_PINSRW = 336;
    public static final int SSE_MOVES_PEXTRW = 337;
    public static final int SSE_MOVES_PMOVMSKB = 338;
    public static final int SSE_MOVES_MOVDQ2Q = 339;
    public static final int SSE_MOVES_MOVQ2DQ = 340;
    public static final int SSE_STATE_FXSAVE = 341;
    public static final int SSE_STATE_FXRSTOR = 342;
    public static final int SSE_STATE_LDMXCSR = 343;
    public static final int SSE_STATE_STMXCSR = 344;
    public static final int X87_ARITHMETIC_SINGLE = 345;
    public static final int X87_ARITHMETIC_OF_DOUBLE = 346;
    public static final int X87_ARITHMETIC_INT32 = 347;
    public static final int X87_ARITHMETIC_INT16 = 348;
    public static final int X87_ARITHMETIC_TO_TOP = 349;
    public static final int X87_ARITHMETIC_TO_REGISTER = 350;
    public static final int X87_ARITHMETIC_TO_REGISTER_POP = 351;
    public static final int X87_ARITHMETIC_FCHS = 352;
    public static final int X87_ARITHMETIC_FABS = 353;
    public static final int X87_ARITHMETIC_FXTRACT = 354;
    public static final int X87_ARITHMETIC_FPREM1 = 355;
    public static final int X87_ARITHMETIC_FPREM = 356;
    public static final int X87_ARITHMETIC_FSQRT = 357;
    public static final int X87_ARITHMETIC_FRNDINT = 358;
    public static final int X87_ARITHMETIC_FSCALE = 359;
    public static final int X87_COMPARE_SINGLE = 360;
    public static final int X87_COMPARE_OF_DOUBLE = 361;
    public static final int X87_COMPARE_INT32 = 362;
    public static final int X87_COMPARE_INT16 = 363;
    public static final int X87_COMPARE_FCOM = 364;
    public static final int X87_COMPARE_FCOMP = 365;
    public static final int X87_COMPARE_FCOMPP = 366;
    public static final int X87_COMPARE_FTST = 367;
    public static final int X87_COMPARE_FXAM = 368;
    public static final int X87_COMPARE_FUCOMPP = 369;
    public static final int X87_COMPARE_FUCOMI = 370;
    public static final int X87_COMPARE_FCOMI = 371;
    public static final int X87_COMPARE_FUCOM = 372;
    public static final int X87_COMPARE_FUCOMP = 373;
    public static final int X87_COMPARE_FUCOMIP = 374;
    public static final int X87_COMPARE_FCOMIP = 375;
    public static final int X87_CONTROL_FWAIT = 376;
    public static final int X87_CONTROL_FLDENV = 377;
    public static final int X87_CONTROL_FLDCW = 378;
    public static final int X87_CONTROL_FNSTENV = 379;
    public static final int X87_CONTROL_FNSTCW = 380;
    public static final int X87_CONTROL_FNOP = 381;
    public static final int X87_CONTROL_FDECSTP = 382;
    public static final int X87_CONTROL_FINCSTP = 383;
    public static final int X87_CONTROL_IGNORED = 384;
    public static final int X87_CONTROL_FNCLEX = 385;
    public static final int X87_CONTROL_FNINIT = 386;
    public static final int X87_CONTROL_FRSTOR = 387;
    public static final int X87_CONTROL_FNSAVE = 388;
    public static final int X87_CONTROL_FNSTSW = 389;
    public static final int X87_CONTROL_FFREE = 390;
    public static final int X87_CONTROL_FFREEP = 391;
    public static final int X87_CONTROL_FNSTSW_AX = 392;
    public static final int X87_DATA_FLD_SINGLE = 393;
    public static final int X87_DATA_FST_SINGLE = 394;
    public static final int X87_DATA_FLD_REGISTER = 395;
    public static final int X87_DATA_FXCH = 396;
    public static final int X87_DATA_FSTPNCE = 397;
    public static final int X87_DATA_CONSTANT = 398;
    public static final int X87_DATA_FCMOV = 399;
    public static final int X87_DATA_FILD32 = 400;
    public static final int X87_DATA_FIST32 = 401;
    public static final int X87_DATA_FLD_EXTENDED = 402;
    public static final int X87_DATA_FSTP_EXTENDED = 403;
    public static final int X87_DATA_FLD_DOUBLE = 404;
    public static final int X87_DATA_FST_DOUBLE = 405;
    public static final int X87_DATA_FST_REGISTER = 406;
    public static final int X87_DATA_FSTP_REGISTER = 407;
    public static final int X87_DATA_FILD16 = 408;
    public static final int X87_DATA_FIST16 = 409;
    public static final int X87_DATA_FBLD = 410;
    public static final int X87_DATA_FILD64 = 411;
    public static final int X87_DATA_FBSTP = 412;
    public static final int X87_DATA_FISTP64 = 413;
    public static final int X87_TRANSCENDENTAL_F2XM1 = 414;
    public static final int X87_TRANSCENDENTAL_FYL2X = 415;
    public static final int X87_TRANSCENDENTAL_FPTAN = 416;
    public static final int X87_TRANSCENDENTAL_FPATAN = 417;
    public static final int X87_TRANSCENDENTAL_FYL2XP1 = 418;
    public static final int X87_TRANSCENDENTAL_FSINCOS = 419;
    public static final int X87_TRANSCENDENTAL_FSIN = 420;
    public static final int X87_TRANSCENDENTAL_FCOS = 421;

    /** Number of ids. */
    public static final int COUNT = 422;

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
        "Mmx.unpackLow",
        "Mmx.unpackHigh",
        "Mmx.pack",
        "Mmx.packed",
        "Mmx.and",
        "Mmx.andNot",
        "Mmx.or",
        "Mmx.xor",
        "Mmx.shift",
        "Mmx.shiftImmediate",
        "Mmx.fromGeneral",
        "Mmx.toGeneral",
        "Mmx.load",
        "Mmx.store",
        "Mmx.pshufw",
        "Mmx.pinsrw",
        "Mmx.pextrw",
        "Mmx.pmovmskb",
        "Mmx.maskmovq",
        "Mmx.emms",
        "SseArithmetic.addsd",
        "SseArithmetic.mulsd",
        "SseArithmetic.subsd",
        "SseArithmetic.divsd",
        "SseArithmetic.scalarDouble",
        "SseArithmetic.scalarSingle",
        "SseArithmetic.packedSingle",
        "SseArithmetic.packedDouble",
        "SseArithmetic.sqrtps",
        "SseArithmetic.sqrtpd",
        "SseArithmetic.sqrtss",
        "SseArithmetic.sqrtsd",
        "SseArithmetic.approximatePacked",
        "SseArithmetic.approximateScalar",
        "SseCompare.comiss",
        "SseCompare.comisd",
        "SseCompare.cmpps",
        "SseCompare.cmppd",
        "SseCompare.cmpss",
        "SseCompare.cmpsd",
        "SseConvert.cvtps2pd",
        "SseConvert.cvtpd2ps",
        "SseConvert.cvtss2sd",
        "SseConvert.cvtsd2ss",
        "SseConvert.cvtdq2ps",
        "SseConvert.cvtps2dq",
        "SseConvert.cvtdq2pd",
        "SseConvert.cvtpd2dq",
        "SseConvert.cvtsi2ss",
        "SseConvert.cvtsi2sd",
        "SseConvert.cvtss2si",
        "SseConvert.cvtsd2si",
        "SseConvert.cvtpi2ps",
        "SseConvert.cvtpi2pd",
        "SseConvert.cvtps2pi",
        "SseConvert.cvtpd2pi",
        "SseInteger.unpackLow",
        "SseInteger.unpackHigh",
        "SseInteger.pack",
        "SseInteger.packed",
        "SseInteger.shift",
        "SseInteger.shiftImmediate",
        "SseInteger.psrldq",
        "SseInteger.pslldq",
        "SseLogic.and",
        "SseLogic.andNot",
        "SseLogic.or",
        "SseLogic.xor",
        "SseMoves.load",
        "SseMoves.store",
        "SseMoves.loadLow",
        "SseMoves.storeLow",
        "SseMoves.loadHigh",
        "SseMoves.storeHigh",
        "SseMoves.loadAligned",
        "SseMoves.storeAligned",
        "SseMoves.loadSingle",
        "SseMoves.storeSingle",
        "SseMoves.loadDouble",
        "SseMoves.movhlps",
        "SseMoves.unpcklps",
        "SseMoves.unpckhps",
        "SseMoves.unpcklpd",
        "SseMoves.unpckhpd",
        "SseMoves.movmskps",
        "SseMoves.movmskpd",
        "SseMoves.fromGeneral",
        "SseMoves.toGeneral",
        "SseMoves.movq",
        "SseMoves.storeMovq",
        "SseMoves.maskmovdqu",
        "SseMoves.shufps",
        "SseMoves.shufpd",
        "SseMoves.pshufd",
        "SseMoves.pshuflw",
        "SseMoves.pshufhw",
        "SseMoves.pinsrw",
        "SseMoves.pextrw",
        "SseMoves.pmovmskb",
        "SseMoves.movdq2q",
        "SseMoves.movq2dq",
        "SseState.fxsave",
        "SseState.fxrstor",
        "SseState.ldmxcsr",
        "SseState.stmxcsr",
        "X87Arithmetic.single",
        "X87Arithmetic.ofDouble",
        "X87Arithmetic.int32",
        "X87Arithmetic.int16",
        "X87Arithmetic.toTop",
        "X87Arithmetic.toRegister",
        "X87Arithmetic.toRegisterPop",
        "X87Arithmetic.fchs",
        "X87Arithmetic.fabs",
        "X87Arithmetic.fxtract",
        "X87Arithmetic.fprem1",
        "X87Arithmetic.fprem",
        "X87Arithmetic.fsqrt",
        "X87Arithmetic.frndint",
        "X87Arithmetic.fscale",
        "X87Compare.single",
        "X87Compare.ofDouble",
        "X87Compare.int32",
        "X87Compare.int16",
        "X87Compare.fcom",
        "X87Compare.fcomp",
        "X87Compare.fcompp",
        "X87Compare.ftst",
        "X87Compare.fxam",
        "X87Compare.fucompp",
        "X87Compare.fucomi",
        "X87Compare.fcomi",
        "X87Compare.fucom",
        "X87Compare.fucomp",
        "X87Compare.fucomip",
        "X87Compare.fcomip",
        "X87Control.fwait",
        "X87Control.fldenv",
        "X87Control.fldcw",
        "X87Control.fnstenv",
        "X87Control.fnstcw",
        "X87Control.fnop",
        "X87Control.fdecstp",
        "X87Control.fincstp",
        "X87Control.ignored",
        "X87Control.fnclex",
        "X87Control.fninit",
        "X87Control.frstor",
        "X87Control.fnsave",
        "X87Control.fnstsw",
        "X87Control.ffree",
        "X87Control.ffreep",
        "X87Control.fnstswAx",
        "X87Data.fldSingle",
        "X87Data.fstSingle",
        "X87Data.fldRegister",
        "X87Data.fxch",
        "X87Data.fstpnce",
        "X87Data.constant",
        "X87Data.fcmov",
        "X87Data.fild32",
        "X87Data.fist32",
        "X87Data.fldExtended",
        "X87Data.fstpExtended",
        "X87Data.fldDouble",
        "X87Data.fstDouble",
        "X87Data.fstRegister",
        "X87Data.fstpRegister",
        "X87Data.fild16",
        "X87Data.fist16",
        "X87Data.fbld",
        "X87Data.fild64",
        "X87Data.fbstp",
        "X87Data.fistp64",
        "X87Transcendental.f2xm1",
        "X87Transcendental.fyl2x",
        "X87Transcendental.fptan",
        "X87Transcendental.fpatan",
        "X87Transcendental.fyl2xp1",
        "X87Transcendental.fsincos",
        "X87Transcendental.fsin",
        "X87Transcendental.fcos",
    };

    private Op() {}

    /** The name in the table: {@code Family.method}. */
    public static String name(int op) {
        return NAMES[op];
    }
}
