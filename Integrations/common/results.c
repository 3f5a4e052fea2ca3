// Results on their way out of the guest's memory.
//
// sandbox: every address and every length that the guest returns is compared with the memory's size before
// anything is read.
#include <string.h>

#include "internal.h"
#include "utf8.h"

static uint32_t read_word(struct glue *glue, uint64_t address, uint32_t *word) {
    if (!glue_is_inside(glue, address, 4)) return glue_fail(glue, "the result is not in the guest's memory");
    memcpy(word, glue->memory->base + address, 4);
    return SMELT_OK;
}

static uint32_t call_for_word(struct glue *glue, const struct glue_call *call, uint32_t *word) {
    struct glue_block none = {0, 0};
    return glue_call_with_block(glue, call, none, word);
}

// Where a result is, from what the guest says.
static uint32_t locate(struct glue *glue, const struct glue_returned *returned,
                       const struct glue_places *places, const union smelt_value *values,
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
    if (!glue_is_inside(glue, address, 1)) return glue_fail(glue, "the result is not in the guest's memory");
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
    result->bits = glue_extend(values[0].i64, call->word);
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

uint32_t glue_read_result(struct glue *glue, const struct glue_call *call,
                            const struct glue_returned *returned, const struct glue_places *places,
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
    if (!glue_is_inside(glue, start, (uint64_t)length * glue_element_size(returned->element))) {
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
