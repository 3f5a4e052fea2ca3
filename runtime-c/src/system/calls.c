// System calls under the names that C knows them by. Programs are linked without a C library: of
// musl's, starting up and telling threads apart would be most of a small executable. What is here
// keeps the contracts of POSIX, with errno; only, in programs there is just one thread. Libraries have
// this, too, so that they ask nothing of the C library of their host.
//
// No header that declares these functions is included: their definitions have no parameters, as
// arguments are in the right registers already.
#include <sys/syscall.h>

#if defined(SMELT_LIBRARY)
static _Thread_local int error_number;
#else
static int error_number;
#endif

int *__errno_location(void);

int *__errno_location(void) { return &error_number; }

#if defined(SMELT_LIBRARY)
// Where system calls go on that fail.
long smelt_system_error(long number);

long smelt_system_error(long number) {
    error_number = (int)-number;
    return -1;
}

#if defined(__x86_64__)
#define STORE_ERROR "movq %rax, %rdi\njmp smelt_system_error\n"
#elif defined(__aarch64__)
#define STORE_ERROR "b smelt_system_error\n"
#endif
#elif defined(__x86_64__)
#define STORE_ERROR "negl %eax\nmovl %eax, error_number(%rip)\norq $-1, %rax\n"
#elif defined(__aarch64__)
#define STORE_ERROR \
    "neg w0, w0\nadrp x1, error_number\nstr w0, [x1, :lo12:error_number]\nmov x0, #-1\n"
#endif

// Takes the number in eax or x8 and the arguments where C has them.
#if defined(__x86_64__)
__asm__(
    ".pushsection .text.smelt_system_call, \"ax\", @progbits\n"
    ".type smelt_system_call, @function\n"
    "smelt_system_call:\n"
    ".cfi_startproc\n"
    "movq %rcx, %r10\n"
    "syscall\n"
    "cmpq $-4095, %rax\n"
    "jb 1f\n"
    STORE_ERROR
    "1: retq\n"
    ".cfi_endproc\n"
    ".size smelt_system_call, . - smelt_system_call\n"
    ".popsection\n");
#define MAKE_CALL(number) \
    __asm__ volatile("movl %0, %%eax\njmp smelt_system_call" : : "i"(number))
#elif defined(__aarch64__)
__asm__(
    ".pushsection .text.smelt_system_call, \"ax\", @progbits\n"
    ".type smelt_system_call, @function\n"
    "smelt_system_call:\n"
    ".cfi_startproc\n"
    "svc #0\n"
    "cmn x0, #4095\n"
    "b.lo 1f\n"
    STORE_ERROR
    "1: ret\n"
    ".cfi_endproc\n"
    ".size smelt_system_call, . - smelt_system_call\n"
    ".popsection\n");
#define MAKE_CALL(number) __asm__ volatile("mov x8, %0\nb smelt_system_call" : : "i"(number))
#else
#error "system calls are missing for this architecture"
#endif

#define CALL_AS(name, number)                            \
    void name(void);                                     \
    __attribute__((naked)) void name(void) { MAKE_CALL(number); }
#define CALL(name) CALL_AS(name, SYS_##name)

CALL(accept4)
CALL(bind)
CALL(clock_getres)
CALL(close)
CALL(connect)
CALL(fdatasync)
CALL_AS(fstatat, SYS_newfstatat)
CALL(fsync)
CALL(ftruncate)
CALL(getpeername)
CALL(getrandom)
CALL(getsockname)
CALL(getsockopt)
CALL(gettid)
CALL(ioctl)
CALL(linkat)
CALL(listen)
CALL(lseek)
CALL(madvise)
CALL(mkdirat)
CALL(mmap)
CALL(mprotect)
CALL(mremap)
CALL(munmap)
CALL(openat)
CALL(prctl)
#define SYS_pread SYS_pread64
#define SYS_pwrite SYS_pwrite64
CALL(pread)
CALL(preadv)  // the kernel's fifth argument has no meaning on machines of 64 bits
CALL(pwrite)
CALL(pwritev)
CALL(readlinkat)
CALL(read)
CALL(readv)
CALL(recvfrom)
CALL(recvmsg)
CALL(renameat)
CALL(sched_yield)
CALL(sendmsg)
CALL(sendto)
CALL(setsockopt)
CALL(shutdown)
CALL(sigaltstack)
CALL(socket)
CALL(symlinkat)
CALL(sysinfo)
CALL(unlinkat)
CALL(utimensat)
CALL(write)
CALL(writev)

void syscall(void);

__attribute__((naked)) void syscall(void) {
#if defined(__x86_64__)
    __asm__ volatile(
        "movl %edi, %eax\n"
        "movq %rsi, %rdi\n"
        "movq %rdx, %rsi\n"
        "movq %rcx, %rdx\n"
        "movq %r8, %rcx\n"
        "movq %r9, %r8\n"
        "movq 8(%rsp), %r9\n"
        "jmp smelt_system_call");
#elif defined(__aarch64__)
    __asm__ volatile(
        "mov x8, x0\n"
        "mov x0, x1\n"
        "mov x1, x2\n"
        "mov x2, x3\n"
        "mov x3, x4\n"
        "mov x4, x5\n"
        "mov x5, x6\n"
        "b smelt_system_call");
#endif
}
