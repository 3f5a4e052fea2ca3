// The commands of a script. Each reads all of its bytes before anything can go wrong, so that a
// failure leaves the reader at the next command.
#include "commands.h"

#include <stddef.h>
#include <string.h>

#include "guest.h"
#include "embed/instance.h"
#include "instances.h"
#include "report.h"

enum { MAXIMUM_VALUES = 1000, MAXIMUM_IMPORTS = 4096 };

// Scripts define it if their modules share any types.
#pragma weak smelt_types

static struct smelt_context context;

struct command {
    uint32_t number;
    uint32_t accepted;  // see script.h
    struct smelt_instance **instances;
};

static bool is_accepted(const struct command *command, uint32_t outcome) {
    return command->accepted >> outcome & 1;
}

// Says when an outcome is not what the script expects.
static void conclude(const struct command *command, uint32_t outcome) {
    if (is_accepted(command, outcome)) return;
    if (outcome == 0) {
        wast_report(command->number, "returned");
    } else {
        wast_report_trap(command->number, outcome);
    }
}

// Results ------------------------------------------------------------------------------------

// What a reference refers to. Only results of types in the hierarchy of anyref are asked.
static enum wast_alternative_kind kind_of(const void *reference) {
    uint64_t word = (uint64_t)(uintptr_t)reference;
    if ((word & 1) != 0) return WAST_I31;
    // Null, and what the host made up, are neither.
    if (word == 0 || (word & 2) != 0) return WAST_NOT_NULL;
    const struct smelt_object *object = reference;
    bool is_array = smelt_types[object->type].kind == SMELT_TYPE_ARRAY;
    return is_array ? WAST_ARRAY : WAST_STRUCTURE;
}

static bool fits_alternative(struct wast_reader *reader, const union smelt_value *value) {
    uint8_t alternative = wast_read_byte(reader);
    if (alternative == WAST_NOT_NULL) return value->reference != NULL;
    if (alternative != WAST_BITS) {
        enum wast_alternative_kind kind = kind_of(value->reference);
        return alternative == WAST_EQ ? kind != WAST_NOT_NULL : alternative == kind;
    }
    const uint8_t *mask = wast_read_value(reader);
    const uint8_t *expected = wast_read_value(reader);
    for (size_t index = 0; index < sizeof value->v128; index++) {
        if ((value->v128[index] & mask[index]) != expected[index]) return false;
    }
    return true;
}

static bool fits(struct wast_reader *reader, const union smelt_value *value) {
    bool result = false;
    for (uint32_t left = wast_read_byte(reader); left > 0; left--) {
        if (fits_alternative(reader, value)) result = true;
    }
    return result;
}

// Compares all results and reports the first that does not fit. With null for `values` the
// patterns are only skipped.
static void check_results(struct wast_reader *reader, const struct command *command,
                          const union smelt_value *values, uint32_t count) {
    static const union smelt_value nothing;
    bool is_reported = false;
    for (uint32_t index = 0; index < count; index++) {
        const union smelt_value *value = values == NULL ? &nothing : &values[index];
        bool is_right = fits(reader, value);
        if (values == NULL || is_right || is_reported) continue;
        wast_report_value(command->number, index, value);
        is_reported = true;
    }
}

// Commands -----------------------------------------------------------------------------------

struct invocation {
    const struct smelt_export *export;
    const struct smelt_function *function;
    union smelt_value values[MAXIMUM_VALUES];
};

static void call_export(void *argument) {
    struct invocation *invocation = argument;
    invocation->export->invoke(invocation->function, invocation->values);
}

static void invoke(struct wast_reader *reader, const struct command *command,
                   const struct smelt_instance *instance) {
    static struct invocation invocation;
    uint32_t export = wast_read_word(reader);
    uint32_t arguments = wast_read_word(reader);
    memset(&invocation, 0, sizeof invocation);
    for (uint32_t index = 0; index < arguments; index++) {
        memcpy(&invocation.values[index], wast_read_value(reader), sizeof(union smelt_value));
    }
    uint32_t results = wast_read_word(reader);
    if (instance == NULL) {
        check_results(reader, command, NULL, results);
        wast_report(command->number, "missing");
        return;
    }
    invocation.export = &instance->module->exports[export];
    invocation.function = smelt_instance_function(instance, invocation.export->index);
    uint32_t outcome = wast_guest_call(call_export, &invocation);
    bool has_results = outcome == 0 && is_accepted(command, outcome);
    check_results(reader, command, has_results ? invocation.values : NULL, results);
    conclude(command, outcome);
}

