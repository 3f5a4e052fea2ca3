// wasi:filesystem/types: opening files, and the directories that were granted.
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "arena.h"
#include "core/system_calls.h"
#include "files.h"
#include "host/grants.h"
#include "host/host_calls.h"
#include "smelt/component_functions.h"

int p2_path_read(const struct smelt_context *context, uint32_t self, bool changes,
                 uint32_t address, uint32_t length, struct host_path *path,
                 const struct p2_descriptor **directory) {
    const uint8_t *text = arena_at(context, address, length);
    *directory = p2_descriptor_of(context, self);
    if (!(*directory)->is_directory) return ENOTDIR;
    if (changes && (*directory)->is_read_only) return EROFS;
    path->root = (*directory)->fd;
    path->is_proc = (*directory)->is_proc;
    path->kept = &p2_state_of(context)->host->kept;
    return host_path_set(path, text, length);
}

int p2_find_embedded(const struct smelt_context *context, const struct host_path *path,
                     const struct p2_descriptor *directory, bool follows,
                     const struct smelt_embedded_node **node) {
    const struct host_state *host = context->wasi;
    return p2_embedded(host)->find(host, directory->node, path->text, follows, node);
}

static int host_flags(uint32_t open_flags, uint32_t flags) {
    bool writes = (flags & P2_FLAG_WRITE) != 0 || (open_flags & P2_OPEN_TRUNCATE) != 0;
    int result = writes ? ((flags & P2_FLAG_READ) != 0 ? O_RDWR : O_WRONLY) : O_RDONLY;
    if ((open_flags & P2_OPEN_CREATE) != 0) result |= O_CREAT;
    if ((open_flags & P2_OPEN_DIRECTORY) != 0) result |= O_DIRECTORY;
    if ((open_flags & P2_OPEN_EXCLUSIVE) != 0) result |= O_EXCL;
    if ((open_flags & P2_OPEN_TRUNCATE) != 0) result |= O_TRUNC;
    if ((flags & P2_FLAG_DATA_SYNC) != 0) result |= O_DSYNC;
    if ((flags & (P2_FLAG_FILE_SYNC | P2_FLAG_WRITE_SYNC)) != 0) result |= O_SYNC;
    return result | O_NOCTTY;
}

static int check_flags(uint32_t open_flags, uint32_t flags) {
    const uint32_t making = P2_OPEN_CREATE | P2_OPEN_EXCLUSIVE | P2_OPEN_TRUNCATE;
    bool is_contradiction =
        (open_flags & P2_OPEN_DIRECTORY) != 0 && (open_flags & making) != 0;
    bool is_unknown = open_flags > (making | P2_OPEN_DIRECTORY) || flags > P2_FLAGS_ALL;
    return is_contradiction || is_unknown ? EINVAL : 0;
}

static int open_embedded(const struct smelt_context *context, const struct host_path *path,
                         const struct p2_descriptor *directory, bool follows, uint32_t open_flags,
                         struct p2_descriptor *descriptor) {
    int error = p2_find_embedded(context, path, directory, follows, &descriptor->node);
    if (error != 0) return error;
    if (descriptor->node->type == SMELT_EMBEDDED_LINK) return ELOOP;
    descriptor->is_directory = descriptor->node->type == SMELT_EMBEDDED_DIRECTORY;
    bool is_wrong = (open_flags & P2_OPEN_DIRECTORY) != 0 && !descriptor->is_directory;
    return is_wrong ? ENOTDIR : 0;
}

static int open_host(const struct host_path *path, bool follows, uint32_t open_flags,
                     uint32_t flags, struct p2_descriptor *descriptor) {
    SMELT_CALLS(fstat);
    SMELT_CALLS(close);
    struct stat status;
    int fd;
    int error = host_path_open(path, host_flags(open_flags, flags), follows, &fd,
                               &descriptor->is_proc);
    if (error != 0) return error;
    descriptor->fd = host_lift(fd);
    if (descriptor->fd < 0) return errno;
    if (host_fstat(descriptor->fd, &status) != 0) {
        error = errno;
        close(descriptor->fd);
        return error;
    }
    descriptor->is_directory = S_ISDIR(status.st_mode);
    return 0;
}

