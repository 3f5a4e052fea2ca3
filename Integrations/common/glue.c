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
static uint32_t guest_failed(struct glue *glue, uint32_t status) {
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

// The guest's memory ----------------------------------------------------------------------------

static bool is_inside(const struct glue *glue, uint64_t address, uint64_t size) {
    uint64_t limit = glue->memory->byte_size;
    return address <= limit && size <= limit - address;
}

// Calls the guest. The host has one thread at a time here, and it may be another one than before: the
// instance becomes that one's then.
static inline uint32_t enter(struct glue *glue, const struct glue_call *call,
                             union smelt_value *values) {
    uint32_t status = smelt_library_call(glue->instance, call->body, values);
    if (__builtin_expect(status != SMELT_BUSY, true)) return status;
    struct smelt_library *library = glue->instance->library;
    if (library->activation != NULL) return status;
    disown(library);
    return smelt_library_call(glue->instance, call->body, values);
}

// Calls what allocates or releases.
static uint32_t call_with_block(struct glue *glue, const struct glue_call *call,
                                struct glue_block block, uint32_t *result) {
    union smelt_value values[GLUE_MAXIMUM_PASSES];
    for (uint32_t index = 0; index < call->pass_count; index++) {
        const struct glue_pass *pass = &call->passes[index];
        values[index].i64 = pass->source == GLUE_BLOCK_POINTER  ? block.address
                            : pass->source == GLUE_BLOCK_LENGTH ? block.size
                                                                : pass->value;
    }
    uint32_t status = enter(glue, call, values);
    if (status != SMELT_OK) return guest_failed(glue, status);
    if (result != NULL) *result = values[0].i32;
    return SMELT_OK;
}

static uint32_t allocate(struct glue *glue, uint64_t size, struct glue_block *block) {
    if (size == 0) size = 1;
    if (size > INT32_MAX) return glue_fail(glue, "an argument is larger than 2 GiB");
    block->address = 0;
    block->size = (uint32_t)size;
    uint32_t status = call_with_block(glue, glue->table->allocate, *block, &block->address);
    if (status != SMELT_OK) return status;
    if (block->address == 0) return glue_fail(glue, "the guest has no memory for an argument");
    if (!is_inside(glue, block->address, size)) {
        return glue_fail(glue, "what the guest has allocated is not in its memory");
    }
    return SMELT_OK;
}

// Room for something that is passed; `place` tells what, as buffers are kept for each place.
static uint32_t take(struct glue *glue, uint64_t size, uint32_t place, bool is_given,
                     uint32_t *address) {
    struct glue_block block;
    bool is_kept = (glue->table->flags & GLUE_REUSES_BUFFERS) != 0 && !is_given;
    struct glue_block *buffer = &glue->buffers[place];
    if (is_kept && buffer->address != 0 && size <= buffer->size) {
        *address = buffer->address;
        return SMELT_OK;
    }
    if (is_kept) {
        if (size > INT32_MAX / 2) return glue_fail(glue, "an argument is larger than 1 GiB");
        size = size < 64 ? 64 : size * 2;
        if (buffer->address != 0 && glue->table->release != NULL) {
            block = *buffer;
            buffer->address = 0;
            uint32_t status = call_with_block(glue, glue->table->release, block, NULL);
            if (status != SMELT_OK) return status;
        }
    }
    uint32_t status = allocate(glue, size, &block);
    if (status != SMELT_OK) return status;
    *address = block.address;
    if (is_kept) {
        *buffer = block;
    } else if (!is_given) {
        glue->blocks[glue->block_count++] = block;
    }
    return SMELT_OK;
}

// Most arguments are short.
static inline void copy(uint8_t *to, const uint8_t *from, uint64_t size) {
    enum { PIECE = 16, SHORT = 512 };
    if (size > SHORT || size < PIECE) {
        if (size > 0) memcpy(to, from, size);
        return;
    }
    for (uint64_t at = 0; at + PIECE <= size; at += PIECE) __builtin_memcpy(to + at, from + at, PIECE);
    __builtin_memcpy(to + size - PIECE, from + size - PIECE, PIECE);
}

static uint32_t put(struct glue *glue, const struct glue_call *call, uint32_t argument,
                    const struct glue_value *value, uint32_t *address) {
    uint64_t bit = UINT64_C(1) << argument;
    bool is_terminated = (call->terminated & bit) != 0;
    uint64_t size;
    if (value->length > INT32_MAX) return glue_fail(glue, "an argument is larger than 2 GiB");
    size = value->length * glue_element_size(value->element);
    uint32_t status = take(glue, size + is_terminated, argument, (call->given & bit) != 0, address);
    if (status != SMELT_OK) return status;
    if (!is_inside(glue, *address, size + is_terminated)) {
        return glue_fail(glue, "what the guest has allocated is not in its memory");
    }
    copy(glue->memory->base + *address, value->bytes, size);
    if (is_terminated) glue->memory->base[*address + size] = 0;
    return SMELT_OK;
}

// Calls -----------------------------------------------------------------------------------------

struct places {
    uint32_t arguments[GLUE_MAXIMUM_ARGUMENTS];
    uint32_t literals, result;
};

// Puts into the guest's memory what has to be there.
static uint32_t put_all(struct glue *glue, const struct glue_call *call,
                        const struct glue_value *arguments, const struct glue_returned *returned,
                        struct places *places) {
    uint32_t status;
    if (call->literals_size > 0) {
        status = take(glue, call->literals_size, GLUE_MAXIMUM_ARGUMENTS, false, &places->literals);
        if (status != SMELT_OK) return status;
        memcpy(glue->memory->base + places->literals, call->literals, call->literals_size);
    }
    if (returned != NULL && returned->form == GLUE_BUFFER) {
        status = take(glue, returned->capacity, GLUE_MAXIMUM_ARGUMENTS + 1, false, &places->result);
        if (status != SMELT_OK) return status;
    }
    for (uint32_t index = 0; index < call->pass_count && call->in_memory; index++) {
        const struct glue_pass *pass = &call->passes[index];
        if (pass->source != GLUE_POINTER) continue;
        const struct glue_value *value = &arguments[pass->value];
        uint32_t *place = &places->arguments[pass->value];
        *place = 0;
        if (value->is_null) continue;
        status = put(glue, call, (uint32_t)pass->value, value, place);
        if (status != SMELT_OK) return status;
    }
    return SMELT_OK;
}

static uint64_t pass_value(const struct glue_pass *pass, const struct glue_value *arguments,
                           const uint64_t *state, const struct glue_returned *returned,
                           const struct places *places) {
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

static uint64_t extend(uint64_t bits, uint32_t word) {
    return word == GLUE_I32 ? (uint64_t)(int64_t)(int32_t)(uint32_t)bits
           : word == GLUE_F32 ? (uint32_t)bits : bits;
}

static uint32_t check_status(struct glue *glue, const struct glue_call *call,
                             const union smelt_value *values) {
    if (call->has_status == 0) return SMELT_OK;
    bool is_it = (int64_t)extend(values[0].i64, call->word) == call->status;
    if (is_it == (call->has_status == 1)) return SMELT_OK;
    return glue_fail(glue, "the function says that it has failed");
}

static uint32_t read_word(struct glue *glue, uint64_t address, uint32_t *word) {
    if (!is_inside(glue, address, 4)) return glue_fail(glue, "the result is not in the guest's memory");
    memcpy(word, glue->memory->base + address, 4);
    return SMELT_OK;
}

static uint32_t call_for_word(struct glue *glue, const struct glue_call *call, uint32_t *word) {
    struct glue_block none = {0, 0};
    return call_with_block(glue, call, none, word);
}

// Where a result is, from what the guest says.
static uint32_t locate(struct glue *glue, const struct glue_returned *returned,
                       const struct places *places, const union smelt_value *values,
                       uint32_t *address, uint32_t *length) {
    uint64_t word = values[0].i64;
    uint32_t status;
    switch (returned->form) {
    case GLUE_PACKED_POINTER_LENGTH:
        *address = (uint32_t)(word >> 32);
        *length = (uint32_t)word;
        return SMELT_OK;
    case GLUE_PACKED_LENGTH_POINTER:
        *address = (uint32_t)word;
        *length = (uint32_t)(word >> 32);
        return SMELT_OK;
    case GLUE_PAIR:
        *address = values[0].i32;
        *length = values[1].i32;
        return SMELT_OK;
    case GLUE_AREA:
        status = read_word(glue, (uint64_t)(uint32_t)word + 4, length);
        return status == SMELT_OK ? read_word(glue, (uint32_t)word, address) : status;
    case GLUE_BUFFER:
        *address = places->result;
        *length = (uint32_t)word;
        if (*length <= returned->capacity) return SMELT_OK;
        return glue_fail(glue, (int32_t)*length < 0 ? "the function says that it has failed"
                                                    : "the result is larger than its buffer");
    case GLUE_CALLS:
        status = call_for_word(glue, returned->pointer_call, address);
        return status == SMELT_OK ? call_for_word(glue, returned->length_call, length) : status;
    default:
        *address = (uint32_t)word;
        *length = 0;
        return SMELT_OK;
    }
}

// How long a result is that tells so itself.
static uint32_t measure(struct glue *glue, uint32_t form, uint32_t address, uint32_t *length) {
    if (form == GLUE_PREFIXED) return read_word(glue, address, length);
    if (!is_inside(glue, address, 1)) return glue_fail(glue, "the result is not in the guest's memory");
    uint64_t room = glue->memory->byte_size - address;
    const uint8_t *bytes = glue->memory->base + address;
    uint64_t count = 0;
    while (count < room && bytes[count] != 0) count++;
    if (count == room) return glue_fail(glue, "the result has no zero behind it");
    *length = (uint32_t)count;
    return SMELT_OK;
}

static uint32_t read_number(const struct glue_call *call, const struct glue_returned *returned,
                            const union smelt_value *values, struct glue_value *result) {
    result->bits = extend(values[0].i64, call->word);
    if (returned->has_null == 0) return SMELT_OK;
    double number;
    switch (call->word) {
    case GLUE_F64:
        memcpy(&number, &result->bits, 8);
        result->is_null = number == (double)returned->null_value;
        break;
    case GLUE_F32: {
        float single;
        memcpy(&single, &result->bits, 4);
        result->is_null = (double)single == (double)returned->null_value;
        break;
    }
    default: result->is_null = (int64_t)result->bits == returned->null_value;
    }
    return SMELT_OK;
}

static uint32_t read_result(struct glue *glue, const struct glue_call *call,
                            const struct glue_returned *returned, const struct places *places,
                            const union smelt_value *values, struct glue_value *result) {
    result->is_null = false;
    result->element = returned->element;
    if (returned->form == GLUE_VALUE) return read_number(call, returned, values, result);
    uint32_t address, length = 0;
    uint32_t status = locate(glue, returned, places, values, &address, &length);
    if (status != SMELT_OK) return status;
    if (returned->has_null != 0 && (int64_t)address == (int64_t)(uint32_t)returned->null_value) {
        result->is_null = true;
        return SMELT_OK;
    }
    if (returned->form == GLUE_TERMINATED || returned->form == GLUE_PREFIXED) {
        status = measure(glue, returned->form, address, &length);
        if (status != SMELT_OK) return status;
    }
    uint64_t start = (uint64_t)address + (returned->form == GLUE_PREFIXED ? 4 : 0);
    if (!is_inside(glue, start, (uint64_t)length * glue_element_size(returned->element))) {
        return glue_fail(glue, "the result is not in the guest's memory");
    }
    result->bytes = glue->memory->base + start;
    result->length = length;
    if (returned->element == GLUE_TEXT && !glue_is_utf8(result->bytes, length)) {
        return glue_fail(glue, "the result is not text in UTF-8");
    }
    glue->result_release = returned->release;
    glue->result_address = address;
    glue->result_length = length + (returned->form == GLUE_PREFIXED ? 4 : 0);
    return SMELT_OK;
}

static uint32_t run(struct glue *glue, const struct glue_call *call,
                    const struct glue_value *arguments, const uint64_t *state,
                    const struct glue_returned *returned, struct glue_value *result,
                    uint64_t *word) {
    union smelt_value values[GLUE_MAXIMUM_PASSES];
    struct places places;
    uint32_t status = SMELT_OK;
    places.literals = places.result = 0;
    if (call->in_memory || call->literals_size > 0 ||
        (returned != NULL && returned->form == GLUE_BUFFER)) {
        status = put_all(glue, call, arguments, returned, &places);
        if (status != SMELT_OK) return status;
    }
    for (uint32_t index = 0; index < call->pass_count; index++) {
        values[index].i64 = pass_value(&call->passes[index], arguments, state, returned, &places);
    }
    glue->error.message[0] = 0;
    status = enter(glue, call, values);
    if (__builtin_expect(status != SMELT_OK, false)) return guest_failed(glue, status);
    status = check_status(glue, call, values);
    if (status != SMELT_OK) return status;
    if (word != NULL) *word = extend(values[0].i64, call->word);
    if (returned == NULL) return SMELT_OK;
    return read_result(glue, call, returned, &places, values, result);
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
    status = enter(glue, call, values);
    if (__builtin_expect(status != SMELT_OK, false)) {
        status = guest_failed(glue, status);
        renew(glue);
    }
    glue_ticker_end(glue);
    return status;
}

static uint32_t release_all(struct glue *glue) {
    uint32_t status = SMELT_OK;
    if (glue->result_release != NULL) {
        struct glue_block block = {glue->result_address, glue->result_length};
        status = call_with_block(glue, glue->result_release, block, NULL);
        glue->result_release = NULL;
    }
    const struct glue_call *release = glue->table->release;
    while (glue->block_count > 0 && status == SMELT_OK) {
        struct glue_block block = glue->blocks[--glue->block_count];
        if (release != NULL) status = call_with_block(glue, release, block, NULL);
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
