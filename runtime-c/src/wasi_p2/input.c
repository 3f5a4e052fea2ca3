// wasi:io/streams: input streams.
#include <poll.h>

#include "arena.h"
#include "core/system_calls.h"
#include "poll.h"
#include "results.h"
#include "smelt/component_functions.h"
#include "streams.h"

static void prepare(struct p2_state *state, struct p2_resource *stream, struct p2_wait *wait) {
    wait->is_ready = stream->u.input.is_closed || stream->u.input.source->prepare == NULL;
    if (!wait->is_ready) stream->u.input.source->prepare(state, stream, wait);
}

static void end(struct p2_state *state, struct p2_resource *stream) {
    const struct p2_input_source *source = stream->u.input.source;
    if (source->end != NULL) source->end(state, stream);
}

const struct p2_class p2_input_stream = {
    .name = "input-stream", .end = end, .prepare = prepare};

uint32_t p2_new_input(struct p2_state *state, const struct p2_input_source *source,
                      uint32_t parent, struct p2_resource **stream) {
    uint32_t result = p2_new(state, &p2_input_stream, parent, stream);
    (*stream)->u.input.source = source;
    return result;
}

// Reads, and waits for it first if it may: at least a byte then, or the end.
static int64_t read_some(struct p2_state *state, struct p2_resource *stream, void *buffer,
                         size_t length, bool blocks) {
    struct p2_input *input = &stream->u.input;
    if (input->is_closed) return P2_STREAM_ENDED;
    int64_t result;
    while (true) {
        result = length == 0 ? 0 : input->source->read(state, stream, buffer, length);
        if (result != 0 || !blocks || length == 0) break;
        struct p2_wait wait = {.fd = -1, .deadline = UINT64_MAX};
        prepare(state, stream, &wait);
        if (!wait.is_ready) p2_wait_for(&wait, 1, true);
    }
    if (result < 0) input->is_closed = true;
    return result;
}

int64_t p2_input_read(struct p2_state *state, struct p2_resource *stream, void *buffer,
                      size_t length, bool blocks) {
    return read_some(state, stream, buffer, length, blocks);
}

static uint32_t read_list(struct smelt_context *context, uint32_t self, uint64_t length,
                          bool blocks) {
    struct p2_state *state = p2_state_of(context);
    struct p2_resource *stream = p2_get(context, self, &p2_input_stream);
    uint32_t area_offset, offset;
    uint8_t *area = arena_result(context, 12, 4, &area_offset);
    uint64_t size = length < P2_READ_LIMIT ? length : P2_READ_LIMIT;
    uint8_t *buffer = arena_new(context, size, 1, &offset);
    int64_t result = read_some(state, stream, buffer, size, blocks);
    arena_trim(context, offset, result < 0 ? 0 : (uint32_t)result);
    if (result < 0) {
        p2_store_stream_error(state, area, 4, stream->u.input.source->origin, result);
        return area_offset;
    }
    guest_store_u32(area + 4, offset);
    guest_store_u32(area + 8, (uint32_t)result);
    return area_offset;
}

static uint32_t skip(struct smelt_context *context, uint32_t self, uint64_t length, bool blocks) {
    uint8_t buffer[4096];
    struct p2_state *state = p2_state_of(context);
    struct p2_resource *stream = p2_get(context, self, &p2_input_stream);
    uint32_t area_offset;
    uint8_t *area = arena_result(context, 16, 8, &area_offset);
    uint64_t total = 0;
    int64_t result = 0;
    while (total < length) {
        uint64_t rest = length - total;
        size_t part = rest < sizeof buffer ? (size_t)rest : sizeof buffer;
        result = read_some(state, stream, buffer, part, blocks && total == 0);
        if (result <= 0) break;
        total += (uint64_t)result;
    }
    // What comes behind what was skipped is the next call's, but an error there would be lost.
    if (total == 0 && length > 0 && result < 0) {
        p2_store_stream_error(state, area, 8, stream->u.input.source->origin, result);
    } else {
        guest_store_u64(area + 8, total);
    }
    return area_offset;
}

uint32_t smelt_p2_io_streams_input_stream_read(struct smelt_context *context, uint32_t self,
                                               uint64_t length) {
    return read_list(context, self, length, false);
}

uint32_t smelt_p2_io_streams_input_stream_blocking_read(struct smelt_context *context,
                                                        uint32_t self, uint64_t length) {
    return read_list(context, self, length, true);
}

uint32_t smelt_p2_io_streams_input_stream_skip(struct smelt_context *context, uint32_t self,
                                               uint64_t length) {
    return skip(context, self, length, false);
}

uint32_t smelt_p2_io_streams_input_stream_blocking_skip(struct smelt_context *context,
                                                        uint32_t self, uint64_t length) {
    return skip(context, self, length, true);
}

uint32_t smelt_p2_io_streams_input_stream_subscribe(struct smelt_context *context, uint32_t self) {
    p2_get(context, self, &p2_input_stream);
    return p2_subscribe(context, self, 0);
}

void smelt_p2_io_streams_drop_input_stream(struct smelt_context *context,
                                           uint32_t representation) {
    p2_drop(context, representation, &p2_input_stream);
}
