// wasi:io/streams: output streams.
#include <string.h>

#include "arena.h"
#include "poll.h"
#include "results.h"
#include "smelt/component_functions.h"
#include "streams.h"

static void prepare(struct p2_state *state, struct p2_resource *stream, struct p2_wait *wait) {
    wait->is_ready = stream->u.output.is_closed || stream->u.output.source->prepare == NULL;
    if (!wait->is_ready) stream->u.output.source->prepare(state, stream, wait);
}

static void end(struct p2_state *state, struct p2_resource *stream) {
    const struct p2_output_source *source = stream->u.output.source;
    if (source->end != NULL) source->end(state, stream);
}

const struct p2_class p2_output_stream = {
    .name = "output-stream", .end = end, .prepare = prepare};

uint32_t p2_new_output(struct p2_state *state, const struct p2_output_source *source,
                       uint32_t parent, struct p2_resource **stream) {
    uint32_t result = p2_new(state, &p2_output_stream, parent, stream);
    (*stream)->u.output.source = source;
    return result;
}

// How much may be written now, or an error.
static int64_t permit_of(struct p2_state *state, struct p2_resource *stream) {
    struct p2_output *output = &stream->u.output;
    if (output->is_closed) return P2_STREAM_ENDED;
    int64_t permit =
        output->source->check == NULL ? P2_WRITE_PERMIT : output->source->check(state, stream);
    if (permit < 0) output->is_closed = true;
    return permit;
}

static int64_t write_all(struct p2_state *state, struct p2_resource *stream, const void *buffer,
                         size_t length) {
    struct p2_output *output = &stream->u.output;
    if (output->is_closed) return P2_STREAM_ENDED;
    int64_t result = output->source->write(state, stream, buffer, length);
    if (result < 0) output->is_closed = true;
    return result;
}

static int64_t flush_all(struct p2_state *state, struct p2_resource *stream, bool blocks) {
    struct p2_output *output = &stream->u.output;
    if (output->is_closed) return P2_STREAM_ENDED;
    if (output->source->flush == NULL) return 0;
    int64_t result = output->source->flush(state, stream, blocks);
    if (result < 0) output->is_closed = true;
    return result;
}

// result<_, stream-error>
static uint32_t outcome(const struct smelt_context *context, const struct p2_resource *stream,
                        int64_t result) {
    uint32_t offset;
    uint8_t *area = arena_result(context, 12, 4, &offset);
    if (result < 0) {
        p2_store_stream_error(p2_state_of(context), area, 4, stream->u.output.source->origin,
                              result);
    }
    return offset;
}

// result<u64, stream-error>
static uint32_t count_of(const struct smelt_context *context, enum p2_error_origin origin,
                         int64_t result) {
    uint32_t offset;
    uint8_t *area = arena_result(context, 16, 8, &offset);
    if (result < 0) {
        p2_store_stream_error(p2_state_of(context), area, 8, origin, result);
    } else {
        guest_store_u64(area + 8, (uint64_t)result);
    }
    return offset;
}

uint32_t smelt_p2_io_streams_output_stream_check_write(struct smelt_context *context,
                                                       uint32_t self) {
    struct p2_resource *stream = p2_get(context, self, &p2_output_stream);
    int64_t permit = permit_of(p2_state_of(context), stream);
    return count_of(context, stream->u.output.source->origin, permit);
}

uint32_t smelt_p2_io_streams_output_stream_write(struct smelt_context *context, uint32_t self,
                                                 uint32_t contents, uint32_t length) {
    struct p2_resource *stream = p2_get(context, self, &p2_output_stream);
    const uint8_t *bytes = arena_at(context, contents, length);
    return outcome(context, stream, write_all(p2_state_of(context), stream, bytes, length));
}

uint32_t smelt_p2_io_streams_output_stream_blocking_write_and_flush(struct smelt_context *context,
                                                                    uint32_t self,
                                                                    uint32_t contents,
                                                                    uint32_t length) {
    struct p2_state *state = p2_state_of(context);
    struct p2_resource *stream = p2_get(context, self, &p2_output_stream);
    int64_t result = write_all(state, stream, arena_at(context, contents, length), length);
    if (result >= 0) result = flush_all(state, stream, true);
    return outcome(context, stream, result);
}

