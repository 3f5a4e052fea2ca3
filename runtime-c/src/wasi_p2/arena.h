// The arena: the memory of the host's instance, through which arguments and results of strings and
// lists pass. At ARENA_TOP is the offset of the first free byte, 0 for ARENA_BEGIN. Who calls a
// host function puts arguments there, and sets the offset back when it has copied the results; the
// host adds results. Offsets that come from outside are checked like addresses of a guest's.
#ifndef SMELT_WASI_P2_ARENA_H
#define SMELT_WASI_P2_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/guest.h"
#include "smelt/abi.h"

enum { ARENA_TOP = 0, ARENA_BEGIN = 16 };

// The bytes at an offset that the caller gave; ends the guest if they are not in the arena.
uint8_t *arena_at(const struct smelt_context *context, uint32_t offset, uint64_t length);

// The same for `count` elements of `size` bytes.
uint8_t *arena_list(const struct smelt_context *context, uint32_t offset, uint32_t count,
                    uint32_t size);

// New bytes, whose contents are not set; `alignment` is a power of 2. Ends the guest if there is no
// room. Pointers into the arena stay valid.
uint8_t *arena_new(const struct smelt_context *context, uint64_t size, uint32_t alignment,
                   uint32_t *offset);

// Gives back what lies behind the first `used` bytes of the latest allocation.
void arena_trim(const struct smelt_context *context, uint32_t offset, uint32_t used);

// A result area, all zeros.
uint8_t *arena_result(const struct smelt_context *context, uint32_t size, uint32_t alignment,
                      uint32_t *offset);

// Copies bytes into the arena and stores where they are, and their number, at `place`.
void arena_store_bytes(const struct smelt_context *context, uint8_t *place, const void *bytes,
                       size_t length);

// The same for a text. What is not UTF-8 in it is replaced.
void arena_store_text(const struct smelt_context *context, uint8_t *place, const void *text,
                      size_t length);

// Whether a text is UTF-8.
bool p2_is_utf8(const void *text, size_t length);

// Results of one kind that many functions have: result<_, enum>, an area of two bytes.
uint32_t arena_outcome(const struct smelt_context *context, bool is_error, uint32_t error);

#endif
