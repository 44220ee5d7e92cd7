/*
 * Records what the host processor does with floating-point instructions.
 *
 *     gcc -O1 -o fpu_vectors fpu_vectors.c && ./fpu_vectors CASES SEED < fpu_instructions.txt > fpu_vectors.bin
 *
 * Every instruction runs in a stub that loads the whole state with FXRSTOR64, a few general registers and RFLAGS, and
 * stores it all again. [rsi] is 16 bytes of memory. SIGFPE (#XM, #MF) ends the instruction and is recorded.
 *
 * Output, little-endian: per instruction u8 name length, name, u8 code length, code, u8 options, u16 cases; then per case
 * the state before and the xor of the states before and after (struct record), and u8 vector (0, 16 or 19).
 * Options: 1 always, 2 results are approximate.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

struct record {
    uint16_t fcw, fsw;
    uint8_t ftw, flags; /* CF PF AF ZF SF of RFLAGS, OF in bit 1 */
    uint16_t mxcsr;
    uint8_t st[8][10];
    uint8_t xmm[2][16];
    uint64_t rax, rcx;
    uint8_t mem[16];
} __attribute__((packed));

static struct {
    uint8_t image[512];
    uint64_t rax, rcx, rflags, unused;
    uint8_t mem[16];
} __attribute__((aligned(64))) state;

static uint8_t *stub;
static volatile int vector;
static uint64_t resume_at;

static void on_sigfpe(int sig, siginfo_t *info, void *context) {
    ucontext_t *u = context;
    (void)sig;
    (void)info;
    vector = (int)u->uc_mcontext.gregs[REG_TRAPNO];
    u->uc_mcontext.gregs[REG_RIP] = (greg_t)resume_at;
}