static uint32_t flush(struct smelt_context *context, uint32_t self, bool blocks) {
    struct p2_resource *stream = p2_get(context, self, &p2_output_stream);
    return outcome(context, stream, flush_all(p2_state_of(context), stream, blocks));
}

uint32_t smelt_p2_io_streams_output_stream_flush(struct smelt_context *context, uint32_t self) {
    return flush(context, self, false);
}

uint32_t smelt_p2_io_streams_output_stream_blocking_flush(struct smelt_context *context,
                                                          uint32_t self) {
    return flush(context, self, true);
}

uint32_t smelt_p2_io_streams_output_stream_subscribe(struct smelt_context *context,
                                                     uint32_t self) {
    p2_get(context, self, &p2_output_stream);
    return p2_subscribe(context, self, 0);
}

static uint32_t write_zeroes(struct smelt_context *context, uint32_t self, uint64_t length,
                             bool flushes) {
    static const uint8_t zeros[4096];
    struct p2_resource *stream = p2_get(context, self, &p2_output_stream);
    int64_t result;
    do {
        size_t part = length < sizeof zeros ? (size_t)length : sizeof zeros;
        result = write_all(p2_state_of(context), stream, zeros, part);
        length -= part;
    } while (result >= 0 && length > 0);
    if (result >= 0 && flushes) result = flush_all(p2_state_of(context), stream, true);
    return outcome(context, stream, result);
}

uint32_t smelt_p2_io_streams_output_stream_write_zeroes(struct smelt_context *context,
                                                        uint32_t self, uint64_t length) {
    return write_zeroes(context, self, length, false);
}

uint32_t smelt_p2_io_streams_output_stream_blocking_write_zeroes_and_flush(
    struct smelt_context *context, uint32_t self, uint64_t length) {
    return write_zeroes(context, self, length, true);
}

void smelt_p2_io_streams_drop_output_stream(struct smelt_context *context,
                                            uint32_t representation) {
    p2_drop(context, representation, &p2_output_stream);
}

// From one stream to another -------------------------------------------------------------------

static void wait_to_write(struct p2_state *state, struct p2_resource *stream) {
    struct p2_wait wait = {.fd = -1, .deadline = UINT64_MAX};
    prepare(state, stream, &wait);
    if (!wait.is_ready) p2_wait_for(&wait, 1, true);
}

static uint32_t splice(struct smelt_context *context, uint32_t self, uint32_t source,
                       uint64_t length, bool blocks) {
    uint8_t buffer[16384];
    struct p2_state *state = p2_state_of(context);
    struct p2_resource *output = p2_get(context, self, &p2_output_stream);
    struct p2_resource *input = p2_get(context, source, &p2_input_stream);
    enum p2_error_origin origin = output->u.output.source->origin;
    int64_t permit = permit_of(state, output);
    while (blocks && permit == 0) {
        wait_to_write(state, output);
        permit = permit_of(state, output);
    }
    if (permit < 0) return count_of(context, origin, permit);
    uint64_t part = length < (uint64_t)permit ? length : (uint64_t)permit;
    if (part > sizeof buffer) part = sizeof buffer;
    int64_t count = p2_input_read(state, input, buffer, (size_t)part, blocks);
    if (count < 0) return count_of(context, input->u.input.source->origin, count);
    if (count > 0) {
        int64_t result = write_all(state, output, buffer, (size_t)count);
        if (result < 0) count = result;
    }
    return count_of(context, origin, count);
}

uint32_t smelt_p2_io_streams_output_stream_splice(struct smelt_context *context, uint32_t self,
                                                  uint32_t source, uint64_t length) {
    return splice(context, self, source, length, false);
}

uint32_t smelt_p2_io_streams_output_stream_blocking_splice(struct smelt_context *context,
                                                           uint32_t self, uint32_t source,
                                                           uint64_t length) {
    return splice(context, self, source, length, true);
}
