// Requests of wasi:http, those that a guest makes and those that come to it.
#include "http.h"

void p2_end_request(struct p2_state *state, struct p2_resource *resource) {
    struct p2_http_request *request = resource->u.object.memory;
    p2_text_free(state, &request->other_method);
    p2_text_free(state, &request->other_scheme);
    p2_text_free(state, &request->path);
    p2_text_free(state, &request->authority);
    p2_fields_free(state, &request->fields);
    if (request->body != 0) p2_release(state, request->body);
    p2_free(state, request, sizeof *request);
}

// A variant one of whose cases has a text: 12 bytes.
static uint32_t store_variant(const struct smelt_context *context, uint8_t kind, uint8_t with_text,
                              const struct p2_text *text) {
    uint32_t offset;
    uint8_t *area = arena_result(context, 12, 4, &offset);
    area[0] = kind;
    if (kind == with_text) arena_store_text(context, area + 4, text->bytes, text->length);
    return offset;
}

uint32_t p2_request_method(const struct smelt_context *context,
                           const struct p2_http_request *request) {
    return store_variant(context, request->method, P2_METHOD_OTHER, &request->other_method);
}

uint32_t p2_http_text_option(const struct smelt_context *context, bool has,
                             const struct p2_text *text) {
    return store_variant(context, has, 1, text);
}

uint32_t p2_request_scheme(const struct smelt_context *context,
                           const struct p2_http_request *request) {
    uint32_t offset;
    uint8_t *area = arena_result(context, 16, 4, &offset);
    area[0] = request->has_scheme;
    area[4] = request->has_scheme ? request->scheme : 0;
    if (request->has_scheme && request->scheme == P2_SCHEME_OTHER) {
        arena_store_text(context, area + 8, request->other_scheme.bytes,
                         request->other_scheme.length);
    }
    return offset;
}
