// The glue of PostgreSQL: what its files share.
//
// An error of the server's is a jump to where somebody catches it. None may jump over frames of the guest:
// what can raise one is not called from below them, but for showing a text of the guest's, where the error
// is caught, the guest's call ended, and the error raised again.
#ifndef SMELT_POSTGRESQL_EXTENSION_H
#define SMELT_POSTGRESQL_EXTENSION_H

#include "postgres.h"

#include "fmgr.h"

#include "common/glue.h"

// The backend has one instance of the guest, whatever functions are called.
struct backend {
    struct glue glue;
    // States of aggregates and tables that the guest keeps, and whether some were left behind by queries
    // that have failed. Then the instance is made new as soon as nobody needs it.
    uint64_t live_states;
    bool has_lost_states;
    bool has_pending_error;  // of the server's, to be raised when the guest's call has ended
};

// What a query keeps of a function, made by the first call.
struct call_site {
    struct backend *backend;
    const struct glue_function *function;
    bool is_plain;  // glue_is_plain
    bool is_utf8;   // whether the database is
};

void postgresql_begin_site(struct call_site *site, const struct glue_function *function,
                           const struct glue_table *table);
struct call_site *postgresql_site(FunctionCallInfo call, const struct glue_function *function,
                                  const struct glue_table *table);

// Raises what the last call of the guest has failed with.
void postgresql_fail(const struct call_site *site) pg_attribute_noreturn();

// Calls a function of the guest that has no result, or a word, and ends the call.
void postgresql_run(const struct call_site *site, const struct glue_call *call,
                    const struct glue_value *values, const uint64_t *state, uint64_t *word);

// Calls one that has a result.
Datum postgresql_run_for_datum(const struct call_site *site, const struct glue_call *call,
                               const struct glue_value *values, const uint64_t *state,
                               const struct glue_returned *returned, bool *is_null);

// Reads the arguments from `first` on; false if there is nothing to call, as one of them is NULL.
bool postgresql_read(const struct call_site *site, FunctionCallInfo call, int first,
                     struct glue_value *values);

Datum postgresql_datum(const struct call_site *site, const struct glue_value *value, bool is_array);

// What the library's functions call.
const void *smelt_postgresql_magic(void);
const void *smelt_postgresql_information(void);
Datum smelt_postgresql_call(FunctionCallInfo call, const struct glue_function *function,
                            const struct glue_table *table);
Datum smelt_postgresql_step(FunctionCallInfo call, const struct glue_function *function,
                            const struct glue_table *table);
Datum smelt_postgresql_final(FunctionCallInfo call, const struct glue_function *function,
                             const struct glue_table *table);
Datum smelt_postgresql_rows(FunctionCallInfo call, const struct glue_function *function,
                            const struct glue_table *table);

#endif
