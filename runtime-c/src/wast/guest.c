// Traps and exceptions that return: from the signal stack, or from the guest's, back to where the
// guest was entered.
#include "guest.h"

#include <setjmp.h>
#include <signal.h>
#include <stddef.h>

#include "exceptions/uncaught.h"
#include "instances.h"
#include "core/stack.h"
#include "trap/trap.h"

// What programs have: unoptimised frames are some KB, and hundreds of them have to fit.
static const uint64_t stack_size = 8 << 20;

static struct smelt_stack stack;
static jmp_buf checkpoint;
static uint32_t trap_code;
static void (*guest_function)(void *argument);
static void *guest_argument;

static void enter(void) { guest_function(guest_argument); }

static _Noreturn void return_trap(const struct smelt_trap *trap) {
    // The jump leaves the signal handler without returning from it, so the mask stays.
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    trap_code = trap->code;
    longjmp(checkpoint, 1);
}

_Noreturn void smelt_uncaught_exception(const struct smelt_exception *exception,
                                        const struct smelt_unwind_cursor *thrower) {
    (void)exception;
    (void)thrower;
    trap_code = SMELT_TRAP_UNCAUGHT_EXCEPTION;
    longjmp(checkpoint, 1);
}

void wast_guest_prepare(void) {
    smelt_stack_map(&stack, stack_size);
    smelt_install_trap_handlers(&stack, wast_memory_at, return_trap);
}

uint32_t wast_guest_call(void (*function)(void *argument), void *argument) {
    guest_function = function;
    guest_argument = argument;
    if (setjmp(checkpoint) != 0) return trap_code;
    smelt_stack_call(stack.top, enter);
    return 0;
}
