// What wasi:http is made of. A message's parts live in the heap (heap.h); bodies and connections are
// resources of the host's own, which the guest's resources keep.
#ifndef SMELT_WASI_P2_HTTP_H
#define SMELT_WASI_P2_HTTP_H

#include "arena.h"
#include "heap.h"
#include "host/addresses.h"
#include "state.h"
#include "streams.h"

// error-code of wasi:http/types, those that are used; P2_HTTP_OK for none.
enum p2_http_error {
    P2_HTTP_OK = -1,
    P2_HTTP_NAME_ERROR = 1,
    P2_HTTP_NOT_FOUND = 2,
    P2_HTTP_UNAVAILABLE = 3,
    P2_HTTP_UNROUTABLE = 5,
    P2_HTTP_REFUSED = 6,
    P2_HTTP_TERMINATED = 7,
    P2_HTTP_CONNECT_TIMEOUT = 8,
    P2_HTTP_READ_TIMEOUT = 9,
    P2_HTTP_DENIED = 15,
    P2_HTTP_BODY_SIZE = 17,
    P2_HTTP_URI_INVALID = 19,
    P2_HTTP_INCOMPLETE = 25,
    P2_HTTP_HEADERS_SIZE = 26,
    P2_HTTP_TRANSFER_CODING = 31,
    P2_HTTP_RESPONSE_TIMEOUT = 33,
    P2_HTTP_PROTOCOL_ERROR = 35,
    P2_HTTP_NO_TLS = 38,  // internal-error, with a text
    P2_HTTP_ERROR_COUNT = 39,
};

struct p2_field {
    struct p2_text name, value;
};

struct p2_fields {
    bool is_immutable;
    uint32_t count, capacity;
    struct p2_field *entries;
};

enum { P2_METHOD_HEAD = 1, P2_METHOD_POST = 2, P2_METHOD_PUT = 3, P2_METHOD_OTHER = 9 };
enum { P2_SCHEME_HTTP = 0, P2_SCHEME_HTTPS = 1, P2_SCHEME_OTHER = 2 };

struct p2_http_request {
    uint8_t method, scheme;
    bool has_path, has_scheme, has_authority;
    struct p2_text other_method, other_scheme, path, authority;
    struct p2_fields fields;
    uint32_t body;  // that it keeps, 0 for none
};

// A body that the guest writes, in the form that is sent.
struct p2_http_body {
    struct p2_state *state;
    bool is_chunked, has_stream, is_finished;
    uint64_t length, written;  // what is to be written if it is not chunked, and what was
    uint32_t exchange;         // that sends it, not kept; 0 for none
    int failure;               // enum p2_http_error
    size_t begin, end;
    char bytes[1 << 16];
};

extern const struct p2_class p2_fields_class;
extern const struct p2_class p2_outgoing_request_class;
extern const struct p2_class p2_request_options_class;
extern const struct p2_class p2_body_class;  // the host's own

// Fields ----------------------------------------------------------------------------------------

// A new resource with these fields, which are empty afterwards.
uint32_t p2_new_fields(struct p2_state *state, struct p2_fields *fields, bool is_immutable);
// One with a copy of them, which cannot be changed.
uint32_t p2_copy_fields(struct p2_state *state, const struct p2_fields *fields);
// Takes the fields out of a resource that the guest has handed over, and ends it.
struct p2_fields p2_take_fields(const struct smelt_context *context, uint32_t representation);
void p2_fields_add(struct p2_state *state, struct p2_fields *fields, const void *name,
                   size_t name_length, const void *value, size_t value_length);
void p2_fields_free(struct p2_state *state, struct p2_fields *fields);
// The first field of a name after `from` (NULL for all); null if there is none.
const struct p2_field *p2_fields_find(const struct p2_fields *fields, const struct p2_field *from,
                                      const char *name, size_t length);
bool p2_is_token(const void *text, size_t length);
bool p2_is_field_value(const void *text, size_t length);
bool p2_is_same_text(const struct p2_text *text, const char *other, size_t length);

// Errors and results ------------------------------------------------------------------------------

enum { P2_HTTP_ERROR_SIZE = 32, P2_HTTP_RESULT_SIZE = 40 };
// Stores an error-code.
void p2_http_store_error(const struct smelt_context *context, uint8_t *place, int error);
// result<_, error-code>, or one of a resource if that is not 0.
uint32_t p2_http_result(const struct smelt_context *context, int error, uint32_t resource);
// result, without anything in it, in one flat number.
static inline uint32_t p2_http_plain(bool is_right) { return is_right ? 0 : 1; }

// Requests, in whichever direction ------------------------------------------------------------------

// The end of a resource that is a request.
void p2_end_request(struct p2_state *state, struct p2_resource *resource);
// Stores its method.
uint32_t p2_request_method(const struct smelt_context *context,
                           const struct p2_http_request *request);
// Stores its scheme, option<scheme>.
uint32_t p2_request_scheme(const struct smelt_context *context,
                           const struct p2_http_request *request);
// Stores an option<string>.
uint32_t p2_http_text_option(const struct smelt_context *context, bool has,
                             const struct p2_text *text);

// Bodies ------------------------------------------------------------------------------------------

// The body of a message with these headers; the number of a resource of the host's own.
uint32_t p2_new_body(struct p2_state *state, const struct p2_fields *fields);
struct p2_http_body *p2_body_at(struct p2_state *state, uint32_t representation);
// The outgoing-body of a message that has none yet, result<outgoing-body>.
uint32_t p2_body_of(const struct smelt_context *context, uint32_t *body,
                    const struct p2_fields *fields);

// A stored timeout: option<duration>.
struct p2_http_options {
    bool has[3];
    uint64_t timeouts[3];  // to connect, to the first byte, between bytes
};

#endif
