// Results that many functions have.
#ifndef SMELT_WASI_P2_RESULTS_H
#define SMELT_WASI_P2_RESULTS_H

#include "core/guest.h"
#include "streams.h"

// Makes a result area, all zeros, one of a stream-error: `payload` is where its error begins.
static inline void p2_store_stream_error(struct p2_state *state, uint8_t *area, uint32_t payload,
                                         enum p2_error_origin origin, int64_t code) {
    area[0] = 1;
    if (code == P2_STREAM_ENDED) {
        area[payload] = 1;
    } else {
        guest_store_u32(area + payload + 4, p2_new_error(state, origin, (int)-code));
    }
}

// Reads from an input stream as its functions do: how many bytes, 0, or as p2_input_source.
int64_t p2_input_read(struct p2_state *state, struct p2_resource *stream, void *buffer,
                      size_t length, bool blocks);

#endif
