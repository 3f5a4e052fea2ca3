// THE SANDBOX: resolving the guest's paths. Read path.h first; it says what must hold.
#include "core/system_calls.h"
#include "path.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>


enum path_lookup host_path_lookup = PATH_LOOKUP_OPENAT2;

// As many as Linux follows in one lookup.
enum { SYMLINK_LIMIT = 40 };

// linux/openat2.h, which musl does not have.
struct open_how {
    uint64_t flags, mode, resolve;
};
enum { RESOLVE_NO_XDEV = 0x01, RESOLVE_NO_MAGICLINKS = 0x02, RESOLVE_BENEATH = 0x08 };

// openat2 beneath `root`: a descriptor, or a negative errno; -ENOSYS when the walk must do it.
static int open_beneath(int root, const char *path, int flags, mode_t mode,
                        uint64_t more_resolve) {
    SMELT_CALLS_IF(openat2, SMELT_CALL_WITH_PATHS);
    // A rename elsewhere makes the kernel give up ".." with EAGAIN; it seldom does so twice.
    enum { ATTEMPTS = 32 };
    if (host_path_lookup == PATH_LOOKUP_WALK) return -ENOSYS;
    struct open_how how = {.flags = (uint64_t)(flags | O_CLOEXEC),
                           .mode = mode,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | more_resolve};
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        long result = syscall(SYS_openat2, root, path, &how, sizeof how);
        if (result >= 0) return (int)result;
        if (errno != EAGAIN) break;
    }
    if (errno == ENOSYS) host_path_lookup = PATH_LOOKUP_WALK;
    // Some system call filters answer EPERM to calls that they do not know.
    if (errno == EPERM) return -ENOSYS;
    return -errno;
}

// Errors of open_beneath: EXDEV is its word for a path that leads out.
static int beneath_error(int error) {
    return error == EXDEV ? EPERM : error;
}

static int open_directory(int root, const char *path, size_t length, int *directory) {
    char prefix[PATH_MAX];
    memcpy(prefix, path, length);
    prefix[length] = 0;
    int result = open_beneath(root, prefix, O_PATH | O_DIRECTORY, 0, 0);
    if (result == -ENOSYS) return path_walk_directory(root, path, length, directory);
    if (result < 0) return beneath_error(-result);
    *directory = result;
    return 0;
}

// The length of the name of which a prefix consists; 0 if there are more, or if it is "." or "..".
static size_t only_name(const char *prefix, size_t length) {
    while (length > 0 && prefix[length - 1] == '/') length--;
    if (memchr(prefix, '/', length) != NULL) return 0;
    bool is_dots = prefix[0] == '.' && (length == 1 || (length == 2 && prefix[1] == '.'));
    return is_dots ? 0 : length;
}

// Finds the directory that the first `length` bytes of `text` lead to.
static int find_parent(const struct host_path *path, const char *text, size_t length,
                            struct path_place *place) {
    place->owns_parent = false;
    place->parent = path->root;
    if (length == 0) return 0;
    size_t name_length = only_name(text, length);
    if (name_length > 0) {
        int directory = kept_directory(path->kept, path->root, text, name_length);
        if (directory >= 0) {
            place->parent = directory;
            return 0;
        }
    }
    place->owns_parent = true;
    return open_directory(path->root, text, length, &place->parent);
}

// Splits a path: the name goes to `place`, `prefix_length` is what leads to its directory.
static int split(const char *path, struct path_place *place, size_t *prefix_length,
                      bool *has_slash) {
    size_t end = strlen(path);
    *has_slash = path[end - 1] == '/';
    while (end > 0 && path[end - 1] == '/') end--;
    size_t begin = end;
    while (begin > 0 && path[begin - 1] != '/') begin--;
    size_t length = end - begin;
    if (length == 2 && path[begin] == '.' && path[begin + 1] == '.') {
        begin = end;  // only resolving the whole path tells whether ".." is allowed
        memcpy(place->name, ".", sizeof ".");
    } else {
        if (length > NAME_MAX) return ENAMETOOLONG;
        memcpy(place->name, path + begin, length);
        place->name[length] = 0;
    }
    *prefix_length = begin;
    return 0;
}

// If the place is a symbolic link, replaces the last name of `text` by what the link says.
static int expand_link(const struct path_place *place, size_t prefix_length, bool has_slash,
                            char text[PATH_MAX], bool *is_link) {
    SMELT_CALLS_IF(readlinkat, SMELT_CALL_WITH_PATHS);
    char target[PATH_MAX];
    ssize_t length = readlinkat(place->parent, place->name, target, sizeof target);
    *is_link = length > 0;
    if (!*is_link) return 0;  // the operation itself finds out what is there
    if (target[0] == '/') return EPERM;
    if (prefix_length + (size_t)length + has_slash >= PATH_MAX) return ENAMETOOLONG;
    memcpy(text + prefix_length, target, (size_t)length);
    prefix_length += (size_t)length;
    if (has_slash) text[prefix_length++] = '/';
    text[prefix_length] = 0;
    return 0;
}

