// New exceptions: objects like others, but for what happens when there is no memory for them.
#include <stddef.h>
#include <unistd.h>

#include "gc/collector.h"
#include "core/message.h"
#include "trap/trap.h"

static _Noreturn __attribute__((noinline, cold)) void fail(void) {
    struct smelt_message message;
    message.length = 0;
    smelt_message_text(&message, "wasm trap: out of memory\n  for exceptions and objects in use: ");
    smelt_message_decimal(&message, gc_heap()->live_bytes >> 20);
    smelt_message_text(&message, " MiB\n");
    smelt_message_flush(&message);
    _exit(SMELT_TRAP_EXIT_STATUS);
}

struct smelt_exception *smelt_exception_new(const struct smelt_tag *tag, uint64_t argument_bytes) {
    if (argument_bytes > UINT32_MAX) fail();
    uint64_t size = sizeof(struct smelt_exception) + argument_bytes;
    struct smelt_object *object = window_take(&smelt_allocation, size);
    if (object == NULL) {
        object = gc_allocate(size);
        if (object == NULL) fail();
    }
    object->type = SMELT_TYPE_EXCEPTION;
    object->length = (uint32_t)argument_bytes;
    struct smelt_exception *exception = (struct smelt_exception *)(void *)object;
    exception->tag = tag;
    return exception;
}
