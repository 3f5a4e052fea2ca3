#include <sqlite3ext.h>

#include "functions.h"

SQLITE_EXTENSION_INIT1

static void call_mix(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return;
    sqlite3_result_int64(context, mix(sqlite3_value_int64(arguments[0])));
}

static void call_hash(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return;
    const uint8_t *text = sqlite3_value_text(arguments[0]);
    sqlite3_result_int64(context, hash(text, (size_t)sqlite3_value_bytes(arguments[0])));
}

int sqlite3_extension_init(sqlite3 *database, char **message, const sqlite3_api_routines *api) {
    (void)message;
    SQLITE_EXTENSION_INIT2(api)
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    sqlite3_create_function(database, "native_mix", 1, flags, NULL, call_mix, NULL, NULL);
    return sqlite3_create_function(database, "native_hash", 1, flags, NULL, call_hash, NULL, NULL);
}
