// Exceptions that end an executable; those of test scripts end in wast/guest.c.
#include "uncaught.h"

#include <stddef.h>
#include <unistd.h>

#include "trap/backtrace.h"
#include "core/guest_text.h"
#include "core/message.h"
#include "trap/trap.h"

// Null in programs without backtraces.
#pragma weak smelt_print_backtrace
#pragma weak smelt_trap_at_call

_Noreturn void smelt_uncaught_exception(const struct smelt_exception *exception,
                                        const struct smelt_unwind_cursor *thrower) {
    struct smelt_message message;
    message.length = 0;
    smelt_message_text(&message, "wasm trap: ");
    smelt_message_text(&message, smelt_trap_reason(SMELT_TRAP_UNCAUGHT_EXCEPTION));
    smelt_message_text(&message, "\n");
    const char *name = exception->tag->name;
    if (name != NULL && *name != 0) {
        smelt_message_text(&message, "  of the tag ");
        smelt_message_guest_text(&message, name);
        smelt_message_text(&message, "\n");
    }
    if (smelt_print_backtrace != NULL) {
        struct smelt_trap trap = {.code = SMELT_TRAP_UNCAUGHT_EXCEPTION,
                                  .stack = smelt_guest_stack()};
        smelt_trap_at_call(thrower, &trap);
        smelt_print_backtrace(&message, &trap);
    }
    smelt_message_flush(&message);
    _exit(SMELT_TRAP_EXIT_STATUS);
}
