// Exceptions that end an executable; those of test scripts end in wast/guest.c.
#include "uncaught.h"

#include <stddef.h>
#include <unistd.h>

#include "backtrace.h"
#include "guest_text.h"
#include "message.h"
#include "trap.h"

// Null in programs without backtraces.
#pragma weak smelt_print_frames

_Noreturn void smelt_uncaught_exception(const struct smelt_exception *exception,
                                        struct smelt_unwind_cursor *thrower) {
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
    if (smelt_print_frames != NULL) smelt_print_frames(&message, thrower);
    smelt_message_flush(&message);
    _exit(SMELT_TRAP_EXIT_STATUS);
}
