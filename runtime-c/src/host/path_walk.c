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

#include "process/lockdown.h"
#include "host_calls.h"
#include "path.h"
#include "wasi_p1/wasi.h"

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
static uint32_t expand(struct walk *walk, const char *name) {
    SMELT_CALLS_IF(readlinkat, SMELT_CALL_WITH_PATHS);
    char target[PATH_MAX];
    ssize_t length =
        readlinkat(walk->directories[walk->depth], name, target, sizeof target - 1);
    if (length < 0) return errno == EINVAL ? WASI_NOTDIR : wasi_errno_from_linux(errno);
    if (length == 0) return WASI_NOENT;
    if (target[0] == '/') return WASI_PERM;
    if (++walk->links > SYMLINK_LIMIT) return WASI_LOOP;
    size_t rest = strlen(walk->rest);
    if ((size_t)length + 1 + rest >= sizeof walk->rest) return WASI_NAMETOOLONG;
    memmove(walk->rest + length + 1, walk->rest, rest + 1);
    memcpy(walk->rest, target, (size_t)length);
    walk->rest[length] = '/';
    return WASI_SUCCESS;
}

static uint32_t enter(struct walk *walk, const char *name) {
    SMELT_CALLS_IF(openat, SMELT_CALL_WITH_PATHS);
    if (strcmp(name, ".") == 0) return WASI_SUCCESS;
    if (strcmp(name, "..") == 0) {
        if (walk->depth == 0) return WASI_PERM;
        leave(walk);
        return WASI_SUCCESS;
    }
    int directory = openat(walk->directories[walk->depth], name,
                           O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (directory < 0) {
        if (errno == ENOTDIR || errno == ELOOP) return expand(walk, name);
        return wasi_errno_from_linux(errno);
    }
    if (walk->depth == DEPTH_LIMIT) {
        close(directory);
        return WASI_NAMETOOLONG;
    }
    walk->directories[++walk->depth] = directory;
    return WASI_SUCCESS;
}

// Takes the first name off the rest; false when there is none.
static bool take_name(struct walk *walk, char name[NAME_MAX + 1], uint32_t *error) {
    size_t begin = strspn(walk->rest, "/");
    size_t length = strcspn(walk->rest + begin, "/");
    *error = length > NAME_MAX ? WASI_NAMETOOLONG : WASI_SUCCESS;
    if (length == 0 || length > NAME_MAX) return false;
    memcpy(name, walk->rest + begin, length);
    name[length] = 0;
    memmove(walk->rest, walk->rest + begin + length, strlen(walk->rest + begin + length) + 1);
    return true;
}

uint32_t path_walk_directory(int root, const char *path, size_t length, int *directory) {
    SMELT_CALLS_IF(fcntl, SMELT_CALL_FLAGS);
    struct walk walk;
    char name[NAME_MAX + 1];
    uint32_t error = WASI_SUCCESS;
    walk.directories[0] = root;
    walk.depth = 0;
    walk.links = 0;
    memcpy(walk.rest, path, length);
    walk.rest[length] = 0;
    while (error == WASI_SUCCESS && take_name(&walk, name, &error)) error = enter(&walk, name);

    if (error == WASI_SUCCESS) {
        // The root is the guest's own; what is handed out must be another one that can be closed.
        *directory = host_fcntl(walk.directories[walk.depth], F_DUPFD_CLOEXEC, 0);
        if (*directory < 0) error = wasi_errno_from_linux(errno);
    }
    while (walk.depth > 0) leave(&walk);
    return error;
}
