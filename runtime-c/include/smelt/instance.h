// Dynamic instances: modules that are instantiated at run time, any number of times, and linked to
// one another. Each module is described by a `struct smelt_module` that the compiler emits; its
// compiled functions get a pointer to their instance as first argument.
//
// An instance is one block of memory: the struct below, room for those arguments of its functions
// that have no registers, and behind it the slots that compiled code reads, at offsets that the
// module's description gives. All slots are 8 bytes wide.
//
//     memories   two slots each: the struct smelt_memory, and its base (which never changes)
//     tables     the struct smelt_table
//     globals    the address of the value, 16 bytes of storage at an alignment of 16
//     functions  the struct smelt_function
//     tags       the struct smelt_tag, 8 bytes of storage
//
// Behind them is what only compiled code uses (values of defined globals, segments); it starts as
// zeros, and `initialize` sets it. The slots of imported entities point to what another instance
// owns; those of defined memories, tables and functions to what the runtime allocates, and those
// of defined globals and tags into the instance itself, at `global_storage` and `tag_storage`.
#ifndef SMELT_INSTANCE_H
#define SMELT_INSTANCE_H

#include <stdint.h>

#include "abi.h"

enum smelt_external_kind {
    SMELT_EXTERNAL_FUNCTION = 0,
    SMELT_EXTERNAL_TABLE = 1,
    SMELT_EXTERNAL_MEMORY = 2,
    SMELT_EXTERNAL_GLOBAL = 3,
    SMELT_EXTERNAL_TAG = 4
};

struct smelt_memory_type {
    uint64_t minimum_pages;
    uint64_t maximum_pages;
    uint64_t reserved_bytes;  // address space that unchecked accesses can reach
    uint32_t page_size_log2;
    uint32_t flags;           // of enum smelt_memory_flags
};

struct smelt_table_type {
    uint64_t minimum;
    uint64_t maximum;
};

// A function that the module defines.
struct smelt_definition {
    const void *code;
    uint32_t type;      // as in smelt_function
    uint32_t reserved;
};

// An export: its name, not zero-terminated, and the index in the index space of its kind.
struct smelt_export {
    const char *name;
    uint64_t name_length;
    uint32_t kind;
    uint32_t index;
    // For functions: calls one of this type from C. `values` holds the arguments and receives the
    // results; it must have room for the larger number of the two.
    void (*invoke)(const struct smelt_function *function, union smelt_value *values);
};

struct smelt_instance;

// What the compiler tells about a module.
struct smelt_module {
    uint64_t instance_size;  // bytes of an instance, slots and storage of globals included

    // How many of each kind there are, and how many of them come first because they are imported.
    uint32_t memory_count, imported_memory_count;
    uint32_t table_count, imported_table_count;
    uint32_t global_count, imported_global_count;
    uint32_t function_count, imported_function_count;
    uint32_t tag_count, imported_tag_count;
    uint32_t export_count;

    // Where the slots are, in bytes from the start of an instance.
    uint32_t memory_slots, table_slots, global_slots, function_slots, tag_slots;
    // Where the values of the defined globals are kept, 16 bytes each.
    uint32_t global_storage;
    // Where the defined tags are: a struct smelt_tag each.
    uint32_t tag_storage;

    const struct smelt_memory_type *memories;      // the defined ones
    const struct smelt_table_type *tables;         // the defined ones
    const struct smelt_definition *functions;      // the defined ones
    const struct smelt_tag *tags;                  // the defined ones, copied into each instance
    const struct smelt_export *exports;
    const char *name;                              // zero-terminated, for messages

    // Gives globals, tables and memories their initial contents and runs the start function. May
    // trap; what was done until then stays done.
    void (*initialize)(struct smelt_instance *instance);
};

// An instance of a module.
struct smelt_instance {
    const struct smelt_module *module;
    struct smelt_context *context;  // for host functions
    // Of libraries; null and 0 elsewhere.
    uint64_t stack_limit;           // the stack pointer of compiled code stays above
    const void *imports;            // what the host has given: smelt/library.h
    struct smelt_library *library;  // the runtime's own
    uint64_t has_image;             // not 0 if memory 0 began with what its data segments say
    uint64_t is_in_host_call;       // not 0 while a function of the host's runs that the guest has called
    uint64_t reserved;              // what is behind is aligned for vectors
};

#endif
