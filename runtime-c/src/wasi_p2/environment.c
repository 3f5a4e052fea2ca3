// wasi:cli/environment: arguments, and the variables that were granted.
#include <string.h>

#include "arena.h"
#include "host/grants.h"
#include "smelt/component_functions.h"
#include "state.h"

uint32_t smelt_p2_cli_environment_get_environment(struct smelt_context *context) {
    // This brings those that were granted (see grants.h).
#if !defined(SMELT_LIBRARY)
    __attribute__((used)) static void (*const needs)(struct host_state *) =
        smelt_grant_environment;
#endif
    enum { PAIR = 16 };
    const struct host_state *host = context->wasi;
    uint32_t area_offset, list_offset, count = host->environment_count;
    uint8_t *area = arena_result(context, 8, 4, &area_offset);
    uint8_t *list = arena_new(context, (uint64_t)count * PAIR, 4, &list_offset);
    for (uint32_t index = 0; index < count; index++) {
        const char *variable = host->environment[index];
        size_t length = strlen(variable);
        const char *equals = memchr(variable, '=', length);
        size_t name_length = equals == NULL ? length : (size_t)(equals - variable);
        size_t value = equals == NULL ? length : name_length + 1;
        uint8_t *pair = list + (size_t)index * PAIR;
        arena_store_text(context, pair, variable, name_length);
        arena_store_text(context, pair + 8, variable + value, length - value);
    }
    guest_store_u32(area, list_offset);
    guest_store_u32(area + 4, count);
    return area_offset;
}

uint32_t smelt_p2_cli_environment_get_arguments(struct smelt_context *context) {
    enum { TEXT = 8 };
    const struct host_state *host = context->wasi;
    uint32_t area_offset, list_offset, count = host->argument_count;
    uint8_t *area = arena_result(context, 8, 4, &area_offset);
    uint8_t *list = arena_new(context, (uint64_t)count * TEXT, 4, &list_offset);
    for (uint32_t index = 0; index < count; index++) {
        const char *argument = host->arguments[index];
        arena_store_text(context, list + (size_t)index * TEXT, argument, strlen(argument));
    }
    guest_store_u32(area, list_offset);
    guest_store_u32(area + 4, count);
    return area_offset;
}

// A guest has no directory but those that it was granted.
uint32_t smelt_p2_cli_environment_initial_cwd(struct smelt_context *context) {
    uint32_t offset;
    arena_result(context, 12, 4, &offset);
    return offset;
}
