// wasi:http/outgoing-handler, and what comes back: responses, their bodies and trailers. Each of these keeps
// the connection that it came by (exchange.h).
#include <string.h>

#include "exchange.h"
#include "http.h"
#include "poll.h"
#include "smelt/component_functions.h"

static struct p2_exchange *exchange_behind(struct p2_state *state,
                                           const struct p2_resource *resource) {
    return p2_exchange_at(state, resource->parent);
}

// The response as a whole -----------------------------------------------------------------------------

static bool is_there(const struct p2_exchange *exchange) {
    return exchange->reader.has_head || exchange->failure != P2_HTTP_OK;
}

static void prepare_response(struct p2_state *state, struct p2_resource *resource,
                             struct p2_wait *wait) {
    const struct p2_exchange *exchange = exchange_behind(state, resource);
    p2_exchange_advance(state, resource->parent);
    p2_exchange_prepare(state, resource->parent, wait);
    wait->is_ready = is_there(exchange);
}

static const struct p2_class future_class = {.name = "future-incoming-response",
                                             .prepare = prepare_response};
static const struct p2_class response_class = {.name = "incoming-response"};

uint32_t smelt_p2_http_outgoing_handler_handle(struct smelt_context *context, uint32_t request,
                                               uint32_t has_options, uint32_t options) {
    struct p2_state *state = p2_state_of(context);
    const struct p2_http_options *chosen = NULL;
    if (has_options != 0) {
        chosen = p2_get(context, options, &p2_request_options_class)->u.object.memory;
    }
    int error;
    uint32_t exchange = p2_new_exchange(
        state, p2_get(context, request, &p2_outgoing_request_class)->u.object.memory, chosen,
        &error);
    // Both are the host's now.
    p2_drop(context, request, &p2_outgoing_request_class);
    if (has_options != 0) p2_drop(context, options, &p2_request_options_class);
    uint32_t future = 0;
    struct p2_resource *resource;
    if (error == P2_HTTP_OK) future = p2_new(state, &future_class, exchange, &resource);
    p2_drop(context, exchange, &p2_exchange_class);
    return p2_http_result(context, error, future);
}

uint32_t smelt_p2_http_types_future_incoming_response_subscribe(struct smelt_context *context,
                                                                uint32_t self) {
    p2_get(context, self, &future_class);
    return p2_subscribe(context, self, 0);
}

// option<result<result<T, error-code>>>, where the innermost result begins.
enum { FUTURE_SIZE = 56, FUTURE_RESULT = 16, FUTURE_PAYLOAD = 24 };

uint32_t smelt_p2_http_types_future_incoming_response_get(struct smelt_context *context,
                                                          uint32_t self) {
    struct p2_state *state = p2_state_of(context);
    struct p2_resource *future = p2_get(context, self, &future_class), *response;
    const struct p2_exchange *exchange = exchange_behind(state, future);
    uint32_t offset;
    uint8_t *area = arena_result(context, FUTURE_SIZE, 8, &offset);
    p2_exchange_advance(state, future->parent);
    area[0] = is_there(exchange);
    if (!area[0]) return offset;
    // It can be had once.
    area[8] = future->u.object.memory != NULL;
    if (area[8]) return offset;
    future->u.object.memory = future;
    area[FUTURE_RESULT] = !exchange->reader.has_head;
    if (exchange->reader.has_head) {
        uint32_t result = p2_new(state, &response_class, future->parent, &response);
        guest_store_u32(area + FUTURE_PAYLOAD, result);
    } else {
        p2_http_store_error(context, area + FUTURE_PAYLOAD, exchange->failure);
    }
    return offset;
}

void smelt_p2_http_types_drop_future_incoming_response(struct smelt_context *context,
                                                       uint32_t representation) {
    p2_drop(context, representation, &future_class);
}

static const struct http_reader *response_of(const struct smelt_context *context,
                                             uint32_t representation) {
    const struct p2_resource *response = p2_get(context, representation, &response_class);
    return &exchange_behind(p2_state_of(context), response)->reader;
}

uint32_t smelt_p2_http_types_incoming_response_status(struct smelt_context *context,
                                                      uint32_t self) {
    return response_of(context, self)->status;
}

uint32_t smelt_p2_http_types_incoming_response_headers(struct smelt_context *context,
                                                       uint32_t self) {
    return p2_copy_fields(p2_state_of(context), &response_of(context, self)->fields);
}

void smelt_p2_http_types_drop_incoming_response(struct smelt_context *context,
                                                uint32_t representation) {
    p2_drop(context, representation, &response_class);
}

// Its body --------------------------------------------------------------------------------------------

// A body whose stream has been taken has something in its object.
static const struct p2_class body_class = {.name = "incoming-body"};

// result<own<R>>, of which there is one.
static uint32_t once(const struct smelt_context *context, struct p2_resource *parent,
                     uint32_t representation, const struct p2_class *class) {
    struct p2_resource *resource;
    uint32_t offset;
    uint8_t *area = arena_result(context, 8, 4, &offset);
    area[0] = parent->u.object.memory != NULL;
    if (area[0]) return offset;
    parent->u.object.memory = parent;
    guest_store_u32(area + 4,
                    p2_new(p2_state_of(context), class, representation, &resource));
    return offset;
}

