// What a signal's registers say about guest code that stopped: where it was, and which trap it is.
#ifndef SMELT_TRAP_INSTRUCTION_H
#define SMELT_TRAP_INSTRUCTION_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <ucontext.h>

#include "smelt/abi.h"

static __attribute__((noinline, unused)) bool trap_is_guest_code(uint64_t pc) {
    return pc >= (uint64_t)(uintptr_t)smelt_code_begin && pc < (uint64_t)(uintptr_t)smelt_code_end;
}

#if defined(__x86_64__)

static inline uint64_t trap_program_counter(const ucontext_t *context) {
    return (uint64_t)context->uc_mcontext.gregs[REG_RIP];
}

static inline uint64_t trap_stack_pointer(const ucontext_t *context) {
    return (uint64_t)context->uc_mcontext.gregs[REG_RSP];
}

// llvm.ubsantrap: ud1 code(%eax), %eax
static inline bool trap_decode_instruction(uint64_t pc, uint64_t *code) {
    static const uint8_t prefix[] = {0x67, 0x0f, 0xb9, 0x40};
    const uint8_t *instruction = (const uint8_t *)(uintptr_t)pc;
    if ((uint64_t)(smelt_code_end - instruction) <= sizeof prefix) return false;
    if (memcmp(instruction, prefix, sizeof prefix) != 0) return false;
    *code = instruction[sizeof prefix];
    return true;
}

#elif defined(__aarch64__)

static inline uint64_t trap_program_counter(const ucontext_t *context) {
    return context->uc_mcontext.pc;
}

static inline uint64_t trap_stack_pointer(const ucontext_t *context) {
    return context->uc_mcontext.sp;
}

// llvm.ubsantrap: brk #(0x5500 | code)
static inline bool trap_decode_instruction(uint64_t pc, uint64_t *code) {
    uint32_t instruction;
    memcpy(&instruction, (const void *)(uintptr_t)pc, sizeof instruction);
    if ((instruction & 0xffffe01f) != (0xd4200000 | 0x5500 << 5)) return false;
    *code = instruction >> 5 & 0xff;
    return true;
}

#endif

#endif
