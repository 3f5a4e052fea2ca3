// wasi:http/types: requests and responses that the guest makes, and options.
#include <string.h>

#include "http.h"
#include "smelt/component_functions.h"

const struct p2_class p2_outgoing_request_class = {.name = "outgoing-request",
                                                   .end = p2_end_request};

static struct p2_http_request *request_of(const struct smelt_context *context,
                                          uint32_t representation) {
    return p2_get(context, representation, &p2_outgoing_request_class)->u.object.memory;
}

uint32_t smelt_p2_http_types_outgoing_request_new(struct smelt_context *context,
                                                  uint32_t headers) {
    struct p2_state *state = p2_state_of(context);
    struct p2_fields fields = p2_take_fields(context, headers);
    struct p2_resource *resource;
    uint32_t result = p2_new(state, &p2_outgoing_request_class, 0, &resource);
    struct p2_http_request *request = p2_allocate(state, sizeof *request);
    request->fields = fields;
    resource->u.object.memory = request;
    return result;
}

uint32_t smelt_p2_http_types_outgoing_request_body(struct smelt_context *context, uint32_t self) {
    struct p2_http_request *request = request_of(context, self);
    return p2_body_of(context, &request->body, &request->fields);
}

uint32_t smelt_p2_http_types_outgoing_request_method(struct smelt_context *context,
                                                     uint32_t self) {
    return p2_request_method(context, request_of(context, self));
}

uint32_t smelt_p2_http_types_outgoing_request_set_method(struct smelt_context *context,
                                                         uint32_t self, uint32_t method,
                                                         uint32_t text, uint32_t length) {
    struct p2_http_request *request = request_of(context, self);
    if (method > P2_METHOD_OTHER) return p2_http_plain(false);
    if (method == P2_METHOD_OTHER) {
        const uint8_t *name = arena_at(context, text, length);
        if (!p2_is_token(name, length)) return p2_http_plain(false);
        p2_text_set(p2_state_of(context), &request->other_method, name, length);
    }
    request->method = (uint8_t)method;
    return p2_http_plain(true);
}

// What may stand in the first line and in an authority: nothing that ends either.
static bool is_visible(const uint8_t *text, size_t length) {
    for (size_t index = 0; index < length; index++) {
        if (text[index] <= ' ' || text[index] >= 0x7f) return false;
    }
    return true;
}

uint32_t smelt_p2_http_types_outgoing_request_path_with_query(struct smelt_context *context,
                                                              uint32_t self) {
    const struct p2_http_request *request = request_of(context, self);
    return p2_http_text_option(context, request->has_path, &request->path);
}

uint32_t smelt_p2_http_types_outgoing_request_set_path_with_query(struct smelt_context *context,
                                                                  uint32_t self, uint32_t has,
                                                                  uint32_t text, uint32_t length) {
    struct p2_http_request *request = request_of(context, self);
    if (has != 0) {
        const uint8_t *path = arena_at(context, text, length);
        bool begins = length == 0 || path[0] == '/' || path[0] == '?' || path[0] == '*';
        if (!begins || !is_visible(path, length)) return p2_http_plain(false);
        p2_text_set(p2_state_of(context), &request->path, path, length);
    }
    request->has_path = has != 0;
    return p2_http_plain(true);
}

uint32_t smelt_p2_http_types_outgoing_request_scheme(struct smelt_context *context,
                                                     uint32_t self) {
    return p2_request_scheme(context, request_of(context, self));
}

uint32_t smelt_p2_http_types_outgoing_request_set_scheme(struct smelt_context *context,
                                                         uint32_t self, uint32_t has,
                                                         uint32_t scheme, uint32_t text,
                                                         uint32_t length) {
    struct p2_http_request *request = request_of(context, self);
    if (has != 0 && scheme > P2_SCHEME_OTHER) return p2_http_plain(false);
    if (has != 0 && scheme == P2_SCHEME_OTHER) {
        const uint8_t *name = arena_at(context, text, length);
        if (!p2_is_token(name, length)) return p2_http_plain(false);
        p2_text_set(p2_state_of(context), &request->other_scheme, name, length);
    }
    request->has_scheme = has != 0;
    request->scheme = has != 0 ? (uint8_t)scheme : 0;
    return p2_http_plain(true);
}

