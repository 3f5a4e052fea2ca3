// Backtraces of guest code, with the names that the compiler left in the program.
#ifndef SMELT_BACKTRACE_H
#define SMELT_BACKTRACE_H

#include "core/message.h"
#include "trap.h"

// Adds one line per guest frame, innermost first, from where a trap happened; frames of the runtime are left
// out, and frames beyond the first 32 are only hinted at. Nothing with SMELT_BACKTRACE=0 in the
// environment.
//
// The runtime refers to it weakly: the linker is asked to take it, unless the program is stripped.
void smelt_print_backtrace(struct smelt_message *message, const struct smelt_trap *trap);

// The lines alone, from a frame on. The frame moves.
struct smelt_unwind_cursor;
void smelt_print_frames(struct smelt_message *message, struct smelt_unwind_cursor *cursor);

#endif
