// args_*: the program's arguments, all of them the guest's.
#include "smelt/wasi_functions.h"
#include "state.h"
#include "strings.h"

static const char *const *arguments_of(const struct wasi_state *state) {
    return (const char *const *)state->host.arguments;
}

uint32_t smelt_wasi_snapshot_preview1_args_get(struct smelt_context *context,
                                               uint32_t array_address, uint32_t buffer_address) {
    const struct wasi_state *state = wasi_state_of(context);
    return wasi_strings_get(context, arguments_of(state), state->host.argument_count, array_address,
                            buffer_address);
}

uint32_t smelt_wasi_snapshot_preview1_args_sizes_get(struct smelt_context *context,
                                                     uint32_t count_address,
                                                     uint32_t size_address) {
    const struct wasi_state *state = wasi_state_of(context);
    return wasi_strings_sizes(context, arguments_of(state), state->host.argument_count, count_address,
                              size_address);
}
