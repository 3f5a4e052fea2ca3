// Memory for what has no size that is known beforehand: the texts and messages of HTTP.
#ifndef SMELT_WASI_P2_HEAP_H
#define SMELT_WASI_P2_HEAP_H

#include <stddef.h>

#include "state.h"

// Memory, all zeros; ends the guest if there is none. Who frees it says how much it was.
void *p2_allocate(struct p2_state *state, size_t size);
void p2_free(struct p2_state *state, void *memory, size_t size);

// A text of its own; null for no bytes.
struct p2_text {
    char *bytes;
    size_t length;
};
void p2_text_set(struct p2_state *state, struct p2_text *text, const void *bytes, size_t length);
void p2_text_free(struct p2_state *state, struct p2_text *text);

#endif
