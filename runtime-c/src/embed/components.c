// What components in libraries have in place of ends of the process.
#include <stddef.h>

#include "core/message.h"
#include "instance.h"
#include "library.h"
#include "smelt/component_functions.h"
#include "text.h"
#include "thread.h"
#include "wasi_p2/state.h"

// Ends the guest's call that this thread is in. Nothing else comes here: what ends with an instance
// (p2_state_end) only gives back what the table says that there is.
_Noreturn void p2_fail(const char *what, const char *which) {
    const struct activation *call =
        embed_activation_at(&embed_thread, (uint64_t)(uintptr_t)__builtin_frame_address(0));
    struct smelt_library *library = call->instance->library;
    embed_fail(library, SMELT_HOST_FAILED, 0);
    struct embed_text text;
    embed_text_begin(&text, &library->error);
    smelt_message_text(&text.message, what);
    smelt_message_text(&text.message, " ");
    smelt_message_text(&text.message, which);
    smelt_message_flush(&text.message);
    embed_leave(library->instance, SMELT_HOST_FAILED);
}

static _Noreturn void leave(struct smelt_context *context, int32_t code) {
    struct smelt_library *library =
        (struct smelt_library *)(void *)((uint8_t *)context -
                                         offsetof(struct smelt_library, context));
    embed_fail(library, SMELT_EXITED, code);
    embed_leave(library->instance, SMELT_EXITED);
}

_Noreturn void smelt_p2_cli_exit_exit_with_code(struct smelt_context *context, uint32_t code) {
    leave(context, (int32_t)(code & 0xff));
}

_Noreturn void smelt_p2_cli_exit_exit(struct smelt_context *context, uint32_t is_error) {
    leave(context, is_error != 0);
}
