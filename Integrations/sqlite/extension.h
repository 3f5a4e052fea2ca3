// The glue of SQLite: what its files share.
#ifndef SMELT_SQLITE_EXTENSION_H
#define SMELT_SQLITE_EXTENSION_H

#include "common/glue.h"
#include "sqlite3ext.h"

// One for each connection, with one instance of the guest. It lives as long as a function of it.
struct connection {
    struct glue glue;
    sqlite3 *database;
    uint32_t references;
    bool is_interrupted;  // the last call was ended by sqlite3_interrupt
};

// What a function of SQLite is registered with.
struct binding {
    struct connection *connection;
    const struct glue_function *function;
};

struct binding *sqlite_bind(struct connection *connection, const struct glue_function *function);
void sqlite_unbind(void *binding);

// Arguments as the guest's: null, or why they cannot be. `values` has as many as the function has.
const char *sqlite_read(const struct glue_function *function, sqlite3_value **arguments,
                        struct glue_value *values);

// One number; null, or why it is none. Not for NULL.
const char *sqlite_read_number(sqlite3_value *argument, uint32_t element, uint64_t *bits);

// Whether a function is not called at all, since an argument is NULL.
bool sqlite_is_null_call(const struct glue_function *function, const struct glue_value *values);

void sqlite_return(sqlite3_context *context, const struct glue_value *value);

// The last failure, as the statement's error.
void sqlite_return_error(sqlite3_context *context, const struct glue_function *function,
                         const struct glue *glue);
char *sqlite_error_text(const struct glue_function *function, const struct glue *glue);

void sqlite_call_plain(sqlite3_context *context, int count, sqlite3_value **arguments);
void sqlite_call(sqlite3_context *context, int count, sqlite3_value **arguments);
void sqlite_step(sqlite3_context *context, int count, sqlite3_value **arguments);
void sqlite_final(sqlite3_context *context);

// Registers a table-valued function.
int sqlite_create_table(struct connection *connection, const struct glue_function *function);

#endif
