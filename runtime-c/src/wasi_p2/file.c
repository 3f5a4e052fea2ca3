// wasi:filesystem/types: what is done with open files.
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "arena.h"
#include "core/system_calls.h"
#include "files.h"
#include "host/host_calls.h"
#include "smelt/component_functions.h"
#include "streams.h"

// A file that may be used in a way: 0 or an error.
static int get_file(const struct smelt_context *context, uint32_t self, uint8_t flag,
                    const struct p2_descriptor **file) {
    *file = p2_descriptor_of(context, self);
    if ((*file)->is_directory) return EBADF;
    return flag == 0 || ((*file)->flags & flag) != 0 ? 0 : EPERM;
}

static int outcome(int result) { return result == 0 ? 0 : errno; }

uint32_t smelt_p2_filesystem_types_descriptor_advise(struct smelt_context *context, uint32_t self,
                                                     uint64_t offset, uint64_t length,
                                                     uint32_t advice) {
    SMELT_CALLS(fadvise64);
    static const uint8_t host_advice[] = {POSIX_FADV_NORMAL,   POSIX_FADV_SEQUENTIAL,
                                          POSIX_FADV_RANDOM,   POSIX_FADV_WILLNEED,
                                          POSIX_FADV_DONTNEED, POSIX_FADV_NOREUSE};
    const struct p2_descriptor *file;
    int error = get_file(context, self, 0, &file);
    if (error == 0 && advice >= sizeof host_advice) error = EINVAL;
    if (error == 0 && (offset > INT64_MAX || length > INT64_MAX)) error = EINVAL;
    if (error == 0 && file->node == NULL) {
        error = posix_fadvise(file->fd, (off_t)offset, (off_t)length, host_advice[advice]);
    }
    return p2_file_outcome(context, error);
}

uint32_t smelt_p2_filesystem_types_descriptor_sync_data(struct smelt_context *context,
                                                        uint32_t self) {
    SMELT_CALLS(fdatasync);
    const struct p2_descriptor *descriptor = p2_descriptor_of(context, self);
    bool is_embedded = descriptor->node != NULL;
    return p2_file_outcome(context, is_embedded ? 0 : outcome(fdatasync(descriptor->fd)));
}

uint32_t smelt_p2_filesystem_types_descriptor_sync(struct smelt_context *context, uint32_t self) {
    SMELT_CALLS(fsync);
    const struct p2_descriptor *descriptor = p2_descriptor_of(context, self);
    bool is_embedded = descriptor->node != NULL;
    return p2_file_outcome(context, is_embedded ? 0 : outcome(fsync(descriptor->fd)));
}

uint32_t smelt_p2_filesystem_types_descriptor_set_size(struct smelt_context *context,
                                                       uint32_t self, uint64_t size) {
    SMELT_CALLS(ftruncate);
    const struct p2_descriptor *file;
    int error = get_file(context, self, P2_FLAG_WRITE, &file);
    if (error == 0 && size > INT64_MAX) error = EINVAL;
    if (error == 0) {
        uint64_t mask = host_hold_signals();
        int result = ftruncate(file->fd, (off_t)size);
        error = outcome(result);
        host_release_signals(mask, result);
    }
    return p2_file_outcome(context, error);
}

uint32_t smelt_p2_filesystem_types_descriptor_read(struct smelt_context *context, uint32_t self,
                                                   uint64_t length, uint64_t position) {
    SMELT_CALLS(pread64);
    const struct host_state *host = context->wasi;
    const struct p2_descriptor *file;
    uint32_t area_offset, offset = 0;
    uint8_t *area = arena_result(context, 16, 4, &area_offset);
    int error = get_file(context, self, P2_FLAG_READ, &file);
    if (error == 0 && position > INT64_MAX) error = EINVAL;
    int64_t count = 0;
    size_t size = length < P2_READ_LIMIT ? (size_t)length : P2_READ_LIMIT;
    if (error == 0) {
        uint8_t *buffer = arena_new(context, size, 1, &offset);
        const struct iovec vector = {buffer, size};
        count = file->node != NULL
                    ? (int64_t)p2_embedded(host)->read(host, file->node, &position, &vector, 1)
                    : pread(file->fd, buffer, size, (off_t)position);
        if (count < 0) error = errno;
    }
    area[0] = error != 0;
    if (error != 0) {
        area[4] = p2_file_error(error);
        return area_offset;
    }
    guest_store_u32(area + 4, offset);
    guest_store_u32(area + 8, (uint32_t)count);
    area[12] = count == 0 && size > 0;
    return area_offset;
}

uint32_t smelt_p2_filesystem_types_descriptor_write(struct smelt_context *context, uint32_t self,
                                                    uint32_t buffer, uint32_t length,
                                                    uint64_t position) {
    SMELT_CALLS(pwrite64);
    const struct p2_descriptor *file;
    uint32_t area_offset;
    const uint8_t *bytes = arena_at(context, buffer, length);
    uint8_t *area = arena_result(context, 16, 8, &area_offset);
    int error = get_file(context, self, P2_FLAG_WRITE, &file);
    if (error == 0 && position > INT64_MAX) error = EINVAL;
    int64_t count = 0;
    if (error == 0) {
        uint64_t mask = host_hold_signals();
        count = pwrite(file->fd, bytes, length, (off_t)position);
        if (count < 0) error = errno;
        host_release_signals(mask, count);
    }
    area[0] = error != 0;
    if (error != 0) {
        area[8] = p2_file_error(error);
    } else {
        guest_store_u64(area + 8, (uint64_t)count);
    }
    return area_offset;
}