uint32_t smelt_p2_http_types_incoming_response_consume(struct smelt_context *context,
                                                       uint32_t self) {
    struct p2_resource *response = p2_get(context, self, &response_class);
    return once(context, response, response->parent, &body_class);
}

static int64_t read_body(struct p2_state *state, uint32_t representation, void *buffer,
                         size_t length) {
    struct p2_exchange *exchange = p2_exchange_at(state, representation);
    int64_t result = http_reader_body(state, &exchange->reader, buffer, length);
    if (result != 0) return result;
    p2_exchange_advance(state, representation);
    result = http_reader_body(state, &exchange->reader, buffer, length);
    // What ended the connection says more than that it ended.
    bool is_cut = result < 0 && result != P2_STREAM_ENDED && exchange->failure != P2_HTTP_OK;
    return is_cut ? -(exchange->failure + 1) : result;
}

static int64_t read_stream(struct p2_state *state, struct p2_resource *stream, void *buffer,
                           size_t length) {
    return read_body(state, p2_at(state, stream->parent)->parent, buffer, length);
}

// Whether reading would tell something; it says what that waits for if not.
static void prepare_body(struct p2_state *state, uint32_t representation, struct p2_wait *wait) {
    p2_exchange_advance(state, representation);
    const struct p2_exchange *exchange = p2_exchange_at(state, representation);
    p2_exchange_prepare(state, representation, wait);
    wait->is_ready = http_reader_has_body(&exchange->reader);
}

static void prepare_stream(struct p2_state *state, struct p2_resource *stream,
                           struct p2_wait *wait) {
    prepare_body(state, p2_at(state, stream->parent)->parent, wait);
}

static const struct p2_input_source body_stream = {
    .origin = P2_ERROR_OF_HTTP, .read = read_stream, .prepare = prepare_stream};

uint32_t smelt_p2_http_types_incoming_body_stream(struct smelt_context *context, uint32_t self) {
    struct p2_resource *body = p2_get(context, self, &body_class), *stream;
    uint32_t offset;
    uint8_t *area = arena_result(context, 8, 4, &offset);
    area[0] = body->u.object.memory != NULL;
    if (area[0]) return offset;
    body->u.object.memory = body;
    guest_store_u32(area + 4, p2_new_input(p2_state_of(context), &body_stream, self, &stream));
    return offset;
}

void smelt_p2_http_types_drop_incoming_body(struct smelt_context *context,
                                            uint32_t representation) {
    p2_drop(context, representation, &body_class);
}

// What comes behind it ----------------------------------------------------------------------------------

// Reads some of what the guest has left of the body: 0 if it has to be waited for, P2_STREAM_ENDED, minus an
// error and 1, or a number for more to come. There may be no end of it, which the guest need not wait for.
static int64_t finish_body(struct p2_state *state, uint32_t representation) {
    enum { PARTS = 64 };
    char rest[4096];
    int64_t result = 1;
    for (uint32_t part = 0; part < PARTS && result > 0; part++) {
        result = read_body(state, representation, rest, sizeof rest);
    }
    return result;
}

static void prepare_trailers(struct p2_state *state, struct p2_resource *resource,
                             struct p2_wait *wait) {
    int64_t result = finish_body(state, resource->parent);
    p2_exchange_prepare(state, resource->parent, wait);
    wait->is_ready = result < 0;
    // More is here already.
    if (result > 0) wait->deadline = 0;
}

static const struct p2_class trailers_class = {.name = "future-trailers",
                                               .prepare = prepare_trailers};

uint32_t smelt_p2_http_types_incoming_body_finish(struct smelt_context *context, uint32_t self) {
    const struct p2_resource *body = p2_get(context, self, &body_class);
    struct p2_resource *resource;
    uint32_t result =
        p2_new(p2_state_of(context), &trailers_class, body->parent, &resource);
    p2_drop(context, self, &body_class);
    return result;
}

uint32_t smelt_p2_http_types_future_trailers_subscribe(struct smelt_context *context,
                                                       uint32_t self) {
    p2_get(context, self, &trailers_class);
    return p2_subscribe(context, self, 0);
}

uint32_t smelt_p2_http_types_future_trailers_get(struct smelt_context *context, uint32_t self) {
    struct p2_state *state = p2_state_of(context);
    struct p2_resource *future = p2_get(context, self, &trailers_class);
    uint32_t offset;
    uint8_t *area = arena_result(context, FUTURE_SIZE, 8, &offset);
    int64_t result = finish_body(state, future->parent);
    int error = result < 0 && result != P2_STREAM_ENDED ? (int)(-result - 1) : P2_HTTP_OK;
    area[0] = result < 0;
    if (!area[0]) return offset;
    area[8] = future->u.object.memory != NULL;
    if (area[8]) return offset;
    future->u.object.memory = future;
    area[FUTURE_RESULT] = error != P2_HTTP_OK;
    const struct p2_fields *trailers = &exchange_behind(state, future)->reader.trailers;
    if (error != P2_HTTP_OK) {
        p2_http_store_error(context, area + FUTURE_PAYLOAD, error);
    } else if (trailers->count > 0) {
        area[FUTURE_PAYLOAD] = 1;
        guest_store_u32(area + FUTURE_PAYLOAD + 4, p2_copy_fields(state, trailers));
    }
    return offset;
}

void smelt_p2_http_types_drop_future_trailers(struct smelt_context *context,
                                              uint32_t representation) {
    p2_drop(context, representation, &trailers_class);
}
