/*
 * Executes instructions on the host processor, one per case, and reports everything that changed.
 *
 *     cc -O1 -static-pie -fPIE -fno-stack-protector -o harness harness.c
 *
 * Needs Linux on x86-64 with FSGSBASE and modify_ldt. It is started by the Java side (NativeVectors), which makes the
 * cases; this program knows nothing about instructions. Protocol on standard input and output, little-endian:
 *
 *   once:      u32 number of LDT entries; struct user_desc each
 *   then:      u32 number of cases, at most 256; struct input each -> struct output each
 *
 * The code bytes stand at input.start; everything else in the code pages is INT3, so that an instruction that is
 * complete ends in #BP wherever it went. The addresses below are those of ReplayMachine:
 *
 *   10000-12fff  code, not writable; 20000-21fff data; 23000 data, read-only; 3e000-3ffff stack; all else absent
 *
 * Before each case the data and stack pages are set to a pattern, then the windows to what the case says.
 */
#define _GNU_SOURCE
#include <asm/ldt.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

#define CODE 0x10000ul
#define CODE_SIZE 0x3000ul
#define DATA 0x20000ul
#define DATA_SIZE 0x2000ul
#define READ_ONLY 0x23000ul
#define STACK 0x3E000ul
#define STACK_SIZE 0x2000ul
#define DATA_WINDOW 0x20F00ul
#define STACK_WINDOW 0x3EF00ul
#define EDGE_WINDOW 0x21F80ul

enum { CS, SS, DS, ES, FS, GS };

struct state {
    uint64_t gpr[16]; /* rax rcx rdx rbx rsp rbp rsi rdi r8-r15 */
    uint64_t rflags, fs_base, gs_base;
    uint16_t selector[8];
    uint8_t fx[512], data[512], stack[512];
};

struct input {
    uint64_t start;
    uint8_t compatibility, length, unused[6];
    uint8_t code[16];
    struct state state;
};

struct output {
    uint64_t vector, error, cr2, rip;
    struct state state;
    uint8_t edge[128];
};

static struct {
    uint8_t fx[512];
    uint64_t gpr[16];
    uint64_t rflags, fs_base, gs_base; /* 640 648 656 */
    uint64_t target;                   /* 664 */
    struct { uint32_t offset; uint16_t selector, pad; } far_target; /* 672 */
    uint64_t saved_rsp, saved_fs, saved_gs; /* 680 688 696 */
    uint64_t compatibility;                 /* 704 */
    uint16_t ds, es;                        /* 712 714 */
} __attribute__((aligned(64), packed)) enter_state;

static struct output result;
static volatile int running;
static struct input in;
static uint8_t *code_alias;
static uint8_t pattern_data[DATA_SIZE], pattern_stack[STACK_SIZE];

void run_case(void);
void resume(void);
void handler_entry(int, siginfo_t *, void *);

__asm__(
    ".text\n"
    "run_case:\n"
    "  push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
    "  lea enter_state(%rip), %rax\n"
    "  mov %rsp, 680(%rax)\n"
    "  rdfsbase %rcx; mov %rcx, 688(%rax)\n"
    "  rdgsbase %rcx; mov %rcx, 696(%rax)\n"
    "  mov 712(%rax), %ds\n"
    "  mov 714(%rax), %es\n"
    "  mov 648(%rax), %rcx; wrfsbase %rcx\n"
    "  mov 656(%rax), %rcx; wrgsbase %rcx\n"
    "  fxrstor64 (%rax)\n"
    "  lea 640(%rax), %rsp\n"
    "  popfq\n"
    "  mov 520(%rax), %rcx; mov 528(%rax), %rdx; mov 536(%rax), %rbx\n"
    "  mov 544(%rax), %rsp; mov 552(%rax), %rbp; mov 560(%rax), %rsi; mov 568(%rax), %rdi\n"
    "  mov 576(%rax), %r8; mov 584(%rax), %r9; mov 592(%rax), %r10; mov 600(%rax), %r11\n"
    "  mov 608(%rax), %r12; mov 616(%rax), %r13; mov 624(%rax), %r14; mov 632(%rax), %r15\n"
    "  mov 512(%rax), %rax\n"
    "enter_64: jmp *enter_state+664(%rip)\n"
    "enter_32: ljmp *enter_state+672(%rip)\n"
    "resume:\n"
    "  mov enter_state+680(%rip), %rsp\n"
    "  xor %eax, %eax; mov %eax, %fs; mov %eax, %gs\n"
    "  mov enter_state+688(%rip), %rcx; wrfsbase %rcx\n"
    "  mov enter_state+696(%rip), %rcx; wrgsbase %rcx\n"
    "  fninit\n"
    "  pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx\n"
    "  ret\n"
    "handler_entry:\n" /* the case's AC must not disturb the handler */
    "  pushfq; andl $~0x40000, (%rsp); popfq\n"
    "  jmp handler\n");
extern const uint8_t enter_64[], enter_32[];

static const int order[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
    REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};

