// Signal handlers that turn faults of guest code into traps; trap.h says what becomes of them.
#include "trap.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "message.h"
#include "system/signals.h"

// Large enough for the biggest register state that a kernel saves (AMX, SVE) and the unwinder.
// Pages of it are touched only by a trap.
static uint8_t signal_stack[64 << 10] __attribute__((aligned(16)));

// Null in programs without backtraces.
#pragma weak smelt_describe_access

static struct smelt_stack guest_stack;
static smelt_memory_finder *find_guest_memory;
static smelt_trap_handler *handle_trap;
static void (*explain_illegal_instruction)(void);

#if defined(__x86_64__)

static void read_registers(const ucontext_t *context, struct smelt_unwind_cursor *frame) {
    // DWARF's numbering of the registers, from the psABI.
    static const uint8_t order[SMELT_DWARF_REGISTERS] = {
        REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI, REG_RBP, REG_RSP, REG_R8,
        REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP};
    for (size_t number = 0; number < SMELT_DWARF_REGISTERS; number++) {
        frame->registers[number] = (uint64_t)context->uc_mcontext.gregs[order[number]];
    }
    frame->pc = frame->registers[SMELT_DWARF_RETURN_ADDRESS];
}

// llvm.ubsantrap: ud1 code(%eax), %eax
static bool decode_trap_instruction(uint64_t pc, uint64_t *code) {
    static const uint8_t prefix[] = {0x67, 0x0f, 0xb9, 0x40};
    const uint8_t *instruction = (const uint8_t *)(uintptr_t)pc;
    if ((uint64_t)(smelt_code_end - instruction) <= sizeof prefix) return false;
    if (memcmp(instruction, prefix, sizeof prefix) != 0) return false;
    *code = instruction[sizeof prefix];
    return true;
}

#elif defined(__aarch64__)

static void read_registers(const ucontext_t *context, struct smelt_unwind_cursor *frame) {
    for (size_t number = 0; number < SMELT_DWARF_SP; number++) {
        frame->registers[number] = context->uc_mcontext.regs[number];
    }
    frame->registers[SMELT_DWARF_SP] = context->uc_mcontext.sp;
    frame->pc = context->uc_mcontext.pc;
}

// llvm.ubsantrap: brk #(0x5500 | code)
static bool decode_trap_instruction(uint64_t pc, uint64_t *code) {
    uint32_t instruction;
    memcpy(&instruction, (const void *)(uintptr_t)pc, sizeof instruction);
    if ((instruction & 0xffffe01f) != (0xd4200000 | 0x5500 << 5)) return false;
    *code = instruction >> 5 & 0xff;
    return true;
}

#endif

static bool is_guest_code(uint64_t pc) {
    return pc >= (uint64_t)(uintptr_t)smelt_code_begin && pc < (uint64_t)(uintptr_t)smelt_code_end;
}

// Whether guest code itself stopped, or a routine of libc that it called directly (memcpy for
// memory.copy), which is a leaf. A fault of the runtime is a defect and must not pass for a trap.
static bool is_guest_access(const struct smelt_trap *trap) {
    if (is_guest_code(trap->frame.pc)) return true;
    struct smelt_unwind_cursor caller = trap->frame;
    if (caller.pc < (uint64_t)(uintptr_t)smelt_libc_begin) return false;
    return smelt_unwind_leaf(&caller) && is_guest_code(caller.pc);
}

static bool classify_fault(const ucontext_t *context, uint64_t address, struct smelt_trap *trap) {
    uint64_t guard = (uint64_t)(uintptr_t)guest_stack.guard;
    if (address >= guard && address < (uint64_t)(uintptr_t)guest_stack.bottom) {
        trap->code = SMELT_TRAP_CALL_STACK_EXHAUSTED;
        return true;
    }
    const struct smelt_memory *memory = find_guest_memory(address);
    if (memory == NULL) return false;
    trap->code = SMELT_TRAP_OUT_OF_BOUNDS_MEMORY_ACCESS;
    trap->memory = memory;
    trap->address = address - (uint64_t)(uintptr_t)memory->base;
    if (smelt_describe_access != NULL && is_guest_code(trap->frame.pc)) {
        smelt_describe_access(context, address, trap);
    }
    return is_guest_access(trap);
}

static bool classify(int signal, const siginfo_t *information, const ucontext_t *context,
                     struct smelt_trap *trap) {
    if (information->si_code <= 0) return false;  // sent by a process, not raised by the code
    if (signal == SIGSEGV) {
        return classify_fault(context, (uint64_t)(uintptr_t)information->si_addr, trap);
    }
    uint64_t code;
    if (!is_guest_code(trap->frame.pc)) return false;
    if (!decode_trap_instruction(trap->frame.pc, &code)) return false;
    if (code == 0 || code >= SMELT_TRAP_CODE_COUNT) return false;
    trap->code = (enum smelt_trap_code)code;
    return true;
}

static bool set_action(int signal, void *handler, unsigned long flags) {
    struct smelt_signal_action action = smelt_signal_action(handler, flags);
    return syscall(SYS_rt_sigaction, signal, &action, NULL, SMELT_SIGNAL_SET_SIZE) == 0;
}

#if defined(__x86_64__)
// qemu-user before version 8 enters handlers with a stack that is 8 bytes off.
__attribute__((force_align_arg_pointer))
#endif
static void handle_signal(int signal, siginfo_t *information, void *context) {
    struct smelt_trap trap;
    memset(&trap, 0, sizeof trap);
    trap.frame.bounds.eh_frame_begin = smelt_eh_frame_begin;
    trap.frame.bounds.eh_frame_end = smelt_eh_frame_end;
    trap.frame.bounds.stack_begin = (uint64_t)(uintptr_t)guest_stack.bottom;
    trap.frame.bounds.stack_end = (uint64_t)(uintptr_t)guest_stack.top;
    trap.frame.is_exact = true;
    read_registers(context, &trap.frame);
    if (classify(signal, information, context, &trap)) handle_trap(&trap);
    if (signal == SIGILL && explain_illegal_instruction != NULL) explain_illegal_instruction();

    // Not a trap: it happens again, now with the default action, when the handler returns; a
    // signal that somebody sent is sent once more.
    set_action(signal, (void *)SIG_DFL, 0);
    if (information->si_code <= 0) raise(signal);
}

void smelt_explain_illegal_instructions(void (*explain)(void)) {
    explain_illegal_instruction = explain;
}

void smelt_install_trap_handlers(const struct smelt_stack *stack, smelt_memory_finder *find_memory,
                                 smelt_trap_handler *handler) {
#if defined(__x86_64__)
    static const uint8_t signals[] = {SIGILL, SIGSEGV};
#elif defined(__aarch64__)
    static const uint8_t signals[] = {SIGILL, SIGTRAP, SIGSEGV};
#endif
    guest_stack = *stack;
    find_guest_memory = find_memory;
    handle_trap = handler;
    stack_t alternate;
    memset(&alternate, 0, sizeof alternate);
    alternate.ss_sp = signal_stack;
    alternate.ss_size = sizeof signal_stack;
    bool is_installed = sigaltstack(&alternate, NULL) == 0;
    for (size_t index = 0; index < sizeof signals / sizeof signals[0]; index++) {
        is_installed = is_installed && set_action(signals[index], (void *)handle_signal, SA_SIGINFO | SA_ONSTACK);
    }
    if (!is_installed) smelt_fail("cannot install signal handlers", (char *)NULL);
}
