// The registers of a signal's context in the order of the unwinder.
#ifndef SMELT_TRAP_REGISTERS_H
#define SMELT_TRAP_REGISTERS_H

#include <ucontext.h>

#include "unwind/unwind.h"

#if defined(__x86_64__)

// DWARF's numbering of the registers, from the psABI.
static const uint8_t order[SMELT_DWARF_REGISTERS] = {
    REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI, REG_RBP, REG_RSP, REG_R8,
    REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP};

static inline void read_registers(const ucontext_t *context, struct smelt_unwind_cursor *frame) {
    for (size_t number = 0; number < SMELT_DWARF_REGISTERS; number++) {
        frame->registers[number] = (uint64_t)context->uc_mcontext.gregs[order[number]];
    }
    frame->pc = frame->registers[SMELT_DWARF_RETURN_ADDRESS];
}

static inline void write_registers(const struct smelt_unwind_cursor *frame, ucontext_t *context) {
    for (size_t number = 0; number < SMELT_DWARF_REGISTERS; number++) {
        context->uc_mcontext.gregs[order[number]] = (greg_t)frame->registers[number];
    }
    context->uc_mcontext.gregs[REG_RIP] = (greg_t)frame->pc;
}

#elif defined(__aarch64__)

static inline void read_registers(const ucontext_t *context, struct smelt_unwind_cursor *frame) {
    for (size_t number = 0; number < SMELT_DWARF_SP; number++) {
        frame->registers[number] = context->uc_mcontext.regs[number];
    }
    frame->registers[SMELT_DWARF_SP] = context->uc_mcontext.sp;
    frame->pc = context->uc_mcontext.pc;
}

static inline void write_registers(const struct smelt_unwind_cursor *frame, ucontext_t *context) {
    for (size_t number = 0; number < SMELT_DWARF_SP; number++) {
        context->uc_mcontext.regs[number] = frame->registers[number];
    }
    context->uc_mcontext.sp = frame->registers[SMELT_DWARF_SP];
    context->uc_mcontext.pc = frame->pc;
}

#endif

#endif
