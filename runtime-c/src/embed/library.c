// Instances of libraries, as hosts make and free them.
//
// Whatever goes wrong is returned, and what was taken until then is given back.
#include "library.h"

#include <stddef.h>
#include <string.h>

#include "image.h"
#include "instance.h"
#include "text.h"

enum {
    DEFAULT_STACK_SIZE = 1 << 20,
    SMALLEST_STACK_SIZE = 16 << 10,
    LARGEST_STACK_SIZE = 1 << 30
};

// Errors ----------------------------------------------------------------------------------------

const char *embed_reason(uint32_t status) {
    switch (status) {
    case SMELT_OK: return "";
    case SMELT_EXITED: return "the guest has ended itself";
    case SMELT_HOST_FAILED: return "a function of the host has failed";
    case SMELT_BUSY: return "the instance is in a call";
    case SMELT_NO_RESOURCES: return "there is no memory or address space for the instance";
    case SMELT_BAD_ARGUMENT: return "an argument cannot be right";
    case SMELT_NO_SIGNALS: return "the signals that traps are cannot be handled";
    default: {
        const char *reason = smelt_trap_reason(status);
        return reason == NULL ? "unknown" : reason;
    }
    }
}

static uint32_t fail(struct smelt_error *error, uint32_t status, const char *a, const char *b,
                     const char *c, const char *d) {
    if (error == NULL) return status;
    struct embed_text text;
    error->status = status;
    error->detail = 0;
    embed_text_begin(&text, error);
    smelt_message_text(&text.message, embed_reason(status));
    if (a != NULL) smelt_message_text(&text.message, ": ");
    smelt_message_text(&text.message, a);
    smelt_message_text(&text.message, b);
    smelt_message_text(&text.message, c);
    smelt_message_text(&text.message, d);
    smelt_message_text(&text.message, "\n");
    smelt_message_flush(&text.message);
    return status;
}

void embed_fail(struct smelt_library *library, uint32_t status, int32_t detail) {
    fail(&library->error, status, NULL, NULL, NULL, NULL);
    library->error.detail = detail;
}

const struct smelt_error *smelt_library_error(const struct smelt_instance *instance) {
    return &instance->library->error;
}

// Arguments -------------------------------------------------------------------------------------

static uint32_t check_imports(const struct smelt_library_module *module,
                              const struct smelt_import_header *imports,
                              struct smelt_error *error) {
    uint32_t count = module->function_import_count;
    if (imports == NULL) {
        if (count == 0 && module->global_import_count == 0) return SMELT_OK;
        return fail(error, SMELT_BAD_ARGUMENT, "the module has imports, and there are none", NULL, NULL,
                    NULL);
    }
    if (imports->size != module->imports_size) {
        return fail(error, SMELT_BAD_ARGUMENT, "the size of the imports is not that of this header",
                    NULL, NULL, NULL);
    }
    const void *const *functions = (const void *const *)(imports + 1);
    for (uint32_t index = 0; index < count; index++) {
        const struct smelt_function_import *import = &module->function_imports[index];
        if (functions[index] != NULL) continue;
        return fail(error, SMELT_BAD_ARGUMENT, "there is no function for the import ", import->module,
                    ".", import->name);
    }
    return SMELT_OK;
}

static uint32_t read_options(const struct smelt_options *given, struct smelt_options *options,
                             struct smelt_error *error) {
    const struct smelt_options defaults = SMELT_OPTIONS_INIT;
    *options = defaults;
    if (given != NULL) {
        // Of an earlier version, which has fewer; what a later one has beyond these is not known here.
        if (given->size < sizeof given->size || given->size > sizeof *options) {
            return fail(error, SMELT_BAD_ARGUMENT, "the size of the options is not of this version",
                        NULL, NULL, NULL);
        }
        memcpy(options, given, given->size);
    }
    if ((options->flags & ~(uint32_t)SMELT_ONE_THREAD) != 0 || options->streams > 7) {
        return fail(error, SMELT_BAD_ARGUMENT, "the options have flags that are not known", NULL, NULL,
                    NULL);
    }
    if (options->stack_size != 0 && (options->stack_size < SMALLEST_STACK_SIZE ||
                                     options->stack_size > LARGEST_STACK_SIZE)) {
        return fail(error, SMELT_BAD_ARGUMENT, "stack_size must be between 16 KiB and 1 GiB", NULL, NULL,
                    NULL);
    }
    return SMELT_OK;
}

// Making and freeing ----------------------------------------------------------------------------

static bool limit_memories(const struct smelt_instance *instance, uint64_t bytes) {
    if (bytes == 0) return true;
    for (uint32_t index = 0; index < instance->module->memory_count; index++) {
        struct smelt_memory *memory = smelt_instance_memory(instance, index);
        if (memory->byte_size > bytes) return false;
        uint64_t pages = bytes >> memory->page_size_log2;
        if (pages < memory->maximum_pages) memory->maximum_pages = pages;
    }
    return true;
}

static void copy_imports(const struct smelt_library_module *module, struct smelt_library *library,
                         const struct smelt_import_header *imports) {
    if (imports == NULL) return;
    memmove(library->imports, imports, module->imports_size);
    for (uint32_t index = 0; index < module->global_import_count; index++) {
        const struct smelt_global_import *import = &module->global_imports[index];
        memcpy(smelt_instance_global(library->instance, import->index),
               (const uint8_t *)imports + import->offset, import->size);
    }
}

static void run_initializer(struct smelt_instance *instance, union smelt_value *values) {
    (void)values;
    instance->module->initialize(instance);
}

