// wasi:http/types: bodies that the guest writes. They are kept in the form that is sent (chunks, or the bytes
// alone where the length was told), until a connection takes them; a full one has to wait for that.
#include <string.h>
#include <sys/mman.h>

#include "core/system_calls.h"
#include "exchange.h"
#include "http.h"
#include "poll.h"
#include "smelt/component_functions.h"

// What a chunk has around its bytes, at most, and what ends the body.
enum { CHUNK_FRAME = 16, LAST_CHUNK = 8 };

static void end_body(struct p2_state *state, struct p2_resource *resource) {
    SMELT_CALLS(munmap);
    (void)state;
    munmap(resource->u.object.memory, sizeof(struct p2_http_body));
}

const struct p2_class p2_body_class = {.name = "body", .end = end_body};

struct p2_http_body *p2_body_at(struct p2_state *state, uint32_t representation) {
    return p2_at(state, representation)->u.object.memory;
}

static bool read_length(const struct p2_text *text, uint64_t *length) {
    *length = 0;
    for (size_t index = 0; index < text->length; index++) {
        char digit = text->bytes[index];
        if (digit < '0' || digit > '9' || __builtin_mul_overflow(*length, 10, length) ||
            __builtin_add_overflow(*length, (uint64_t)(digit - '0'), length)) {
            return false;
        }
    }
    return text->length > 0;
}

