// Calls of a guest's functions with values of a host.
//
// sandbox: the guest says where its results are, and nothing of that is believed: every address and every
// length is compared with the size that the memory has at that moment, before it is read or written.
#include "glue.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

#include "embed/instance.h"
#include "embed/library.h"
#include "internal.h"
#include "ticker.h"
#include "utf8.h"

uint32_t glue_element_size(uint32_t element) {
    switch (element) {
    case GLUE_INTEGER:
    case GLUE_REAL: return 4;
    case GLUE_BIGINT:
    case GLUE_FLOAT: return 8;
    default: return 1;
    }
}

// Failures --------------------------------------------------------------------------------------

uint32_t glue_fail(struct glue *glue, const char *text) {
    size_t length = strlen(text);
    if (length > sizeof glue->error.message - 2) length = sizeof glue->error.message - 2;
    glue->error.status = SMELT_HOST_FAILED;
    glue->error.detail = 0;
    memcpy(glue->error.message, text, length);
    glue->error.message[length] = '\n';
    glue->error.message[length + 1] = 0;
    return SMELT_HOST_FAILED;
}

uint64_t glue_reason_length(const struct glue *glue) {
    uint64_t length = 0;
    while (glue->error.message[length] != 0 && glue->error.message[length] != '\n') length++;
    return length;
}

// Notes why a call of the guest has failed.
uint32_t glue_guest_failed(struct glue *glue, uint32_t status) {
    // A text of the host's own says more than that there was one.
    bool is_ours = status == SMELT_HOST_FAILED || status == SMELT_INTERRUPTED;
    if (is_ours && glue->error.message[0] != 0) return status;
    if (status == SMELT_BUSY) return glue_fail(glue, embed_reason(status));
    glue->error = *smelt_library_error(glue->instance);
    return status;
}

// Instances -------------------------------------------------------------------------------------

// Lets whichever thread comes next have an instance.
static void disown(struct smelt_library *library) {
    __atomic_store_n(&library->owner, (__typeof__(library->owner))0, __ATOMIC_RELEASE);
}

static uint32_t import_traps(void *context, struct smelt_instance *instance) {
    (void)instance;
    return glue_fail(context, "an imported function that does nothing was called");
}

static uint32_t say(struct glue *glue, uint32_t address, uint32_t length, bool is_error) {
    if (address > glue->memory->byte_size || length > glue->memory->byte_size - address) {
        return glue_fail(glue, "a text of the guest's is not in its memory");
    }
    const uint8_t *text = glue->memory->base + address;
    if (!glue_is_utf8(text, length)) return glue_fail(glue, "a text of the guest's is not UTF-8");
    return glue->say == NULL ? 0 : glue->say(glue, (const char *)text, length, is_error);
}

static uint32_t import_notice(void *context, struct smelt_instance *instance, uint32_t address,
                              uint32_t length) {
    (void)instance;
    return say(context, address, length, false);
}

static uint32_t import_error(void *context, struct smelt_instance *instance, uint32_t address,
                             uint32_t length) {
    (void)instance;
    return say(context, address, length, true);
}

static const void *import_function(uint32_t role) {
    switch (role) {
    case GLUE_NOTICE: return (const void *)import_notice;
    case GLUE_ERROR: return (const void *)import_error;
    // Whatever the type of the import is: its arguments are not looked at.
    default: return (const void *)import_traps;
    }
}

enum { MAXIMUM_IMPORTS = 256, DEFAULT_STACK = 1 << 20 };

static uint32_t create(struct glue *glue) {
    const struct glue_table *table = glue->table;
    uint64_t imports[2 + MAXIMUM_IMPORTS];
    uint32_t count = table->library->function_import_count;
    if (count > MAXIMUM_IMPORTS) return glue_fail(glue, "the module has too many imports");
    struct smelt_import_header *header = (struct smelt_import_header *)imports;
    header->size = table->library->imports_size;
    header->context = glue;
    for (uint32_t index = 0; index < count; index++) {
        imports[2 + index] = (uint64_t)(uintptr_t)import_function(table->import_roles[index]);
    }
    struct smelt_options options = SMELT_OPTIONS_INIT;
    options.maximum_memory = table->maximum_memory;
    // The default is what a thread's stack can give, and nothing on stacks that nobody knows.
    if (table->stack_size != DEFAULT_STACK) options.stack_size = table->stack_size;
    // A call need not take the instance then.
    options.flags = SMELT_ONE_THREAD;
    bool ticks = glue->interrupt == NULL && glue->interrupted != NULL;
    options.interrupt = ticks ? &glue->ticker : glue->interrupt;
    options.interrupted = glue->interrupted;
    options.interrupt_context = glue;
    if (ticks) glue_ticker_add(glue);
    return smelt_library_new(table->library, count == 0 ? NULL : header, &options, &glue->error,
                             &glue->instance);
}