// Gives the guest what it has of WASI. Null, or why it cannot have that.
static const char *grant(struct smelt_library *library, const struct smelt_options *options) {
    const struct smelt_library_module *module = library->module;
    if (module->exported_memory != UINT32_MAX) {
        library->context.memory =
            smelt_instance_memory(library->instance, module->exported_memory);
    }
    if (module->wasi == NULL) return NULL;
    library->context.wasi = (uint8_t *)library->imports + module->imports_size;
    return module->wasi->begin(library->context.wasi, options);
}

static void destroy(struct smelt_library *library) {
    const struct smelt_library_wasi *wasi = library->module->wasi;
    if (wasi != NULL && library->context.wasi != NULL) wasi->end(library->context.wasi);
    smelt_instance_destroy(library->instance);
}

// Runs what instantiation runs, and `_initialize`.
static uint32_t start(struct smelt_library *library) {
    struct smelt_instance *instance = library->instance;
    union smelt_value values;
    uint32_t status = smelt_library_call(instance, run_initializer, &values);
    if (status == SMELT_OK) embed_image_make(instance, library->module->image);
    if (status == SMELT_OK && library->module->start != NULL) {
        status = smelt_library_call(instance, library->module->start, &values);
    }
    return status;
}

uint32_t smelt_library_new(const struct smelt_library_module *module,
                           const struct smelt_import_header *imports,
                           const struct smelt_options *given, struct smelt_error *error,
                           struct smelt_instance **result) {
    const struct smelt_imports nothing = {NULL, NULL, NULL, NULL, NULL};
    struct smelt_options options;
    struct smelt_instance *instance;
    *result = NULL;
    if (error != NULL) {
        error->status = SMELT_OK;
        error->detail = 0;
        error->message[0] = 0;
    }
    uint32_t status = read_options(given, &options, error);
    bool has_stack_size = options.stack_size != 0;
    if (!has_stack_size) options.stack_size = DEFAULT_STACK_SIZE;
    if (status == SMELT_OK) status = check_imports(module, imports, error);
    if (status != SMELT_OK) return status;
    if (!embed_handle_signals()) return fail(error, SMELT_NO_SIGNALS, NULL, NULL, NULL, NULL);
    if (smelt_instance_create(module->module, &nothing, NULL,
                              sizeof(struct smelt_library) + module->imports_size +
                                  (module->wasi == NULL ? 0 : module->wasi->state_size),
                              &instance) != SMELT_INSTANCE_OK) {
        return fail(error, SMELT_NO_RESOURCES, NULL, NULL, NULL, NULL);
    }
    struct smelt_library *library = smelt_instance_extra(instance);
    library->module = module;
    library->instance = instance;
    library->stack_size = options.stack_size;
    library->has_stack_size = has_stack_size;
    instance->library = library;
    instance->imports = library->imports;
    instance->context = &library->context;
    copy_imports(module, library, imports);
    const char *refusal = grant(library, &options);
    if (refusal != NULL) {
        status = fail(error, SMELT_BAD_ARGUMENT, refusal, NULL, NULL, NULL);
    } else if (!limit_memories(instance, options.maximum_memory)) {
        status = fail(error, SMELT_NO_RESOURCES, "maximum_memory is less than what a memory begins with",
                      NULL, NULL, NULL);
    } else if (!embed_image_map(instance, module->image)) {
        status = fail(error, SMELT_NO_RESOURCES, NULL, NULL, NULL, NULL);
    } else {
        library->is_bound = (options.flags & SMELT_ONE_THREAD) != 0;
        status = start(library);
        if (status != SMELT_OK && error != NULL) *error = library->error;
    }
    if (status != SMELT_OK) {
        destroy(library);
        return status;
    }
    *result = instance;
    return SMELT_OK;
}

uint32_t smelt_library_free(struct smelt_instance *instance) {
    if (instance == NULL) return SMELT_OK;
    struct smelt_library *library = instance->library;
    const struct thread *thread = embed_this_thread();
    if (!embed_owns(library, thread) && !embed_take(library, thread)) return SMELT_BUSY;
    if (library->activation != NULL) return SMELT_BUSY;
    destroy(library);
    return SMELT_OK;
}

uint32_t smelt_library_reset(struct smelt_instance *instance) {
    struct smelt_library *library = instance->library;
    const struct smelt_library_module *module = library->module;
    const struct thread *thread = embed_this_thread();
    if (!embed_owns(library, thread) && !embed_take(library, thread)) return SMELT_BUSY;
    if (library->activation != NULL) return SMELT_BUSY;
    uint32_t status = SMELT_NO_RESOURCES;
    bool is_clear = smelt_instance_clear(instance);
    if (is_clear && module->wasi != NULL) is_clear = module->wasi->reset(library->context.wasi);
    if (is_clear) {
        const struct smelt_import_header *imports = (const void *)library->imports;
        if (imports->size != 0) copy_imports(module, library, imports);
        status = start(library);
    } else {
        embed_fail(library, status, 0);
    }
    embed_release(library);
    return status;
}

uint32_t smelt_library_memory_grow(struct smelt_memory *memory, uint64_t delta_pages,
                                   uint64_t *old_pages) {
    uint64_t old = smelt_memory_grow(memory, delta_pages);
    if (old == UINT64_MAX) return SMELT_NO_RESOURCES;
    if (old_pages != NULL) *old_pages = old;
    return SMELT_OK;
}

uint32_t smelt_library_function_type(const struct smelt_instance *instance, const void *reference) {
    if (reference == NULL) return 0;
    if (!smelt_instance_owns_function(instance, reference)) return UINT32_MAX;
    return ((const struct smelt_function *)reference)->type;
}
