// Aggregates: their state is the guest's, and the server has where it is.
#include "extension.h"

#include "utils/memutils.h"

struct group {
    uint64_t state;
    uint64_t epoch;  // of the instance that the state is in
    struct backend *backend;
    bool is_live;    // the guest keeps something for it
    MemoryContextCallback forget;
};

// When the server's memory of a group goes before its end was asked for: the query has failed.
static void forget_group(void *argument) {
    struct group *group = argument;
    if (!group->is_live) return;
    group->is_live = false;
    group->backend->live_states--;
    group->backend->has_lost_states = true;
}

static struct group *new_group(const struct call_site *site, MemoryContext context) {
    struct group *group = MemoryContextAllocZero(context, sizeof *group);
    struct backend *backend = site->backend;
    group->backend = backend;
    group->forget.func = forget_group;
    group->forget.arg = group;
    MemoryContextRegisterResetCallback(context, &group->forget);
    if (glue_prepare(&backend->glue) != SMELT_OK) postgresql_fail(site);
    if (site->function->begin != NULL) {
        postgresql_run(site, site->function->begin, NULL, NULL, &group->state);
    }
    group->epoch = backend->glue.epoch;
    group->is_live = true;
    backend->live_states++;
    return group;
}

static void check_epoch(const struct call_site *site, const struct group *group) {
    struct glue *glue = &site->backend->glue;
    if (glue_prepare(glue) != SMELT_OK) postgresql_fail(site);
    if (group->epoch == glue->epoch) return;
    glue_fail(glue, "the rows before are lost: a call has failed in the meantime");
    postgresql_fail(site);
}

static MemoryContext aggregate_context(FunctionCallInfo call, const struct glue_function *function) {
    MemoryContext context;
    if (AggCheckCallContext(call, &context) == 0) {
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("%s is called as a part of the aggregate only", function->name)));
    }
    return context;
}

Datum smelt_postgresql_step(FunctionCallInfo call, const struct glue_function *function,
                            const struct glue_table *table) {
    MemoryContext context = aggregate_context(call, function);
    const struct call_site *site = postgresql_site(call, function, table);
    struct glue_value values[GLUE_MAXIMUM_ARGUMENTS];
    struct group *group = call->args[0].isnull ? NULL : (void *)DatumGetPointer(call->args[0].value);
    call->isnull = group == NULL;
    if (!postgresql_read(site, call, 1, values)) return PointerGetDatum(group);
    if (group == NULL) group = new_group(site, context);
    check_epoch(site, group);
    bool has_result = function->main->word != GLUE_NO_WORD;
    postgresql_run(site, function->main, values, &group->state, has_result ? &group->state : NULL);
    call->isnull = false;
    return PointerGetDatum(group);
}

Datum smelt_postgresql_final(FunctionCallInfo call, const struct glue_function *function,
                             const struct glue_table *table) {
    MemoryContext context = aggregate_context(call, function);
    const struct call_site *site = postgresql_site(call, function, table);
    struct group *group = call->args[0].isnull ? NULL : (void *)DatumGetPointer(call->args[0].value);
    // No rows.
    if (group == NULL) group = new_group(site, context);
    check_epoch(site, group);
    Datum result = postgresql_run_for_datum(site, function->finish, NULL, &group->state,
                                            function->returned, &call->isnull);
    if (function->drop != NULL) postgresql_run(site, function->drop, NULL, &group->state, NULL);
    group->is_live = false;
    site->backend->live_states--;
    return result;
}
