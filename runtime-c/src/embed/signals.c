// Traps of libraries: the handler of the signals that they are, in a process that has its own.
//
// A signal that is a trap of the guest ends the guest's call: the handler puts the registers where
// smelt_library_enter goes on, and returns. Masks and alternate stacks are then the kernel's business.
// Every other signal goes to the handler that was there before.
//
// sandbox: rests on smelt_code_begin and smelt_code_end for what is guest code, and on the activation that is
// nearest above a stack pointer being that of the code that stopped.
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "trap/backtrace.h"
#include "description.h"
#include "core/guest_text.h"
#include "instance.h"
#include "library.h"
#include "system/signals.h"
#include "text.h"
#include "trap/trap_instruction.h"
#include "trap/trap_registers.h"

extern const uint8_t smelt_leaves_begin[], smelt_leaves_end[];  // what guest code calls and may fault in
extern const uint8_t smelt_library_resume[];

enum { SIGNAL_COUNT = 32 };
static struct smelt_signal_action previous_actions[SIGNAL_COUNT];
static struct smelt_unwind_bounds tables;
static uint32_t install_state;  // 0 not, 1 somebody is at it, 2 done

// What has happened -----------------------------------------------------------------------------

// Where a leaf returns to: none touches the stack pointer.
static uint64_t return_address(const ucontext_t *context) {
#if defined(__x86_64__)
    return *(const uint64_t *)(uintptr_t)trap_stack_pointer(context);
#elif defined(__aarch64__)
    return context->uc_mcontext.regs[30];
#endif
}

static bool is_leaf(uint64_t pc) {
    return pc >= (uint64_t)(uintptr_t)smelt_leaves_begin &&
           pc < (uint64_t)(uintptr_t)smelt_leaves_end;
}

// Whether the guest, or a leaf that it called, has touched a memory that it may touch.
static const struct smelt_memory *memory_of(const siginfo_t *information,
                                            const struct activation *activation) {
    return smelt_instance_memory_at(activation->instance,
                                    (uint64_t)(uintptr_t)information->si_addr);
}

static void print_access(struct smelt_message *message, const struct smelt_instance *instance,
                         const struct smelt_memory *memory, uint64_t address) {
    uint32_t index = 0;
    while (index < instance->module->memory_count &&
           smelt_instance_memory(instance, index) != memory) {
        index++;
    }
    smelt_message_text(message, "  at address ");
    smelt_message_hex(message, address - (uint64_t)(uintptr_t)memory->base);
    smelt_message_text(message, " of memory ");
    smelt_message_decimal(message, index);
    smelt_message_text(message, ", whose size is ");
    smelt_message_hex(message, memory->byte_size);
    smelt_message_text(message, " bytes\n");
}

static void describe(const struct activation *activation, uint32_t status,
                     const struct smelt_memory *memory, const siginfo_t *information,
                     const ucontext_t *context) {
    struct smelt_instance *instance = activation->instance;
    struct smelt_error *error = &instance->library->error;
    struct embed_text text;
    error->status = status;
    error->detail = 0;
    embed_text_begin(&text, error);
    smelt_message_text(&text.message, embed_reason(status));
    smelt_message_text(&text.message, "\n");
    if (memory != NULL) {
        print_access(&text.message, instance, memory, (uint64_t)(uintptr_t)information->si_addr);
    }
    struct smelt_unwind_cursor cursor;
    memset(&cursor, 0, sizeof cursor);
    cursor.bounds = tables;
    read_registers(context, &cursor);
    cursor.bounds.stack_begin = cursor.registers[SMELT_DWARF_SP];
    cursor.bounds.stack_end = activation->stack_pointer;
    cursor.is_exact = true;
    if (tables.eh_frame_begin != NULL) smelt_print_frames(&text.message, &cursor);
    smelt_message_flush(&text.message);
}

// Hosts may have operations on floating-point numbers be signals. The guest's code does not expect that: it
// goes on without, until its call ends.
static bool mask_floats(const siginfo_t *information, ucontext_t *context,
                        struct activation *activation) {
#if defined(__x86_64__)
    enum { MASKS = 0x1f80, RESULTS = 0x3f };
    fpregset_t state = context->uc_mcontext.fpregs;
    if (information->si_code < FPE_FLTDIV || information->si_code > FPE_FLTSUB || state == NULL ||
        (state->mxcsr & MASKS) == MASKS) {
        return false;
    }
    if (activation->float_control == 0) {
        activation->float_control = state->mxcsr & ~(uint32_t)RESULTS;
    }
    state->mxcsr |= MASKS;
    return true;
#else
    (void)information, (void)context, (void)activation;
    return false;
#endif
}

static void go_on_at_resume(ucontext_t *context, const struct activation *activation,
                            uint32_t status) {
#if defined(__x86_64__)
    context->uc_mcontext.gregs[REG_RSP] = (greg_t)activation->stack_pointer;
    context->uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)smelt_library_resume;
    context->uc_mcontext.gregs[REG_RAX] = (greg_t)status;
#elif defined(__aarch64__)
    context->uc_mcontext.sp = activation->stack_pointer;
    context->uc_mcontext.pc = (uint64_t)(uintptr_t)smelt_library_resume;
    context->uc_mcontext.regs[0] = status;
