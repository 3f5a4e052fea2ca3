// Operations on directory entries: path_create_directory, path_remove_directory,
// path_unlink_file, path_rename, path_link, path_symlink, path_readlink.
#include <string.h>

#include "core/guest.h"
#include "guest_path.h"
#include "host/path_entries.h"
#include "smelt/wasi_functions.h"
#include "state.h"
#include "wasi.h"

// Reads a path and does something with it.
static uint32_t with_path(const struct smelt_context *context, uint32_t fd, uint64_t right,
                          uint32_t address, uint32_t length,
                          int (*operation)(const struct host_path *path)) {
    struct guest_path path;
    uint32_t error = guest_path_read(context, fd, right, address, length, &path);
    return error != WASI_SUCCESS ? error : wasi_errno_of_host(operation(&path.host));
}

uint32_t smelt_wasi_snapshot_preview1_path_create_directory(struct smelt_context *context,
                                                            uint32_t fd, uint32_t path_address,
                                                            uint32_t path_length) {
    return with_path(context, fd, WASI_RIGHT_PATH_CREATE_DIRECTORY, path_address, path_length,
                     host_make_directory);
}

uint32_t smelt_wasi_snapshot_preview1_path_remove_directory(struct smelt_context *context,
                                                            uint32_t fd, uint32_t path_address,
                                                            uint32_t path_length) {
    return with_path(context, fd, WASI_RIGHT_PATH_REMOVE_DIRECTORY, path_address, path_length,
                     host_remove_directory);
}

uint32_t smelt_wasi_snapshot_preview1_path_unlink_file(struct smelt_context *context, uint32_t fd,
                                                       uint32_t path_address,
                                                       uint32_t path_length) {
    return with_path(context, fd, WASI_RIGHT_PATH_UNLINK_FILE, path_address, path_length,
                     host_unlink);
}

uint32_t smelt_wasi_snapshot_preview1_path_rename(struct smelt_context *context, uint32_t old_fd,
                                                  uint32_t old_address, uint32_t old_length,
                                                  uint32_t new_fd, uint32_t new_address,
                                                  uint32_t new_length) {
    struct guest_path old_path, new_path;
    struct path_place old_place;
    uint32_t error = guest_path_read(context, old_fd, WASI_RIGHT_PATH_RENAME_SOURCE, old_address,
                                     old_length, &old_path);
    if (error != WASI_SUCCESS) return error;
    error = path_resolve(&old_path, PATH_ENTRY, &old_place);
    if (error != WASI_SUCCESS) return error;
    error = guest_path_read(context, new_fd, WASI_RIGHT_PATH_RENAME_TARGET, new_address,
                            new_length, &new_path);
    if (error == WASI_SUCCESS) {
        return wasi_errno_of_host(host_rename(&old_path.host, &old_place, &new_path.host));
    }
    path_place_release(&old_place);
    return error;
}

uint32_t smelt_wasi_snapshot_preview1_path_link(struct smelt_context *context, uint32_t old_fd,
                                                uint32_t lookup_flags, uint32_t old_address,
                                                uint32_t old_length, uint32_t new_fd,
                                                uint32_t new_address, uint32_t new_length) {
    bool follows = (lookup_flags & WASI_LOOKUP_SYMLINK_FOLLOW) != 0;
    struct guest_path old_path, new_path;
    struct path_place old_place;
    uint32_t error = guest_path_read(context, old_fd, WASI_RIGHT_PATH_LINK_SOURCE, old_address,
                                     old_length, &old_path);
    if (error != WASI_SUCCESS) return error;
    error = path_resolve(&old_path, follows ? PATH_FOLLOW : PATH_NOFOLLOW, &old_place);
    if (error != WASI_SUCCESS) return error;
    error = guest_path_read(context, new_fd, WASI_RIGHT_PATH_LINK_TARGET, new_address, new_length,
                            &new_path);
    if (error == WASI_SUCCESS) return wasi_errno_of_host(host_link(&old_place, &new_path.host));
    path_place_release(&old_place);
    return error;
}

uint32_t smelt_wasi_snapshot_preview1_path_symlink(struct smelt_context *context,
                                                   uint32_t target_address, uint32_t target_length,
                                                   uint32_t fd, uint32_t path_address,
                                                   uint32_t path_length) {
    const uint8_t *text = guest_range(context, target_address, target_length);
    if (text == NULL) return WASI_FAULT;
    struct guest_path path;
    uint32_t error = guest_path_read(context, fd, WASI_RIGHT_PATH_SYMLINK, path_address,
                                     path_length, &path);
    if (error != WASI_SUCCESS) return error;
    return wasi_errno_of_host(host_make_link(&path.host, text, target_length));
}

static uint32_t read_embedded_link(const struct smelt_context *context,
                                   const struct guest_path *path, char target[PATH_MAX],
                                   size_t *length) {
    const struct smelt_embedded_node *node;
    uint32_t error = embedded_find(context, path, false, &node);
    if (error != WASI_SUCCESS) return error;
    const char *text = embedded_operations(context)->link(host_state_of(context), node);
    if (text == NULL) return WASI_INVAL;
    *length = node->size < PATH_MAX ? (size_t)node->size : PATH_MAX;
    memcpy(target, text, *length);
    return WASI_SUCCESS;
}

uint32_t smelt_wasi_snapshot_preview1_path_readlink(struct smelt_context *context, uint32_t fd,
                                                    uint32_t path_address, uint32_t path_length,
                                                    uint32_t buffer_address, uint32_t buffer_size,
                                                    uint32_t size_address) {
    uint8_t *buffer = guest_range(context, buffer_address, buffer_size);
    uint8_t *size = guest_range(context, size_address, sizeof(uint32_t));
    if (buffer == NULL || size == NULL) return WASI_FAULT;
    struct guest_path path;
    size_t length = 0;
    char target[PATH_MAX];  // POSIX leaves open whether a buffer of no bytes is an error
    uint32_t error = guest_path_read(context, fd, WASI_RIGHT_PATH_READLINK, path_address,
                                     path_length, &path);
    if (error != WASI_SUCCESS) return error;
    error = path.directory->node != NULL
                ? read_embedded_link(context, &path, target, &length)
                : wasi_errno_of_host(host_read_link(&path.host, target, &length));
    if (error != WASI_SUCCESS) return error;
    uint32_t used = length < buffer_size ? (uint32_t)length : buffer_size;
    memcpy(buffer, target, used);
    guest_store_u32(size, used);
    return WASI_SUCCESS;
}
