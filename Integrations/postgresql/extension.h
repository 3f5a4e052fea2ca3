// The glue of PostgreSQL: what its files share.
//
// An error of the server's is a jump to where somebody catches it. None may jump over frames of the guest:
// so nothing here that can raise one is called from below them, but for texts of the guest's, where the
// error is caught, the guest's call ended, and the error raised again.
#ifndef SMELT_POSTGRESQL_EXTENSION_H
#define SMELT_POSTGRESQL_EXTENSION_H

#include "postgres.h"

#include "fmgr.h"

#include "common/glue.h"

// The backend's instance of the guest: one, whatever functions are called. Ready for a call.
struct glue *postgresql_glue(const struct glue_table *table);

// What a query keeps of a function, made in the first call.
struct call_site {
    struct glue *glue;
    const struct glue_function *function;
    bool is_utf8;  // whether the database is
};

struct call_site *postgresql_site(FunctionCallInfo call, const struct glue_function *function,
                                  const struct glue_table *table);

// Raises what the last call of the guest has failed with.
pg_noreturn_function(postgresql_fail);

// Reads arguments from a place on; false if one of them is NULL and the function is strict.
bool postgresql_read(const struct call_site *site, FunctionCallInfo call, int first,
                     struct glue_value *values);

Datum postgresql_datum(const struct call_site *site, const struct glue_returned *returned,
                       const struct glue_value *value);

#endif
