// Operations on directory entries.
#include "path_entries.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/system_calls.h"

int host_path_set(struct host_path *path, const void *text, size_t length) {
    if (length == 0) return ENOENT;
    if (length >= sizeof path->text) return ENAMETOOLONG;
    if (memchr(text, 0, length) != NULL) return EINVAL;
    if (*(const char *)text == '/') return EPERM;
    memcpy(path->text, text, length);
    path->text[length] = 0;
    return 0;
}

static int outcome(int result) { return result == 0 ? 0 : errno; }

// Whether there is a directory at a place; ENOTDIR if there is none and should be.
static int look_at(const struct path_place *place, bool *is_directory) {
    SMELT_CALLS_IF(newfstatat, SMELT_CALL_WITH_PATHS);
    struct stat status;
    if (fstatat(place->parent, place->name, &status, AT_SYMLINK_NOFOLLOW) != 0) return errno;
    *is_directory = S_ISDIR(status.st_mode);
    return place->must_be_directory && !*is_directory ? ENOTDIR : 0;
}

int host_make_directory(const struct host_path *path) {
    SMELT_CALLS_IF(mkdirat, SMELT_CALL_WITH_PATHS);
    struct path_place place;
    int error = host_path_resolve(path, PATH_ENTRY, &place);
    if (error != 0) return error;
    error = outcome(mkdirat(place.parent, place.name, 0777));
    path_place_release(&place);
    return error;
}

static int unlink_entry(const struct host_path *path, int flags) {
    SMELT_CALLS_IF(unlinkat, SMELT_CALL_WITH_PATHS);
    struct path_place place;
    int error = host_path_resolve(path, PATH_ENTRY, &place);
    if (error != 0) return error;
    error = outcome(unlinkat(place.parent, place.name, flags));
    path_place_release(&place);
    return error;
}

int host_remove_directory(const struct host_path *path) {
    return unlink_entry(path, AT_REMOVEDIR);
}

int host_unlink(const struct host_path *path) { return unlink_entry(path, 0); }

int host_rename(const struct host_path *old_path, struct path_place *old_place,
                const struct host_path *new_path) {
    SMELT_CALLS_IF(renameat, SMELT_CALL_WITH_PATHS);
    struct path_place new_place;
    int error = host_path_resolve_beside(new_path, old_path, old_place, &new_place);
    if (error == 0) {
        error = outcome(
            renameat(old_place->parent, old_place->name, new_place.parent, new_place.name));
        path_place_release(&new_place);
    }
    path_place_release(old_place);
    return error;
}

int host_link(struct path_place *old_place, const struct host_path *new_path) {
    SMELT_CALLS_IF(linkat, SMELT_CALL_WITH_PATHS);
    struct path_place new_place;
    int error = host_path_resolve(new_path, PATH_ENTRY, &new_place);
    if (error == 0) {
        // Directories cannot be linked; Landlock would have another word for it.
        bool is_directory;
        error = look_at(old_place, &is_directory);
        if (error == 0 && is_directory) error = EPERM;
        if (error == 0) {
            error = outcome(linkat(old_place->parent, old_place->name, new_place.parent,
                                   new_place.name, 0));
        }
        path_place_release(&new_place);
    }
    path_place_release(old_place);
    return error;
}

int host_make_link(const struct host_path *path, const void *text, size_t length) {
    SMELT_CALLS_IF(symlinkat, SMELT_CALL_WITH_PATHS);
    struct host_path target;
    struct path_place place;
    int error = host_path_resolve(path, PATH_ENTRY, &place);
    if (error != 0) return error;
    // An absolute target would lead nowhere for this guest, but out of its directory for everybody
    // else: it is refused, as an absolute path is.
    error = host_path_set(&target, text, length);
    if (error == 0) error = outcome(symlinkat(target.text, place.parent, place.name));
    path_place_release(&place);
    return error;
}

int host_read_link(const struct host_path *path, char target[PATH_MAX], size_t *length) {
    SMELT_CALLS_IF(readlinkat, SMELT_CALL_WITH_PATHS);
    struct path_place place;
    int error = host_path_resolve(path, PATH_NOFOLLOW, &place);
    if (error != 0) return error;
    ssize_t result = readlinkat(place.parent, place.name, target, PATH_MAX);
    bool is_directory;
    if (result < 0) error = errno;
    // Not a link: with a slash behind its name, it should be a directory.
    if (error == EINVAL && look_at(&place, &is_directory) == ENOTDIR) error = ENOTDIR;
    path_place_release(&place);
    *length = (size_t)result;
    return error;
}
