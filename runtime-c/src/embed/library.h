// What the runtime keeps of an instance of a library.
#ifndef SMELT_EMBED_LIBRARY_H
#define SMELT_EMBED_LIBRARY_H

#include <stdbool.h>
#include <stdint.h>

#include "smelt/library.h"
#include "thread.h"

struct smelt_library {
    uint64_t owner;                 // the number of the thread that is calling it, or 0; atomic
    struct activation *activation;  // the innermost call
    const struct smelt_library_module *module;
    struct smelt_instance *instance;
    uint64_t stack_size;
    bool is_bound;        // to its owner, between calls, too
    bool has_stack_size;  // the host has said what there is of stacks that nobody else knows
    volatile uint32_t interrupt_word;  // the instance's own
    uint32_t (*interrupted)(void *context);
    void *interrupt_context;
    struct smelt_context context;
    struct smelt_error error;  // the last one
    uint64_t imports[];        // a copy of what the host has given
};

// The calling thread, ready for calls.
struct thread *embed_this_thread(void);

bool embed_owns(const struct smelt_library *library, const struct thread *thread);
// Makes the calling thread the owner if there is none; false if there is another one.
bool embed_take(struct smelt_library *library, const struct thread *thread);
// Ends that, unless there is still a call.
void embed_release(struct smelt_library *library);

// Ends the call whose stack pointer this was.
_Noreturn void smelt_library_leave(uint64_t stack_pointer, uint32_t status);

// Ends the innermost call of an instance.
_Noreturn void embed_leave(struct smelt_instance *instance, uint32_t status);

// Notes why a call fails: the reason alone.
void embed_fail(struct smelt_library *library, uint32_t status, int32_t detail);

// The text of a status.
const char *embed_reason(uint32_t status);

// Has the signals that traps are handled; false if the kernel refuses. Again and again is all right.
bool embed_handle_signals(void);

#endif
