// Values of SQLite and of the guest.
#include <string.h>

#include "extension.h"

SQLITE_EXTENSION_INIT3

const char *sqlite_read_number(sqlite3_value *argument, uint32_t element, uint64_t *bits) {
    int type = sqlite3_value_type(argument);
    if (element == GLUE_REAL || element == GLUE_FLOAT) {
        if (type != SQLITE_FLOAT && type != SQLITE_INTEGER) return "is no number";
        double number = sqlite3_value_double(argument);
        float single = (float)number;
        *bits = 0;
        if (element == GLUE_REAL) memcpy(bits, &single, sizeof single);
        if (element == GLUE_FLOAT) memcpy(bits, &number, sizeof number);
        return NULL;
    }
    if (type != SQLITE_INTEGER) return "is no integer";
    sqlite3_int64 value = sqlite3_value_int64(argument);
    *bits = element == GLUE_BOOLEAN ? value != 0 : (uint64_t)value;
    bool is_too_large = element == GLUE_INTEGER && (value < INT32_MIN || value > INT32_MAX);
    return is_too_large ? "is no integer of 32 bits" : NULL;
}

static const char *read_value(sqlite3_value *argument, uint32_t element, struct glue_value *value) {
    value->element = element;
    value->is_null = sqlite3_value_type(argument) == SQLITE_NULL;
    if (value->is_null) return NULL;
    switch (element) {
    case GLUE_TEXT: value->bytes = sqlite3_value_text(argument); break;
    case GLUE_BYTES: value->bytes = sqlite3_value_blob(argument); break;
    default: return sqlite_read_number(argument, element, &value->bits);
    }
    value->length = (uint64_t)sqlite3_value_bytes(argument);
    return value->bytes == NULL && value->length > 0 ? "is too large" : NULL;
}

const char *sqlite_read(const struct glue_function *function, sqlite3_value **arguments,
                        struct glue_value *values) {
    for (uint32_t index = 0; index < function->argument_count; index++) {
        const char *problem =
            read_value(arguments[index], function->arguments[index].element, &values[index]);
        if (problem != NULL) {
            return sqlite3_mprintf("%s: the argument %s %s", function->name,
                                   function->arguments[index].name, problem);
        }
    }
    return NULL;
}

bool sqlite_is_null_call(const struct glue_function *function, const struct glue_value *values) {
    if ((function->flags & GLUE_CALLED_ON_NULL) != 0) return false;
    for (uint32_t index = 0; index < function->argument_count; index++) {
        if (values[index].is_null) return true;
    }
    return false;
}

void sqlite_return(sqlite3_context *context, const struct glue_value *value) {
    double number;
    float single;
    if (value->is_null) {
        sqlite3_result_null(context);
        return;
    }
    switch (value->element) {
    case GLUE_BOOLEAN: sqlite3_result_int(context, (uint32_t)value->bits != 0); break;
    case GLUE_INTEGER:
    case GLUE_BIGINT: sqlite3_result_int64(context, (sqlite3_int64)value->bits); break;
    case GLUE_REAL:
        memcpy(&single, &value->bits, sizeof single);
        sqlite3_result_double(context, (double)single);
        break;
    case GLUE_FLOAT:
        memcpy(&number, &value->bits, sizeof number);
        sqlite3_result_double(context, number);
        break;
    case GLUE_TEXT:
        sqlite3_result_text64(context, (const char *)value->bytes, value->length, SQLITE_TRANSIENT,
                              SQLITE_UTF8);
        break;
    default:
        sqlite3_result_blob64(context, value->bytes, value->length, SQLITE_TRANSIENT);
    }
}

char *sqlite_error_text(const struct glue_function *function, const struct glue *glue) {
    uint64_t length = strlen(glue->error.message);
    while (length > 0 && glue->error.message[length - 1] == '\n') length--;
    return sqlite3_mprintf("%s: %.*s", function->name, (int)length, glue->error.message);
}

void sqlite_return_error(sqlite3_context *context, const struct glue_function *function,
                         const struct glue *glue) {
    struct connection *connection = (struct connection *)(uintptr_t)glue;
    char *text = sqlite_error_text(function, glue);
    if (connection->is_interrupted) {
        connection->is_interrupted = false;
        sqlite3_result_error_code(context, SQLITE_INTERRUPT);
        sqlite3_free(text);
        return;
    }
    if (text == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    sqlite3_result_error(context, text, -1);
    sqlite3_free(text);
}
