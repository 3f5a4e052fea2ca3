// Operations on directory entries: path_create_directory, path_remove_directory,
// path_unlink_file, path_rename, path_link, path_symlink, path_readlink.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/system_calls.h"
#include "embedded.h"
#include "guest.h"
#include "guest_path.h"
#include "smelt/wasi_functions.h"
#include "wasi.h"

// Reads and resolves a path in one go.
static uint32_t find_place(const struct smelt_context *context, uint32_t fd, uint64_t right,
                           uint32_t address, uint32_t length, enum path_final final,
                           struct path_place *place) {
    struct guest_path path;
    uint32_t error = guest_path_read(context, fd, right, address, length, &path);
    return error != WASI_SUCCESS ? error : path_resolve(&path, final, place);
}

// The WASI errno of a host call's result.
static uint32_t outcome(int result) {
    return result == 0 ? WASI_SUCCESS : wasi_errno_from_linux(errno);
}

// Whether there is a directory at a place; notdir if there is none and should be.
static uint32_t look_at(const struct path_place *place, bool *is_directory) {
    SMELT_CALLS_IF(newfstatat, SMELT_CALL_WITH_PATHS);
    struct stat status;
    uint32_t error = outcome(fstatat(place->parent, place->name, &status, AT_SYMLINK_NOFOLLOW));
    if (error != WASI_SUCCESS) return error;
    *is_directory = S_ISDIR(status.st_mode);
    return place->must_be_directory && !*is_directory ? WASI_NOTDIR : WASI_SUCCESS;
}

uint32_t smelt_wasi_snapshot_preview1_path_create_directory(struct smelt_context *context,
                                                            uint32_t fd, uint32_t path_address,
                                                            uint32_t path_length) {
    SMELT_CALLS_IF(mkdirat, SMELT_CALL_WITH_PATHS);
    struct path_place place;
    uint32_t error = find_place(context, fd, WASI_RIGHT_PATH_CREATE_DIRECTORY, path_address,
                                path_length, PATH_ENTRY, &place);
    if (error != WASI_SUCCESS) return error;
    error = outcome(mkdirat(place.parent, place.name, 0777));
    path_place_release(&place);
    return error;
}

uint32_t smelt_wasi_snapshot_preview1_path_remove_directory(struct smelt_context *context,
                                                            uint32_t fd, uint32_t path_address,
                                                            uint32_t path_length) {
    SMELT_CALLS_IF(unlinkat, SMELT_CALL_WITH_PATHS);
    struct path_place place;
    uint32_t error = find_place(context, fd, WASI_RIGHT_PATH_REMOVE_DIRECTORY, path_address,
                                path_length, PATH_ENTRY, &place);
    if (error != WASI_SUCCESS) return error;
    error = outcome(unlinkat(place.parent, place.name, AT_REMOVEDIR));
    path_place_release(&place);
    return error;
}

uint32_t smelt_wasi_snapshot_preview1_path_unlink_file(struct smelt_context *context, uint32_t fd,
                                                       uint32_t path_address,
                                                       uint32_t path_length) {
    SMELT_CALLS_IF(unlinkat, SMELT_CALL_WITH_PATHS);
    struct path_place place;
    uint32_t error = find_place(context, fd, WASI_RIGHT_PATH_UNLINK_FILE, path_address,
                                path_length, PATH_ENTRY, &place);
    if (error != WASI_SUCCESS) return error;
    error = outcome(unlinkat(place.parent, place.name, 0));
    path_place_release(&place);
    return error;
}

uint32_t smelt_wasi_snapshot_preview1_path_rename(struct smelt_context *context, uint32_t old_fd,
                                                  uint32_t old_address, uint32_t old_length,
                                                  uint32_t new_fd, uint32_t new_address,
                                                  uint32_t new_length) {
    SMELT_CALLS_IF(renameat, SMELT_CALL_WITH_PATHS);
    struct guest_path old_path, new_path;
    struct path_place old_place, new_place;
    uint32_t error = guest_path_read(context, old_fd, WASI_RIGHT_PATH_RENAME_SOURCE, old_address,
                                     old_length, &old_path);
    if (error != WASI_SUCCESS) return error;
    error = path_resolve(&old_path, PATH_ENTRY, &old_place);
    if (error != WASI_SUCCESS) return error;
    error = guest_path_read(context, new_fd, WASI_RIGHT_PATH_RENAME_TARGET, new_address,
                            new_length, &new_path);
    if (error == WASI_SUCCESS) {
        error = path_resolve_beside(&new_path, &old_path, &old_place, &new_place);
    }
    if (error == WASI_SUCCESS) {
        error = outcome(
            renameat(old_place.parent, old_place.name, new_place.parent, new_place.name));
        path_place_release(&new_place);
    }
    path_place_release(&old_place);
    return error;
}

