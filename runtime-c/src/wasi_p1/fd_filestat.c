// fd_filestat_*: attributes of open files.
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/system_calls.h"
#include "fd_table.h"
#include "filestat.h"
#include "core/guest.h"
#include "host/host_calls.h"
#include "smelt/wasi_functions.h"
#include "state.h"
#include "wasi.h"

uint32_t wasi_fd_status(const struct smelt_context *context, uint32_t fd, struct stat *status,
                        uint8_t *file_type) {
    SMELT_CALLS(fstat);
    struct wasi_fd *entry;
    uint32_t error = fd_table_get(context, fd, WASI_RIGHT_FD_FILESTAT_GET, &entry);
    if (error != WASI_SUCCESS) return error;
    *file_type = entry->file_type;
    if (entry->node != NULL) {
        embedded_operations(context)->status(host_state_of(context), entry->node, status);
        return WASI_SUCCESS;
    }
    return host_fstat(entry->host, status) == 0 ? WASI_SUCCESS : wasi_errno_from_linux(errno);
}

uint32_t smelt_wasi_snapshot_preview1_fd_filestat_get(struct smelt_context *context, uint32_t fd,
                                                      uint32_t filestat_address) {
    uint8_t *filestat = guest_range(context, filestat_address, WASI_FILESTAT_SIZE);
    if (filestat == NULL) return WASI_FAULT;
    struct stat status;
    uint8_t file_type;
    uint32_t error = wasi_fd_status(context, fd, &status, &file_type);
    if (error == WASI_SUCCESS) wasi_filestat_store(filestat, &status, file_type);
    return error;
}

uint32_t smelt_wasi_snapshot_preview1_fd_filestat_set_size(struct smelt_context *context,
                                                           uint32_t fd, uint64_t size) {
    SMELT_CALLS(ftruncate);
    struct wasi_fd *entry;
    uint32_t error = fd_table_get(context, fd, WASI_RIGHT_FD_FILESTAT_SET_SIZE, &entry);
    if (error == WASI_NOTCAPABLE) return WASI_INVAL;  // POSIX's word for what cannot be written
    if (error != WASI_SUCCESS) return error;
    if (size > INT64_MAX) return WASI_INVAL;
    uint64_t mask = host_hold_signals();
    int result = ftruncate(entry->host, (off_t)size);
    host_release_signals(mask, result);
    return result == 0 ? WASI_SUCCESS : wasi_errno_from_linux(errno);
}

uint32_t smelt_wasi_snapshot_preview1_fd_filestat_set_times(struct smelt_context *context,
                                                            uint32_t fd, uint64_t atim,
                                                            uint64_t mtim, uint32_t flags) {
    SMELT_CALLS(utimensat);
    struct wasi_fd *entry;
    struct timespec times[2];
    uint32_t error = fd_table_get(context, fd, WASI_RIGHT_FD_FILESTAT_SET_TIMES, &entry);
    if (error == WASI_SUCCESS) error = wasi_filestat_times(atim, mtim, flags, times);
    if (error != WASI_SUCCESS) return error;
    return futimens(entry->host, times) == 0 ? WASI_SUCCESS : wasi_errno_from_linux(errno);
}
