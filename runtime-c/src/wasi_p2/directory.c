// wasi:filesystem/types: listing directories. Each stream has a descriptor of its own, because a
// position in a directory belongs to a descriptor.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arena.h"
#include "core/system_calls.h"
#include "files.h"
#include "host/directory_entries.h"
#include "host/host_calls.h"
#include "smelt/component_functions.h"

enum { BUFFER_SIZE = 16384 };

static void end(struct p2_state *state, struct p2_resource *resource) {
    SMELT_CALLS(close);
    SMELT_CALLS(munmap);
    (void)state;
    struct p2_directory_stream *stream = &resource->u.directory;
    if (stream->fd >= 0) close(stream->fd);
    if (stream->buffer != NULL) munmap(stream->buffer, BUFFER_SIZE);
}

static const struct p2_class stream_class = {.name = "directory-entry-stream", .end = end};

void smelt_p2_filesystem_types_drop_directory_entry_stream(struct smelt_context *context,
                                                           uint32_t representation) {
    p2_drop(context, representation, &stream_class);
}

static int open_again(const struct p2_descriptor *directory, int *fd) {
    SMELT_CALLS_IF(openat, SMELT_CALL_WITH_PATHS);
    *fd = -1;
    if (!directory->is_directory) return ENOTDIR;
    if (directory->node != NULL) return 0;
    *fd = openat(directory->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*fd >= 0) *fd = host_lift(*fd);
    return *fd >= 0 ? 0 : errno;
}

uint32_t smelt_p2_filesystem_types_descriptor_read_directory(struct smelt_context *context,
                                                             uint32_t self) {
    const struct p2_descriptor *directory = p2_descriptor_of(context, self);
    int fd;
    uint32_t offset;
    uint8_t *area = arena_result(context, 8, 4, &offset);
    int error = open_again(directory, &fd);
    area[0] = error != 0;
    if (error != 0) {
        area[4] = p2_file_error(error);
        return offset;
    }
    struct p2_resource *resource;
    guest_store_u32(area + 4, p2_new(p2_state_of(context), &stream_class, self, &resource));
    resource->u.directory.fd = fd;
    resource->u.directory.node = directory->node;
    return offset;
}

// The next entry that the kernel gives; null and 0 at the end.
static const struct host_entry *next_entry(struct p2_directory_stream *stream, int *error) {
    SMELT_CALLS(getdents64);
    SMELT_CALLS_IF(mmap, SMELT_CALL_NOT_CODE);
    *error = 0;
    if (stream->buffer == NULL) {
        void *memory = mmap(NULL, BUFFER_SIZE, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        *error = memory == MAP_FAILED ? ENOMEM : 0;
        if (*error != 0) return NULL;
        stream->buffer = memory;
    }
    if (stream->used == stream->length) {
        long length = syscall(SYS_getdents64, stream->fd, stream->buffer, BUFFER_SIZE);
        if (length < 0) *error = errno;
        if (length <= 0) return NULL;
        stream->used = 0;
        stream->length = (uint32_t)length;
    }
    const struct host_entry *entry = (const void *)(stream->buffer + stream->used);
    stream->used += entry->record_length;
    return entry;
}

static bool is_dots(const char *name) {
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

// Finds out the next entry; null and 0 at the end.
static int next(const struct host_state *host, struct p2_directory_stream *stream,
                const char **name, size_t *length, uint8_t *type) {
    *name = NULL;
    if (stream->node != NULL) {
        if (stream->position == stream->node->size) return 0;
        const struct smelt_embedded_node *child =
            p2_embedded(host)->child(host, stream->node, stream->position++, name);
        *length = child->name_length;
        *type = p2_file_type(embedded_mode(child));
        return 0;
    }
    const struct host_entry *entry;
    int error;
    do {
        entry = next_entry(stream, &error);
        if (entry == NULL) return error;
    } while (is_dots(entry->name));
    *name = entry->name;
    *length = strlen(entry->name);
    *type = p2_file_type(host_entry_mode(stream->fd, entry));
    return 0;
}

uint32_t smelt_p2_filesystem_types_directory_entry_stream_read_directory_entry(
    struct smelt_context *context, uint32_t self) {
    struct p2_directory_stream *stream = &p2_get(context, self, &stream_class)->u.directory;
    const char *name;
    size_t length = 0;
    uint8_t type = 0;
    uint32_t offset;
    uint8_t *area = arena_result(context, 20, 4, &offset);
    int error = next(context->wasi, stream, &name, &length, &type);
    if (error == 0 && name != NULL && !p2_is_utf8(name, length)) error = EILSEQ;
    area[0] = error != 0;
    if (error != 0) {
        area[4] = p2_file_error(error);
    } else if (name != NULL) {
        area[4] = 1;
        area[8] = type;
        arena_store_bytes(context, area + 12, name, length);
    }
    return offset;
}