// One round of host_path_resolve: the place of `text`, or a new text when a final link was expanded.
static int resolve_once(const struct host_path *path, char text[PATH_MAX],
                             enum path_final final, struct path_place *place, bool *is_link) {
    size_t prefix_length;
    bool has_slash;
    *is_link = false;
    int error = split(text, place, &prefix_length, &has_slash);
    if (error == 0) error = find_parent(path, text, prefix_length, place);
    if (error != 0) return error;
    place->must_be_directory = has_slash;
    if (final == PATH_ENTRY) {
        if (has_slash) strcat(place->name, "/");
    } else if (final == PATH_FOLLOW || has_slash) {
        error = expand_link(place, prefix_length, has_slash, text, is_link);
    }
    if (error != 0 || *is_link) path_place_release(place);
    return error;
}

int host_path_resolve(const struct host_path *path, enum path_final final,
                      struct path_place *place) {
    char text[PATH_MAX];
    bool is_link;
    strcpy(text, path->text);
    for (int links = 0; links <= SYMLINK_LIMIT; links++) {
        int error = resolve_once(path, text, final, place, &is_link);
        if (error != 0 || !is_link) return error;
    }
    return ELOOP;
}

int host_path_resolve_beside(const struct host_path *path, const struct host_path *sibling_path,
                             const struct path_place *sibling, struct path_place *place) {
    size_t prefix, sibling_prefix;
    bool has_slash, sibling_has_slash;
    struct path_place sibling_parts;
    if (path->root != sibling_path->root ||
        split(path->text, place, &prefix, &has_slash) != 0 ||
        split(sibling_path->text, &sibling_parts, &sibling_prefix, &sibling_has_slash) !=
            0 ||
        prefix != sibling_prefix || memcmp(path->text, sibling_path->text, prefix) != 0) {
        return host_path_resolve(path, PATH_ENTRY, place);
    }
    place->parent = sibling->parent;
    place->owns_parent = false;
    place->must_be_directory = has_slash;
    if (has_slash) strcat(place->name, "/");
    return 0;
}

void path_place_release(struct path_place *place) {
    SMELT_CALLS(close);
    if (place->owns_parent) close(place->parent);
}

static mode_t mode_of(int flags) { return (flags & O_CREAT) != 0 ? 0666 : 0; }

bool path_is_on_proc(int host) {
    SMELT_CALLS_IF(fstatfs, SMELT_CALL_WITH_PATHS);
    const long proc = 0x9fa0;  // linux/magic.h
    struct statfs status;
    return syscall(SYS_fstatfs, host, &status) == 0 && (long)status.f_type == proc;
}

// Opens the last name of a path by itself.
static int open_place(const struct host_path *path, int flags, bool follows, int *host) {
    SMELT_CALLS_IF(openat, SMELT_CALL_WITH_PATHS);
    // Creating exclusively never follows a link.
    const int exclusive = O_CREAT | O_EXCL;
    if ((flags & exclusive) == exclusive) follows = false;
    struct path_place place;
    int error = host_path_resolve(path, follows ? PATH_FOLLOW : PATH_NOFOLLOW, &place);
    if (error != 0) return error;
    // A link that was followed may have brought a slash.
    if (place.must_be_directory) flags |= O_DIRECTORY;
    if (place.must_be_directory && (flags & O_CREAT) != 0) {
        error = EISDIR;
    } else if (path_is_on_proc(place.parent) && strcmp(place.name, "mem") == 0) {
        error = EPERM;
    } else {
        *host = openat(place.parent, place.name, flags | O_NOFOLLOW | O_CLOEXEC, mode_of(flags));
        if (*host < 0) error = errno;
    }
    path_place_release(&place);
    return error;
}

// Opens a path by one system call, where that is possible.
static int open_whole(const struct host_path *path, int flags, bool follows, int *host,
                           uint64_t more_resolve) {
    // A slash behind the name asks for a directory, which opening does not create.
    if ((flags & O_CREAT) != 0 && path->text[strlen(path->text) - 1] == '/') return EISDIR;
    if (!follows) flags |= O_NOFOLLOW;
    *host = open_beneath(path->root, path->text, flags, mode_of(flags), more_resolve);
    // Kept directories must not cost the guest descriptors.
    if (*host == -EMFILE && kept_directories_close(path->kept)) {
        *host = open_beneath(path->root, path->text, flags, mode_of(flags), more_resolve);
    }
    if (*host >= 0) return 0;
    return *host == -ENOSYS ? open_place(path, flags, follows, host) : beneath_error(-*host);
}

int host_path_look_up(const struct host_path *path, bool follows, int *host) {
    return open_whole(path, O_PATH, follows, host, 0);
}

int host_path_open(const struct host_path *path, int flags, bool follows, int *host,
                        bool *is_proc) {
    SMELT_CALLS(close);
    *is_proc = false;
    // The walk opens names one at a time. With openat2, what is on the mount where the path starts is
    // on /proc only if that is; usually that is all there is to do.
    bool is_walk = host_path_lookup == PATH_LOOKUP_WALK;
    int error;
    if (is_walk || !path->is_proc) {
        error = open_whole(path, flags, follows, host, RESOLVE_NO_XDEV);
        if (is_walk || error != EPERM) return error;
    }
    error = open_whole(path, flags, follows, host, 0);
    if (error != 0 || !path_is_on_proc(*host)) return error;
    // Once more, in a way that shows the name of what is opened, whatever links lead to it.
    close(*host);
    error = open_place(path, flags, follows, host);
    *is_proc = error == 0 && path_is_on_proc(*host);
    return error;
}
