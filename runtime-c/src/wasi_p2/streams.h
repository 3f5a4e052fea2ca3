// Streams of bytes, whatever is behind them.
#ifndef SMELT_WASI_P2_STREAMS_H
#define SMELT_WASI_P2_STREAMS_H

#include <stddef.h>

#include "state.h"

// What operations return besides numbers of bytes; other negative numbers are errors of Linux.
enum { P2_STREAM_ENDED = -4096 };

// How much is read at once, and what a stream may be told to take at once.
enum { P2_READ_LIMIT = 1 << 20, P2_WRITE_PERMIT = 1 << 16 };

struct p2_input_source {
    enum p2_error_origin origin;
    // Reads without waiting: how many bytes, 0 for none yet, P2_STREAM_ENDED, or an error.
    int64_t (*read)(struct p2_state *state, struct p2_resource *stream, void *buffer,
                    size_t length);
    // Says what reading waits for; null if there is nothing to wait for.
    void (*prepare)(struct p2_state *state, struct p2_resource *stream, struct p2_wait *wait);
    // Gives back what the stream has; null for nothing.
    void (*end)(struct p2_state *state, struct p2_resource *stream);
};

struct p2_output_source {
    enum p2_error_origin origin;
    // Takes all of it, or an error. What cannot be written without waiting may be kept.
    int64_t (*write)(struct p2_state *state, struct p2_resource *stream, const void *buffer,
                     size_t length);
    // Writes what was kept, and waits for that if it `blocks`: 0 or an error; null if nothing is kept.
    int64_t (*flush)(struct p2_state *state, struct p2_resource *stream, bool blocks);
    // How much may be written; null for always something.
    int64_t (*check)(struct p2_state *state, struct p2_resource *stream);
    void (*prepare)(struct p2_state *state, struct p2_resource *stream, struct p2_wait *wait);
    void (*end)(struct p2_state *state, struct p2_resource *stream);
};

extern const struct p2_class p2_input_stream;
extern const struct p2_class p2_output_stream;

// New streams, which keep another resource (0 for none).
uint32_t p2_new_input(struct p2_state *state, const struct p2_input_source *source,
                      uint32_t parent, struct p2_resource **stream);
uint32_t p2_new_output(struct p2_state *state, const struct p2_output_source *source,
                       uint32_t parent, struct p2_resource **stream);

// What is behind descriptors of pipes, terminals and the like (streams of the process).
extern const struct p2_input_source p2_input_fd;
extern const struct p2_output_source p2_output_fd;

// A new error.
uint32_t p2_new_error(struct p2_state *state, enum p2_error_origin origin, int code);
extern const struct p2_class p2_error_class;

#endif
