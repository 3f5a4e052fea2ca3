// The extension as PostgreSQL loads it, errors, and scalar functions.
#include "extension.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/memutils.h"

const void *smelt_postgresql_magic(void) {
    static const Pg_magic_struct magic = PG_MODULE_MAGIC_DATA;
    return &magic;
}

const void *smelt_postgresql_information(void) {
    static const Pg_finfo_record information = {1};
    return &information;
}

// The guest --------------------------------------------------------------------------------------

// Leaves an error where the server keeps it until the guest's frames are gone. For PG_CATCH.
static uint32_t catch_error(struct backend *backend, MemoryContext context) {
    MemoryContextSwitchTo(context);
    backend->has_pending_error = true;
    return glue_fail(&backend->glue, "the server has raised an error");
}

// Asked below frames of the guest, which has seen that there is something to be done: a request to cancel
// becomes an error, and everything else has been done then.
static uint32_t interrupted(void *argument) {
    MemoryContext context = CurrentMemoryContext;
    volatile uint32_t status = SMELT_OK;
    PG_TRY();
    {
        CHECK_FOR_INTERRUPTS();
    }
    PG_CATCH();
    {
        status = catch_error(argument, context);
    }
    PG_END_TRY();
    return status;
}

// Called below frames of the guest: no error leaves it.
static uint32_t say(struct glue *glue, const char *text, uint64_t length, bool is_error) {
    MemoryContext context = CurrentMemoryContext;
    volatile uint32_t status = SMELT_OK;
    char copy[1001];
    if (length > sizeof copy - 1) length = sizeof copy - 1;
    while (length > 0 && length == sizeof copy - 1 && (text[length] & 0xc0) == 0x80) length--;
    memcpy(copy, text, length);
    copy[length] = 0;
    if (is_error) {
        glue_fail(glue, copy);
        return 1;
    }
    PG_TRY();
    {
        char *shown = pg_any_to_server(copy, (int)strlen(copy), PG_UTF8);
        ereport(NOTICE, (errmsg("%s: %s", glue->table->name, shown)));
    }
    PG_CATCH();
    {
        status = catch_error((struct backend *)glue, context);
    }
    PG_END_TRY();
    MemoryContextSwitchTo(context);
    return status;
}

static struct backend *the_backend(const struct glue_table *table) {
    static struct backend *backend;
    if (backend == NULL) {
        backend = MemoryContextAllocZero(TopMemoryContext, sizeof *backend);
        glue_begin(&backend->glue, table);
        backend->glue.say = say;
        // Signal handlers of the server set it when there is something to be done, cancelling or another
        // thing.
        backend->glue.interrupt = (volatile uint32_t *)&InterruptPending;
        backend->glue.interrupted = interrupted;
    }
    return backend;
}

static void forget_lost_states(struct backend *backend) {
    if (likely(!backend->has_lost_states) || backend->live_states != 0) return;
    backend->has_lost_states = false;
    // As after an error: the next call makes the instance new.
    backend->glue.is_busy = true;
}

void postgresql_begin_site(struct call_site *site, const struct glue_function *function,
                           const struct glue_table *table) {
    site->backend = the_backend(table);
    site->function = function;
    site->is_plain = glue_is_plain(function);
    site->is_utf8 = GetDatabaseEncoding() == PG_UTF8;
    forget_lost_states(site->backend);
}

struct call_site *postgresql_site(FunctionCallInfo call, const struct glue_function *function,
                                  const struct glue_table *table) {
    struct call_site *site = call->flinfo->fn_extra;
    if (site == NULL) {
        site = MemoryContextAllocZero(call->flinfo->fn_mcxt, sizeof *site);
        postgresql_begin_site(site, function, table);
        call->flinfo->fn_extra = site;
    }
    forget_lost_states(site->backend);
    return site;
}

// A text of the runtime's, in the encoding of the database.
static char *in_server_encoding(const struct call_site *site, const char *text, uint64_t length) {
    char *copy = pnstrdup(text, length);
    if (site->is_utf8) return copy;
    for (char *at = copy; *at != 0; at++) {
        if ((*at & 0x80) != 0) *at = '?';
    }
    return copy;
}

void postgresql_fail(const struct call_site *site) {
    struct backend *backend = site->backend;
    if (backend->has_pending_error) {
        backend->has_pending_error = false;
        PG_RE_THROW();
    }
    const char *message = backend->glue.error.message;
    uint64_t length = glue_reason_length(&backend->glue);
    const char *rest = message + length;
    while (*rest == '\n') rest++;
    uint64_t rest_length = strlen(rest);
    while (rest_length > 0 && rest[rest_length - 1] == '\n') rest_length--;
    char *reason = in_server_encoding(site, message, length);
    char *detail = in_server_encoding(site, rest, rest_length);
    ereport(ERROR,
            (errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
             errmsg("%s: %s", site->function->name, reason),
             *detail == 0 ? 0 : errdetail_internal("%s", detail)));
    pg_unreachable();
}

void postgresql_run(const struct call_site *site, const struct glue_call *call,
                    const struct glue_value *values, const uint64_t *state, uint64_t *word) {
    struct glue *glue = &site->backend->glue;
    uint32_t status = glue_call(glue, call, values, state, NULL, NULL, word);
    if (status == SMELT_OK) status = glue_finish(glue);
    if (status != SMELT_OK) postgresql_fail(site);
}

Datum postgresql_run_for_datum(const struct call_site *site, const struct glue_call *call,
                               const struct glue_value *values, const uint64_t *state,
                               const struct glue_returned *returned, bool *is_null) {
    struct glue *glue = &site->backend->glue;
    struct glue_value result;
    uint32_t status = glue_call(glue, call, values, state, returned, &result, NULL);
    if (unlikely(status != SMELT_OK)) postgresql_fail(site);
    *is_null = result.is_null;
    Datum datum = result.is_null ? (Datum)0 : postgresql_datum(site, &result, returned->is_array != 0);
    status = glue_finish(glue);
    if (unlikely(status != SMELT_OK)) postgresql_fail(site);
    return datum;
}

// The server has looked for NULLs itself.
static Datum call_plain(const struct call_site *site, FunctionCallInfo call) {
    const struct glue_function *function = site->function;
    union smelt_value values[GLUE_MAXIMUM_ARGUMENTS + 1];
    for (uint32_t index = 0; index < function->argument_count; index++) {
        Datum datum = call->args[index].value;
        // On machines with 64 bits every number is a datum itself, in its lowest bits.
        values[index].i64 =
            function->arguments[index].element == GLUE_BOOLEAN ? DatumGetBool(datum) : datum;
    }
    uint32_t status = glue_call_plain(&site->backend->glue, function->main, values);
    if (unlikely(status != SMELT_OK)) postgresql_fail(site);
    if (function->returned->element == GLUE_BIGINT) return Int64GetDatum((int64)values[0].i64);
    struct glue_value result;
    result.element = function->returned->element;
    result.bits = values[0].i64;
    return postgresql_datum(site, &result, false);
}

Datum smelt_postgresql_call(FunctionCallInfo call, const struct glue_function *function,
                            const struct glue_table *table) {
    const struct call_site *site = postgresql_site(call, function, table);
    if (site->is_plain && call->flinfo->fn_strict) return call_plain(site, call);
    struct glue_value values[GLUE_MAXIMUM_ARGUMENTS];
    call->isnull = !postgresql_read(site, call, 0, values);
    if (call->isnull) return (Datum)0;
    return postgresql_run_for_datum(site, function->main, values, NULL, function->returned,
                                    &call->isnull);
}
