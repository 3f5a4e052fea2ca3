// Table-valued functions: tables without a definition, whose arguments are hidden columns that have to be
// given a value.
#include <string.h>

#include "extension.h"

SQLITE_EXTENSION_INIT3

struct table {
    sqlite3_vtab base;
    const struct binding *binding;
};

struct cursor {
    sqlite3_vtab_cursor base;
    uint64_t state;
    uint64_t epoch;  // of the instance that the state is in; 0 if it is not open
    sqlite3_int64 row;
    bool is_at_end;
};

// Leaves the error to SQLite.
static int fail(struct table *table) {
    const struct binding *binding = table->binding;
    if (binding->connection->is_interrupted) {
        binding->connection->is_interrupted = false;
        return SQLITE_INTERRUPT;
    }
    sqlite3_free(table->base.zErrMsg);
    table->base.zErrMsg = sqlite_error_text(binding->function, &binding->connection->glue);
    return SQLITE_ERROR;
}

static int connect(sqlite3 *database, void *argument, int count, const char *const *words,
                   sqlite3_vtab **result, char **message) {
    (void)count;
    (void)words;
    (void)message;
    const struct binding *binding = argument;
    const struct glue_function *function = binding->function;
    sqlite3_str *text = sqlite3_str_new(database);
    sqlite3_str_appendall(text, "CREATE TABLE x(");
    for (uint32_t index = 0; index < function->column_count; index++) {
        sqlite3_str_appendf(text, "%s\"%w\"", index == 0 ? "" : ",", function->columns[index].name);
    }
    for (uint32_t index = 0; index < function->argument_count; index++) {
        sqlite3_str_appendf(text, ",\"%w\" HIDDEN", function->arguments[index].name);
    }
    sqlite3_str_appendall(text, ")");
    char *declaration = sqlite3_str_finish(text);
    if (declaration == NULL) return SQLITE_NOMEM;
    int status = sqlite3_declare_vtab(database, declaration);
    sqlite3_free(declaration);
    if (status != SQLITE_OK) return status;
    struct table *table = sqlite3_malloc(sizeof *table);
    if (table == NULL) return SQLITE_NOMEM;
    memset(table, 0, sizeof *table);
    table->binding = binding;
    sqlite3_vtab_config(database, SQLITE_VTAB_INNOCUOUS);
    *result = &table->base;
    return SQLITE_OK;
}

static int disconnect(sqlite3_vtab *table) {
    sqlite3_free(table);
    return SQLITE_OK;
}

