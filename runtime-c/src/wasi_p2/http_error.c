// wasi:http/types: errors.
#include <string.h>

#include "http.h"
#include "smelt/component_functions.h"

void p2_http_store_error(const struct smelt_context *context, uint8_t *place, int error) {
    static const char no_tls[] = "this host makes connections without TLS only";
    place[0] = (uint8_t)error;
    if (error != P2_HTTP_NO_TLS) return;
    place[8] = 1;
    arena_store_bytes(context, place + 12, no_tls, sizeof no_tls - 1);
}

uint32_t p2_http_result(const struct smelt_context *context, int error, uint32_t resource) {
    uint32_t offset;
    uint8_t *area = arena_result(context, P2_HTTP_RESULT_SIZE, 8, &offset);
    area[0] = error != P2_HTTP_OK;
    if (error != P2_HTTP_OK) p2_http_store_error(context, area + 8, error);
    else guest_store_u32(area + 8, resource);
    return offset;
}

uint32_t smelt_p2_http_types_http_error_code(struct smelt_context *context,
                                             uint32_t representation) {
    const struct p2_error *error = &p2_get(context, representation, &p2_error_class)->u.error;
    uint32_t offset;
    uint8_t *area = arena_result(context, P2_HTTP_RESULT_SIZE, 8, &offset);
    area[0] = error->origin == P2_ERROR_OF_HTTP;
    // Numbers of errors are never 0 in streams.
    if (area[0]) p2_http_store_error(context, area + 8, error->code - 1);
    return offset;
}
