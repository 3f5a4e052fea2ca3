// New exceptions, and the memory of those that nobody refers to any more.
//
// What refers to an exception lies on the guest's stack, in registers, or in another exception, as
// the collector takes it: any word that may be an address counts. In programs whose globals or tables
// may hold exceptions, and where there are instances that nobody here knows, all of them are kept.
#include <stddef.h>
#include <unistd.h>

#include "heap.h"
#include "message.h"
#include "trap.h"

// As many exceptions as there is a gigabyte for, of those that are in use.
static const uint64_t arena_size = 1 << 30;
// What fits into a CPU's second cache, with the guest's own data.
static const uint64_t first_size = 256 << 10;

static struct exception_heap heap;

// Null where dynamic instances run.
#pragma weak smelt_program

static bool keeps_exceptions(void) {
    return &smelt_program == NULL || (smelt_program.flags & SMELT_PROGRAM_KEEPS_EXCEPTIONS) != 0;
}

static _Noreturn void fail(void) {
    struct smelt_message message;
    message.length = 0;
    smelt_message_text(&message, "wasm trap: out of memory\n  for exceptions that are in use: ");
    smelt_message_decimal(&message, heap.committed >> 20);
    smelt_message_text(&message, " MiB\n");
    smelt_message_flush(&message);
    _exit(SMELT_TRAP_EXIT_STATUS);
}

static bool grow(void) {
    if (heap.begin == NULL && !exception_heap_reserve(&heap, arena_size)) return false;
    return exception_heap_grow(&heap, first_size);
}

// Marks, and grows where that found little: if more than half is alive, or if it takes longer to look
// through the stack than to fill what there is.
static __attribute__((noinline)) void collect_below(void) {
    const uint64_t *stack = (const uint64_t *)__builtin_frame_address(0);
    const uint64_t *top = (const uint64_t *)(uintptr_t)smelt_guest_stack()->top;
    uint64_t live = exception_heap_mark(&heap, stack, top);
    uint64_t looked_at = (uint64_t)(top - stack) * sizeof *stack;
    if (live <= heap.committed / 2 && looked_at <= heap.committed) return;
    // What hardly frees anything would soon be all that the program does.
    if (!grow() && live > heap.committed / 8 * 7) fail();
}

static __attribute__((noinline)) void collect(void) {
    // Puts what the registers of callers hold into this frame, above that of what is called.
    __builtin_unwind_init();
    collect_below();
    __asm__ volatile("" ::: "memory");  // not a tail call, which would leave this frame
}

// Makes the current hole one with room for `size` bytes.
static __attribute__((noinline, cold)) void make_room(uint64_t size) {
    bool is_collected = keeps_exceptions();
    if (size > EXCEPTION_SIZE_MAXIMUM) fail();
    while (size > (uint64_t)(heap.end - heap.position)) {
        if (exception_heap_next_hole(&heap)) continue;
        if (is_collected) {
            if (!grow()) fail();
        } else {
            collect();
            is_collected = true;
        }
    }
}

struct smelt_exception *smelt_exception_new(const struct smelt_tag *tag, uint64_t argument_bytes) {
    uint64_t size = sizeof(struct smelt_exception) + argument_bytes;
    // A sum that wraps is smaller than the header.
    if (size < sizeof(struct smelt_exception)) fail();
    struct smelt_exception *exception = exception_heap_take(&heap, size);
    while (exception == NULL) {
        make_room(size);
        exception = exception_heap_take(&heap, size);
    }
    exception->tag = tag;
    exception->argument_bytes = argument_bytes;
    return exception;
}
