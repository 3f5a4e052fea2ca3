// Backtraces of guest code, with the names that the compiler left in the program.
#ifndef SMELT_BACKTRACE_H
#define SMELT_BACKTRACE_H

#include "message.h"
#include "unwind.h"

// Adds one line per guest frame, innermost first, from `frame` on; frames of the runtime are left
// out, and frames beyond the first 32 are only hinted at.
void smelt_print_backtrace(struct smelt_message *message, const struct smelt_unwind_cursor *frame);

#endif