void glue_begin(struct glue *glue, const struct glue_table *table) {
    memset(glue, 0, sizeof *glue);
    glue->table = table;
    glue->epoch = 1;
}

static void forget(struct glue *glue) {
    memset(glue->buffers, 0, sizeof glue->buffers);
    glue->block_count = 0;
    glue->result_release = NULL;
    glue->is_busy = false;
    glue->epoch++;
}

void glue_end(struct glue *glue) {
    glue_ticker_remove(glue);
    if (glue->instance != NULL) {
        struct smelt_library *library = glue->instance->library;
        if (library->activation == NULL) disown(library);
        smelt_library_free(glue->instance);
    }
    glue->instance = NULL;
    forget(glue);
}

static uint32_t run_starts(struct glue *glue);

// Whoever has been the owner: see enter.
static uint32_t reset(struct glue *glue) {
    struct smelt_library *library = glue->instance->library;
    if (library->activation == NULL) disown(library);
    return smelt_library_reset(glue->instance);
}

// Makes the instance new. If that cannot be, the next call tries to make another one.
static void renew(struct glue *glue) {
    struct smelt_error error = glue->error;
    glue_ticker_begin(glue);
    forget(glue);
    if (reset(glue) != SMELT_OK || run_starts(glue) != SMELT_OK) glue_end(glue);
    glue->error = error;
}

static uint32_t make(struct glue *glue) {
    glue_ticker_begin(glue);
    uint32_t status = create(glue);
    if (status != SMELT_OK) return status;
    if (glue->table->memory != UINT32_MAX) {
        glue->memory = smelt_instance_memory(glue->instance, glue->table->memory);
    }
    status = run_starts(glue);
    if (status != SMELT_OK) glue_end(glue);
    return status;
}

uint32_t glue_prepare(struct glue *glue) {
    if (__builtin_expect(glue->instance != NULL && !glue->is_busy, true)) return SMELT_OK;
    uint32_t status = SMELT_OK;
    if (glue->instance != NULL) renew(glue);
    if (glue->instance == NULL) status = make(glue);
    glue_ticker_end(glue);
    return status;
}

// Calls -----------------------------------------------------------------------------------------

// Calls the guest. The host has one thread at a time here, and it may be another one than before: the
// instance becomes that one's then.
uint32_t glue_enter(struct glue *glue, const struct glue_call *call,
                       union smelt_value *values) {
    uint32_t status = smelt_library_call(glue->instance, call->body, values);
    if (__builtin_expect(status != SMELT_BUSY, true)) return status;
    struct smelt_library *library = glue->instance->library;
    if (library->activation != NULL) return status;
    disown(library);
    return smelt_library_call(glue->instance, call->body, values);
}

static uint64_t pass_value(const struct glue_pass *pass, const struct glue_value *arguments,
                           const uint64_t *state, const struct glue_returned *returned,
                           const struct glue_places *places) {
    switch (pass->source) {
    case GLUE_NUMBER: return arguments[pass->value].is_null ? 0 : arguments[pass->value].bits;
    case GLUE_POINTER: return places->arguments[pass->value];
    case GLUE_LENGTH: return arguments[pass->value].is_null ? 0 : arguments[pass->value].length;
    case GLUE_IS_NULL: return arguments[pass->value].is_null;
    case GLUE_STATE: return *state;
    case GLUE_RESULT_POINTER: return places->result;
    case GLUE_RESULT_CAPACITY: return returned->capacity;
    case GLUE_LITERAL: return places->literals + pass->value;
    default: return pass->value;
    }
}

static uint32_t check_status(struct glue *glue, const struct glue_call *call,
                             const union smelt_value *values) {
    if (call->has_status == 0) return SMELT_OK;
    bool is_it = (int64_t)glue_extend(values[0].i64, call->word) == call->status;
    if (is_it == (call->has_status == 1)) return SMELT_OK;
    return glue_fail(glue, "the function says that it has failed");
}

