// Backtraces of programs, for whoever wants them.
#include "backtrace.h"

#include <stdlib.h>
#include <string.h>

#include "unwind/unwind.h"

void smelt_print_backtrace(struct smelt_message *message, const struct smelt_trap *trap) {
    const char *wanted = getenv("SMELT_BACKTRACE");
    if (wanted != NULL && strcmp(wanted, "0") == 0) return;
    struct smelt_unwind_cursor cursor;
    smelt_trap_frame(trap, &cursor);
    smelt_print_frames(message, &cursor);
}
