// environ_*: the environment variables that were granted, and no others.
#include "host/grants.h"
#include "smelt/wasi_functions.h"
#include "state.h"
#include "strings.h"

// Asking for variables brings those that were granted (see grants.h). A library is granted variables by
// its host (embed/wasi.c).
#if !defined(SMELT_LIBRARY)
__attribute__((used)) static void (*const needs)(struct host_state *) = smelt_grant_environment;
#endif

uint32_t smelt_wasi_snapshot_preview1_environ_get(struct smelt_context *context,
                                                  uint32_t array_address,
                                                  uint32_t buffer_address) {
    const struct wasi_state *state = wasi_state_of(context);
    return wasi_strings_get(context, state->host.environment, state->host.environment_count, array_address,
                            buffer_address);
}

uint32_t smelt_wasi_snapshot_preview1_environ_sizes_get(struct smelt_context *context,
                                                        uint32_t count_address,
                                                        uint32_t size_address) {
    const struct wasi_state *state = wasi_state_of(context);
    return wasi_strings_sizes(context, state->host.environment, state->host.environment_count,
                              count_address, size_address);
}