// Every argument has to be an equality that can be used.
static int best_index(sqlite3_vtab *base, sqlite3_index_info *information) {
    const struct glue_function *function = ((struct table *)base)->binding->function;
    uint64_t found = 0;
    for (int index = 0; index < information->nConstraint; index++) {
        int column = information->aConstraint[index].iColumn - (int)function->column_count;
        if (column < 0 || information->aConstraint[index].op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
        if (!information->aConstraint[index].usable) return SQLITE_CONSTRAINT;
        if ((found >> column & 1) != 0) continue;
        found |= UINT64_C(1) << column;
        information->aConstraintUsage[index].argvIndex = column + 1;
        information->aConstraintUsage[index].omit = 1;
    }
    if (found != (UINT64_C(1) << function->argument_count) - 1) {
        sqlite3_free(base->zErrMsg);
        base->zErrMsg = sqlite3_mprintf("%s has %u arguments, and fewer are given", function->name,
                                        function->argument_count);
        return SQLITE_ERROR;
    }
    information->estimatedCost = 1000;
    information->estimatedRows = 1000;
    return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **result) {
    (void)table;
    struct cursor *cursor = sqlite3_malloc(sizeof *cursor);
    if (cursor == NULL) return SQLITE_NOMEM;
    memset(cursor, 0, sizeof *cursor);
    cursor->is_at_end = true;
    *result = &cursor->base;
    return SQLITE_OK;
}

// Ends what the guest keeps for a cursor, unless that is gone already.
static uint32_t close_state(const struct binding *binding, struct cursor *cursor) {
    struct glue *glue = &binding->connection->glue;
    const struct glue_call *drop = binding->function->drop;
    bool is_open = cursor->epoch != 0 && cursor->epoch == glue->epoch && glue->instance != NULL;
    cursor->epoch = 0;
    cursor->is_at_end = true;
    if (!is_open || drop == NULL) return SMELT_OK;
    uint32_t status = glue_call(glue, drop, NULL, &cursor->state, NULL, NULL, NULL);
    return status == SMELT_OK ? glue_finish(glue) : status;
}

static int close_cursor(sqlite3_vtab_cursor *base) {
    struct cursor *cursor = (struct cursor *)base;
    close_state(((struct table *)base->pVtab)->binding, cursor);
    sqlite3_free(cursor);
    return SQLITE_OK;
}

static uint32_t check_epoch(struct glue *glue, const struct cursor *cursor) {
    uint32_t status = glue_prepare(glue);
    if (status != SMELT_OK || cursor->epoch == glue->epoch) return status;
    return glue_fail(glue, "the rows that follow are lost: a call has failed in the meantime");
}

static int next(sqlite3_vtab_cursor *base) {
    struct cursor *cursor = (struct cursor *)base;
    struct table *table = (struct table *)base->pVtab;
    struct glue *glue = &table->binding->connection->glue;
    uint64_t has_row = 0;
    uint32_t status = check_epoch(glue, cursor);
    if (status == SMELT_OK) {
        status = glue_call(glue, table->binding->function->next, NULL, &cursor->state, NULL, NULL,
                           &has_row);
        if (status == SMELT_OK) status = glue_finish(glue);
    }
    if (status == SMELT_OK && has_row == 0) status = close_state(table->binding, cursor);
    if (status != SMELT_OK) {
        cursor->is_at_end = true;
        return fail(table);
    }
    cursor->row++;
    return SQLITE_OK;
}

static int filter(sqlite3_vtab_cursor *base, int number, const char *name, int count,
                  sqlite3_value **arguments) {
    (void)number;
    (void)name;
    (void)count;
    struct cursor *cursor = (struct cursor *)base;
    struct table *table = (struct table *)base->pVtab;
    const struct glue_function *function = table->binding->function;
    struct glue *glue = &table->binding->connection->glue;
    struct glue_value values[GLUE_MAXIMUM_ARGUMENTS];
    if (close_state(table->binding, cursor) != SMELT_OK) return fail(table);
    const char *problem = sqlite_read(function, arguments, values);
    if (problem != NULL) {
        sqlite3_free(base->pVtab->zErrMsg);
        base->pVtab->zErrMsg = (char *)(uintptr_t)problem;
        return SQLITE_ERROR;
    }
    if (sqlite_is_null_call(function, values)) return SQLITE_OK;
    uint32_t status = glue_call(glue, function->main, values, NULL, NULL, NULL, &cursor->state);
    if (status == SMELT_OK) status = glue_finish(glue);
    if (status != SMELT_OK) return fail(table);
    cursor->epoch = glue->epoch;
    cursor->is_at_end = false;
    cursor->row = 0;
    return next(base);
}

static int is_at_end(sqlite3_vtab_cursor *base) { return ((struct cursor *)base)->is_at_end; }

static int column(sqlite3_vtab_cursor *base, sqlite3_context *context, int number) {
    struct cursor *cursor = (struct cursor *)base;
    const struct binding *binding = ((struct table *)base->pVtab)->binding;
    struct glue *glue = &binding->connection->glue;
    // Of the arguments nobody asks but who names them.
    if (number < 0 || (uint32_t)number >= binding->function->column_count) return SQLITE_OK;
    const struct glue_column *description = &binding->function->columns[number];
    struct glue_value value;
    uint32_t status = check_epoch(glue, cursor);
    if (status == SMELT_OK) {
        status = glue_call(glue, description->call, NULL, &cursor->state, description->returned,
                           &value, NULL);
    }
    if (status == SMELT_OK) {
        sqlite_return(context, &value);
        status = glue_finish(glue);
    }
    if (status == SMELT_OK) return SQLITE_OK;
    sqlite_return_error(context, binding->function, glue);
    return SQLITE_ERROR;
}

static int row_number(sqlite3_vtab_cursor *base, sqlite3_int64 *result) {
    *result = ((struct cursor *)base)->row;
    return SQLITE_OK;
}

static const sqlite3_module methods = {
    .xConnect = connect,
    .xBestIndex = best_index,
    .xDisconnect = disconnect,
    .xDestroy = disconnect,
    .xOpen = open_cursor,
    .xClose = close_cursor,
    .xFilter = filter,
    .xNext = next,
    .xEof = is_at_end,
    .xColumn = column,
    .xRowid = row_number,
};

int sqlite_create_table(struct connection *connection, const struct glue_function *function) {
    struct binding *binding = sqlite_bind(connection, function);
    if (binding == NULL) return SQLITE_NOMEM;
    return sqlite3_create_module_v2(connection->database, function->name, &methods, binding,
                                    sqlite_unbind);
}
