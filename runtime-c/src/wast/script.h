// A test script as the compiler hands it over: the modules of the program, and the commands as one
// run of bytes. Sources/WastSupport/CommandEncoder.swift writes it; what the fields mean is said
// here. All numbers are little-endian, nothing is aligned.
//
//     script       u32 instances, u32 commands, u32 seconds; the commands
//     command      u8 kind, u32 instance, u32 accepted, then by kind
//       INSTANTIATE  u32 module, u32 imports; the imports
//       INVOKE       u32 export, u32 arguments; the arguments; u32 results; the results
//       GET          u32 global, u32 results (one or none); the result
//     import       u8 kind (enum smelt_external_kind), u32 instance, u32 index in the instance's
//                  index space, u64 minimum (memories and tables: the size that it must have)
//     argument     16 bytes: union smelt_value
//     result       u8 alternatives; the alternatives, one of which must fit
//     alternative  u8 kind: BITS, u8[16] mask, u8[16] value; or NOT_NULL; or what the reference
//                  refers to
//
// `accepted` is a set of outcomes, one bit each: bit 0 for success, bit n for the trap with code
// n, and UNLINKABLE. An outcome outside of the set is a failure of the command.
#ifndef SMELT_WAST_SCRIPT_H
#define SMELT_WAST_SCRIPT_H

#include <stddef.h>
#include <stdint.h>

#include "smelt/instance.h"

enum wast_command_kind { WAST_INSTANTIATE = 0, WAST_INVOKE = 1, WAST_GET = 2 };
enum wast_alternative_kind {
    WAST_BITS = 0,
    WAST_NOT_NULL = 1,
    WAST_I31 = 2,
    WAST_STRUCTURE = 3,
    WAST_ARRAY = 4,
    WAST_EQ = 5  // any of these three
};
enum { WAST_UNLINKABLE = 31 };

// Defined by the compiled script.
extern const struct smelt_module *const smelt_wast_modules[];
extern const uint8_t smelt_wast_script[];

// Reading from a script.
struct wast_reader {
    const uint8_t *position;
};

static inline uint64_t wast_read(struct wast_reader *reader, size_t size) {
    uint64_t value = 0;
    for (size_t index = 0; index < size; index++) {
        value |= (uint64_t)reader->position[index] << (8 * index);
    }
    reader->position += size;
    return value;
}

static inline uint8_t wast_read_byte(struct wast_reader *reader) {
    return (uint8_t)wast_read(reader, 1);
}

static inline uint32_t wast_read_word(struct wast_reader *reader) {
    return (uint32_t)wast_read(reader, 4);
}

static inline const uint8_t *wast_read_value(struct wast_reader *reader) {
    const uint8_t *value = reader->position;
    reader->position += sizeof(union smelt_value);
    return value;
}

#endif
