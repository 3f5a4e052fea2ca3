// wasi:http/types: the side of a server. Requests that come in are made by whoever serves them; a program
// that nobody serves has none, and a response that it makes goes nowhere.
#include <string.h>

#include "http.h"
#include "http_serving.h"
#include "smelt/component_functions.h"

// Responses that the guest makes ------------------------------------------------------------------------

static void end_response(struct p2_state *state, struct p2_resource *resource) {
    struct p2_http_response *response = resource->u.object.memory;
    p2_fields_free(state, &response->fields);
    if (response->body != 0) p2_release(state, response->body);
    p2_free(state, response, sizeof *response);
}

const struct p2_class p2_outgoing_response_class = {.name = "outgoing-response",
                                                    .end = end_response};

static struct p2_http_response *response_of(const struct smelt_context *context,
                                            uint32_t representation) {
    return p2_get(context, representation, &p2_outgoing_response_class)->u.object.memory;
}

uint32_t smelt_p2_http_types_outgoing_response_new(struct smelt_context *context,
                                                   uint32_t headers) {
    struct p2_state *state = p2_state_of(context);
    struct p2_fields fields = p2_take_fields(context, headers);
    struct p2_resource *resource;
    uint32_t result = p2_new(state, &p2_outgoing_response_class, 0, &resource);
    struct p2_http_response *response = p2_allocate(state, sizeof *response);
    response->status = 200;
    response->fields = fields;
    resource->u.object.memory = response;
    return result;
}

uint32_t smelt_p2_http_types_outgoing_response_status_code(struct smelt_context *context,
                                                           uint32_t self) {
    return response_of(context, self)->status;
}

uint32_t smelt_p2_http_types_outgoing_response_set_status_code(struct smelt_context *context,
                                                               uint32_t self, uint32_t status) {
    enum { FIRST = 100, LAST = 999 };
    struct p2_http_response *response = response_of(context, self);
    if (status < FIRST || status > LAST) return p2_http_plain(false);
    response->status = (uint16_t)status;
    return p2_http_plain(true);
}

uint32_t smelt_p2_http_types_outgoing_response_headers(struct smelt_context *context,
                                                       uint32_t self) {
    return p2_copy_fields(p2_state_of(context), &response_of(context, self)->fields);
}

uint32_t smelt_p2_http_types_outgoing_response_body(struct smelt_context *context,
                                                    uint32_t self) {
    struct p2_http_response *response = response_of(context, self);
    return p2_body_of(context, &response->body, &response->fields);
}

void smelt_p2_http_types_drop_outgoing_response(struct smelt_context *context,
                                                uint32_t representation) {
    p2_drop(context, representation, &p2_outgoing_response_class);
}

// Requests that come in -----------------------------------------------------------------------------------

static const struct p2_class request_class = {.name = "incoming-request", .end = p2_end_request};

uint32_t p2_new_incoming_request(struct p2_state *state, struct p2_http_request *request) {
    struct p2_resource *resource;
    uint32_t result = p2_new(state, &request_class, 0, &resource);
    struct p2_http_request *own = p2_allocate(state, sizeof *own);
    *own = *request;
    resource->u.object.memory = own;
    return result;
}

static const struct p2_http_request *request_of(const struct smelt_context *context,
                                                uint32_t representation) {
    return p2_get(context, representation, &request_class)->u.object.memory;
}

uint32_t smelt_p2_http_types_incoming_request_method(struct smelt_context *context,
                                                     uint32_t self) {
    return p2_request_method(context, request_of(context, self));
}

uint32_t smelt_p2_http_types_incoming_request_path_with_query(struct smelt_context *context,
                                                              uint32_t self) {
    const struct p2_http_request *request = request_of(context, self);
    return p2_http_text_option(context, request->has_path, &request->path);
}

uint32_t smelt_p2_http_types_incoming_request_authority(struct smelt_context *context,
                                                        uint32_t self) {
    const struct p2_http_request *request = request_of(context, self);
    return p2_http_text_option(context, request->has_authority, &request->authority);
}

uint32_t smelt_p2_http_types_incoming_request_scheme(struct smelt_context *context,
                                                     uint32_t self) {
    return p2_request_scheme(context, request_of(context, self));
}

uint32_t smelt_p2_http_types_incoming_request_headers(struct smelt_context *context,
                                                      uint32_t self) {
    return p2_copy_fields(p2_state_of(context), &request_of(context, self)->fields);
}

// None has a body yet that it could give away.
uint32_t smelt_p2_http_types_incoming_request_consume(struct smelt_context *context,
                                                      uint32_t self) {
    uint32_t offset;
    p2_get(context, self, &request_class);
    arena_result(context, 8, 4, &offset)[0] = 1;
    return offset;
}

void smelt_p2_http_types_drop_incoming_request(struct smelt_context *context,
                                               uint32_t representation) {
    p2_drop(context, representation, &request_class);
}

// Where responses go --------------------------------------------------------------------------------------

static const struct p2_class outparam_class = {.name = "response-outparam"};

uint32_t p2_new_outparam(struct p2_state *state, struct p2_http_outparam *outparam) {
    struct p2_resource *resource;
    uint32_t result = p2_new(state, &outparam_class, 0, &resource);
    resource->u.object.memory = outparam;
    return result;
}

void smelt_p2_http_types_response_outparam_set(struct smelt_context *context, uint32_t param,
                                               uint32_t is_error, uint32_t response, uint32_t a,
                                               uint64_t b, uint32_t c, uint32_t d, uint32_t e,
                                               uint32_t f) {
    (void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
    struct p2_http_outparam *outparam = p2_get(context, param, &outparam_class)->u.object.memory;
    outparam->is_set = true;
    outparam->error = is_error != 0 ? (int)(response & UINT8_MAX) : P2_HTTP_OK;
    outparam->response = 0;
    if (is_error == 0) {
        // It stays for whoever serves, without a handle.
        struct p2_resource *resource = p2_get(context, response, &p2_outgoing_response_class);
        p2_keep(p2_state_of(context), response);
        resource->has_handle = false;
        outparam->response = response;
    }
    p2_drop(context, param, &outparam_class);
}

uint32_t smelt_p2_http_types_response_outparam_send_informational(struct smelt_context *context,
                                                                  uint32_t self, uint32_t status,
                                                                  uint32_t headers) {
    (void)status;
    p2_get(context, self, &outparam_class);
    struct p2_fields fields = p2_take_fields(context, headers);
    p2_fields_free(p2_state_of(context), &fields);
    return p2_http_result(context, P2_HTTP_PROTOCOL_ERROR, 0);
}

void smelt_p2_http_types_drop_response_outparam(struct smelt_context *context,
                                                uint32_t representation) {
    p2_drop(context, representation, &outparam_class);
}
