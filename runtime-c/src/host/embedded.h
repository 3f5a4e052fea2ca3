// Files inside the executable (`smelt compile --embed`): a read-only tree that the guest finds as
// an ordinary open directory. The layout of its image is in abi.h.
//
// Functions that a guest calls know what is embedded by its node, and do here what they would
// otherwise ask the kernel to do. They reach these operations through the state, not by name: only
// a program that has embedded files mentions smelt_embedded_operations, so no other contains them.
#ifndef SMELT_HOST_EMBEDDED_H
#define SMELT_HOST_EMBEDDED_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "smelt/abi.h"
#include "state.h"

struct smelt_embedded_operations {
    // Adds the embedded directories to those of the guest.
    void (*grant)(struct host_state *state);

    // The node of a path beneath an embedded directory; 0 or an error of Linux.
    int (*find)(const struct host_state *state, const struct smelt_embedded_node *directory,
                const char *path, bool follows, const struct smelt_embedded_node **node);

    // Reads from a position, which moves; returns how many bytes there were.
    uint32_t (*read)(const struct host_state *state, const struct smelt_embedded_node *node,
                     uint64_t *position, const struct iovec *vectors, int count);

    // What fstat(2) would say.
    void (*status)(const struct host_state *state, const struct smelt_embedded_node *node,
                   struct stat *status);

    // The entry of a directory with a number below its size; `name` has no zero behind it.
    const struct smelt_embedded_node *(*child)(const struct host_state *state,
                                               const struct smelt_embedded_node *directory,
                                               uint64_t number, const char **name);

    // The number that status says for a node.
    uint64_t (*inode)(const struct host_state *state, const struct smelt_embedded_node *node);

    // What a symbolic link says; null for anything else.
    const char *(*link)(const struct host_state *state, const struct smelt_embedded_node *node);
};

extern const struct smelt_embedded_operations smelt_embedded_operations;

// Whether it is a directory, a file or a link, as the type bits of a mode say it.
static inline mode_t embedded_mode(const struct smelt_embedded_node *node) {
    switch (node->type) {
    case SMELT_EMBEDDED_DIRECTORY: return S_IFDIR;
    case SMELT_EMBEDDED_LINK: return S_IFLNK;
    default: return S_IFREG;
    }
}

#endif
