// Paths as the guest gives them: read from its memory, and relative to one of its descriptors. What is
// done with them is the host layer's (host/path.h); only its errors become those of preview 1 here.
#ifndef SMELT_WASI_GUEST_PATH_H
#define SMELT_WASI_GUEST_PATH_H

#include <stdbool.h>
#include <stdint.h>

#include "fd_table.h"
#include "host/path.h"
#include "smelt/abi.h"
#include "wasi.h"

// A path of the guest, copied out of its memory.
struct guest_path {
    struct host_path host;
    struct wasi_fd *directory;  // the descriptor that it starts from
};

// Reads a path and finds the directory, which must have all of `rights`.
uint32_t guest_path_read(const struct smelt_context *context, uint32_t fd, uint64_t rights,
                         uint32_t address, uint32_t length, struct guest_path *path);

// The errno of a result of the host layer.
static inline uint32_t wasi_errno_of_host(int error) {
    return error == 0 ? WASI_SUCCESS : wasi_errno_from_linux(error);
}

static inline uint32_t path_resolve(const struct guest_path *path, enum path_final final,
                                    struct path_place *place) {
    return wasi_errno_of_host(host_path_resolve(&path->host, final, place));
}

static inline uint32_t path_resolve_beside(const struct guest_path *path,
                                           const struct guest_path *sibling_path,
                                           const struct path_place *sibling,
                                           struct path_place *place) {
    return wasi_errno_of_host(
        host_path_resolve_beside(&path->host, &sibling_path->host, sibling, place));
}

static inline uint32_t path_open_host(const struct guest_path *path, int flags, bool follows,
                                      int *host, bool *is_proc) {
    return wasi_errno_of_host(host_path_open(&path->host, flags, follows, host, is_proc));
}

static inline uint32_t path_look_up(const struct guest_path *path, bool follows, int *host) {
    return wasi_errno_of_host(host_path_look_up(&path->host, follows, host));
}

#endif
