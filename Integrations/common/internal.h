// What the files of a call share.
#ifndef SMELT_GLUE_INTERNAL_H
#define SMELT_GLUE_INTERNAL_H

#include "glue.h"

// Where in the guest's memory is what a call passes.
struct glue_places {
    uint32_t arguments[GLUE_MAXIMUM_ARGUMENTS];
    uint32_t literals, result;
};

// Enters the guest, and nothing more.
uint32_t glue_enter(struct glue *glue, const struct glue_call *call, union smelt_value *values);

// Notes why a call of the guest has failed.
uint32_t glue_guest_failed(struct glue *glue, uint32_t status);

// Whether a range is inside of the memory.
bool glue_is_inside(const struct glue *glue, uint64_t address, uint64_t size);

// Calls what allocates or releases, or something without arguments. `result` may be null.
uint32_t glue_call_with_block(struct glue *glue, const struct glue_call *call,
                              struct glue_block block, uint32_t *result);

// Puts into the guest's memory what has to be there.
uint32_t glue_put_all(struct glue *glue, const struct glue_call *call,
                      const struct glue_value *arguments, const struct glue_returned *returned,
                      struct glue_places *places);

uint32_t glue_read_result(struct glue *glue, const struct glue_call *call,
                          const struct glue_returned *returned, const struct glue_places *places,
                          const union smelt_value *values, struct glue_value *result);

// The bits of a result as those of a value: integers with their sign.
static inline uint64_t glue_extend(uint64_t bits, uint32_t word) {
    return word == GLUE_I32 ? (uint64_t)(int64_t)(int32_t)(uint32_t)bits
           : word == GLUE_F32 ? (uint32_t)bits : bits;
}

#endif
