// What compiled code and the runtime of libraries agree on, beyond instances (smelt/instance.h) and what
// hosts see (smelt/smelt.h).
#ifndef SMELT_LIBRARY_H
#define SMELT_LIBRARY_H

#include <stdbool.h>
#include <stdint.h>

#include "instance.h"
#include "smelt.h"

// Every structure of imports begins like this. Then come the functions in the order of the module,
// a pointer each, and what globals begin with, as C lays them out.
struct smelt_import_header {
    uint64_t size;  // of all of it, by the host
    void *context;  // handed to each of the functions
};

// An imported function, for messages. Its place is the one behind that of the function before.
struct smelt_function_import {
    const char *module, *name;  // zero-terminated
};

// An imported global: the instance has its own, which begins with what the host says.
struct smelt_global_import {
    uint32_t index;   // in the module's index space
    uint32_t offset;  // in the structure of imports
    uint32_t size;    // bytes of its value
};

// Calls an exported function from C: reads its arguments from `values` and leaves its results there.
typedef void smelt_library_body(struct smelt_instance *instance, union smelt_value *values);

struct smelt_library;
struct wasi_state;

// The runtime's part for modules that import functions of WASI from it.
struct smelt_library_wasi {
    uint64_t state_size;
    // Gives the guest what the options say. Null, or why that cannot be.
    const char *(*begin)(struct wasi_state *state, const struct smelt_options *options);
    // Gives the guest what it has begun with, and nothing else. False if there is no room for that.
    bool (*reset)(struct wasi_state *state);
    // Closes all that is open.
    void (*end)(struct wasi_state *state);
};

// What memory 0 of every instance begins with, found out when the first one is made: a file that exists
// in memory only, to be mapped.
struct smelt_library_image {
    uint32_t state;  // enum smelt_image_state; atomic
    int32_t file;
    uint64_t size;   // bytes, the memory's initial size
    uint64_t device, inode;  // of the file
};

struct smelt_library_module {
    const struct smelt_module *module;
    uint64_t imports_size;  // bytes of the structure of imports
    uint32_t function_import_count, global_import_count;
    const struct smelt_function_import *function_imports;
    const struct smelt_global_import *global_imports;
    smelt_library_body *start;  // calls the start function and `_initialize`; null if there is neither
    const struct smelt_library_wasi *wasi;  // smelt_library_wasi, or null
    uint32_t exported_memory;   // the index of the memory "memory", which WASI works on; or UINT32_MAX
    uint32_t reserved;
    struct smelt_library_image *image;  // null if instances begin with different memories
};

extern const struct smelt_library_wasi smelt_library_wasi;

// Functions of the runtime that the functions of a library are made of -----------------------------------

// Makes an instance. All of its pointers may be null, but not that of the result.
uint32_t smelt_library_new(const struct smelt_library_module *module,
                           const struct smelt_import_header *imports,
                           const struct smelt_options *options, struct smelt_error *error,
                           struct smelt_instance **result);
uint32_t smelt_library_free(struct smelt_instance *instance);
uint32_t smelt_library_reset(struct smelt_instance *instance);
const struct smelt_error *smelt_library_error(const struct smelt_instance *instance);

// Calls a body, and returns what has come of it. After a failure `values` has no results.
uint32_t smelt_library_call(struct smelt_instance *instance, smelt_library_body *body,
                            union smelt_value *values);

// Ends the call that the instance is in: a function of the host has returned this.
_Noreturn void smelt_library_host_failed(struct smelt_instance *instance, uint32_t status);

// Ends the call that the instance is in: the host has handed in a reference of another kind than the
// guest's types say.
_Noreturn void smelt_library_bad_reference(struct smelt_instance *instance);

// The number of the type of the function that a reference is one of; 0 for null, and UINT32_MAX for what is no
// function of the instance.
uint32_t smelt_library_function_type(const struct smelt_instance *instance, const void *reference);

// What a host may read and change while no call is running, or in a call of one of its functions.
uint32_t smelt_library_memory_grow(struct smelt_memory *memory, uint64_t delta_pages,
                                   uint64_t *old_pages);

#endif
