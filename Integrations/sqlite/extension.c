// The extension as SQLite loads it: once for each connection, which gets an instance of its own.
#include "extension.h"

SQLITE_EXTENSION_INIT1

static void release(struct connection *connection) {
    if (--connection->references > 0) return;
    glue_end(&connection->glue);
    sqlite3_free(connection);
}

struct binding *sqlite_bind(struct connection *connection, const struct glue_function *function) {
    struct binding *binding = sqlite3_malloc(sizeof *binding);
    if (binding == NULL) return NULL;
    binding->connection = connection;
    binding->function = function;
    connection->references++;
    return binding;
}

void sqlite_unbind(void *argument) {
    struct binding *binding = argument;
    release(binding->connection);
    sqlite3_free(binding);
}

static uint32_t say(struct glue *glue, const char *text, uint64_t length, bool is_error) {
    char *copy = sqlite3_mprintf("%.*s", (int)(length > 1000 ? 1000 : length), text);
    if (copy == NULL) return glue_fail(glue, "out of memory");
    if (is_error) {
        glue_fail(glue, copy);
    } else {
        sqlite3_log(SQLITE_NOTICE, "%s: %s", glue->table->name, copy);
    }
    sqlite3_free(copy);
    return is_error;
}

// Asked now and then while the guest runs, on the connection's thread. Whether sqlite3_interrupt was called
// SQLite tells in its own way: no statement begins then.
static uint32_t interrupted(void *argument) {
    struct connection *connection = argument;
    if (glue_is_late(argument)) {
        glue_fail(argument, "the call has taken longer than its deadline");
        return SMELT_INTERRUPTED;
    }
    int result = sqlite3_exec(connection->database, "SELECT 1", NULL, NULL, NULL);
    if (result != SQLITE_INTERRUPT) return SMELT_OK;
    connection->is_interrupted = true;
    return SMELT_INTERRUPTED;
}

static int create_function(struct connection *connection, const struct glue_function *function) {
    if (function->kind == GLUE_TABLE) return sqlite_create_table(connection, function);
    struct binding *binding = sqlite_bind(connection, function);
    if (binding == NULL) return SQLITE_NOMEM;
    // A guest can reach nothing but its own memory, so views and triggers may call it.
    int flags = SQLITE_UTF8 | SQLITE_INNOCUOUS;
    if (function->volatility == GLUE_IMMUTABLE) flags |= SQLITE_DETERMINISTIC;
    bool is_aggregate = function->kind == GLUE_AGGREGATE;
    return sqlite3_create_function_v2(connection->database, function->name,
                                      (int)function->argument_count, flags, binding,
                                      is_aggregate ? NULL
                                      : glue_is_plain(function) ? sqlite_call_plain : sqlite_call,
                                      is_aggregate ? sqlite_step : NULL,
                                      is_aggregate ? sqlite_final : NULL, sqlite_unbind);
}

// What sqlite3_extension_init of the library calls.
int smelt_sqlite_init(sqlite3 *database, char **message, const sqlite3_api_routines *routines,
                      const struct glue_table *table);

int smelt_sqlite_init(sqlite3 *database, char **message, const sqlite3_api_routines *routines,
                      const struct glue_table *table) {
    SQLITE_EXTENSION_INIT2(routines)
    struct connection *connection = sqlite3_malloc(sizeof *connection);
    if (connection == NULL) return SQLITE_NOMEM;
    glue_begin(&connection->glue, table);
    connection->glue.say = say;
    connection->glue.interrupted = interrupted;
    connection->is_interrupted = false;
    connection->database = database;
    connection->references = 1;
    int result = SQLITE_OK;
    if (glue_prepare(&connection->glue) != SMELT_OK) {
        *message = sqlite3_mprintf("%s: %s", table->name, connection->glue.error.message);
        result = SQLITE_ERROR;
    }
    for (uint32_t index = 0; index < table->function_count && result == SQLITE_OK; index++) {
        result = create_function(connection, &table->functions[index]);
    }
    release(connection);
    return result;
}