__attribute__((used)) void handler(int signal, siginfo_t *info, void *context) {
    ucontext_t *u = context;
    greg_t *g = u->uc_mcontext.gregs;
    struct state *s = &result.state;
    uint64_t base;
    (void)info;
    if (!running) return; /* the alarm, between cases */
    result.vector = signal == SIGALRM ? 0xFE : (uint64_t)g[REG_TRAPNO];
    result.error = (uint64_t)g[REG_ERR];
    result.cr2 = (uint64_t)g[REG_CR2];
    result.rip = (uint64_t)g[REG_RIP];
    for (int n = 0; n < 16; n++) s->gpr[n] = (uint64_t)g[order[n]];
    s->rflags = (uint64_t)g[REG_EFL];
    __asm__ volatile("rdfsbase %0" : "=r"(base));
    s->fs_base = base;
    __asm__ volatile("rdgsbase %0" : "=r"(base));
    s->gs_base = base;
    s->selector[CS] = (uint16_t)g[REG_CSGSFS];
    s->selector[SS] = (uint16_t)((uint64_t)g[REG_CSGSFS] >> 48);
    __asm__ volatile("mov %%ds, %0" : "=m"(s->selector[DS]));
    __asm__ volatile("mov %%es, %0" : "=m"(s->selector[ES]));
    __asm__ volatile("mov %%fs, %0" : "=m"(s->selector[FS]));
    __asm__ volatile("mov %%gs, %0" : "=m"(s->selector[GS]));
    __builtin_memcpy(s->fx, u->uc_mcontext.fpregs, 512);
    g[REG_RIP] = (greg_t)resume;
    g[REG_RSP] = (greg_t)enter_state.saved_rsp;
    g[REG_EFL] = 0x202;
    g[REG_CSGSFS] = (greg_t)(0x33ul | 0x2Bul << 48);
    u->uc_mcontext.fpregs->cwd = 0x37F;
    u->uc_mcontext.fpregs->swd = 0;
    u->uc_mcontext.fpregs->mxcsr = 0x1F80;
}

static void *map(unsigned long at, unsigned long size, int protection) {
    void *p = mmap((void *)at, size, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_POPULATE, -1, 0);
    if (p != (void *)at) { perror("mmap"); exit(1); }
    return p;
}

static void fill(uint8_t *to, unsigned long at, unsigned long size) {
    for (unsigned long n = 0; n < size; n++) to[n] = (uint8_t)((at + n) * 31 + ((at + n) >> 8) * 17);
}

static void prepare(void) {
    int fd = memfd_create("code", 0);
    if (fd < 0 || ftruncate(fd, CODE_SIZE)) { perror("memfd"); exit(1); }
    code_alias = mmap(0, CODE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
    if (mmap((void *)CODE, CODE_SIZE, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_FIXED | MAP_POPULATE, fd, 0) != (void *)CODE) {
        perror("mmap code");
        exit(1);
    }
    memset(code_alias, 0xCC, CODE_SIZE);
    map(DATA, DATA_SIZE, PROT_READ | PROT_WRITE);
    map(STACK, STACK_SIZE, PROT_READ | PROT_WRITE);
    fill(map(READ_ONLY, 0x1000, PROT_READ | PROT_WRITE), READ_ONLY, 0x1000);
    mprotect((void *)READ_ONLY, 0x1000, PROT_READ);
    fill(pattern_data, DATA, DATA_SIZE);
    fill(pattern_stack, STACK, STACK_SIZE);
    uint32_t count;
    if (fread(&count, 4, 1, stdin) != 1) exit(1);
    for (uint32_t n = 0; n < count; n++) {
        struct user_desc entry;
        if (fread(&entry, sizeof entry, 1, stdin) != 1 || syscall(SYS_modify_ldt, 0x11, &entry, sizeof entry)) {
            perror("modify_ldt");
            exit(1);
        }
    }
    stack_t alternate = {.ss_sp = mmap(0, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
        .ss_size = 1 << 16};
    sigaltstack(&alternate, 0);
    struct sigaction action = {0};
    action.sa_sigaction = handler_entry;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGALRM};
    for (unsigned n = 0; n < sizeof signals / sizeof *signals; n++) sigaction(signals[n], &action, 0);
}

static void execute(void) {
    const struct state *s = &in.state;
    memcpy((void *)DATA, pattern_data, DATA_SIZE);
    memcpy((void *)STACK, pattern_stack, STACK_SIZE);
    memcpy((void *)DATA_WINDOW, s->data, 512);
    memcpy((void *)STACK_WINDOW, s->stack, 512);
    memcpy(code_alias + (in.start - CODE), in.code, in.length);
    memcpy(enter_state.fx, s->fx, 512);
    memcpy(enter_state.gpr, s->gpr, sizeof s->gpr);
    enter_state.rflags = s->rflags;
    enter_state.fs_base = s->fs_base;
    enter_state.gs_base = s->gs_base;
    enter_state.ds = s->selector[DS];
    enter_state.es = s->selector[ES];
    enter_state.far_target.offset = (uint32_t)in.start;
    enter_state.far_target.selector = 0x23;
    enter_state.target = in.compatibility ? (uint64_t)enter_32 : in.start;
    running = 1;
    run_case();
    running = 0;
    memcpy(result.state.data, (void *)DATA_WINDOW, 512);
    memcpy(result.state.stack, (void *)STACK_WINDOW, 512);
    memcpy(result.edge, (void *)EDGE_WINDOW, 128);
    memset(code_alias + (in.start - CODE), 0xCC, in.length);
}

int main(void) {
    static char buffers[2][1 << 20];
    setvbuf(stdin, buffers[0], _IOFBF, sizeof buffers[0]);
    setvbuf(stdout, buffers[1], _IOFBF, sizeof buffers[1]);
    prepare();
    uint32_t count;
    while (fread(&count, 4, 1, stdin) == 1) {
        struct itimerval limit = {.it_value = {.tv_sec = 5}};
        setitimer(ITIMER_REAL, &limit, 0); /* a case that never ends is reported as vector 0xfe */
        for (uint32_t n = 0; n < count; n++) {
            if (fread(&in, sizeof in, 1, stdin) != 1) return 1;
            if (in.start < CODE || in.start + in.length > CODE + CODE_SIZE) {
                fprintf(stderr, "code outside its pages\n");
                return 1;
            }
            execute();
            fwrite(&result, sizeof result, 1, stdout);
        }
        fflush(stdout);
    }
    return 0;
}
