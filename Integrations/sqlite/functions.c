// Scalar functions and aggregates.
#include "extension.h"

SQLITE_EXTENSION_INIT3

// Reads the arguments; false if there is nothing to call: an error or NULL is the result then.
static bool begin(sqlite3_context *context, const struct glue_function *function,
                  sqlite3_value **arguments, struct glue_value *values) {
    const char *problem = sqlite_read(function, arguments, values);
    if (problem != NULL) {
        sqlite3_result_error(context, problem, -1);
        sqlite3_free((void *)(uintptr_t)problem);
        return false;
    }
    return !sqlite_is_null_call(function, values);
}

void sqlite_call_plain(sqlite3_context *context, int count, sqlite3_value **arguments) {
    const struct binding *binding = sqlite3_user_data(context);
    const struct glue_function *function = binding->function;
    struct glue *glue = &binding->connection->glue;
    union smelt_value values[GLUE_MAXIMUM_ARGUMENTS + 1];
    for (int index = 0; index < count; index++) {
        const char *problem = sqlite_read_number(arguments[index], function->arguments[index].element,
                                                 &values[index].i64);
        if (__builtin_expect(problem == NULL, true)) continue;
        // The whole way, which has messages and knows NULL.
        sqlite_call(context, count, arguments);
        return;
    }
    if (glue_call_plain(glue, function->main, values) != SMELT_OK) {
        sqlite_return_error(context, function, glue);
        return;
    }
    uint32_t element = function->returned->element;
    if (element == GLUE_BIGINT) {
        sqlite3_result_int64(context, (sqlite3_int64)values[0].i64);
        return;
    }
    struct glue_value result;
    result.is_null = false;
    result.element = element;
    result.bits = element == GLUE_INTEGER ? (uint64_t)(int64_t)(int32_t)values[0].i32 : values[0].i64;
    sqlite_return(context, &result);
}

void sqlite_call(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    const struct binding *binding = sqlite3_user_data(context);
    const struct glue_function *function = binding->function;
    struct glue *glue = &binding->connection->glue;
    struct glue_value values[GLUE_MAXIMUM_ARGUMENTS], result;
    if (!begin(context, function, arguments, values)) return;
    uint32_t status =
        glue_call(glue, function->main, values, NULL, function->returned, &result, NULL);
    if (status == SMELT_OK) {
        sqlite_return(context, &result);
        status = glue_finish(glue);
    }
    if (status != SMELT_OK) sqlite_return_error(context, function, glue);
}

// Aggregates ------------------------------------------------------------------------------------

// What SQLite keeps of a group, zeros at first.
struct group {
    uint64_t state;
    uint64_t epoch;  // of the instance that the state is in; 0 if there is no state yet
    bool has_failed;
};

static uint32_t begin_group(struct glue *glue, const struct glue_function *function,
                            struct group *group) {
    uint32_t status = glue_prepare(glue);
    if (status != SMELT_OK || group->epoch == glue->epoch) return status;
    if (group->epoch != 0) {
        return glue_fail(glue, "the rows before are lost: a call has failed in the meantime");
    }
    if (function->begin != NULL) {
        status = glue_call(glue, function->begin, NULL, NULL, NULL, NULL, &group->state);
        if (status == SMELT_OK) status = glue_finish(glue);
    }
    group->epoch = glue->epoch;
    return status;
}

void sqlite_step(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    const struct binding *binding = sqlite3_user_data(context);
    const struct glue_function *function = binding->function;
    struct glue *glue = &binding->connection->glue;
    struct group *group = sqlite3_aggregate_context(context, sizeof *group);
    struct glue_value values[GLUE_MAXIMUM_ARGUMENTS];
    if (group == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    if (group->has_failed || !begin(context, function, arguments, values)) return;
    uint32_t status = begin_group(glue, function, group);
    if (status == SMELT_OK) {
        bool has_result = function->main->word != GLUE_NO_WORD;
        status = glue_call(glue, function->main, values, &group->state, NULL, NULL,
                           has_result ? &group->state : NULL);
        if (status == SMELT_OK) status = glue_finish(glue);
    }
    if (status == SMELT_OK) return;
    group->has_failed = true;
    sqlite_return_error(context, function, glue);
}

void sqlite_final(sqlite3_context *context) {
    const struct binding *binding = sqlite3_user_data(context);
    const struct glue_function *function = binding->function;
    struct glue *glue = &binding->connection->glue;
    struct group *group = sqlite3_aggregate_context(context, 0), empty = {0, 0, false};
    struct glue_value result;
    // No rows.
    if (group == NULL) group = &empty;
    // The error is the statement's already.
    if (group->has_failed) return;
    uint32_t status = begin_group(glue, function, group);
    if (status == SMELT_OK) {
        status = glue_call(glue, function->finish, NULL, &group->state, function->returned, &result,
                           NULL);
    }
    if (status == SMELT_OK) {
        sqlite_return(context, &result);
        status = glue_finish(glue);
    }
    if (status == SMELT_OK && function->drop != NULL) {
        status = glue_call(glue, function->drop, NULL, &group->state, NULL, NULL, NULL);
        if (status == SMELT_OK) status = glue_finish(glue);
    }
    if (status != SMELT_OK) sqlite_return_error(context, function, glue);
}