static uint64_t seed;
static uint64_t rnd(void) {
    seed += 0x9E3779B97F4A7C15ull;
    uint64_t z = seed;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

static const uint32_t singles[] = {0, 0x80000000, 0x3F800000, 0xBF800000, 0x7F800000, 0xFF800000, 0x7FC00000, 0xFFC00001,
    0x7F800001, 0xFFA00000, 1, 0x80000001, 0x007FFFFF, 0x807FFFFF, 0x00800000, 0x80800000, 0x7F7FFFFF, 0xFF7FFFFF,
    0x4F000000, 0xCF000000, 0x4EFFFFFF, 0x5F000000, 0x3F000000, 0xBF000000, 0x3FC00000, 0x40200000, 0x00400000, 0x01000000};
static const uint64_t doubles[] = {0, 0x8000000000000000ull, 0x3FF0000000000000ull, 0xBFF0000000000000ull,
    0x7FF0000000000000ull, 0xFFF0000000000000ull, 0x7FF8000000000000ull, 0xFFF8000000000001ull, 0x7FF0000000000001ull,
    0xFFF4000000000000ull, 1, 0x8000000000000001ull, 0x000FFFFFFFFFFFFFull, 0x800FFFFFFFFFFFFFull, 0x0010000000000000ull,
    0x8010000000000000ull, 0x7FEFFFFFFFFFFFFFull, 0xFFEFFFFFFFFFFFFFull, 0x41E0000000000000ull, 0xC1E0000000000000ull,
    0x41DFFFFFFFE00000ull, 0x43E0000000000000ull, 0xC3E0000000000000ull, 0x3FE0000000000000ull, 0x3FF8000000000000ull,
    0x4004000000000000ull, 0x47EFFFFFF0000000ull, 0x47EFFFFFEFFFFFFFull, 0x3810000000000000ull, 0x380FFFFFFFFFFFFFull,
    0x36A0000000000000ull, 0x3690000000000000ull, 0xC1E0000000100000ull, 0x0008000000000000ull};

static uint32_t single(void) {
    uint64_t r = rnd();
    switch (r % 8) {
    case 0: case 1: return singles[(r >> 8) % (sizeof singles / 4)];
    case 2: return (uint32_t)(r >> 32);
    case 3: return (uint32_t)(r >> 32) & 0x807FFFFF; /* denormal */
    case 4: return ((uint32_t)(r >> 32) & 0x81FFFFFF) | 0x3E000000; /* near one */
    case 5: return ((uint32_t)(r >> 32) & 0x807FF000) | (uint32_t)(0x3F800000 + ((r >> 8) % 40 << 23));
    case 6: return ((uint32_t)(r >> 32) & 0x81FFFFFF); /* small */
    default: return ((uint32_t)(r >> 32) & 0x80FFFFFF) | 0x7E000000; /* large */
    }
}

static uint64_t dbl(void) {
    uint64_t r = rnd(), s = rnd();
    switch (r % 8) {
    case 0: case 1: return doubles[(r >> 8) % (sizeof doubles / 8)];
    case 2: return s;
    case 3: return s & 0x800FFFFFFFFFFFFFull;
    case 4: return (s & 0x803FFFFFFFFFFFFFull) | 0x3FC0000000000000ull;
    case 5: return (s & 0x800FFFFFFF000000ull) | (0x3FF0000000000000ull + ((r >> 8) % 70 << 52));
    case 6: return s & 0x803FFFFFFFFFFFFFull;
    default: return (s & 0x801FFFFFFFFFFFFFull) | 0x7FC0000000000000ull;
    }
}

static void extended(uint8_t *to) {
    uint64_t r = rnd(), sig = rnd() | 1ull << 63;
    uint16_t se = (uint16_t)(r >> 48);
    switch (r % 16) {
    case 0: sig = 0; se &= 0x8000; break;
    case 1: sig = 1ull << 63; se |= 0x7FFF; break;
    case 2: sig = (r & 0x100) ? sig | 1ull << 62 : (sig & ~(1ull << 62)) | 1; se |= 0x7FFF; break;
    case 3: sig = (r & 0x100) ? sig & ~(1ull << 63) : sig >> ((r >> 8) & 63); se &= 0x8000; break;
    case 4: sig = 1ull << 63; se = (se & 0x8000) | (0x3FFF - 3 + (r >> 8) % 6); break;
    case 5: case 6: se = (se & 0x8000) | (0x3FFF - 4 + (r >> 8) % 8); break;
    case 7: sig &= ~0ull << ((r >> 8) & 63); se = (se & 0x8000) | (0x3FFF + (r >> 16) % 70); break;
    case 8: se = (se & 0x8000) | (1 + (r >> 8) % 70); break;
    case 9: se = (se & 0x8000) | (0x7FFE - (r >> 8) % 3); break;
    case 10: se = (se & 0x8000) | (0x3FFF - 127 - 24 + (r >> 8) % 30); break;
    case 11: se = (se & 0x8000) | (0x3FFF - 1023 - 54 + (r >> 8) % 60); break;
    case 12: sig &= (r & 0x100) ? ~0x7FFull : ~0xFFFFFFFFFFull; se = (se & 0x8000) | (0x3FFF - 30 + (r >> 9) % 60); break;
    case 13: if (r & 0x700) { se = (se & 0x8000) | (0x3FFF + 126 + (r >> 12) % 4); } else { sig &= ~(1ull << 63); } break;
    case 14: se = (se & 0x8000) | (0x3FFF + ((r & 0x100) ? 1022 : 60) + (r >> 12) % 6); break;
    default: break;
    }
    memcpy(to, &sig, 8);
    memcpy(to + 8, &se, 2);
}

/* Kinds: s singles, d doubles, i integers, x x87, a x87 transcendental, m MMX, b packed decimal. */
static void fill(struct record *in, char kind, int number) {
    memset(in, 0, sizeof *in);
    uint64_t r = rnd();
    in->fcw = 0x37F;
    in->mxcsr = 0x1F80;
    in->flags = (uint8_t)(r >> 32) & 0xD5;
    in->rax = rnd();
    in->rcx = rnd();
    if ((r >> 40 & 3) == 0) {
        in->rcx = (uint64_t)(int64_t)(int32_t)in->rcx;
    }
    if (kind == 's' || kind == 'd') {
        in->mxcsr |= (uint16_t)((r & 3) << 13); /* rounding */
        if ((r >> 2 & 3) == 0) in->mxcsr |= 0x40;
        if ((r >> 4 & 3) == 0) in->mxcsr |= 0x8000;
        if ((r >> 6 & 3) == 0) in->mxcsr &= (uint16_t)~(r >> 10 & 0x1F80); /* some unmasked */
        if ((r >> 8 & 1) == 0) in->mxcsr |= 0x20;
    }
    if (number < 2 * 8) { /* the fast path, too */
        if (number & 1) in->mxcsr = 0x1FA0;
    }
    for (int n = 0; n < 16; n += 8) {
        for (int reg = 0; reg < 3; reg++) {
            uint8_t *to = (reg < 2 ? in->xmm[reg] : in->mem) + n;
            uint64_t v = kind == 's' ? single() | (uint64_t)single() << 32 : kind == 'd' ? dbl() : rnd();
            if (kind == 'i' || kind == 'm') {
                uint64_t t = rnd();
                if (t % 4 == 0) v &= 0x7F7F7F7F7F7F7F7Full;
                if (t % 4 == 1) v = (v & 0x8080808080808080ull) / 128 * 255;
                if (t % 16 == 2) v = rnd() % 70;
                if (t % 4 == 3 && reg == 1) memcpy(&v, in->xmm[0] + n, 8), v ^= rnd() & rnd() & rnd();
            }
            memcpy(to, &v, 8);
        }
    }
    if (kind == 'm') {
        for (int n = 0; n < 8; n++) {
            uint64_t v;
            memcpy(&v, in->xmm[n & 1] + (n & 2) * 4, 8);
            if (n < 2) memcpy(in->st[n], &v, 8);
            in->st[n][8] = in->st[n][9] = 0xFF;
        }
        in->ftw = 0xFF;
        if (r & 1) in->ftw = 0, in->fsw = 0;
    }
    if (kind == 'x' || kind == 'a') {
        memset(in->xmm, 0, 32);
        in->fcw = 0x7F | (r >> 16 & 0xF00);
        if ((in->fcw & 0x300) == 0x100) in->fcw |= 0x300;
        if ((r & 7) == 0) in->fcw &= (uint16_t)~(r >> 4 & 0x3F);
        in->fsw = (uint16_t)(r >> 48 & 0x4700);
        int depth = 2 + (int)(rnd() % 3);
        if ((r >> 8 & 15) == 0) depth = (int)(rnd() % 9);
        for (int n = 0; n < 8; n++) {
            int top = 8 - depth;
            if (n < depth) {
                if (n < 2) extended(in->st[n]);
                else { in->st[n][7] = 0xA0 + n; in->st[n][8] = 0xFF; in->st[n][9] = 0x3F; }
                in->ftw |= (uint8_t)(1 << ((top + n) & 7));
            }
        }
        in->fsw |= (uint16_t)(((8 - depth) & 7) << 11);
        uint64_t v = rnd();
        switch (rnd() % 3) {
        case 0: extended(in->mem); break;
        case 1: v = dbl(); memcpy(in->mem, &v, 8); break;
        default: v = single(); memcpy(in->mem, &v, 4); break;
        }
        if (rnd() % 4 == 0) memcpy(in->st[1], in->st[0], 10);
    }
    if (kind == 'b') { /* packed decimal */
        in->fsw = 0;
        for (int n = 0; n < 10; n++) in->mem[n] = (uint8_t)(rnd() % 10 * 16 + rnd() % 10);
        in->mem[9] = rnd() & 0x80;
        memset(in->xmm, 0, 32);
        for (int n = 0; n < 8; n++) memset(in->st[n], 0, 10);
    }
}

static void to_state(const struct record *in) {
    memset(&state, 0, sizeof state);
    memcpy(state.image, &in->fcw, 2);
    memcpy(state.image + 2, &in->fsw, 2);
    state.image[4] = in->ftw;
    uint32_t mx = in->mxcsr;
    memcpy(state.image + 24, &mx, 4);
    for (int n = 0; n < 8; n++) memcpy(state.image + 32 + 16 * n, in->st[n], 10);
    memcpy(state.image + 160, in->xmm, 32);
    state.rax = in->rax;
    state.rcx = in->rcx;
    state.rflags = 0x202 | in->flags | ((in->flags & 2) ? 0x800 : 0);
    memcpy(state.mem, in->mem, 16);
}

static void from_state(struct record *out) {
    memset(out, 0, sizeof *out);
    memcpy(&out->fcw, state.image, 2);
    memcpy(&out->fsw, state.image + 2, 2);
    out->ftw = state.image[4];
    memcpy(&out->mxcsr, state.image + 24, 2);
    for (int n = 0; n < 8; n++) memcpy(out->st[n], state.image + 32 + 16 * n, 10);
    memcpy(out->xmm, state.image + 160, 32);
    out->rax = state.rax;
    out->rcx = state.rcx;
    out->flags = (uint8_t)((state.rflags & 0xD5) | ((state.rflags & 0x800) ? 2 : 0));
    memcpy(out->mem, state.mem, 16);
}

#define EMIT(...) do { static const uint8_t c[] = {__VA_ARGS__}; memcpy(p, c, sizeof c); p += sizeof c; } while (0)

static void build(const uint8_t *code, int length) {
    uint8_t *p = stub;
    EMIT(0x53, 0x56);                                                   /* push rbx, rsi */
    EMIT(0x48, 0x89, 0xFB);                                             /* mov rbx, rdi */
    EMIT(0x48, 0x0F, 0xAE, 0x0B);                                       /* fxrstor64 [rbx] */
    EMIT(0x48, 0x8D, 0xB3); *(uint32_t *)p = 512 + 32; p += 4;          /* lea rsi, [rbx + mem] */
    EMIT(0xFF, 0xB3); *(uint32_t *)p = 512 + 16; p += 4;                /* push [rbx + rflags] */
    EMIT(0x48, 0x8B, 0x83); *(uint32_t *)p = 512; p += 4;               /* mov rax */
    EMIT(0x48, 0x8B, 0x8B); *(uint32_t *)p = 512 + 8; p += 4;           /* mov rcx */
    EMIT(0x48, 0x89, 0xF7);                                             /* mov rdi, rsi: for MASKMOV */
    EMIT(0x9D);                                                         /* popfq */
    memcpy(p, code, (size_t)length);
    p += length;
    resume_at = (uint64_t)p;
    EMIT(0x48, 0x89, 0x83); *(uint32_t *)p = 512; p += 4;               /* mov [rbx], rax */
    EMIT(0x48, 0x89, 0x8B); *(uint32_t *)p = 512 + 8; p += 4;
    EMIT(0x9C);                                                         /* pushfq */
    EMIT(0x8F, 0x83); *(uint32_t *)p = 512 + 16; p += 4;                /* pop [rbx + rflags] */
    EMIT(0x48, 0x0F, 0xAE, 0x03);                                       /* fxsave64 [rbx] */
    EMIT(0xDB, 0xE3);                                                   /* fninit */
    EMIT(0x5E, 0x5B, 0xC3);
}

static void run(const char *name, char kind, int options, const uint8_t *code, int length, int cases) {
    fputc((int)strlen(name), stdout);
    fputs(name, stdout);
    fputc(length, stdout);
    fwrite(code, 1, (size_t)length, stdout);
    fputc(options, stdout);
    fputc(cases & 255, stdout);
    fputc(cases >> 8, stdout);
    build(code, length);
    for (int n = 0; n < cases; n++) {
        struct record in, out;
        fill(&in, kind, n);
        to_state(&in);
        vector = 0;
        ((void (*)(void *))stub)(&state);
        from_state(&out);
        for (size_t b = 0; b < sizeof in; b++) ((uint8_t *)&out)[b] ^= ((uint8_t *)&in)[b];
        fwrite(&in, sizeof in, 1, stdout);
        fwrite(&out, sizeof out, 1, stdout);
        fputc(vector, stdout);
    }
}

int main(int argc, char **argv) {
    int cases = argc > 1 ? atoi(argv[1]) : 32;
    seed = argc > 2 ? strtoull(argv[2], 0, 0) : 1;
    stub = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct sigaction action = {0};
    action.sa_sigaction = on_sigfpe;
    action.sa_flags = SA_SIGINFO | SA_NODEFER;
    sigaction(SIGFPE, &action, 0);
    char line[200];
    while (fgets(line, sizeof line, stdin)) {
        char name[40], kind, hex[40];
        int times;
        if (line[0] == '#' || sscanf(line, "%39s %c %39s %d", name, &kind, hex, &times) != 4) continue;
        uint8_t code[16];
        int length = (int)strlen(hex) / 2;
        for (int n = 0; n < length; n++) sscanf(hex + 2 * n, "%2hhx", &code[n]);
        run(name, kind, kind == 'a' ? 3 : 1, code, length, cases * times);
    }
    return 0;
}