#endif
}

// Ends the guest's call if the signal is a trap of its, or has it go on if it is none.
static bool handle_guest(int signal, const siginfo_t *information, ucontext_t *context) {
    uint64_t code = 0, pc = trap_program_counter(context);
    const struct smelt_memory *memory = NULL;
    // The thread's own variables are not asked for before it is clear that it has some.
    bool is_guest = trap_is_guest_code(pc);
    if (!is_guest && !(signal == SIGSEGV && is_leaf(pc))) return false;
    struct activation *activation =
        embed_activation_at(&embed_thread, trap_stack_pointer(context));
    if (activation == NULL || activation->instance->is_in_host_call) return false;
    if (signal == SIGFPE) return mask_floats(information, context, activation);
    // A fault of the runtime is a defect and must not pass for a trap.
    if (!is_guest && !trap_is_guest_code(return_address(context))) return false;
    if (signal == SIGSEGV) {
        memory = memory_of(information, activation);
        if (memory == NULL) return false;
        code = SMELT_TRAP_OUT_OF_BOUNDS_MEMORY_ACCESS;
    } else if (!trap_decode_instruction(pc, &code) || code == 0 || code >= SMELT_TRAP_CODE_COUNT) {
        return false;
    }
    describe(activation, (uint32_t)code, memory, information, context);
    go_on_at_resume(context, activation, (uint32_t)code);
    return true;
}

// The host's signals ----------------------------------------------------------------------------

static uint64_t signal_bit(int signal) { return UINT64_C(1) << (signal - 1); }

static void change_mask(int how, uint64_t mask, uint64_t *old) {
    syscall(SYS_rt_sigprocmask, how, &mask, old, SMELT_SIGNAL_SET_SIZE);
}

// What the kernel would have done without us. An instruction that has raised a signal raises it
// again; a signal that was sent is sent again.
static void take_default(int signal, const siginfo_t *information) {
    struct smelt_signal_action action = smelt_signal_action((void *)SIG_DFL, 0);
    syscall(SYS_rt_sigaction, signal, &action, NULL, SMELT_SIGNAL_SET_SIZE);
    if (information->si_code <= 0) syscall(SYS_tgkill, syscall(SYS_getpid), syscall(SYS_gettid), signal);
}

static void forward(int signal, siginfo_t *information, void *context) {
    const struct smelt_signal_action *action = &previous_actions[signal];
    bool is_sent = information->si_code <= 0;
    if (action->handler == (void *)SIG_DFL || (action->handler == (void *)SIG_IGN && !is_sent)) {
        take_default(signal, information);
        return;
    }
    if (action->handler == (void *)SIG_IGN) return;
    // With the mask that it would have had.
    uint64_t mask = action->mask, old;
    if ((action->flags & SA_NODEFER) == 0) mask |= signal_bit(signal);
    change_mask(SIG_BLOCK, mask, &old);
    if ((action->flags & SA_NODEFER) != 0 && (action->mask & signal_bit(signal)) == 0) {
        change_mask(SIG_UNBLOCK, signal_bit(signal), NULL);
    }
    void (*handler)(int, siginfo_t *, void *) =
        (void (*)(int, siginfo_t *, void *))(uintptr_t)action->handler;
    handler(signal, information, context);
    change_mask(SIG_SETMASK, old, NULL);
}

#if defined(__x86_64__)
__attribute__((force_align_arg_pointer))
#endif
static void handle_signal(int signal, siginfo_t *information, void *context) {
    if (information->si_code > 0 && handle_guest(signal, information, context)) return;
    forward(signal, information, context);
}

// Installing ------------------------------------------------------------------------------------

static bool install(void) {
#if defined(__x86_64__)
    static const int signals[] = {SIGILL, SIGFPE, SIGSEGV};
#elif defined(__aarch64__)
    static const int signals[] = {SIGTRAP, SIGSEGV};
#endif
    embed_find_descriptions(&tables);
    for (size_t index = 0; index < sizeof signals / sizeof signals[0]; index++) {
        int signal = signals[index];
        // Known before there is a handler that asks.
        if (syscall(SYS_rt_sigaction, signal, NULL, &previous_actions[signal],
                    SMELT_SIGNAL_SET_SIZE) != 0) {
            return false;
        }
        struct smelt_signal_action action =
            smelt_signal_action((void *)handle_signal, SA_SIGINFO | SA_ONSTACK);
        if (syscall(SYS_rt_sigaction, signal, &action, NULL, SMELT_SIGNAL_SET_SIZE) != 0) {
            return false;
        }
    }
    return true;
}

bool embed_handle_signals(void) {
    uint32_t state = 0;
    if (__atomic_load_n(&install_state, __ATOMIC_ACQUIRE) == 2) return true;
    while (!__atomic_compare_exchange_n(&install_state, &state, 1, false, __ATOMIC_ACQUIRE,
                                        __ATOMIC_ACQUIRE)) {
        if (state == 2) return true;
        state = 0;
        syscall(SYS_sched_yield);
    }
    bool is_installed = install();
    __atomic_store_n(&install_state, is_installed ? 2 : 0, __ATOMIC_RELEASE);
    return is_installed;
}
