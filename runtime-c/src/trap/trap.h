// Traps: the signals that compiled code raises by a trap instruction or by touching a guard, told
// apart from faults that are no traps.
#ifndef SMELT_TRAP_H
#define SMELT_TRAP_H

#include <stdbool.h>
#include <stdint.h>

#include "smelt/abi.h"
#include "core/stack.h"

// Of the shell's convention: 128 + SIGABRT.
enum { SMELT_TRAP_EXIT_STATUS = 134 };

struct smelt_trap {
    enum smelt_trap_code code;
    const struct smelt_memory *memory;  // the trap is an access of it, at this address of it:
    uint64_t address;
    unsigned size;                      // in bytes; 0 if it is not known
    bool is_write;                      // if `size` is known
    const void *context;               // the registers where it happened: a ucontext_t
    const struct smelt_stack *stack;   // what guest code runs on
};

// Finds the memory whose reservation contains an address; null if there is none. Runs in the signal
// handler.
typedef const struct smelt_memory *smelt_memory_finder(uint64_t address);

// What handles a trap; it runs on the signal stack and does not return to the trapping code.
// Executables print the trap and exit (smelt_report_trap); what runs dynamic instances returns
// to the caller of the export from here.
typedef void smelt_trap_handler(const struct smelt_trap *trap);

// Installs the signal handlers, on a stack of their own. `stack` is what guest code runs on.
void smelt_install_trap_handlers(const struct smelt_stack *stack, smelt_memory_finder *find_memory,
                                 smelt_trap_handler *handler);

// What guest code runs on.
const struct smelt_stack *smelt_guest_stack(void);

// What is asked when an illegal instruction is met that is no trap. It need not return.
void smelt_explain_illegal_instructions(void (*explain)(void));

// Completes a trap with what the access at `address` was, from the instruction that stopped. Like
// backtraces, only in programs that were linked with it.
void smelt_describe_access(uint64_t address, struct smelt_trap *trap);

// The frame that stopped, for what unwinds or looks at registers.
struct smelt_unwind_cursor;
void smelt_trap_frame(const struct smelt_trap *trap, struct smelt_unwind_cursor *frame);

// Makes the registers of a trap those of a frame that is in a call, as if a signal had stopped it
// at the last byte of the call, so that it is reported as others are.
void smelt_trap_at_call(const struct smelt_unwind_cursor *frame, struct smelt_trap *trap);

// Prints the reason and a backtrace to standard error and exits with status 134, as a shell
// reports an abort. SMELT_BACKTRACE=0 in the environment leaves the backtrace out, as --strip does
// for good.
_Noreturn void smelt_report_trap(const struct smelt_trap *trap);

#endif
