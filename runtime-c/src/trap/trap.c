// Signal handlers that turn faults of guest code into traps; trap.h says what happens then.
#include "trap.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/message.h"
#include "system/signals.h"
#include "trap_instruction.h"

// Large enough for the biggest register state that a kernel saves (AMX, SVE) and the unwinder.
// Pages of it are touched only by a trap.
static uint8_t signal_stack[64 << 10] __attribute__((aligned(16)));

// Null in programs without backtraces.
#pragma weak smelt_describe_access

static struct smelt_stack guest_stack;
static smelt_memory_finder *find_guest_memory;
static smelt_trap_handler *handle_trap;
static void (*explain_illegal_instruction)(void);

// Where a function returns to that has not called another nor touched the stack pointer; 0 if that
// is not on the stack.
static uint64_t return_address(const ucontext_t *context) {
#if defined(__x86_64__)
    uint64_t place = trap_stack_pointer(context);
    uint64_t offset = place - (uint64_t)(uintptr_t)guest_stack.bottom;
    if (offset >= (uint64_t)(guest_stack.top - guest_stack.bottom)) return 0;
    return *(const uint64_t *)(uintptr_t)place;
#elif defined(__aarch64__)
    return context->uc_mcontext.regs[30];
#endif
}

// Whether guest code itself stopped, or a routine of libc that it called directly (memcpy for
// memory.copy), which is a leaf. A fault of the runtime is a defect and must not pass for a trap.
static bool is_guest_access(const ucontext_t *context) {
    uint64_t pc = trap_program_counter(context);
    if (pc >= (uint64_t)(uintptr_t)smelt_libc_begin) pc = return_address(context);
    return trap_is_guest_code(pc);
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
    if (smelt_describe_access != NULL && trap_is_guest_code(trap_program_counter(context))) {
        smelt_describe_access(address, trap);
    }
    return is_guest_access(context);
}

static bool classify(int signal, const siginfo_t *information, const ucontext_t *context,
                     struct smelt_trap *trap) {
    if (information->si_code <= 0) return false;  // sent by a process, not raised by the code
    if (signal == SIGSEGV) {
        return classify_fault(context, (uint64_t)(uintptr_t)information->si_addr, trap);
    }
    uint64_t code, pc = trap_program_counter(context);
    if (!trap_is_guest_code(pc) || !trap_decode_instruction(pc, &code)) return false;
    if (code == 0 || code >= SMELT_TRAP_CODE_COUNT) return false;
    trap->code = (enum smelt_trap_code)code;
    return true;
}

static uint64_t signal_bit(int signal) { return UINT64_C(1) << (signal - 1); }

// A report that is not read, or that is too much for a file, does not change how a trap ends: the
// signals of such writes wait while a handler runs, which never returns.
static bool set_action(int signal, void *handler, unsigned long flags) {
    struct smelt_signal_action action = smelt_signal_action(handler, flags);
    action.mask = signal_bit(SIGPIPE) | signal_bit(SIGXFSZ);
    return syscall(SYS_rt_sigaction, signal, &action, NULL, SMELT_SIGNAL_SET_SIZE) == 0;
}

// Ends the process by the signal that is being handled, with that as its status. The signal is
// blocked meanwhile, and for one that the code itself raises the kernel then takes the default
// action. This needs no system call, of which the lockdown may have left none.
static _Noreturn void die_of(int signal) {
    while (true) {
        if (signal == SIGSEGV) (void)*(const volatile uint8_t *)UINTPTR_MAX;  // the kernel's
#if defined(__x86_64__)
        if (signal == SIGILL) __asm__ volatile("ud2");
#elif defined(__aarch64__)
        if (signal == SIGILL) __asm__ volatile("udf #0");
        if (signal == SIGTRAP) __asm__ volatile("brk #0");
#endif
    }
}

#if defined(__x86_64__)
// qemu-user before version 8 enters handlers with a stack that is 8 bytes off.
__attribute__((force_align_arg_pointer))
#endif
static _Noreturn void handle_signal(int signal, siginfo_t *information, void *context) {
    struct smelt_trap trap;
    memset(&trap, 0, sizeof trap);
    trap.context = context;
    trap.stack = &guest_stack;
    if (classify(signal, information, context, &trap)) handle_trap(&trap);
    if (signal == SIGILL && explain_illegal_instruction != NULL) explain_illegal_instruction();
    die_of(signal);  // not a trap: a defect, or sent by a process
}

const struct smelt_stack *smelt_guest_stack(void) { return &guest_stack; }

void smelt_explain_illegal_instructions(void (*explain)(void)) {
    explain_illegal_instruction = explain;
}

void smelt_set_trap_handler(smelt_trap_handler *handler) { handle_trap = handler; }

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
    uint64_t handled = 0;
    for (size_t index = 0; index < sizeof signals / sizeof signals[0]; index++) {
        is_installed = is_installed &&
                       set_action(signals[index], (void *)handle_signal, SA_SIGINFO | SA_ONSTACK);
        handled |= signal_bit(signals[index]);
    }
    // Who starts the program may have blocked them, and a fault then kills instead.
    is_installed = is_installed && syscall(SYS_rt_sigprocmask, SIG_UNBLOCK, &handled, NULL,
                                           SMELT_SIGNAL_SET_SIZE) == 0;
    if (!is_installed) smelt_fail("cannot install signal handlers");
}