static uint32_t run(struct glue *glue, const struct glue_call *call,
                    const struct glue_value *arguments, const uint64_t *state,
                    const struct glue_returned *returned, struct glue_value *result,
                    uint64_t *word) {
    union smelt_value values[GLUE_MAXIMUM_PASSES];
    struct glue_places places;
    uint32_t status = SMELT_OK;
    places.literals = places.result = 0;
    if (call->in_memory || call->literals_size > 0 ||
        (returned != NULL && returned->form == GLUE_BUFFER)) {
        status = glue_put_all(glue, call, arguments, returned, &places);
        if (status != SMELT_OK) return status;
    }
    for (uint32_t index = 0; index < call->pass_count; index++) {
        values[index].i64 = pass_value(&call->passes[index], arguments, state, returned, &places);
    }
    glue->error.message[0] = 0;
    status = glue_enter(glue, call, values);
    if (__builtin_expect(status != SMELT_OK, false)) return glue_guest_failed(glue, status);
    status = check_status(glue, call, values);
    if (status != SMELT_OK) return status;
    if (word != NULL) *word = glue_extend(values[0].i64, call->word);
    if (returned == NULL) return SMELT_OK;
    return glue_read_result(glue, call, returned, &places, values, result);
}

bool glue_is_late(struct glue *glue) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    uint64_t now = (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
    glue->ticker = 0;
    if (glue->start == 0) glue->start = now - GLUE_TICK * 1000000;
    uint64_t deadline = glue->table->deadline;
    return deadline != 0 && now - glue->start >= deadline * 1000000;
}

uint32_t glue_call(struct glue *glue, const struct glue_call *call, const struct glue_value *arguments,
                   const uint64_t *state, const struct glue_returned *returned,
                   struct glue_value *result, uint64_t *word) {
    uint32_t status = glue_prepare(glue);
    if (status != SMELT_OK) return status;
    glue->is_busy = true;
    glue_ticker_begin(glue);
    status = run(glue, call, arguments, state, returned, result, word);
    if (__builtin_expect(status != SMELT_OK, false)) {
        renew(glue);
        glue_ticker_end(glue);
    }
    return status;
}

bool glue_is_plain(const struct glue_function *function) {
    const struct glue_call *call = function->main;
    const struct glue_returned *returned = function->returned;
    if (function->kind != GLUE_SCALAR || (function->flags & GLUE_CALLED_ON_NULL) != 0) return false;
    if (call->pass_count != function->argument_count || call->has_status != 0) return false;
    if (returned->form != GLUE_VALUE || returned->has_null != 0) return false;
    for (uint32_t index = 0; index < call->pass_count; index++) {
        const struct glue_pass *pass = &call->passes[index];
        if (pass->source != GLUE_NUMBER || pass->value != index) return false;
    }
    return true;
}

uint32_t glue_call_plain(struct glue *glue, const struct glue_call *call, union smelt_value *values) {
    uint32_t status = glue_prepare(glue);
    if (__builtin_expect(status != SMELT_OK, false)) return status;
    glue_ticker_begin(glue);
    glue->error.message[0] = 0;
    status = glue_enter(glue, call, values);
    if (__builtin_expect(status != SMELT_OK, false)) {
        status = glue_guest_failed(glue, status);
        renew(glue);
    }
    glue_ticker_end(glue);
    return status;
}

static uint32_t release_all(struct glue *glue) {
    uint32_t status = SMELT_OK;
    if (glue->result_release != NULL) {
        struct glue_block block = {glue->result_address, glue->result_length};
        status = glue_call_with_block(glue, glue->result_release, block, NULL);
        glue->result_release = NULL;
    }
    const struct glue_call *release = glue->table->release;
    while (glue->block_count > 0 && status == SMELT_OK) {
        struct glue_block block = glue->blocks[--glue->block_count];
        if (release != NULL) status = glue_call_with_block(glue, release, block, NULL);
    }
    return status;
}

uint32_t glue_finish(struct glue *glue) {
    if (glue->result_release != NULL || glue->block_count > 0) {
        glue->error.message[0] = 0;
        uint32_t status = release_all(glue);
        if (status != SMELT_OK) {
            renew(glue);
            glue_ticker_end(glue);
            return status;
        }
    }
    glue->is_busy = false;
    glue_ticker_end(glue);
    return SMELT_OK;
}

// What the manifest has called first. A program that ends without an error has done its work.
static uint32_t run_starts(struct glue *glue) {
    for (uint32_t index = 0; index < glue->table->start_count; index++) {
        const struct glue_call *call = &glue->table->starts[index];
        uint32_t status = run(glue, call, NULL, NULL, NULL, NULL, NULL);
        if (status == SMELT_EXITED && glue->error.detail == 0) status = SMELT_OK;
        if (status == SMELT_OK) status = release_all(glue);
        if (status != SMELT_OK) return status;
    }
    return SMELT_OK;
}
