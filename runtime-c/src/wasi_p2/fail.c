// The end of a program whose component does what cannot be.
#include "core/message.h"
#include "state.h"

// Tests put something else in its place.
#if defined(SMELT_NATIVE_TESTS)
__attribute__((weak))
#endif
_Noreturn void p2_fail(const char *what, const char *which) {
    smelt_fail(what, " ", which);
}
