// path_filestat_*: attributes of files by name.
#include <sys/stat.h>

#include "core/guest.h"
#include "filestat.h"
#include "guest_path.h"
#include "host/path_entries.h"
#include "smelt/wasi_functions.h"
#include "state.h"
#include "wasi.h"

static enum path_final final_of(uint32_t lookup_flags) {
    return (lookup_flags & WASI_LOOKUP_SYMLINK_FOLLOW) != 0 ? PATH_FOLLOW : PATH_NOFOLLOW;
}

uint32_t wasi_path_status(const struct smelt_context *context, uint32_t fd, uint32_t lookup_flags,
                          uint32_t path_address, uint32_t path_length, struct stat *status) {
    struct guest_path path;
    uint32_t error = guest_path_read(context, fd, WASI_RIGHT_PATH_FILESTAT_GET, path_address,
                                     path_length, &path);
    if (error != WASI_SUCCESS) return error;
    if (path.directory->node != NULL) {
        const struct smelt_embedded_node *node;
        bool follows = final_of(lookup_flags) == PATH_FOLLOW;
        error = embedded_find(context, &path, follows, &node);
        if (error == WASI_SUCCESS) embedded_operations(context)->status(host_state_of(context), node, status);
        return error;
    }
    return wasi_errno_of_host(host_path_status(&path.host, final_of(lookup_flags), status));
}

uint32_t smelt_wasi_snapshot_preview1_path_filestat_get(struct smelt_context *context, uint32_t fd,
                                                        uint32_t lookup_flags,
                                                        uint32_t path_address,
                                                        uint32_t path_length,
                                                        uint32_t filestat_address) {
    uint8_t *filestat = guest_range(context, filestat_address, WASI_FILESTAT_SIZE);
    if (filestat == NULL) return WASI_FAULT;
    struct stat status;
    uint32_t error =
        wasi_path_status(context, fd, lookup_flags, path_address, path_length, &status);
    if (error != WASI_SUCCESS) return error;
    wasi_filestat_store(filestat, &status, wasi_filetype_from_mode(status.st_mode));
    return WASI_SUCCESS;
}

uint32_t smelt_wasi_snapshot_preview1_path_filestat_set_times(
    struct smelt_context *context, uint32_t fd, uint32_t lookup_flags, uint32_t path_address,
    uint32_t path_length, uint64_t atim, uint64_t mtim, uint32_t flags) {
    struct guest_path path;
    struct timespec times[2];
    uint32_t error = guest_path_read(context, fd, WASI_RIGHT_PATH_FILESTAT_SET_TIMES, path_address,
                                     path_length, &path);
    if (error == WASI_SUCCESS) error = wasi_filestat_times(atim, mtim, flags, times);
    if (error != WASI_SUCCESS) return error;
    return wasi_errno_of_host(host_path_set_times(&path.host, final_of(lookup_flags), times));
}
