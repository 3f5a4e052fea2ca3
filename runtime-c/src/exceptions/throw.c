// Throwing: one walk up the frames of guest code to the first landing pad.
//
// There is one phase: where an exception is not caught the program ends, so there is nothing to
// be found out before frames are left. Frames are copies until then, and the thrower's own are
// still there for the backtrace. What runs here runs on the guest's stack, whose end is a trap, as
// everywhere.
#include <stddef.h>

#include "description_table.h"
#include "frames.h"
#include "smelt/abi.h"
#include "trap/trap.h"
#include "uncaught.h"

// By the linker script of programs with exceptions.
extern const uint8_t smelt_eh_frame_hdr_begin[], smelt_eh_frame_hdr_end[];
extern const uint8_t smelt_landing_pads_begin[], smelt_landing_pads_end[];

// In place of the walk over all descriptions (unwind_description.c).
bool unwind_find_description(const struct smelt_unwind_bounds *bounds, uint64_t pc,
                             struct unwind_description *description) {
    return unwind_search_descriptions(smelt_eh_frame_hdr_begin, smelt_eh_frame_hdr_end, bounds, pc,
                                      description);
}

// Moves `frame`, which is in the call of smelt_throw, to the one that catches, and returns the
// address of the landing pad there.
uint64_t smelt_find_landing_pad(const struct smelt_exception *exception, struct throw_frame *frame);

uint64_t smelt_find_landing_pad(const struct smelt_exception *exception,
                                struct throw_frame *frame) {
    const struct smelt_stack *stack = smelt_guest_stack();
    const struct frame_tables tables = {
        .bounds = {smelt_eh_frame_begin, smelt_eh_frame_end, (uint64_t)(uintptr_t)stack->bottom,
                   (uint64_t)(uintptr_t)stack->top},
        .landing_pads = {smelt_landing_pads_begin, smelt_landing_pads_end},
        .code_begin = (uint64_t)(uintptr_t)smelt_code_begin,
        .code_end = (uint64_t)(uintptr_t)smelt_code_end,
    };
    const struct throw_frame thrower = *frame;
    while (true) {
        // The first frame that is not the guest's is that of the guest's caller.
        uint64_t pc = frame->registers[FRAME_PC];
        if (pc <= tables.code_begin || pc > tables.code_end) break;
        const struct frame_facts *facts = frame_facts_at(&tables, pc);
        if (facts->landing_pad != 0) {
            frame->registers[FRAME_SP] += 8 * (uint64_t)facts->argument_words;
            return facts->landing_pad;
        }
        if (!frame_step(&tables, facts, frame)) break;
    }
    struct smelt_unwind_cursor cursor;
    frame_cursor(&tables, &thrower, &cursor);
    smelt_uncaught_exception(exception, &cursor);
}

// smelt_throw makes the frame of its caller, and leaves for the landing pad: with the exception in the
// first register of results and a selector, which is not asked for, in the second. _Unwind_Resume is
// what LLVM calls for `resume`. The personality has a name because tables refer to it.
#if defined(__x86_64__)
_Static_assert(FRAME_SP == 6 && FRAME_PC == 7, "the code below has other places");
__asm__(
    ".pushsection .text.smelt_throw, \"ax\", @progbits\n"
    ".globl smelt_throw, _Unwind_Resume, smelt_personality\n"
    ".type smelt_throw, @function\n"
    ".type _Unwind_Resume, @function\n"
    ".type smelt_personality, @function\n"
    "smelt_throw:\n"
    "_Unwind_Resume:\n"
    ".cfi_startproc\n"
    "movq (%rsp), %rax\n"
    "leaq 8(%rsp), %rcx\n"
    "subq $72, %rsp\n"
    ".cfi_adjust_cfa_offset 72\n"
    "movq %rbx, (%rsp)\n"
    "movq %rbp, 8(%rsp)\n"
    "movq %r12, 16(%rsp)\n"
    "movq %r13, 24(%rsp)\n"
    "movq %r14, 32(%rsp)\n"
    "movq %r15, 40(%rsp)\n"
    "movq %rcx, 48(%rsp)\n"
    "movq %rax, 56(%rsp)\n"
    "movq %rdi, 64(%rsp)\n"
    "movq %rsp, %rsi\n"
    "callq smelt_find_landing_pad\n"
    "movq %rax, %rcx\n"
    "movq 64(%rsp), %rax\n"
    "movl $1, %edx\n"
    "movq (%rsp), %rbx\n"
    "movq 8(%rsp), %rbp\n"
    "movq 16(%rsp), %r12\n"
    "movq 24(%rsp), %r13\n"
    "movq 32(%rsp), %r14\n"
    "movq 40(%rsp), %r15\n"
    "movq 48(%rsp), %rsp\n"
    "jmpq *%rcx\n"
    "smelt_personality:\n"
    "ud2\n"
    ".cfi_endproc\n"
    ".size smelt_throw, . - smelt_throw\n"
    ".popsection\n");
#elif defined(__aarch64__)
_Static_assert(FRAME_SP == 19 && FRAME_PC == 20, "the code below has other places");
__asm__(
    ".pushsection .text.smelt_throw, \"ax\", @progbits\n"
    ".globl smelt_throw, _Unwind_Resume, smelt_personality\n"
    ".type smelt_throw, @function\n"
    ".type _Unwind_Resume, @function\n"
    ".type smelt_personality, @function\n"
    "smelt_throw:\n"
    "_Unwind_Resume:\n"
    ".cfi_startproc\n"
    "mov x9, sp\n"
    "sub sp, sp, #192\n"
    ".cfi_adjust_cfa_offset 192\n"
    "stp x19, x20, [sp]\n"
    "stp x21, x22, [sp, #16]\n"
    "stp x23, x24, [sp, #32]\n"
    "stp x25, x26, [sp, #48]\n"
    "stp x27, x28, [sp, #64]\n"
    "str x29, [sp, #80]\n"
    "stp d8, d9, [sp, #88]\n"
    "stp d10, d11, [sp, #104]\n"
    "stp d12, d13, [sp, #120]\n"
    "stp d14, d15, [sp, #136]\n"
    "stp x9, x30, [sp, #152]\n"
    ".cfi_offset x30, -32\n"
    "str x0, [sp, #168]\n"
    "mov x1, sp\n"
    "bl smelt_find_landing_pad\n"
    "mov x2, x0\n"
    "ldr x0, [sp, #168]\n"
    "mov x1, #1\n"
    "ldp x19, x20, [sp]\n"
    "ldp x21, x22, [sp, #16]\n"
    "ldp x23, x24, [sp, #32]\n"
    "ldp x25, x26, [sp, #48]\n"
    "ldp x27, x28, [sp, #64]\n"
    "ldr x29, [sp, #80]\n"
    "ldp d8, d9, [sp, #88]\n"
    "ldp d10, d11, [sp, #104]\n"
    "ldp d12, d13, [sp, #120]\n"
    "ldp d14, d15, [sp, #136]\n"
    "ldr x9, [sp, #152]\n"
    "mov sp, x9\n"
    "br x2\n"
    "smelt_personality:\n"
    "udf #0\n"
    ".cfi_endproc\n"
    ".size smelt_throw, . - smelt_throw\n"
    ".popsection\n");
#endif
