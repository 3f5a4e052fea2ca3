// Functions that return tables: all of their rows are fetched at once, as the server does for functions
// in its own languages.
#include "extension.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/tuplestore.h"

// The rows of a call, whose memory is that of one row.
static void fetch(const struct call_site *site, const struct glue_value *values,
                  ReturnSetInfo *information, MemoryContext row) {
    const struct glue_function *function = site->function;
    struct glue *glue = &site->backend->glue;
    Datum *datums = palloc(function->column_count * sizeof *datums);
    bool *nulls = palloc(function->column_count * sizeof *nulls);
    uint64_t state = 0, has_row = 0;
    postgresql_run(site, function->main, values, NULL, &state);
    uint64_t epoch = glue->epoch;
    for (;;) {
        CHECK_FOR_INTERRUPTS();
        // What the conversions of a row call may be another function of this guest.
        if (glue_prepare(glue) != SMELT_OK) postgresql_fail(site);
        if (glue->epoch != epoch) {
            glue_fail(glue, "the rows that follow are lost: a call has failed in the meantime");
            postgresql_fail(site);
        }
        postgresql_run(site, function->next, NULL, &state, &has_row);
        if (has_row == 0) break;
        MemoryContext outer = MemoryContextSwitchTo(row);
        for (uint32_t index = 0; index < function->column_count; index++) {
            const struct glue_column *column = &function->columns[index];
            datums[index] = postgresql_run_for_datum(site, column->call, NULL, &state,
                                                     column->returned, &nulls[index]);
        }
        tuplestore_putvalues(information->setResult, information->setDesc, datums, nulls);
        MemoryContextSwitchTo(outer);
        MemoryContextReset(row);
    }
    if (function->drop != NULL) postgresql_run(site, function->drop, NULL, &state, NULL);
}

Datum smelt_postgresql_rows(FunctionCallInfo call, const struct glue_function *function,
                            const struct glue_table *table) {
    struct backend *backend;
    struct glue_value values[GLUE_MAXIMUM_ARGUMENTS];
    InitMaterializedSRF(call, MAT_SRF_USE_EXPECTED_DESC);
    // fn_extra belongs to the server in functions of sets.
    struct call_site site;
    postgresql_begin_site(&site, function, table);
    backend = site.backend;
    ReturnSetInfo *information = (ReturnSetInfo *)call->resultinfo;
    if (information->setDesc->natts != (int)function->column_count) {
        ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
                        errmsg("%s has %u columns", function->name, function->column_count)));
    }
    call->isnull = true;
    if (!postgresql_read(&site, call, 0, values)) return (Datum)0;
    MemoryContext row = AllocSetContextCreate(CurrentMemoryContext, "row", ALLOCSET_DEFAULT_SIZES);
    backend->live_states++;
    PG_TRY();
    {
        fetch(&site, values, information, row);
    }
    PG_CATCH();
    {
        backend->live_states--;
        backend->has_lost_states = true;
        PG_RE_THROW();
    }
    PG_END_TRY();
    backend->live_states--;
    MemoryContextDelete(row);
    return (Datum)0;
}