uint32_t smelt_wasi_snapshot_preview1_path_link(struct smelt_context *context, uint32_t old_fd,
                                                uint32_t lookup_flags, uint32_t old_address,
                                                uint32_t old_length, uint32_t new_fd,
                                                uint32_t new_address, uint32_t new_length) {
    SMELT_CALLS_IF(linkat, SMELT_CALL_WITH_PATHS);
    bool follows = (lookup_flags & WASI_LOOKUP_SYMLINK_FOLLOW) != 0;
    struct path_place old_place, new_place;
    uint32_t error = find_place(context, old_fd, WASI_RIGHT_PATH_LINK_SOURCE, old_address,
                                old_length, follows ? PATH_FOLLOW : PATH_NOFOLLOW, &old_place);
    if (error != WASI_SUCCESS) return error;
    error = find_place(context, new_fd, WASI_RIGHT_PATH_LINK_TARGET, new_address, new_length,
                       PATH_ENTRY, &new_place);
    if (error == WASI_SUCCESS) {
        // Directories cannot be linked; Landlock would have another word for it.
        bool is_directory;
        error = look_at(&old_place, &is_directory);
        if (error == WASI_SUCCESS && is_directory) error = WASI_PERM;
        if (error == WASI_SUCCESS) {
            error = outcome(linkat(old_place.parent, old_place.name, new_place.parent,
                                   new_place.name, 0));
        }
        path_place_release(&new_place);
    }
    path_place_release(&old_place);
    return error;
}

uint32_t smelt_wasi_snapshot_preview1_path_symlink(struct smelt_context *context,
                                                   uint32_t target_address, uint32_t target_length,
                                                   uint32_t fd, uint32_t path_address,
                                                   uint32_t path_length) {
    SMELT_CALLS_IF(symlinkat, SMELT_CALL_WITH_PATHS);
    char target[PATH_MAX];
    const uint8_t *text = guest_range(context, target_address, target_length);
    if (text == NULL) return WASI_FAULT;
    struct path_place place;
    uint32_t error = find_place(context, fd, WASI_RIGHT_PATH_SYMLINK, path_address, path_length,
                                PATH_ENTRY, &place);
    if (error != WASI_SUCCESS) return error;
    if (target_length == 0) {
        error = WASI_NOENT;
    } else if (target_length >= sizeof target) {
        error = WASI_NAMETOOLONG;
    } else if (memchr(text, 0, target_length) != NULL) {
        error = WASI_INVAL;
    } else if (text[0] == '/') {
        // It would lead nowhere for this guest, but out of its directory for everybody else.
        error = WASI_PERM;
    } else {
        memcpy(target, text, target_length);
        target[target_length] = 0;
        error = outcome(symlinkat(target, place.parent, place.name));
    }
    path_place_release(&place);
    return error;
}

static uint32_t read_link(const struct guest_path *path, char target[PATH_MAX], uint32_t *length) {
    SMELT_CALLS_IF(readlinkat, SMELT_CALL_WITH_PATHS);
    struct path_place place;
    uint32_t error = path_resolve(path, PATH_NOFOLLOW, &place);
    if (error != WASI_SUCCESS) return error;
    ssize_t result = readlinkat(place.parent, place.name, target, PATH_MAX);
    bool is_directory;
    if (result < 0) error = wasi_errno_from_linux(errno);
    // Not a link: with a slash behind its name, it should be a directory.
    if (error == WASI_INVAL && look_at(&place, &is_directory) == WASI_NOTDIR) error = WASI_NOTDIR;
    path_place_release(&place);
    *length = (uint32_t)result;
    return error;
}

static uint32_t read_embedded_link(const struct smelt_context *context,
                                   const struct guest_path *path, char target[PATH_MAX],
                                   uint32_t *length) {
    const struct smelt_embedded_node *node;
    uint32_t error = embedded_operations(context)->find(context, path, false, &node);
    if (error != WASI_SUCCESS) return error;
    const char *text = embedded_operations(context)->link(context, node);
    if (text == NULL) return WASI_INVAL;
    *length = node->size < PATH_MAX ? (uint32_t)node->size : PATH_MAX;
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
    uint32_t length = 0;
    char target[PATH_MAX];  // POSIX leaves open whether a buffer of no bytes is an error
    uint32_t error = guest_path_read(context, fd, WASI_RIGHT_PATH_READLINK, path_address,
                                     path_length, &path);
    if (error != WASI_SUCCESS) return error;
    error = path.directory->node != NULL ? read_embedded_link(context, &path, target, &length)
                                         : read_link(&path, target, &length);
    if (error != WASI_SUCCESS) return error;
    uint32_t used = length < buffer_size ? length : buffer_size;
    memcpy(buffer, target, used);
    guest_store_u32(size, used);
    return WASI_SUCCESS;
}
