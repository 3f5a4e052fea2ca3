// From the registers of a signal's context to those of the unwinder, and back. Linked with programs
// that have backtraces.
#include <string.h>

#include "smelt/abi.h"
#include "trap.h"
#include "trap_registers.h"

void smelt_trap_frame(const struct smelt_trap *trap, struct smelt_unwind_cursor *frame) {
    frame->bounds.eh_frame_begin = smelt_eh_frame_begin;
    frame->bounds.eh_frame_end = smelt_eh_frame_end;
    frame->bounds.stack_begin = (uint64_t)(uintptr_t)trap->stack->bottom;
    frame->bounds.stack_end = (uint64_t)(uintptr_t)trap->stack->top;
    frame->is_exact = true;
    read_registers(trap->context, frame);
}

void smelt_trap_at_call(const struct smelt_unwind_cursor *frame, struct smelt_trap *trap) {
    static ucontext_t context;  // too large for what may be left of the stack
    write_registers(frame, &context);
#if defined(__x86_64__)
    context.uc_mcontext.gregs[REG_RIP]--;
#elif defined(__aarch64__)
    context.uc_mcontext.pc--;
#endif
    trap->context = &context;
}
