// wasi:filesystem/types: what descriptors are.
#include <errno.h>
#include <unistd.h>

#include "arena.h"
#include "core/system_calls.h"
#include "files.h"
#include "host/host_calls.h"
#include "smelt/component_functions.h"

static void end(struct p2_state *state, struct p2_resource *resource) {
    SMELT_CALLS(close);
    (void)state;
    const struct p2_descriptor *descriptor = &resource->u.descriptor;
    if (!descriptor->is_granted && descriptor->fd >= 0) close(descriptor->fd);
}

const struct p2_class p2_descriptor_class = {.name = "descriptor", .end = end};

void smelt_p2_filesystem_types_drop_descriptor(struct smelt_context *context,
                                               uint32_t representation) {
    p2_drop(context, representation, &p2_descriptor_class);
}

uint8_t p2_file_type(mode_t mode) {
    switch (mode & S_IFMT) {
    case S_IFBLK: return 1;
    case S_IFCHR: return 2;
    case S_IFDIR: return 3;
    case S_IFIFO: return 4;
    case S_IFLNK: return 5;
    case S_IFREG: return 6;
    case S_IFSOCK: return 7;
    default: return 0;
    }
}

int p2_file_status(const struct smelt_context *context, const struct p2_descriptor *descriptor,
                   struct stat *status) {
    SMELT_CALLS(fstat);
    const struct host_state *host = context->wasi;
    if (descriptor->node != NULL) {
        p2_embedded(host)->status(host, descriptor->node, status);
        return 0;
    }
    return host_fstat(descriptor->fd, status) == 0 ? 0 : errno;
}

// result<enum or flags, error-code>
static uint32_t small_result(const struct smelt_context *context, int error, uint8_t value) {
    uint32_t offset;
    uint8_t *area = arena_result(context, 2, 1, &offset);
    area[0] = error != 0;
    area[1] = error != 0 ? p2_file_error(error) : value;
    return offset;
}

uint32_t smelt_p2_filesystem_types_descriptor_get_flags(struct smelt_context *context,
                                                        uint32_t self) {
    return small_result(context, 0, p2_descriptor_of(context, self)->flags);
}

uint32_t smelt_p2_filesystem_types_descriptor_get_type(struct smelt_context *context,
                                                       uint32_t self) {
    struct stat status;
    int error = p2_file_status(context, p2_descriptor_of(context, self), &status);
    return small_result(context, error, error != 0 ? 0 : p2_file_type(status.st_mode));
}

uint32_t smelt_p2_filesystem_types_descriptor_is_same_object(struct smelt_context *context,
                                                             uint32_t self, uint32_t other) {
    const struct p2_descriptor *one = p2_descriptor_of(context, self);
    const struct p2_descriptor *two = p2_descriptor_of(context, other);
    struct stat first, second;
    if (one->node != NULL || two->node != NULL) return one->node == two->node;
    return p2_file_status(context, one, &first) == 0 &&
           p2_file_status(context, two, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}
