// wasi:io/error.
#include <string.h>

#include "arena.h"
#include "smelt/component_functions.h"
#include "streams.h"

const struct p2_class p2_error_class = {.name = "error"};

uint32_t p2_new_error(struct p2_state *state, enum p2_error_origin origin, int code) {
    struct p2_resource *error;
    uint32_t result = p2_new(state, &p2_error_class, 0, &error);
    error->u.error = (struct p2_error){origin, code};
    return result;
}

uint32_t smelt_p2_io_error_error_to_debug_string(struct smelt_context *context, uint32_t self) {
    const struct p2_resource *error = p2_get(context, self, &p2_error_class);
    bool is_http = error->u.error.origin == P2_ERROR_OF_HTTP;
    const char *text = is_http ? "error of HTTP" : strerror(error->u.error.code);
    uint32_t offset;
    uint8_t *area = arena_result(context, 8, sizeof(uint32_t), &offset);
    arena_store_text(context, area, text, strlen(text));
    return offset;
}

void smelt_p2_io_error_drop_error(struct smelt_context *context, uint32_t representation) {
    p2_drop(context, representation, &p2_error_class);
}
