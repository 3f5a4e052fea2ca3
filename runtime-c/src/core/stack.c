// The guest's native stack; stack.h says what for.
#include "stack.h"

#include <stddef.h>
#include <sys/mman.h>

#include "host_page.h"
#include "message.h"

// Wider than any frame of the runtime or of libc, which do not probe page by page as guest code
// does, so that their frames cannot step over it either.
static const uint64_t guard_size = 256 << 10;

void smelt_stack_map(struct smelt_stack *stack, uint64_t size) {
    const uint64_t largest = UINT64_C(1) << 46;
    uint8_t *guard = MAP_FAILED;
    if (size <= largest) {
        size = smelt_host_page_round_up(size);
        guard = mmap(NULL, guard_size + size, PROT_NONE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    }
    if (guard == MAP_FAILED || mprotect(guard + guard_size, size, PROT_READ | PROT_WRITE) != 0) {
        smelt_fail("cannot reserve address space for the program's stack: `ulimit -v` or the "
                   "machine allows less");
    }
    stack->guard = guard;
    stack->bottom = guard + guard_size;
    stack->top = stack->bottom + size;
}

// The frame has a pointer to the old stack in a callee-saved register, and tells unwinders that
// there is no caller: the old stack is not part of the guest's call chain.
#if defined(__x86_64__)
__asm__(
    ".pushsection .text.smelt_stack_call, \"ax\", @progbits\n"
    ".globl smelt_stack_call\n"
    ".type smelt_stack_call, @function\n"
    "smelt_stack_call:\n"
    ".cfi_startproc\n"
    ".cfi_undefined rip\n"
    "pushq %rbx\n"
    "movq %rsp, %rbx\n"
    "movq %rdi, %rsp\n"
    "andq $-16, %rsp\n"
    "callq *%rsi\n"
    "movq %rbx, %rsp\n"
    "popq %rbx\n"
    "retq\n"
    ".cfi_endproc\n"
    ".size smelt_stack_call, . - smelt_stack_call\n"
    ".popsection\n");
#elif defined(__aarch64__)
__asm__(
    ".pushsection .text.smelt_stack_call, \"ax\", @progbits\n"
    ".globl smelt_stack_call\n"
    ".type smelt_stack_call, @function\n"
    "smelt_stack_call:\n"
    ".cfi_startproc\n"
    ".cfi_undefined x30\n"
    "stp x19, x30, [sp, #-16]!\n"
    "mov x19, sp\n"
    "and x0, x0, #-16\n"
    "mov sp, x0\n"
    "blr x1\n"
    "mov sp, x19\n"
    "ldp x19, x30, [sp], #16\n"
    "ret\n"
    ".cfi_endproc\n"
    ".size smelt_stack_call, . - smelt_stack_call\n"
    ".popsection\n");
#else
#error "smelt_stack_call is missing for this architecture"
#endif
