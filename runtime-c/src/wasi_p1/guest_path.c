// THE SANDBOX: paths of the guest, on their way to host/path.h.
#include "guest_path.h"

#include "adopt.h"
#include "core/guest.h"
#include "host/path_entries.h"
#include "state.h"

// A guest that can name paths needs the granted directories: this brings them (see adopt.h).
#if !defined(SMELT_LIBRARY)
__attribute__((used)) static void (*const needs)(struct wasi_state *) = fd_table_adopt_directories;
#endif

uint32_t guest_path_read(const struct smelt_context *context, uint32_t fd, uint64_t rights,
                         uint32_t address, uint32_t length, struct guest_path *path) {
    const uint8_t *text = guest_range(context, address, length);
    if (text == NULL) return WASI_FAULT;
    uint32_t error = fd_table_get(context, fd, 0, &path->directory);
    if (error != WASI_SUCCESS) return error;
    if (path->directory->file_type != WASI_FILETYPE_DIRECTORY) return WASI_NOTDIR;
    error = wasi_fd_check(path->directory, rights);
    if (error != WASI_SUCCESS) return error;
    error = wasi_errno_of_host(host_path_set(&path->host, text, length));
    if (error != WASI_SUCCESS) return error;
    path->host.root = path->directory->host;
    path->host.is_proc = path->directory->is_proc;
    path->host.kept = &wasi_state_of(context)->host.kept;
    return WASI_SUCCESS;
}
