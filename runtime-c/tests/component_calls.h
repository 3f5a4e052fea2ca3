// Calls of all functions of WASI 0.2 with any arguments, for a test and a fuzzer. What would wait or end
// the process is left out.
#ifndef SMELT_TESTS_COMPONENT_CALLS_H
#define SMELT_TESTS_COMPONENT_CALLS_H

#include "component.h"

// Where arguments come from; zeros at its end.
struct call_bytes {
    const uint8_t *position, *end;
};

// Makes one call. What the host refuses ends it, and true says that it did.
bool component_call(struct component *component, struct call_bytes *bytes);

// Makes calls until there are no more bytes.
void component_calls(struct component *component, const uint8_t *data, size_t size);

#endif
