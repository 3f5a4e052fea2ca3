// wasi:filesystem/types: operations on names in directories.
#include <errno.h>

#include "arena.h"
#include "files.h"
#include "smelt/component_functions.h"

// Changes something that a path leads to.
static uint32_t change(struct smelt_context *context, uint32_t self, uint32_t address,
                       uint32_t length, int (*operation)(const struct host_path *path)) {
    struct host_path path;
    const struct p2_descriptor *directory;
    int error = p2_path_read(context, self, true, address, length, &path, &directory);
    return p2_file_outcome(context, error != 0 ? error : operation(&path));
}

uint32_t smelt_p2_filesystem_types_descriptor_create_directory_at(struct smelt_context *context,
                                                                  uint32_t self, uint32_t path,
                                                                  uint32_t length) {
    return change(context, self, path, length, host_make_directory);
}

uint32_t smelt_p2_filesystem_types_descriptor_remove_directory_at(struct smelt_context *context,
                                                                  uint32_t self, uint32_t path,
                                                                  uint32_t length) {
    return change(context, self, path, length, host_remove_directory);
}

uint32_t smelt_p2_filesystem_types_descriptor_unlink_file_at(struct smelt_context *context,
                                                             uint32_t self, uint32_t path,
                                                             uint32_t length) {
    return change(context, self, path, length, host_unlink);
}

// A path that something is moved or linked from, and its place; and the path that it gets.
static int two_paths(const struct smelt_context *context, uint32_t self, uint32_t old_path,
                     uint32_t old_length, uint32_t other, uint32_t new_path, uint32_t new_length,
                     enum path_final final, struct host_path *from, struct host_path *to,
                     struct path_place *place) {
    const struct p2_descriptor *directory;
    int error = p2_path_read(context, self, true, old_path, old_length, from, &directory);
    if (error == 0) {
        error = p2_path_read(context, other, true, new_path, new_length, to, &directory);
    }
    return error != 0 ? error : host_path_resolve(from, final, place);
}

uint32_t smelt_p2_filesystem_types_descriptor_rename_at(struct smelt_context *context,
                                                        uint32_t self, uint32_t old_path,
                                                        uint32_t old_length, uint32_t other,
                                                        uint32_t new_path, uint32_t new_length) {
    struct host_path from, to;
    struct path_place place;
    int error = two_paths(context, self, old_path, old_length, other, new_path, new_length,
                          PATH_ENTRY, &from, &to, &place);
    return p2_file_outcome(context, error != 0 ? error : host_rename(&from, &place, &to));
}

uint32_t smelt_p2_filesystem_types_descriptor_link_at(struct smelt_context *context, uint32_t self,
                                                      uint32_t flags, uint32_t old_path,
                                                      uint32_t old_length, uint32_t other,
                                                      uint32_t new_path, uint32_t new_length) {
    struct host_path from, to;
    struct path_place place;
    int error = two_paths(context, self, old_path, old_length, other, new_path, new_length,
                          PATH_NOFOLLOW, &from, &to, &place);
    if (error == 0 && (flags & P2_SYMLINK_FOLLOW) != 0) {
        path_place_release(&place);
        error = EINVAL;
    }
    return p2_file_outcome(context, error != 0 ? error : host_link(&place, &to));
}

uint32_t smelt_p2_filesystem_types_descriptor_symlink_at(struct smelt_context *context,
                                                         uint32_t self, uint32_t old_path,
                                                         uint32_t old_length, uint32_t new_path,
                                                         uint32_t new_length) {
    struct host_path path;
    const struct p2_descriptor *directory;
    const uint8_t *target = arena_at(context, old_path, old_length);
    int error = p2_path_read(context, self, true, new_path, new_length, &path, &directory);
    return p2_file_outcome(context,
                           error != 0 ? error : host_make_link(&path, target, old_length));
}

static int read_link(const struct smelt_context *context, const struct host_path *path,
                     const struct p2_descriptor *directory, char target[PATH_MAX],
                     size_t *length) {
    const struct host_state *host = context->wasi;
    const struct smelt_embedded_node *node;
    if (directory->node == NULL) return host_read_link(path, target, length);
    int error = p2_find_embedded(context, path, directory, false, &node);
    if (error != 0) return error;
    const char *text = p2_embedded(host)->link(host, node);
    if (text == NULL) return EINVAL;
    *length = node->size < PATH_MAX ? (size_t)node->size : PATH_MAX;
    memcpy(target, text, *length);
    return 0;
}

uint32_t smelt_p2_filesystem_types_descriptor_readlink_at(struct smelt_context *context,
                                                          uint32_t self, uint32_t address,
                                                          uint32_t length) {
    struct host_path path;
    const struct p2_descriptor *directory;
    char target[PATH_MAX];
    size_t target_length = 0;
    uint32_t offset;
    uint8_t *area = arena_result(context, 12, 4, &offset);
    int error = p2_path_read(context, self, false, address, length, &path, &directory);
    if (error == 0) error = read_link(context, &path, directory, target, &target_length);
    // An absolute one says where things are on the host.
    if (error == 0 && target_length > 0 && target[0] == '/') error = EPERM;
    if (error == 0 && !p2_is_utf8(target, target_length)) error = EILSEQ;
    area[0] = error != 0;
    if (error != 0) {
        area[4] = p2_file_error(error);
    } else {
        arena_store_bytes(context, area + 4, target, target_length);
    }
    return offset;
}
