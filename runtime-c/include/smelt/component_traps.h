// Traps of the Component Model.
#ifndef SMELT_COMPONENT_TRAPS_H
#define SMELT_COMPONENT_TRAPS_H

#include <stdint.h>

// Why a component trapped, where the Component Model says so and not core WebAssembly: the numbers that
// generated code gives `smelt_component_trap` before it executes `unreachable`, in the order of the
// rows from 0 on. A text may show the second number, as %u.
#define SMELT_COMPONENT_TRAPS(X) \
    X(UNKNOWN_HANDLE, "unknown handle index %u") \
    X(WRONG_RESOURCE_TYPE, \
      "handle index %u used with the wrong type, expected guest-defined resource but " \
      "found a different guest-defined resource") \
    X(HANDLE_IS_LENT, "cannot remove owned resource while borrowed") \
    X(HANDLE_IS_BORROWED, "handle index %u is a borrow where an own is needed") \
    X(BORROWS_REMAIN, "borrow handles still remain at the end of the call") \
    X(TOO_MANY_HANDLES, "resource table has no free keys") \
    X(CANNOT_LEAVE, "cannot leave component instance") \
    X(CANNOT_ENTER, "cannot enter component instance") \
    X(INVALID_UTF8, "invalid utf-8") \
    X(INVALID_UTF16, "unpaired surrogate in a UTF-16 string") \
    X(INVALID_CHARACTER, "invalid `char` bit pattern") \
    X(INVALID_DISCRIMINANT, "invalid variant discriminant") \
    X(STRING_OUT_OF_BOUNDS, "string content out-of-bounds") \
    X(LIST_OUT_OF_BOUNDS, "list content out-of-bounds") \
    X(ARGUMENTS_OUT_OF_BOUNDS, "parameters or results out of bounds of memory") \
    X(UNALIGNED_POINTER, "unaligned pointer") \
    X(STRING_TOO_LONG, "string is longer than 2^28 bytes") \
    X(LIST_TOO_LONG, "list is longer than 2^28 bytes") \
    X(REALLOC_OUT_OF_BOUNDS, "realloc return: beyond end of memory") \
    X(REALLOC_UNALIGNED, "realloc return: result not aligned") \
    X(UNCAUGHT_EXCEPTION, "an exception reached the border of a component") \
    X(NOT_SUPPORTED, "a function of the Component Model that is not supported") \
    X(INCOMPLETE_UTF8, "incomplete utf-8 byte sequence") \
    X(STRING_POINTER_OUT_OF_BOUNDS, "string pointer/length out of bounds of memory") \
    X(BACKPRESSURE_OUT_OF_RANGE, "backpressure counter overflow")

enum smelt_component_trap_code {
#define SMELT_ROW(name, text) SMELT_COMPONENT_TRAP_##name,
    SMELT_COMPONENT_TRAPS(SMELT_ROW)
#undef SMELT_ROW
    SMELT_COMPONENT_TRAP_COUNT
};

// The text of such a trap; null if there is none of that number.
static inline const char *smelt_component_trap_text(uint32_t code) {
    switch (code) {
#define SMELT_ROW(name, text) \
    case SMELT_COMPONENT_TRAP_##name: return text;
        SMELT_COMPONENT_TRAPS(SMELT_ROW)
#undef SMELT_ROW
    default: return 0;
    }
}

// Says why the `unreachable` behind its call traps; `detail` is shown by texts that have a place for it.
struct smelt_context;
void smelt_component_trap(struct smelt_context *context, uint32_t code, uint32_t detail);

#endif
