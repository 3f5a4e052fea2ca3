// Directories that stay open between operations on names in them. Programs do many things in few
// directories, and opening and closing one takes about twice as long as asking what it is.
//
// A kept directory is only used after the kernel has said, for this very operation, that its name
// still leads to it: same inode, device and mount. While it is open, no other directory can get
// that identity. So an operation finds what opening the directory again would have found, whatever
// was renamed, removed, mounted or closed in between, by whomever. Only directories that are one
// name away from a descriptor of the guest are kept: a longer path would have to be asked about
// name by name, which takes longer than opening.
#ifndef SMELT_HOST_KEPT_H
#define SMELT_HOST_KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Operations have up to two directories (rename), which have to be open at the same time.
enum { KEPT_DIRECTORIES = 4, KEPT_NAME_SIZE = 64 };

// What makes a directory this one.
struct directory_identity {
    uint64_t inode, mount, device;
};

struct kept_directory {
    bool is_open;  // if not, only the name is known, from an operation before
    uint8_t pause;  // how many operations to wait before trying again what could not be kept
    int host;
    int root;  // what the name was looked up in
    struct directory_identity identity;
    uint64_t last_use;
    char name[KEPT_NAME_SIZE];
};

// All zeros is none.
struct kept_directories {
    struct kept_directory entries[KEPT_DIRECTORIES];
    uint64_t uses;
};

// The descriptor of the directory `name`, which has no slash in it, in `root`. It stays open during
// the next call, so that an operation may have two. -1 if it is not kept: the caller has to open it,
// or to find out why it cannot.
int kept_directory(struct kept_directories *kept, int root, const char *name, size_t length);

// Closes all of them; false if there was none.
bool kept_directories_close(struct kept_directories *kept);

#endif