static void get(struct wast_reader *reader, const struct command *command,
                const struct smelt_instance *instance) {
    uint32_t global = wast_read_word(reader);
    uint32_t results = wast_read_word(reader);
    if (instance == NULL) {
        check_results(reader, command, NULL, results);
        wast_report(command->number, "missing");
        return;
    }
    check_results(reader, command, smelt_instance_global(instance, global), results);
}

// Instantiation ------------------------------------------------------------------------------

// Room for the imports of one module, by kind.
static struct {
    struct smelt_function *functions[MAXIMUM_IMPORTS];
    struct smelt_table *tables[MAXIMUM_IMPORTS];
    struct smelt_memory *memories[MAXIMUM_IMPORTS];
    void *globals[MAXIMUM_IMPORTS];
    struct smelt_tag *tags[MAXIMUM_IMPORTS];
    uint32_t counts[SMELT_EXTERNAL_TAG + 1];
} imported;

enum import_result { IMPORT_OK, IMPORT_MISSING, IMPORT_TOO_SMALL };

static enum import_result read_import(struct wast_reader *reader, const struct command *command) {
    uint8_t kind = wast_read_byte(reader);
    const struct smelt_instance *owner = command->instances[wast_read_word(reader)];
    uint32_t index = wast_read_word(reader);
    uint64_t minimum = wast_read(reader, sizeof minimum);
    if (owner == NULL) return IMPORT_MISSING;
    uint32_t place = imported.counts[kind]++;
    switch (kind) {
    case SMELT_EXTERNAL_FUNCTION:
        imported.functions[place] = smelt_instance_function(owner, index);
        return IMPORT_OK;
    case SMELT_EXTERNAL_TABLE:
        imported.tables[place] = smelt_instance_table(owner, index);
        return imported.tables[place]->size < minimum ? IMPORT_TOO_SMALL : IMPORT_OK;
    case SMELT_EXTERNAL_MEMORY: {
        const struct smelt_memory *memory = smelt_instance_memory(owner, index);
        imported.memories[place] = smelt_instance_memory(owner, index);
        bool is_small = memory->byte_size >> memory->page_size_log2 < minimum;
        return is_small ? IMPORT_TOO_SMALL : IMPORT_OK;
    }
    case SMELT_EXTERNAL_TAG:
        imported.tags[place] = smelt_instance_tag(owner, index);
        return IMPORT_OK;
    default:
        imported.globals[place] = smelt_instance_global(owner, index);
        return IMPORT_OK;
    }
}

static void initialize(void *argument) {
    struct smelt_instance *instance = argument;
    instance->module->initialize(instance);
}

static void instantiate(struct wast_reader *reader, const struct command *command,
                        struct smelt_instance **place) {
    const struct smelt_module *module = smelt_wast_modules[wast_read_word(reader)];
    memset(imported.counts, 0, sizeof imported.counts);
    enum import_result worst = IMPORT_OK;
    for (uint32_t left = wast_read_word(reader); left > 0; left--) {
        enum import_result result = read_import(reader, command);
        if (worst == IMPORT_OK) worst = result;
    }
    if (worst == IMPORT_MISSING) {
        wast_report(command->number, "missing");
        return;
    }
    if (worst == IMPORT_TOO_SMALL) {
        if (!is_accepted(command, WAST_UNLINKABLE)) wast_report(command->number, "unlinkable");
        return;
    }
    const struct smelt_imports imports = {imported.functions, imported.tables, imported.memories,
                                          imported.globals, imported.tags};
    struct smelt_instance *instance;
    if (smelt_instance_create(module, &imports, &context, 0, UINT64_MAX, &instance) != SMELT_INSTANCE_OK ||
        !wast_add_instance(instance)) {
        wast_report(command->number, "resources");
        return;
    }
    // Others may refer to an instance even when its initialization traps, so it stays.
    uint32_t outcome = wast_guest_call(initialize, instance);
    if (outcome == 0) *place = instance;
    conclude(command, outcome);
}

void wast_perform(struct wast_reader *reader, struct smelt_instance **instances, uint32_t number) {
    uint8_t kind = wast_read_byte(reader);
    uint32_t instance = wast_read_word(reader);
    struct command command = {number, 0, instances};
    command.accepted = wast_read_word(reader);
    switch (kind) {
    case WAST_INSTANTIATE: instantiate(reader, &command, &instances[instance]); break;
    case WAST_INVOKE: invoke(reader, &command, instances[instance]); break;
    default: get(reader, &command, instances[instance]); break;
    }
}
