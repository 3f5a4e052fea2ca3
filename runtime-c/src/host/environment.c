// The environment variables that were granted, and no others.
#include <string.h>

#include "core/message.h"
#include "grants.h"
#include "state.h"

// The length of a variable's name, up to the "=".
static size_t name_length(const char *variable) {
    const char *equals = strchr(variable, '=');
    return equals == NULL ? strlen(variable) : (size_t)(equals - variable);
}

static bool has_name(const char *variable, const char *name, size_t length) {
    return name_length(variable) == length && strncmp(variable, name, length) == 0;
}

// Adds NAME=VALUE; it takes the place of an earlier variable of that name.
static void add(struct host_state *state, const char *variable) {
    size_t length = name_length(variable);
    for (uint32_t index = 0; index < state->environment_count; index++) {
        if (has_name(state->environment[index], variable, length)) {
            state->environment[index] = variable;
            return;
        }
    }
    if (!host_array_grow((void **)&state->environment, &state->environment_capacity,
                         state->environment_count, sizeof(char *))) {
        smelt_fail("out of memory for the environment");
    }
    state->environment[state->environment_count++] = variable;
}

// Adds the host's variables: the one of that name, or all of them for a null name.
static void inherit(struct host_state *state, const char *name) {
    static const char own[] = "SMELT_GRANTS";
    for (char **entry = state->host_environment; entry != NULL && *entry != NULL; entry++) {
        if (has_name(*entry, own, sizeof own - 1)) continue;
        if (name == NULL || has_name(*entry, name, strlen(name))) add(state, *entry);
    }
}

void smelt_grant_environment(struct host_state *state) {
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
        case GRANT_CONNECT:
        case GRANT_GC_HEAP:
        case GRANT_MAX_MEMORY:
        case GRANT_STACK_SIZE:
        case GRANT_NO_LOCKDOWN:
        case GRANT_TRY_CALL: break;
        }
    }
}