uint32_t p2_new_body(struct p2_state *state, const struct p2_fields *fields) {
    SMELT_CALLS_IF(mmap, SMELT_CALL_NOT_CODE);
    static const char name[] = "content-length";
    struct p2_http_body *body = mmap(NULL, sizeof *body, PROT_READ | PROT_WRITE,
                                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (body == MAP_FAILED) p2_fail("there is no memory for", "a body");
    const struct p2_field *length = p2_fields_find(fields, NULL, name, sizeof name - 1);
    body->state = state;
    body->failure = P2_HTTP_OK;
    body->is_chunked = length == NULL || !read_length(&length->value, &body->length);
    struct p2_resource *resource;
    uint32_t result = p2_new(state, &p2_body_class, 0, &resource);
    resource->has_handle = false;
    resource->u.object.memory = body;
    return result;
}

// Writing -----------------------------------------------------------------------------------------

static size_t room(const struct p2_http_body *body) {
    size_t left = sizeof body->bytes - (body->end - body->begin);
    const size_t frame = CHUNK_FRAME + LAST_CHUNK;
    return left > frame ? left - frame : 0;
}

static void append(struct p2_http_body *body, const void *bytes, size_t length) {
    if (body->begin > 0) {
        memmove(body->bytes, body->bytes + body->begin, body->end - body->begin);
        body->end -= body->begin;
        body->begin = 0;
    }
    memcpy(body->bytes + body->end, bytes, length);
    body->end += length;
}

static void append_part(struct p2_http_body *body, const void *bytes, size_t length) {
    static const char digits[] = "0123456789abcdef";
    body->written += length;
    if (!body->is_chunked) {
        append(body, bytes, length);
        return;
    }
    char size[CHUNK_FRAME];
    size_t used = 0;
    for (int shift = 28; shift >= 0; shift -= 4) {
        size_t digit = length >> shift & 0xf;
        if (digit != 0 || used > 0) size[used++] = digits[digit];
    }
    size[used++] = '\r';
    size[used++] = '\n';
    append(body, size, used);
    append(body, bytes, length);
    append(body, "\r\n", 2);
}

// Sends what can be sent now.
static int64_t push(struct p2_state *state, struct p2_http_body *body) {
    if (body->exchange != 0) p2_exchange_advance(state, body->exchange);
    return body->failure == P2_HTTP_OK ? 0 : -(body->failure + 1);
}

static struct p2_http_body *body_behind(struct p2_state *state,
                                        const struct p2_resource *resource) {
    return p2_body_at(state, resource->parent);
}

static void prepare_to_send(struct p2_state *state, struct p2_http_body *body,
                            struct p2_wait *wait) {
    wait->is_hint = true;
    if (body->exchange != 0) p2_exchange_prepare(state, body->exchange, wait);
    // Until there is a connection nothing can happen.
    wait->is_ready = body->failure != P2_HTTP_OK;
}

static int64_t flush(struct p2_state *state, struct p2_resource *stream, bool blocks) {
    struct p2_http_body *body = body_behind(state, stream);
    while (true) {
        int64_t result = push(state, body);
        if (result < 0 || body->begin == body->end || !blocks || body->exchange == 0) return result;
        struct p2_wait wait = {.fd = -1, .deadline = UINT64_MAX};
        prepare_to_send(state, body, &wait);
        if (!wait.is_ready) p2_wait_for(&wait, 1, true);
    }
}

static int64_t write_body(struct p2_state *state, struct p2_resource *stream, const void *buffer,
                          size_t length) {
    struct p2_http_body *body = body_behind(state, stream);
    const char *bytes = buffer;
    if (body->is_finished) return P2_STREAM_ENDED;
    int64_t result = push(state, body);
    if (!body->is_chunked && length > body->length - body->written) {
        body->failure = P2_HTTP_BODY_SIZE;
        result = -(P2_HTTP_BODY_SIZE + 1);
    }
    while (result >= 0 && length > 0) {
        size_t part = room(body) < length ? room(body) : length;
        if (part > 0) append_part(body, bytes, part);
        bytes += part;
        length -= part;
        // Who writes more than was permitted waits; without a connection that would be for ever.
        if (length > 0 && body->exchange == 0) return -(P2_HTTP_TERMINATED + 1);
        result = length > 0 ? flush(state, stream, true) : push(state, body);
    }
    return result < 0 ? result : 0;
}

static int64_t check(struct p2_state *state, struct p2_resource *stream) {
    struct p2_http_body *body = body_behind(state, stream);
    if (body->is_finished) return P2_STREAM_ENDED;
    int64_t result = push(state, body);
    if (result < 0) return result;
    return (int64_t)room(body);
}

static void prepare_stream(struct p2_state *state, struct p2_resource *stream,
                           struct p2_wait *wait) {
    struct p2_http_body *body = body_behind(state, stream);
    bool is_ready = push(state, body) < 0 || body->is_finished || room(body) > 0;
    prepare_to_send(state, body, wait);
    wait->is_ready = wait->is_ready || is_ready;
}

static const struct p2_output_source body_stream = {.origin = P2_ERROR_OF_HTTP,
                                                    .write = write_body,
                                                    .flush = flush,
                                                    .check = check,
                                                    .prepare = prepare_stream};

// The guest's side --------------------------------------------------------------------------------

static void end_outgoing(struct p2_state *state, struct p2_resource *resource) {
    struct p2_http_body *body = body_behind(state, resource);
    // One that was not finished is not the message that was meant.
    if (!body->is_finished && body->failure == P2_HTTP_OK) body->failure = P2_HTTP_TERMINATED;
}

static const struct p2_class outgoing_class = {.name = "outgoing-body", .end = end_outgoing};

uint32_t p2_body_of(const struct smelt_context *context, uint32_t *body,
                    const struct p2_fields *fields) {
    struct p2_state *state = p2_state_of(context);
    struct p2_resource *resource;
    uint32_t offset;
    uint8_t *area = arena_result(context, 8, 4, &offset);
    area[0] = *body != 0;
    if (*body != 0) return offset;
    *body = p2_new_body(state, fields);
    p2_keep(state, *body);
    guest_store_u32(area + 4, p2_new(state, &outgoing_class, *body, &resource));
    return offset;
}

uint32_t smelt_p2_http_types_outgoing_body_write(struct smelt_context *context, uint32_t self) {
    struct p2_state *state = p2_state_of(context);
    const struct p2_resource *outgoing = p2_get(context, self, &outgoing_class);
    struct p2_http_body *body = body_behind(state, outgoing);
    struct p2_resource *stream;
    uint32_t offset;
    uint8_t *area = arena_result(context, 8, 4, &offset);
    area[0] = body->has_stream;
    if (body->has_stream) return offset;
    body->has_stream = true;
    guest_store_u32(area + 4, p2_new_output(state, &body_stream, outgoing->parent, &stream));
    return offset;
}

// The trailers of a body that ends in a last chunk.
static void append_trailers(struct p2_state *state, struct p2_http_body *body,
                            const struct p2_fields *trailers) {
    append(body, "0\r\n", 3);
    for (uint32_t index = 0; index < trailers->count; index++) {
        const struct p2_field *field = &trailers->entries[index];
        size_t size = field->name.length + field->value.length + 4;
        if (size > room(body)) {
            push(state, body);
            if (size > room(body)) continue;
        }
        append(body, field->name.bytes, field->name.length);
        append(body, ": ", 2);
        if (field->value.length > 0) append(body, field->value.bytes, field->value.length);
        append(body, "\r\n", 2);
    }
    append(body, "\r\n", 2);
}

uint32_t smelt_p2_http_types_outgoing_body_finish(struct smelt_context *context, uint32_t self,
                                                  uint32_t has_trailers, uint32_t trailers) {
    struct p2_state *state = p2_state_of(context);
    struct p2_http_body *body = body_behind(state, p2_get(context, self, &outgoing_class));
    struct p2_fields fields = {0};
    if (has_trailers != 0) fields = p2_take_fields(context, trailers);
    int error = body->failure;
    if (error == P2_HTTP_OK && !body->is_chunked && body->written != body->length) {
        error = body->failure = P2_HTTP_BODY_SIZE;
    }
    if (error == P2_HTTP_OK) {
        if (body->is_chunked) append_trailers(state, body, &fields);
        body->is_finished = true;
        push(state, body);
    }
    p2_fields_free(state, &fields);
    p2_drop(context, self, &outgoing_class);
    return p2_http_result(context, error, 0);
}

void smelt_p2_http_types_drop_outgoing_body(struct smelt_context *context,
                                            uint32_t representation) {
    p2_drop(context, representation, &outgoing_class);
}
