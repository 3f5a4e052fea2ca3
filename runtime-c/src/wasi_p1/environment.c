// environ_*: the environment variables that were granted, and no others.
#include <string.h>
#include <sys/mman.h>

#include "core/message.h"
#include "grants.h"
#include "smelt/wasi_functions.h"
#include "state.h"
#include "strings.h"

// A library is granted variables by its host (embed/wasi.c).
#if !defined(SMELT_LIBRARY)

// The length of a variable's name, up to the "=".
static size_t name_length(const char *variable) {
    const char *equals = strchr(variable, '=');
    return equals == NULL ? strlen(variable) : (size_t)(equals - variable);
}

static bool has_name(const char *variable, const char *name, size_t length) {
    return name_length(variable) == length && strncmp(variable, name, length) == 0;
}

static void make_room(struct wasi_state *state) {
    if (state->environment_count < state->environment_capacity) return;
    uint32_t old_capacity = state->environment_capacity;
    uint32_t capacity = old_capacity == 0 ? 512 : old_capacity * 2;
    void *entries = mmap(NULL, capacity * sizeof(char *), PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (entries == MAP_FAILED) smelt_fail("out of memory for the environment");
    if (old_capacity != 0) {
        memcpy(entries, state->environment, old_capacity * sizeof(char *));
        munmap(state->environment, old_capacity * sizeof(char *));
    }
    state->environment = entries;
    state->environment_capacity = capacity;
}

// Adds NAME=VALUE; it takes the place of an earlier variable of that name.
static void add(struct wasi_state *state, const char *variable) {
    size_t length = name_length(variable);
    for (uint32_t index = 0; index < state->environment_count; index++) {
        if (has_name(state->environment[index], variable, length)) {
            state->environment[index] = variable;
            return;
        }
    }
    make_room(state);
    state->environment[state->environment_count++] = variable;
}

// Adds the host's variables: the one of that name, or all of them for a null name.
static void inherit(struct wasi_state *state, const char *name) {
    static const char own[] = "SMELT_GRANTS";
    for (char **entry = state->host_environment; entry != NULL && *entry != NULL; entry++) {
        if (has_name(*entry, own, sizeof own - 1)) continue;
        if (name == NULL || has_name(*entry, name, strlen(name))) add(state, *entry);
    }
}

void smelt_grant_environment(struct wasi_state *state) {
    struct grant_cursor cursor;
    struct grant grant;
    grants_begin(&cursor, state);
    while (grants_next(&cursor, &grant)) {
        switch (grant.kind) {
        case GRANT_VARIABLE: add(state, grant.text); break;
        case GRANT_INHERIT_VARIABLE: inherit(state, grant.text); break;
        case GRANT_INHERIT_ALL: inherit(state, NULL); break;
        case GRANT_DIRECTORY:
        case GRANT_LISTEN:
        case GRANT_GC_HEAP:
        case GRANT_MAX_MEMORY:
        case GRANT_STACK_SIZE:
        case GRANT_NO_LOCKDOWN:
        case GRANT_TRY_CALL: break;
        }
    }
}

#endif

uint32_t smelt_wasi_snapshot_preview1_environ_get(struct smelt_context *context,
                                                  uint32_t array_address,
                                                  uint32_t buffer_address) {
    const struct wasi_state *state = wasi_state_of(context);
    return wasi_strings_get(context, state->environment, state->environment_count, array_address,
                            buffer_address);
}

uint32_t smelt_wasi_snapshot_preview1_environ_sizes_get(struct smelt_context *context,
                                                        uint32_t count_address,
                                                        uint32_t size_address) {
    const struct wasi_state *state = wasi_state_of(context);
    return wasi_strings_sizes(context, state->environment, state->environment_count,
                              count_address, size_address);
}
