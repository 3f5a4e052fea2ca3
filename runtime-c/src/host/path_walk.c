// THE SANDBOX, where the kernel has no openat2 (before Linux 5.6, and emulators): a walk from the
// root, one name at a time. Read path.h first; it says what must hold.
//
// The walk keeps the descriptors of all directories between the root and where it is. So ".."
// means the directory that it came through, never one that the file system names now, and above
// the root there is none.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/system_calls.h"
#include "host_calls.h"
#include "path.h"

enum { DEPTH_LIMIT = 128, SYMLINK_LIMIT = 40 };

struct walk {
    int directories[DEPTH_LIMIT + 1];  // [0] is the root, which is not the walk's to close
    unsigned depth;
    unsigned links;
    char rest[PATH_MAX];  // what is still to be walked
};

static void leave(struct walk *walk) {
    SMELT_CALLS(close);
    close(walk->directories[walk->depth--]);
}

// Puts what a link says in front of the rest.
static int expand(struct walk *walk, const char *name) {
    SMELT_CALLS_IF(readlinkat, SMELT_CALL_WITH_PATHS);
    char target[PATH_MAX];
    ssize_t length =
        readlinkat(walk->directories[walk->depth], name, target, sizeof target - 1);
    if (length < 0) return errno == EINVAL ? ENOTDIR : errno;
    if (length == 0) return ENOENT;
    if (target[0] == '/') return EPERM;
    if (++walk->links > SYMLINK_LIMIT) return ELOOP;
    size_t rest = strlen(walk->rest);
    if ((size_t)length + 1 + rest >= sizeof walk->rest) return ENAMETOOLONG;
    memmove(walk->rest + length + 1, walk->rest, rest + 1);
    memcpy(walk->rest, target, (size_t)length);
    walk->rest[length] = '/';
    return 0;
}

static int enter(struct walk *walk, const char *name) {
    SMELT_CALLS_IF(openat, SMELT_CALL_WITH_PATHS);
    if (strcmp(name, ".") == 0) return 0;
    if (strcmp(name, "..") == 0) {
        if (walk->depth == 0) return EPERM;
        leave(walk);
        return 0;
    }
    int directory = openat(walk->directories[walk->depth], name,
                           O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (directory < 0) {
        if (errno == ENOTDIR || errno == ELOOP) return expand(walk, name);
        return errno;
    }
    if (walk->depth == DEPTH_LIMIT) {
        close(directory);
        return ENAMETOOLONG;
    }
    walk->directories[++walk->depth] = directory;
    return 0;
}

// Takes the first name off the rest; false when there is none.
static bool take_name(struct walk *walk, char name[NAME_MAX + 1], int *error) {
    size_t begin = strspn(walk->rest, "/");
    size_t length = strcspn(walk->rest + begin, "/");
    *error = length > NAME_MAX ? ENAMETOOLONG : 0;
    if (length == 0 || length > NAME_MAX) return false;
    memcpy(name, walk->rest + begin, length);
    name[length] = 0;
    memmove(walk->rest, walk->rest + begin + length, strlen(walk->rest + begin + length) + 1);
    return true;
}

int path_walk_directory(int root, const char *path, size_t length, int *directory) {
    SMELT_CALLS_IF(fcntl, SMELT_CALL_FLAGS);
    struct walk walk;
    char name[NAME_MAX + 1];
    int error = 0;
    walk.directories[0] = root;
    walk.depth = 0;
    walk.links = 0;
    memcpy(walk.rest, path, length);
    walk.rest[length] = 0;
    while (error == 0 && take_name(&walk, name, &error)) error = enter(&walk, name);

    if (error == 0) {
        // The root is the guest's own; what is handed out must be another one that can be closed.
        *directory = host_fcntl(walk.directories[walk.depth], F_DUPFD_CLOEXEC, 0);
        if (*directory < 0) error = errno;
    }
    while (walk.depth > 0) leave(&walk);
    return error;
}