// What a descriptor may do, of what was asked for.
static uint8_t flags_of(const struct p2_descriptor *descriptor, uint32_t open_flags,
                        uint32_t flags) {
    if (descriptor->is_directory) {
        return descriptor->is_read_only ? P2_FLAG_READ : P2_FLAG_READ | P2_FLAG_MUTATE;
    }
    if ((open_flags & P2_OPEN_TRUNCATE) != 0) flags |= P2_FLAG_WRITE;
    return (uint8_t)(flags & ~(uint32_t)P2_FLAG_MUTATE);
}

uint32_t smelt_p2_filesystem_types_descriptor_open_at(struct smelt_context *context,
                                                      uint32_t self, uint32_t path_flags,
                                                      uint32_t address, uint32_t length,
                                                      uint32_t open_flags, uint32_t flags) {
    struct host_path path;
    const struct p2_descriptor *directory;
    struct p2_descriptor descriptor = {.fd = -1};
    bool follows = (path_flags & P2_SYMLINK_FOLLOW) != 0;
    bool changes = (open_flags & (P2_OPEN_CREATE | P2_OPEN_TRUNCATE)) != 0 ||
                   (flags & (P2_FLAG_WRITE | P2_FLAG_MUTATE)) != 0;
    int error = p2_path_read(context, self, changes, address, length, &path, &directory);
    if (error == 0) error = check_flags(open_flags, flags);
    if (error == 0) {
        error = directory->node != NULL
                    ? open_embedded(context, &path, directory, follows, open_flags, &descriptor)
                    : open_host(&path, follows, open_flags, flags, &descriptor);
    }
    uint32_t offset;
    uint8_t *area = arena_result(context, 8, 4, &offset);
    area[0] = error != 0;
    if (error != 0) {
        area[4] = p2_file_error(error);
        return offset;
    }
    struct p2_resource *resource;
    descriptor.is_read_only = directory->is_read_only;
    descriptor.flags = flags_of(&descriptor, open_flags, flags);
    guest_store_u32(area + 4, p2_new(p2_state_of(context), &p2_descriptor_class, 0, &resource));
    resource->u.descriptor = descriptor;
    return offset;
}

uint32_t smelt_p2_filesystem_preopens_get_directories(struct smelt_context *context) {
    // This brings those that were granted (see grants.h).
#if !defined(SMELT_LIBRARY)
    __attribute__((used)) static void (*const needs)(struct host_state *) =
        smelt_grant_directories;
#endif
    enum { PAIR = 12 };
    struct p2_state *state = p2_state_of(context);
    const struct host_state *host = state->host;
    uint32_t area_offset, list_offset;
    uint8_t *area = arena_result(context, 8, 4, &area_offset);
    uint8_t *list = arena_new(context, (uint64_t)host->directory_count * PAIR, 4, &list_offset);
    for (uint32_t index = 0; index < host->directory_count; index++) {
        const struct host_directory *granted = &host->directories[index];
        uint8_t *pair = list + (size_t)index * PAIR;
        struct p2_resource *resource;
        guest_store_u32(pair, p2_new(state, &p2_descriptor_class, 0, &resource));
        resource->u.descriptor = (struct p2_descriptor){
            .fd = granted->host,
            .node = granted->node,
            .is_directory = true,
            .is_granted = true,
            .is_read_only = granted->is_read_only,
            .is_proc = granted->is_proc,
        };
        resource->u.descriptor.flags = flags_of(&resource->u.descriptor, 0, 0);
        arena_store_text(context, pair + 4, granted->name, granted->name_length);
    }
    guest_store_u32(area, list_offset);
    guest_store_u32(area + 4, host->directory_count);
    return area_offset;
}
