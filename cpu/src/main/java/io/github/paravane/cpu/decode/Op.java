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
    public static final int INTEGER_ARITHMETIC_ADD_RM32 = 77;
    public static final int INTEGER_ARITHMETIC_ADD_MI64 = 78;
    public static final int INTEGER_ARITHMETIC_ADD_MI32 = 79;
    public static final int INTEGER_ARITHMETIC_SUB_RM64 = 80;
    public static final int INTEGER_ARITHMETIC_CMP_RM32 = 81;
    public static final int INTEGER_ARITHMETIC_CMP_MR64 = 82;
    public static final int INTEGER_ARITHMETIC_CMP_MR32 = 83;
    public static final int SHIFTS_SHL_RC64 = 84;
    public static final int SHIFTS_SHR_RC64 = 85;
    public static final int MULTIPLY_DIVIDE_IMUL2 = 86;
    public static final int MOVES_CONVERT_WIDEN = 87;
    public static final int BIT_OPS_BT = 88;
    public static final int BIT_OPS_BTS = 89;
    public static final int BIT_OPS_BTR = 90;
    public static final int BIT_OPS_POPCNT = 91;
    public static final int BIT_OPS_BTC = 92;
    public static final int BIT_OPS_BSF = 93;
    public static final int BIT_OPS_TZCNT = 94;
    public static final int BIT_OPS_BSR = 95;
    public static final int BIT_OPS_LZCNT = 96;
    public static final int BIT_OPS_CRC32 = 97;
    public static final int BMI_ADCX = 98;
    public static final int BMI_ADOX = 99;
    public static final int BMI_ANDN = 100;
    public static final int BMI_BLSR = 101;
    public static final int BMI_BLSMSK = 102;
    public static final int BMI_BLSI = 103;
    public static final int BMI_BZHI = 104;
    public static final int BMI_PEXT = 105;
    public static final int BMI_PDEP = 106;
    public static final int BMI_MULX = 107;
    public static final int BMI_BEXTR = 108;
    public static final int BMI_SARX = 109;
    public static final int BMI_SHLX = 110;
    public static final int BMI_SHRX = 111;
    public static final int BMI_RORX = 112;
    public static final int BRANCHES_INT3 = 113;
    public static final int BRANCHES_INT_N = 114;
    public static final int BRANCHES_INTO = 115;
    public static final int BRANCHES_LOOPNE = 116;
    public static final int BRANCHES_LOOPE = 117;
    public static final int BRANCHES_LOOP = 118;
    public static final int BRANCHES_JRCXZ = 119;
    public static final int BRANCHES_INT1 = 120;
    public static final int BRANCHES_CALL_INDIRECT = 121;
    public static final int BRANCHES_JMP_INDIRECT = 122;
    public static final int FLAG_OPS_PAUSE = 123;
    public static final int FLAG_OPS_SAHF = 124;
    public static final int FLAG_OPS_LAHF = 125;
    public static final int FLAG_OPS_CMC = 126;
    public static final int FLAG_OPS_CLC = 127;
    public static final int FLAG_OPS_STC = 128;
    public static final int FLAG_OPS_CLD = 129;
    public static final int FLAG_OPS_STD = 130;
    public static final int FLAG_OPS_NOP = 131;
    public static final int FLAG_OPS_FENCE = 132;
    public static final int FLAG_OPS_CLFLUSH = 133;
    public static final int INTEGER_ARITHMETIC_ADD = 134;
    public static final int INTEGER_ARITHMETIC_ADC = 135;
    public static final int INTEGER_ARITHMETIC_SBB = 136;
    public static final int INTEGER_ARITHMETIC_DAA = 137;
    public static final int INTEGER_ARITHMETIC_SUB = 138;
    public static final int INTEGER_ARITHMETIC_DAS = 139;
    public static final int INTEGER_ARITHMETIC_AAA = 140;
    public static final int INTEGER_ARITHMETIC_CMP = 141;
    public static final int INTEGER_ARITHMETIC_AAS = 142;
    public static final int INTEGER_ARITHMETIC_NEG = 143;
    public static final int INTEGER_ARITHMETIC_CMPXCHG = 144;
    public static final int INTEGER_ARITHMETIC_XADD = 145;
    public static final int INTEGER_ARITHMETIC_CMPXCHG_WIDE = 146;
    public static final int LOGIC_OR = 147;
    public static final int LOGIC_AND = 148;
    public static final int LOGIC_XOR = 149;
    public static final int LOGIC_TEST = 150;
    public static final int LOGIC_NOT = 151;
    public static final int MOVES_XCHG = 152;
    public static final int MOVES_MOV = 153;
    public static final int MOVES_LEA = 154;
    public static final int MOVES_XCHG_ACCUMULATOR = 155;
    public static final int MOVES_CONVERT_DOUBLE = 156;
    public static final int MOVES_XLAT = 157;
    public static final int MOVES_SETCC = 158;
    public static final int MOVES_BSWAP = 159;
    public static final int MOVES_MOVBE = 160;
    public static final int MULTIPLY_DIVIDE_IMUL3 = 161;
    public static final int MULTIPLY_DIVIDE_AAM = 162;
    public static final int MULTIPLY_DIVIDE_AAD = 163;
    public static final int MULTIPLY_DIVIDE_MUL = 164;
    public static final int MULTIPLY_DIVIDE_IMUL1 = 165;
    public static final int MULTIPLY_DIVIDE_DIV = 166;
    public static final int MULTIPLY_DIVIDE_IDIV = 167;
    public static final int SEGMENT_OPS_PUSH_SEGMENT = 168;
    public static final int SEGMENT_OPS_POP_SEGMENT = 169;
    public static final int SEGMENT_OPS_MOV_FROM_SEGMENT = 170;
    public static final int SEGMENT_OPS_MOV_TO_SEGMENT = 171;
    public static final int SEGMENT_OPS_CALL_FAR_POINTER = 172;
    public static final int SEGMENT_OPS_LOAD_FAR_POINTER = 173;
    public static final int SEGMENT_OPS_RET_FAR = 174;
    public static final int SEGMENT_OPS_IRET = 175;
    public static final int SEGMENT_OPS_JMP_FAR_POINTER = 176;
    public static final int SEGMENT_OPS_CALL_FAR_MEMORY = 177;
    public static final int SEGMENT_OPS_JMP_FAR_MEMORY = 178;
    public static final int SEGMENT_OPS_RDFSBASE = 179;
    public static final int SEGMENT_OPS_RDGSBASE = 180;
    public static final int SEGMENT_OPS_WRFSBASE = 181;
    public static final int SEGMENT_OPS_WRGSBASE = 182;
    public static final int SHIFTS_ROL = 183;
    public static final int SHIFTS_ROR = 184;
    public static final int SHIFTS_RCL = 185;
    public static final int SHIFTS_RCR = 186;
    public static final int SHIFTS_SHL = 187;
    public static final int SHIFTS_SHR = 188;
    public static final int SHIFTS_SAR = 189;
    public static final int SHIFTS_SHLD = 190;
    public static final int SHIFTS_SHRD = 191;
    public static final int STACK_OPS_PUSH = 192;
    public static final int STACK_OPS_POP = 193;
    public static final int STACK_OPS_PUSHA = 194;
    public static final int STACK_OPS_POPA = 195;
    public static final int STACK_OPS_PUSHF = 196;
    public static final int STACK_OPS_POPF = 197;
    public static final int STACK_OPS_ENTER = 198;
    public static final int STACK_OPS_LEAVE = 199;
    public static final int STRING_OPS_INS = 200;
    public static final int STRING_OPS_OUTS = 201;
    public static final int STRING_OPS_MOVS = 202;
    public static final int STRING_OPS_CMPS = 203;
    public static final int STRING_OPS_STOS = 204;
    public static final int STRING_OPS_LODS = 205;
    public static final int STRING_OPS_SCAS = 206;
    public static final int SYSTEM_OPS_BOUND = 207;
    public static final int SYSTEM_OPS_ARPL = 208;
    public static final int SYSTEM_OPS_IN = 209;
    public static final int SYSTEM_OPS_OUT = 210;
    public static final int SYSTEM_OPS_HLT = 211;
    public static final int SYSTEM_OPS_CLI = 212;
    public static final int SYSTEM_OPS_STI = 213;
    public static final int SYSTEM_OPS_SLDT = 214;
    public static final int SYSTEM_OPS_STR = 215;
    public static final int SYSTEM_OPS_LLDT = 216;
    public static final int SYSTEM_OPS_LTR = 217;
    public static final int SYSTEM_OPS_VERR = 218;
    public static final int SYSTEM_OPS_VERW = 219;
    public static final int SYSTEM_OPS_SGDT = 220;
    public static final int SYSTEM_OPS_SIDT = 221;
    public static final int SYSTEM_OPS_LGDT = 222;
    public static final int SYSTEM_OPS_LIDT = 223;
    public static final int SYSTEM_OPS_SMSW = 224;
    public static final int SYSTEM_OPS_LMSW = 225;
    public static final int SYSTEM_OPS_INVLPG = 226;
    public static final int SYSTEM_OPS_XSETBV = 227;
    public static final int SYSTEM_OPS_SWAPGS = 228;
    public static final int SYSTEM_OPS_RDTSCP = 229;
    public static final int SYSTEM_OPS_LAR = 230;
    public static final int SYSTEM_OPS_LSL = 231;
    public static final int SYSTEM_OPS_SYSCALL = 232;
    public static final int SYSTEM_OPS_CLTS = 233;
    public static final int SYSTEM_OPS_SYSRET = 234;
    public static final int SYSTEM_OPS_INVD = 235;
    public static final int SYSTEM_OPS_WBINVD = 236;
    public static final int SYSTEM_OPS_UD = 237;
    public static final int SYSTEM_OPS_MOV_FROM_CONTROL = 238;
    public static final int SYSTEM_OPS_MOV_FROM_DEBUG = 239;
    public static final int SYSTEM_OPS_MOV_TO_CONTROL = 240;
    public static final int SYSTEM_OPS_MOV_TO_DEBUG = 241;
    public static final int SYSTEM_OPS_WRMSR = 242;
    public static final int SYSTEM_OPS_RDTSC = 243;
    public static final int SYSTEM_OPS_RDMSR = 244;
    public static final int SYSTEM_OPS_RDPMC = 245;
    public static final int SYSTEM_OPS_SYSENTER = 246;
    public static final int SYSTEM_OPS_SYSEXIT = 247;
    public static final int SYSTEM_OPS_CPUID = 248;
    public static final int SYSTEM_OPS_RSM = 249;
    public static final int MMX_UNPACK_LOW = 250;
    public static final int MMX_UNPACK_HIGH = 251;
    public static final int MMX_PACK = 252;
    public static final int MMX_PACKED = 253;
    public static final int MMX_AND = 254;
    public static final int MMX_AND_NOT = 255;
    public static final int MMX_OR = 256;
    public static final int MMX_XOR = 257;
    public static final int MMX_SHIFT = 258;
    public static final int MMX_SHIFT_IMMEDIATE = 259;
    public static final int MMX_FROM_GENERAL = 260;
    public static final int MMX_TO_GENERAL = 261;
    public static final int MMX_LOAD = 262;
    public static final int MMX_STORE = 263;
    public static final int MMX_PSHUFW = 264;
    public static final int MMX_PINSRW = 265;
    public static final int MMX_PEXTRW = 266;
    public static final int MMX_PMOVMSKB = 267;
    public static final int MMX_MASKMOVQ = 268;
    public static final int MMX_EMMS = 269;
    public static final int SSE_ARITHMETIC_ADDSD = 270;
    public static final int SSE_ARITHMETIC_MULSD = 271;
    public static final int SSE_ARITHMETIC_SUBSD = 272;
    public static final int SSE_ARITHMETIC_DIVSD = 273;
    public static final int SSE_ARITHMETIC_SCALAR_DOUBLE = 274;
    public static final int SSE_ARITHMETIC_SCALAR_SINGLE = 275;
    public static final int SSE_ARITHMETIC_PACKED_SINGLE = 276;
    public static final int SSE_ARITHMETIC_PACKED_DOUBLE = 277;
    public static final int SSE_ARITHMETIC_SQRTPS = 278;
    public static final int SSE_ARITHMETIC_SQRTPD = 279;
    public static final int SSE_ARITHMETIC_SQRTSS = 280;
    public static final int SSE_ARITHMETIC_SQRTSD = 281;
    public static final int SSE_ARITHMETIC_APPROXIMATE_PACKED = 282;
    public static final int SSE_ARITHMETIC_APPROXIMATE_SCALAR = 283;
    public static final int SSE_BLEND_VARIABLE = 284;
    public static final int SSE_BLEND_PTEST = 285;
    public static final int SSE_BLEND_PACKED = 286;
    public static final int SSE_BLEND_PACK = 287;
    public static final int SSE_BLEND_PHMINPOSUW = 288;
    public static final int SSE_BLEND_IMMEDIATE = 289;
    public static final int SSE_BLEND_MPSADBW = 290;
    public static final int SSE_COMPARE_COMISS = 291;
    public static final int SSE_COMPARE_COMISD = 292;
    public static final int SSE_COMPARE_CMPPS = 293;
    public static final int SSE_COMPARE_CMPPD = 294;
    public static final int SSE_COMPARE_CMPSS = 295;
    public static final int SSE_COMPARE_CMPSD = 296;
    public static final int SSE_CONVERT_CVTPS2PD = 297;
    public static final int SSE_CONVERT_CVTPD2PS = 298;
    public static final int SSE_CONVERT_CVTSS2SD = 299;
    public static final int SSE_CONVERT_CVTSD2SS = 300;
    public static final int SSE_CONVERT_CVTDQ2PS = 301;
    public static final int SSE_CONVERT_CVTPS2DQ = 302;
    public static final int SSE_CONVERT_CVTDQ2PD = 303;
    public static final int SSE_CONVERT_CVTPD2DQ = 304;
    public static final int SSE_CONVERT_CVTSI2SS = 305;
    public static final int SSE_CONVERT_CVTSI2SD = 306;
    public static final int SSE_CONVERT_CVTSS2SI = 307;
    public static final int SSE_CONVERT_CVTSD2SI = 308;
    public static final int SSE_CONVERT_CVTPI2PS = 309;
    public static final int SSE_CONVERT_CVTPI2PD = 310;
    public static final int SSE_CONVERT_CVTPS2PI = 311;
    public static final int SSE_CONVERT_CVTPD2PI = 312;
    public static final int SSE_HORIZONTAL_HORIZONTAL_SINGLE = 313;
    public static final int SSE_HORIZONTAL_HORIZONTAL_DOUBLE = 314;
    public static final int SSE_HORIZONTAL_ADDSUB_SINGLE = 315;
    public static final int SSE_HORIZONTAL_ADDSUB_DOUBLE = 316;
    public static final int SSE_HORIZONTAL_MOVDDUP = 317;
    public static final int SSE_HORIZONTAL_MOVSLDUP = 318;
    public static final int SSE_HORIZONTAL_MOVSHDUP = 319;
    public static final int SSE_INSERT_EXTEND = 320;
    public static final int SSE_INSERT_PEXTRB = 321;
    public static final int SSE_INSERT_PEXTRW = 322;
    public static final int SSE_INSERT_PEXTRD = 323;
    public static final int SSE_INSERT_EXTRACTPS = 324;
    public static final int SSE_INSERT_PINSRB = 325;
    public static final int SSE_INSERT_INSERTPS = 326;
    public static final int SSE_INSERT_PINSRD = 327;
    public static final int SSE_INTEGER_UNPACK_LOW = 328;
    public static final int SSE_INTEGER_UNPACK_HIGH = 329;
    public static final int SSE_INTEGER_PACK = 330;
    public static final int SSE_INTEGER_PACKED = 331;
    public static final int SSE_INTEGER_SHIFT = 332;
    public static final int SSE_INTEGER_SHIFT_IMMEDIATE = 333;
    public static final int SSE_INTEGER_PSRLDQ = 334;
    public static final int SSE_INTEGER_PSLLDQ = 335;
    public static final int SSE_LOGIC_AND = 336;
    public static final int SSE_LOGIC_AND_NOT = 337;
    public static final int SSE_LOGIC_OR = 338;
    public static final int SSE_LOGIC_XOR = 339;
    public static final int SSE_MOVES_LOAD = 340;
    public static final int SSE_MOVES_STORE = 341;
    public static final int SSE_MOVES_LOAD_LOW = 342;
    public static final int SSE_MOVES_STORE_LOW = 343;
    public static final int SSE_MOVES_LOAD_HIGH = 344;
    public static final int SSE_MOVES_STORE_HIGH = 345;
    public static final int SSE_MOVES_LOAD_ALIGNED = 346;
    public static final int SSE_MOVES_STORE_ALIGNED = 347;
    public static final int SSE_MOVES_LOAD_SINGLE = 348;
    public static final int SSE_MOVES_STORE_SINGLE = 349;
    public static final int SSE_MOVES_LOAD_DOUBLE = 350;
    public static final int SSE_MOVES_MOVHLPS = 351;
    public static final int SSE_MOVES_UNPCKLPS = 352;
    public static final int SSE_MOVES_UNPCKHPS = 353;
    public static final int SSE_MOVES_UNPCKLPD = 354;
    public static final int SSE_MOVES_UNPCKHPD = 355;
    public static final int SSE_MOVES_MOVMSKPS = 356;
    public static final int SSE_MOVES_MOVMSKPD = 357;
    public static final int SSE_MOVES_FROM_GENERAL = 358;
    public static final int SSE_MOVES_TO_GENERAL = 359;
    public static final int SSE_MOVES_MOVQ = 360;
    public static final int SSE_MOVES_STORE_MOVQ = 361;
    public static final int SSE_MOVES_MASKMOVDQU = 362;
    public static final int SSE_MOVES_SHUFPS = 363;
    public static final int SSE_MOVES_SHUFPD = 364;
    public static final int SSE_MOVES_PSHUFD = 365;
    public static final int SSE_MOVES_PSHUFLW = 366;
    public static final int SSE_MOVES_PSHUFHW = 367;
    public static final int SSE_MOVES_PINSRW = 368;
    public static final int SSE_MOVES_PEXTRW = 369;
    public static final int SSE_MOVES_PMOVMSKB = 370;
    public static final int SSE_MOVES_MOVDQ2Q = 371;
    public static final int SSE_MOVES_MOVQ2DQ = 372;
    public static final int SSE_ROUND_PACKED = 373;
    public static final int SSE_ROUND_ROUNDSS = 374;
    public static final int SSE_ROUND_ROUNDSD = 375;
    public static final int SSE_ROUND_DPPS = 376;
    public static final int SSE_ROUND_DPPD = 377;
    public static final int SSE_STATE_FXSAVE = 378;
    public static final int SSE_STATE_FXRSTOR = 379;
    public static final int SSE_STATE_LDMXCSR = 380;
    public static final int SSE_STATE_STMXCSR = 381;
    public static final int SSE_STRING_COMPARE = 382;
    public static final int SSE_SUPPLEMENT_SHUFFLE = 383;
    public static final int SSE_SUPPLEMENT_HORIZONTAL = 384;
    public static final int SSE_SUPPLEMENT_PACKED = 385;
    public static final int SSE_SUPPLEMENT_ALIGN = 386;
    public static final int SSE_SUPPLEMENT_SHUFFLE_MMX = 387;
    public static final int SSE_SUPPLEMENT_HORIZONTAL_MMX = 388;
    public static final int SSE_SUPPLEMENT_PACKED_MMX = 389;
    public static final int SSE_SUPPLEMENT_ALIGN_MMX = 390;
    public static final int X87_ARITHMETIC_SINGLE = 391;
    public static final int X87_ARITHMETIC_OF_DOUBLE = 392;
    public static final int X87_ARITHMETIC_INT32 = 393;
    public static final int X87_ARITHMETIC_INT16 = 394;
    public static final int X87_ARITHMETIC_TO_TOP = 395;
    public static final int X87_ARITHMETIC_TO_REGISTER = 396;
    public static final int X87_ARITHMETIC_TO_REGISTER_POP = 397;
    public static final int X87_ARITHMETIC_FCHS = 398;
    public static final int X87_ARITHMETIC_FABS = 399;
    public static final int X87_ARITHMETIC_FXTRACT = 400;
    public static final int X87_ARITHMETIC_FPREM1 = 401;
    public static final int X87_ARITHMETIC_FPREM = 402;
    public static final int X87_ARITHMETIC_FSQRT = 403;
    public static final int X87_ARITHMETIC_FRNDINT = 404;
    public static final int X87_ARITHMETIC_FSCALE = 405;
    public static final int X87_COMPARE_SINGLE = 406;
    public static final int X87_COMPARE_OF_DOUBLE = 407;
    public static final int X87_COMPARE_INT32 = 408;
    public static final int X87_COMPARE_INT16 = 409;
    public static final int X87_COMPARE_FCOM = 410;
    public static final int X87_COMPARE_FCOMP = 411;
    public static final int X87_COMPARE_FCOMPP = 412;
    public static final int X87_COMPARE_FTST = 413;
    public static final int X87_COMPARE_FXAM = 414;
    public static final int X87_COMPARE_FUCOMPP = 415;
    public static final int X87_COMPARE_FUCOMI = 416;
    public static final int X87_COMPARE_FCOMI = 417;
    public static final int X87_COMPARE_FUCOM = 418;
    public static final int X87_COMPARE_FUCOMP = 419;
    public static final int X87_COMPARE_FUCOMIP = 420;
    public static final int X87_COMPARE_FCOMIP = 421;
    public static final int X87_CONTROL_FWAIT = 422;
    public static final int X87_CONTROL_FLDENV = 423;
    public static final int X87_CONTROL_FLDCW = 424;
    public static final int X87_CONTROL_FNSTENV = 425;
    public static final int X87_CONTROL_FNSTCW = 426;
    public static final int X87_CONTROL_FNOP = 427;
    public static final int X87_CONTROL_FDECSTP = 428;
    public static final int X87_CONTROL_FINCSTP = 429;
    public static final int X87_CONTROL_IGNORED = 430;
    public static final int X87_CONTROL_FNCLEX = 431;
    public static final int X87_CONTROL_FNINIT = 432;
    public static final int X87_CONTROL_FRSTOR = 433;
    public static final int X87_CONTROL_FNSAVE = 434;
    public static final int X87_CONTROL_FNSTSW = 435;
    public static final int X87_CONTROL_FFREE = 436;
    public static final int X87_CONTROL_FFREEP = 437;
    public static final int X87_CONTROL_FNSTSW_AX = 438;
    public static final int X87_DATA_FISTTP32 = 439;
    public static final int X87_DATA_FISTTP64 = 440;
    public static final int X87_DATA_FISTTP16 = 441;
    public static final int X87_DATA_FLD_SINGLE = 442;
    public static final int X87_DATA_FST_SINGLE = 443;
    public static final int X87_DATA_FLD_REGISTER = 444;
    public static final int X87_DATA_FXCH = 445;
    public static final int X87_DATA_FSTPNCE = 446;
    public static final int X87_DATA_CONSTANT = 447;
    public static final int X87_DATA_FCMOV = 448;
    public static final int X87_DATA_FILD32 = 449;
    public static final int X87_DATA_FIST32 = 450;
    public static final int X87_DATA_FLD_EXTENDED = 451;
    public static final int X87_DATA_FSTP_EXTENDED = 452;
    public static final int X87_DATA_FLD_DOUBLE = 453;
    public static final int X87_DATA_FST_DOUBLE = 454;
    public static final int X87_DATA_FST_REGISTER = 455;
    public static final int X87_DATA_FSTP_REGISTER = 456;
    public static final int X87_DATA_FILD16 = 457;
    public static final int X87_DATA_FIST16 = 458;
    public static final int X87_DATA_FBLD = 459;
    public static final int X87_DATA_FILD64 = 460;
    public static final int X87_DATA_FBSTP = 461;
    public static final int X87_DATA_FISTP64 = 462;
    public static final int X87_TRANSCENDENTAL_F2XM1 = 463;
    public static final int X87_TRANSCENDENTAL_FYL2X = 464;
    public static final int X87_TRANSCENDENTAL_FPTAN = 465;
    public static final int X87_TRANSCENDENTAL_FPATAN = 466;
    public static final int X87_TRANSCENDENTAL_FYL2XP1 = 467;
    public static final int X87_TRANSCENDENTAL_FSINCOS = 468;
    public static final int X87_TRANSCENDENTAL_FSIN = 469;
    public static final int X87_TRANSCENDENTAL_FCOS = 470;

    /** Number of ids. */
    public static final int COUNT = 471;

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
        "IntegerArithmetic.addRm32",
        "IntegerArithmetic.addMi64",
        "IntegerArithmetic.addMi32",
        "IntegerArithmetic.subRm64",
        "IntegerArithmetic.cmpRm32",
        "IntegerArithmetic.cmpMr64",
        "IntegerArithmetic.cmpMr32",
        "Shifts.shlRc64",
        "Shifts.shrRc64",
        "MultiplyDivide.imul2",
        "Moves.convertWiden",
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
        "SseBlend.variable",
        "SseBlend.ptest",
        "SseBlend.packed",
        "SseBlend.pack",
        "SseBlend.phminposuw",
        "SseBlend.immediate",
        "SseBlend.mpsadbw",
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
        "SseHorizontal.horizontalSingle",
        "SseHorizontal.horizontalDouble",
        "SseHorizontal.addsubSingle",
        "SseHorizontal.addsubDouble",
        "SseHorizontal.movddup",
        "SseHorizontal.movsldup",
        "SseHorizontal.movshdup",
        "SseInsert.extend",
        "SseInsert.pextrb",
        "SseInsert.pextrw",
        "SseInsert.pextrd",
        "SseInsert.extractps",
        "SseInsert.pinsrb",
        "SseInsert.insertps",
        "SseInsert.pinsrd",
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
        "SseRound.packed",
        "SseRound.roundss",
        "SseRound.roundsd",
        "SseRound.dpps",
        "SseRound.dppd",
        "SseState.fxsave",
        "SseState.fxrstor",
        "SseState.ldmxcsr",
        "SseState.stmxcsr",
        "SseString.compare",
        "SseSupplement.shuffle",
        "SseSupplement.horizontal",
        "SseSupplement.packed",
        "SseSupplement.align",
        "SseSupplement.shuffleMmx",
        "SseSupplement.horizontalMmx",
        "SseSupplement.packedMmx",
        "SseSupplement.alignMmx",
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
        "X87Data.fisttp32",
        "X87Data.fisttp64",
        "X87Data.fisttp16",
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
