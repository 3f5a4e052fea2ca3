// Making instances of modules that were compiled in the dynamic form (smelt/instance.h).
//
// Failures are returned, never the end of the process: whoever instantiates decides. Instances
// are made and destroyed by one thread at a time.
#ifndef SMELT_INSTANCE_INSTANCE_H
#define SMELT_INSTANCE_INSTANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "smelt/instance.h"

// What an instance imports: for each kind as many as the module imports, in the module's order.
// The instances that own them must live as long as the new one. Types are not checked here.
struct smelt_imports {
    struct smelt_function *const *functions;
    struct smelt_table *const *tables;
    struct smelt_memory *const *memories;
    void *const *globals;  // the addresses of their values
    struct smelt_tag *const *tags;
};

enum smelt_instance_error {
    SMELT_INSTANCE_OK = 0,
    SMELT_INSTANCE_NO_MEMORY,       // the kernel refuses memory or address space
    SMELT_INSTANCE_TABLE_TOO_LARGE  // more elements than the implementation has room for
};

// Makes an instance: everything that it owns exists and is empty, everything that it imports is
// connected. The caller calls module->initialize next, prepared for a trap.
enum smelt_instance_error smelt_instance_create(const struct smelt_module *module,
                                                const struct smelt_imports *imports,
                                                struct smelt_context *context, uint64_t extra_size,
                                                struct smelt_instance **result);

// `extra_size` bytes, zeros at first, that belong to whoever makes the instance.
void *smelt_instance_extra(const struct smelt_instance *instance);

// Makes all that an instance owns what it was before its initialization, but for the values of globals,
// and keeps what is mapped at the start of memories. False if the kernel does not allow it.
bool smelt_instance_clear(struct smelt_instance *instance);

// Gives back all that an instance owns. Nothing may refer to it any more.
void smelt_instance_destroy(struct smelt_instance *instance);

// Entities by their index in the module's index spaces, imported ones included.
struct smelt_function *smelt_instance_function(const struct smelt_instance *instance,
                                               uint32_t index);
// Whether a reference is one of a function that the instance defines, whatever it may point to.
bool smelt_instance_owns_function(const struct smelt_instance *instance, const void *reference);
struct smelt_table *smelt_instance_table(const struct smelt_instance *instance, uint32_t index);
struct smelt_memory *smelt_instance_memory(const struct smelt_instance *instance, uint32_t index);
void *smelt_instance_global(const struct smelt_instance *instance, uint32_t index);
struct smelt_tag *smelt_instance_tag(const struct smelt_instance *instance, uint32_t index);

// The export of this name, null if there is none.
const struct smelt_export *smelt_instance_find_export(const struct smelt_instance *instance,
                                                      const char *name, uint64_t name_length);

// Calls `visit` with `argument` for all words in which an instance keeps references: those of the
// instance itself, and the elements of its tables.
void smelt_instance_visit_words(const struct smelt_instance *instance,
                                void (*visit)(void *argument, const uint64_t *first,
                                              uint64_t count),
                                void *argument);

// The memory of an instance, imported ones included, whose reservation contains an address; null if
// there is none. Safe in a signal handler.
const struct smelt_memory *smelt_instance_memory_at(const struct smelt_instance *instance,
                                                    uint64_t address);

#endif
