// Files inside the executable (`smelt compile --embed`): a read-only tree that the guest finds as
// an ordinary open directory. The layout of its image is in abi.h.
//
// The functions of WASI know an embedded descriptor by its node, and do here what they would
// otherwise ask the kernel to do. They reach these operations through the state, not by name: only
// a program that has embedded files mentions smelt_embedded_operations, so no other contains them.
#ifndef SMELT_WASI_EMBEDDED_H
#define SMELT_WASI_EMBEDDED_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "listing.h"
#include "guest_path.h"
#include "smelt/abi.h"
#include "state.h"

struct smelt_embedded_operations {
    // Gives the guest its embedded directories.
    void (*grant)(struct wasi_state *state);

    // The node of a path beneath an embedded directory.
    uint32_t (*find)(const struct smelt_context *context, const struct guest_path *path,
                     bool follows, const struct smelt_embedded_node **node);

    // Fills an entry for a node, like wasi_fd_describe.
    void (*describe)(const struct smelt_embedded_node *node, uint64_t rights_base,
                     uint64_t rights_inheriting, struct wasi_fd *entry);

    // Reads from a position, which moves; returns how many bytes there were.
    uint32_t (*read)(const struct smelt_context *context, const struct smelt_embedded_node *node,
                     uint64_t *position, const struct iovec *vectors, int count);

    // Moves the position, and returns it; -1 if that cannot be.
    int64_t (*seek)(struct wasi_fd *entry, int64_t offset, uint32_t whence);

    // What fstat(2) would say.
    void (*status)(const struct smelt_context *context, const struct smelt_embedded_node *node,
                   struct stat *status);

    // Lists a directory from a cookie on.
    void (*list)(const struct smelt_context *context, const struct smelt_embedded_node *node,
                 uint64_t cookie, struct wasi_listing *listing);

    // What a symbolic link says; null for anything else.
    const char *(*link)(const struct smelt_context *context,
                        const struct smelt_embedded_node *node);
};

extern const struct smelt_embedded_operations smelt_embedded_operations;

static inline const struct smelt_embedded_operations *embedded_operations(
    const struct smelt_context *context) {
    return wasi_state_of(context)->embedded->operations;
}

#endif
