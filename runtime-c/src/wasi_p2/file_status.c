// wasi:filesystem/types: attributes of files.
#include <errno.h>
#include <fcntl.h>

#include "arena.h"
#include "core/system_calls.h"
#include "files.h"
#include "host/clocks.h"
#include "smelt/component_functions.h"

static void store_time(uint8_t *option, const struct timespec *time) {
    uint64_t nanoseconds = host_nanoseconds(time);
    option[0] = 1;
    guest_store_u64(option + 8, nanoseconds / HOST_SECOND);
    guest_store_u32(option + 16, (uint32_t)(nanoseconds % HOST_SECOND));
}

// result<descriptor-stat, error-code>
static uint32_t status_result(const struct smelt_context *context, int error,
                              const struct stat *status) {
    enum { SIZE = 104, RECORD = 8, LINKS = 8, BYTES = 16, ACCESSED = 24, MODIFIED = 48, CHANGED = 72 };
    uint32_t offset;
    uint8_t *area = arena_result(context, SIZE, 8, &offset);
    uint8_t *record = area + RECORD;
    area[0] = error != 0;
    if (error != 0) {
        record[0] = p2_file_error(error);
        return offset;
    }
    record[0] = p2_file_type(status->st_mode);
    guest_store_u64(record + LINKS, status->st_nlink);
    guest_store_u64(record + BYTES, (uint64_t)status->st_size);
    store_time(record + ACCESSED, &status->st_atim);
    store_time(record + MODIFIED, &status->st_mtim);
    store_time(record + CHANGED, &status->st_ctim);
    return offset;
}

static int path_status(const struct smelt_context *context, uint32_t self, uint32_t flags,
                       uint32_t address, uint32_t length, struct stat *status) {
    struct host_path path;
    const struct p2_descriptor *directory;
    const struct host_state *host = context->wasi;
    bool follows = (flags & P2_SYMLINK_FOLLOW) != 0;
    int error = p2_path_read(context, self, false, address, length, &path, &directory);
    if (error != 0) return error;
    if (directory->node == NULL) {
        return host_path_status(&path, follows ? PATH_FOLLOW : PATH_NOFOLLOW, status);
    }
    const struct smelt_embedded_node *node;
    error = p2_find_embedded(context, &path, directory, follows, &node);
    if (error == 0) p2_embedded(host)->status(host, node, status);
    return error;
}

uint32_t smelt_p2_filesystem_types_descriptor_stat(struct smelt_context *context, uint32_t self) {
    struct stat status;
    int error = p2_file_status(context, p2_descriptor_of(context, self), &status);
    return status_result(context, error, &status);
}

uint32_t smelt_p2_filesystem_types_descriptor_stat_at(struct smelt_context *context, uint32_t self,
                                                      uint32_t flags, uint32_t address,
                                                      uint32_t length) {
    struct stat status;
    int error = path_status(context, self, flags, address, length, &status);
    return status_result(context, error, &status);
}

// Mixes a number so that each bit of it counts for all bits of the result.
static uint64_t mix(uint64_t value) {
    value ^= value >> 33;
    value *= UINT64_C(0xff51afd7ed558ccd);
    value ^= value >> 33;
    value *= UINT64_C(0xc4ceb9fe1a85ec53);
    return value ^ value >> 33;
}

// What makes a file this one; not what is in it, which would have to be asked for after each write.
static uint32_t hash_result(const struct smelt_context *context, int error,
                            const struct stat *status) {
    uint32_t offset;
    uint8_t *area = arena_result(context, 24, 8, &offset);
    area[0] = error != 0;
    if (error != 0) {
        area[8] = p2_file_error(error);
        return offset;
    }
    uint64_t lower = mix(mix((uint64_t)status->st_dev + 1) + (uint64_t)status->st_ino);
    guest_store_u64(area + 8, lower);
    guest_store_u64(area + 16, mix(lower + (uint64_t)status->st_ino));
    return offset;
}

uint32_t smelt_p2_filesystem_types_descriptor_metadata_hash(struct smelt_context *context,
                                                            uint32_t self) {
    struct stat status;
    int error = p2_file_status(context, p2_descriptor_of(context, self), &status);
    return hash_result(context, error, &status);
}

uint32_t smelt_p2_filesystem_types_descriptor_metadata_hash_at(struct smelt_context *context,
                                                               uint32_t self, uint32_t flags,
                                                               uint32_t address, uint32_t length) {
    struct stat status;
    int error = path_status(context, self, flags, address, length, &status);
    return hash_result(context, error, &status);
}

// A new-timestamp as utimensat(2) takes it.
static int read_time(uint32_t kind, uint64_t seconds, uint32_t nanoseconds,
                     struct timespec *time) {
    enum { NO_CHANGE = 0, NOW = 1 };
    *time = (struct timespec){.tv_nsec = kind == NOW ? UTIME_NOW : UTIME_OMIT};
    if (kind == NO_CHANGE || kind == NOW) return 0;
    if (nanoseconds >= HOST_SECOND || seconds > INT64_MAX) return EINVAL;
    *time = (struct timespec){.tv_sec = (time_t)seconds, .tv_nsec = (long)nanoseconds};
    return 0;
}

uint32_t smelt_p2_filesystem_types_descriptor_set_times(
    struct smelt_context *context, uint32_t self, uint32_t access, uint64_t access_seconds,
    uint32_t access_nanoseconds, uint32_t modification, uint64_t modification_seconds,
    uint32_t modification_nanoseconds) {
    SMELT_CALLS(utimensat);
    const struct p2_descriptor *descriptor = p2_descriptor_of(context, self);
    struct timespec times[2];
    int error = read_time(access, access_seconds, access_nanoseconds, &times[0]);
    if (error == 0) {
        error = read_time(modification, modification_seconds, modification_nanoseconds, &times[1]);
    }
    if (error == 0 && descriptor->is_read_only) error = EROFS;
    const uint8_t changing = P2_FLAG_WRITE | P2_FLAG_MUTATE;
    if (error == 0 && (descriptor->flags & changing) == 0) error = EPERM;
    if (error == 0 && futimens(descriptor->fd, times) != 0) error = errno;
    return p2_file_outcome(context, error);
}

uint32_t smelt_p2_filesystem_types_descriptor_set_times_at(
    struct smelt_context *context, uint32_t self, uint32_t flags, uint32_t address,
    uint32_t length, uint32_t access, uint64_t access_seconds, uint32_t access_nanoseconds,
    uint32_t modification, uint64_t modification_seconds, uint32_t modification_nanoseconds) {
    struct host_path path;
    const struct p2_descriptor *directory;
    struct timespec times[2];
    int error = p2_path_read(context, self, true, address, length, &path, &directory);
    if (error == 0) error = read_time(access, access_seconds, access_nanoseconds, &times[0]);
    if (error == 0) {
        error = read_time(modification, modification_seconds, modification_nanoseconds, &times[1]);
    }
    if (error == 0) {
        bool follows = (flags & P2_SYMLINK_FOLLOW) != 0;
        error = host_path_set_times(&path, follows ? PATH_FOLLOW : PATH_NOFOLLOW, times);
    }
    return p2_file_outcome(context, error);
}
