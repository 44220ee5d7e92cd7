/* Runs single instructions on the host processor. Reads records { u8 length, u8 bytes[15], u64 gpr[16], u64 flags,
 * u64 mem[16] } from standard input and writes { u64 vector (or -1), u64 gpr[16], u64 flags, u64 mem[16] } for each.
 * Code lies at 0x10000, 16 quadwords of data at 0x20100, the register image at 0x30000, the stack below 0x40000. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

struct image { uint64_t in[16], inflags, out[16], outflags, hostsp, scratch; };
static struct image *const im = (struct image *)0x30000;
static sigjmp_buf escape;
static volatile int vector;

static void on_signal(int number, siginfo_t *info, void *context) {
    vector = (int)((ucontext_t *)context)->uc_mcontext.gregs[REG_TRAPNO];
    siglongjmp(escape, 1);
}

void enter(void);
void leave(void);
__asm__(".text\n"
        "enter:\n push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
        " mov %rsp,0x30110\n"
        " pushq 0x30080\n popfq\n"
        " mov 0x30000,%rax; mov 0x30008,%rcx; mov 0x30010,%rdx; mov 0x30018,%rbx\n"
        " mov 0x30020,%rsp; mov 0x30028,%rbp; mov 0x30030,%rsi; mov 0x30038,%rdi\n"
        " mov 0x30040,%r8; mov 0x30048,%r9; mov 0x30050,%r10; mov 0x30058,%r11\n"
        " mov 0x30060,%r12; mov 0x30068,%r13; mov 0x30070,%r14; mov 0x30078,%r15\n"
        " jmpq *0x30118\n"
        "leave:\n"
        " mov %rax,0x30088; mov %rcx,0x30090; mov %rdx,0x30098; mov %rbx,0x300a0\n"
        " mov %rsp,0x300a8; mov %rbp,0x300b0; mov %rsi,0x300b8; mov %rdi,0x300c0\n"
        " mov %r8,0x300c8; mov %r9,0x300d0; mov %r10,0x300d8; mov %r11,0x300e0\n"
        " mov %r12,0x300e8; mov %r13,0x300f0; mov %r14,0x300f8; mov %r15,0x30100\n"
        " mov 0x30110,%rsp\n"
        " pushfq\n popq 0x30108\n cld\n"
        " pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx\n ret\n");

static void map(uintptr_t at, size_t size) {
    void *p = mmap((void *)at, size, PROT_READ | PROT_WRITE | PROT_EXEC,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (p != (void *)at) { perror("mmap"); exit(1); }
}

int main(void) {
    map(0x10000, 0x1000);
    map(0x20000, 0x1000);
    map(0x30000, 0x10000);
    stack_t alt = {.ss_sp = malloc(65536), .ss_size = 65536};
    sigaltstack(&alt, NULL);
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    int signals[] = {SIGILL, SIGFPE, SIGSEGV, SIGBUS, SIGTRAP};
    for (int n = 0; n < 5; n++) sigaction(signals[n], &action, NULL);
    struct { uint8_t length, bytes[15]; uint64_t gpr[16], flags, mem[16]; } in;
    struct { uint64_t vector, gpr[16], flags, mem[16]; } out;
    while (fread(&in, sizeof in, 1, stdin) == 1) {
        uint8_t *code = (uint8_t *)0x10000;
        static const uint8_t jump[6] = {0xFF, 0x25, 0, 0, 0, 0};
        uint64_t back = (uint64_t)leave;
        memset(code, 0xCC, 64);
        memcpy(code, in.bytes, in.length);
        memcpy(code + in.length, jump, 6);
        memcpy(code + in.length + 6, &back, 8);
        memset((void *)0x20000, 0, 0x1000);
        memset((void *)0x3f000, 0, 0x1000);
        memcpy((void *)0x20100, in.mem, sizeof in.mem);
        memcpy(im->in, in.gpr, sizeof in.gpr);
        im->inflags = in.flags;
        im->scratch = 0x10000;
        vector = -1;
        if (sigsetjmp(escape, 1) == 0) enter();
        out.vector = (uint64_t)(int64_t)vector;
        memcpy(out.gpr, im->out, sizeof out.gpr);
        out.flags = im->outflags;
        memcpy(out.mem, (void *)0x20100, sizeof out.mem);
        fwrite(&out, sizeof out, 1, stdout);
    }
    return 0;
}
