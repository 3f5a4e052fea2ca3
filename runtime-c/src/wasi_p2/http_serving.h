// What whoever serves HTTP gives to the guest, and gets from it.
#ifndef SMELT_WASI_P2_HTTP_SERVING_H
#define SMELT_WASI_P2_HTTP_SERVING_H

#include "http.h"

struct p2_http_response {
    uint16_t status;
    struct p2_fields fields;
    uint32_t body;  // that it keeps, 0 for none
};

// What has come of a response-outparam. A response is kept for whoever serves, who releases it.
struct p2_http_outparam {
    bool is_set;
    int error;          // enum p2_http_error
    uint32_t response;  // or 0
};

extern const struct p2_class p2_outgoing_response_class;

// A request, whose parts become the resource's.
uint32_t p2_new_incoming_request(struct p2_state *state, struct p2_http_request *request);

// A response-outparam that stores into a place.
uint32_t p2_new_outparam(struct p2_state *state, struct p2_http_outparam *outparam);

#endif