uint32_t smelt_p2_http_types_outgoing_request_authority(struct smelt_context *context,
                                                        uint32_t self) {
    const struct p2_http_request *request = request_of(context, self);
    return p2_http_text_option(context, request->has_authority, &request->authority);
}

uint32_t smelt_p2_http_types_outgoing_request_set_authority(struct smelt_context *context,
                                                            uint32_t self, uint32_t has,
                                                            uint32_t text, uint32_t length) {
    struct p2_http_request *request = request_of(context, self);
    if (has != 0) {
        const uint8_t *authority = arena_at(context, text, length);
        bool is_right = length > 0 && is_visible(authority, length);
        for (uint32_t index = 0; index < length; index++) {
            is_right = is_right && strchr("/?#@\\", authority[index]) == NULL;
        }
        if (!is_right) return p2_http_plain(false);
        p2_text_set(p2_state_of(context), &request->authority, authority, length);
    }
    request->has_authority = has != 0;
    return p2_http_plain(true);
}

uint32_t smelt_p2_http_types_outgoing_request_headers(struct smelt_context *context,
                                                      uint32_t self) {
    return p2_copy_fields(p2_state_of(context), &request_of(context, self)->fields);
}

void smelt_p2_http_types_drop_outgoing_request(struct smelt_context *context,
                                               uint32_t representation) {
    p2_drop(context, representation, &p2_outgoing_request_class);
}

// Options -----------------------------------------------------------------------------------------

static void end_options(struct p2_state *state, struct p2_resource *resource) {
    p2_free(state, resource->u.object.memory, sizeof(struct p2_http_options));
}

const struct p2_class p2_request_options_class = {.name = "request-options", .end = end_options};

static struct p2_http_options *options_of(const struct smelt_context *context,
                                          uint32_t representation) {
    return p2_get(context, representation, &p2_request_options_class)->u.object.memory;
}

uint32_t smelt_p2_http_types_request_options_new(struct smelt_context *context) {
    struct p2_state *state = p2_state_of(context);
    struct p2_resource *resource;
    uint32_t result = p2_new(state, &p2_request_options_class, 0, &resource);
    resource->u.object.memory = p2_allocate(state, sizeof(struct p2_http_options));
    return result;
}

static uint32_t get_timeout(const struct smelt_context *context, uint32_t self, unsigned which) {
    const struct p2_http_options *options = options_of(context, self);
    uint32_t offset;
    uint8_t *area = arena_result(context, 16, 8, &offset);
    area[0] = options->has[which];
    if (options->has[which]) guest_store_u64(area + 8, options->timeouts[which]);
    return offset;
}

static uint32_t set_timeout(const struct smelt_context *context, uint32_t self, unsigned which,
                            uint32_t has, uint64_t duration) {
    struct p2_http_options *options = options_of(context, self);
    options->has[which] = has != 0;
    options->timeouts[which] = duration;
    return p2_http_plain(true);
}

uint32_t smelt_p2_http_types_request_options_connect_timeout(struct smelt_context *context,
                                                             uint32_t self) {
    return get_timeout(context, self, 0);
}

uint32_t smelt_p2_http_types_request_options_set_connect_timeout(struct smelt_context *context,
                                                                 uint32_t self, uint32_t has,
                                                                 uint64_t duration) {
    return set_timeout(context, self, 0, has, duration);
}

uint32_t smelt_p2_http_types_request_options_first_byte_timeout(struct smelt_context *context,
                                                                uint32_t self) {
    return get_timeout(context, self, 1);
}

uint32_t smelt_p2_http_types_request_options_set_first_byte_timeout(struct smelt_context *context,
                                                                    uint32_t self, uint32_t has,
                                                                    uint64_t duration) {
    return set_timeout(context, self, 1, has, duration);
}

uint32_t smelt_p2_http_types_request_options_between_bytes_timeout(struct smelt_context *context,
                                                                   uint32_t self) {
    return get_timeout(context, self, 2);
}

uint32_t smelt_p2_http_types_request_options_set_between_bytes_timeout(
    struct smelt_context *context, uint32_t self, uint32_t has, uint64_t duration) {
    return set_timeout(context, self, 2, has, duration);
}

void smelt_p2_http_types_drop_request_options(struct smelt_context *context,
                                              uint32_t representation) {
    p2_drop(context, representation, &p2_request_options_class);
}
