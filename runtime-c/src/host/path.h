// THE SANDBOX. Every path that a guest names is resolved here, beneath a directory that it holds,
// and nowhere else. Reviewers: the promises below are what keeps a guest in its directories. Any
// change needs a test in tests/test_path.c that attacks it, run in both modes of lookup.
//
//   1. No host system call gets a guest's path but openat2 with RESOLVE_BENEATH. All others get
//      a directory descriptor reached here and one name in it.
//   2. That name is never ".." and has no slash inside, and the system call never follows it: it
//      is called with O_NOFOLLOW or AT_SYMLINK_NOFOLLOW, or is one that acts on directory
//      entries and follows none (mkdir, rename, unlink, rmdir, symlink, link's new name). The
//      latter alone may get a slash behind the name; Linux follows no link for it there.
//   3. Symbolic links are expanded here, and what they say is resolved from where they lie,
//      beneath the same directory. Absolute ones, and ".." above the root, are EPERM.
//
// Other processes may rename and relink while a lookup runs. With openat2 the kernel keeps the
// promise; the walk used where it is missing holds a descriptor of every directory on its way, so
// that ".." goes where it came from, whatever the names mean since. Directories may stay open
// for operations that follow; kept.h says when they are used again.
#ifndef SMELT_HOST_PATH_H
#define SMELT_HOST_PATH_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kept.h"

// What a final symbolic link means to an operation.
enum path_final {
    PATH_FOLLOW,    // operate on what it points to
    PATH_NOFOLLOW,  // operate on the link itself, unless there is a slash behind its name
    PATH_ENTRY,     // operate on the directory entry, which need not exist; a slash is kept
};

// A path, and the directory that it starts from.
struct host_path {
    int root;                       // host descriptor
    bool is_proc;                   // the root is on a /proc file system
    struct kept_directories *kept;  // those of who asks
    char text[PATH_MAX];
};

// A place in the file system: one name in one directory.
struct path_place {
    int parent;            // host descriptor
    bool owns_parent;
    bool must_be_directory;  // the path ended in a slash (not for PATH_ENTRY)
    char name[NAME_MAX + 2];
};

// How directories on the way are found. The walk is chosen once the kernel turns out not to have
// openat2; tests choose it themselves.
enum path_lookup { PATH_LOOKUP_OPENAT2, PATH_LOOKUP_WALK };
extern enum path_lookup host_path_lookup;

// What can fail returns 0 or an error of Linux (errno.h).

// Resolves a path to a place. On success the caller ends with path_place_release.
int host_path_resolve(const struct host_path *path, enum path_final final,
                      struct path_place *place);

// Resolves the entry that a rename leads to. Where both paths name the same directory, `place` shares
// the one that `sibling` was resolved to; it is released before that.
int host_path_resolve_beside(const struct host_path *path, const struct host_path *sibling_path,
                             const struct path_place *sibling, struct path_place *place);

void path_place_release(struct path_place *place);

// Opens a file; `flags` are those of open(2). The memory of processes, "mem" on /proc, is refused:
// through that of this process a guest could change whatever keeps it in. `is_proc` is what the new
// descriptor has to remember for paths that start from it.
int host_path_open(const struct host_path *path, int flags, bool follows, int *host,
                        bool *is_proc);

// Opens a path without opening the file (O_PATH), for asking about it.
int host_path_look_up(const struct host_path *path, bool follows, int *host);

// Whether a descriptor belongs to a /proc file system.
bool path_is_on_proc(int host);

// The part of host_path_resolve that differs by mode: opens (O_PATH) the directory that the first
// `length` bytes of a relative path lead to.
int path_walk_directory(int root, const char *path, size_t length, int *directory);

#endif
