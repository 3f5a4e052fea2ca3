// Operations on descriptors themselves: fd_close, fd_renumber, fd_fdstat_*, fd_sync, fd_datasync,
// fd_advise, fd_allocate.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/system_calls.h"
#include "fd_table.h"
#include "fdflags.h"
#include "core/guest.h"
#include "host/host_calls.h"
#include "smelt/wasi_functions.h"
#include "wasi.h"

uint32_t smelt_wasi_snapshot_preview1_fd_close(struct smelt_context *context, uint32_t fd) {
    struct wasi_fd *entry;
    uint32_t error = fd_table_find(context, fd, &entry);
    return error != WASI_SUCCESS ? error : fd_table_close(entry);
}

uint32_t smelt_wasi_snapshot_preview1_fd_renumber(struct smelt_context *context, uint32_t from,
                                                  uint32_t to) {
    struct wasi_fd *source, *destination;
    uint32_t error = fd_table_find(context, from, &source);
    if (error != WASI_SUCCESS) return error;
    error = fd_table_find(context, to, &destination);
    if (error != WASI_SUCCESS || from == to) return error;
    fd_table_close(destination);  // replaced either way, as by POSIX's dup2
    *destination = *source;
    memset(source, 0, sizeof *source);
    return WASI_SUCCESS;
}

uint32_t smelt_wasi_snapshot_preview1_fd_fdstat_get(struct smelt_context *context, uint32_t fd,
                                                    uint32_t fdstat_address) {
    uint8_t *fdstat = guest_range(context, fdstat_address, WASI_FDSTAT_SIZE);
    if (fdstat == NULL) return WASI_FAULT;
    struct wasi_fd *entry;
    uint32_t error = fd_table_get(context, fd, 0, &entry);
    if (error != WASI_SUCCESS) return error;
    memset(fdstat, 0, WASI_FDSTAT_SIZE);
    fdstat[WASI_FDSTAT_FILETYPE] = entry->file_type;
    guest_store_u16(fdstat + WASI_FDSTAT_FLAGS, entry->flags);
    guest_store_u64(fdstat + WASI_FDSTAT_RIGHTS_BASE, entry->rights_base);
    guest_store_u64(fdstat + WASI_FDSTAT_RIGHTS_INHERITING, entry->rights_inheriting);
    return WASI_SUCCESS;
}

uint32_t smelt_wasi_snapshot_preview1_fd_fdstat_set_flags(struct smelt_context *context,
                                                          uint32_t fd, uint32_t flags) {
    SMELT_CALLS_IF(fcntl, SMELT_CALL_FLAGS);
    struct wasi_fd *entry;
    uint32_t error = fd_table_get(context, fd, WASI_RIGHT_FD_FDSTAT_SET_FLAGS, &entry);
    if (error != WASI_SUCCESS) return error;
    if ((flags & ~(uint32_t)WASI_FDFLAGS_ALL) != 0) return WASI_INVAL;
    if (entry->node != NULL) {
        entry->flags = (uint16_t)flags;
        return WASI_SUCCESS;
    }
    int old_flags = host_fcntl(entry->host, F_GETFL, 0);
    if (old_flags < 0) return wasi_errno_from_linux(errno);
    // Linux silently ignores changes of the synchronisation flags of an open file.
    const uint32_t fixed = WASI_FDFLAG_DSYNC | WASI_FDFLAG_RSYNC | WASI_FDFLAG_SYNC;
    if (((flags ^ wasi_fdflags_from_host(old_flags)) & fixed) != 0) return WASI_NOTSUP;
    int new_flags = (old_flags & ~(O_APPEND | O_NONBLOCK)) | wasi_fdflags_to_host(flags & ~fixed);
    if (host_fcntl(entry->host, F_SETFL, new_flags) != 0) return wasi_errno_from_linux(errno);
    entry->flags = (uint16_t)flags;
    return WASI_SUCCESS;
}

uint32_t smelt_wasi_snapshot_preview1_fd_fdstat_set_rights(struct smelt_context *context,
                                                           uint32_t fd, uint64_t base,
                                                           uint64_t inheriting) {
    struct wasi_fd *entry;
    uint32_t error = fd_table_get(context, fd, 0, &entry);
    if (error != WASI_SUCCESS) return error;
    if ((base & ~entry->rights_base) != 0 || (inheriting & ~entry->rights_inheriting) != 0) {
        return WASI_NOTCAPABLE;  // rights can only be dropped
    }
    entry->rights_base = base;
    entry->rights_inheriting = inheriting;
    return WASI_SUCCESS;
}

uint32_t smelt_wasi_snapshot_preview1_fd_sync(struct smelt_context *context, uint32_t fd) {
    SMELT_CALLS(fsync);
    struct wasi_fd *entry;
    uint32_t error = fd_table_get(context, fd, WASI_RIGHT_FD_SYNC, &entry);
    if (error != WASI_SUCCESS) return error;
    if (entry->node != NULL) return WASI_SUCCESS;
    return fsync(entry->host) == 0 ? WASI_SUCCESS : wasi_errno_from_linux(errno);
}

uint32_t smelt_wasi_snapshot_preview1_fd_datasync(struct smelt_context *context, uint32_t fd) {
    SMELT_CALLS(fdatasync);
    struct wasi_fd *entry;
    uint32_t error = fd_table_get(context, fd, WASI_RIGHT_FD_DATASYNC, &entry);
    // The right to the more is one to the less. (wasi-libc asks for just that, for what it reads.)
    if (error == WASI_NOTCAPABLE) error = fd_table_get(context, fd, WASI_RIGHT_FD_SYNC, &entry);
    if (error != WASI_SUCCESS) return error;
    if (entry->node != NULL) return WASI_SUCCESS;
    return fdatasync(entry->host) == 0 ? WASI_SUCCESS : wasi_errno_from_linux(errno);
}

uint32_t smelt_wasi_snapshot_preview1_fd_advise(struct smelt_context *context, uint32_t fd,
                                                uint64_t offset, uint64_t length,
                                                uint32_t advice) {
    SMELT_CALLS(fadvise64);
    static const int host_advice[] = {POSIX_FADV_NORMAL,   POSIX_FADV_SEQUENTIAL,
                                      POSIX_FADV_RANDOM,   POSIX_FADV_WILLNEED,
                                      POSIX_FADV_DONTNEED, POSIX_FADV_NOREUSE};
    struct wasi_fd *entry;
    uint32_t error = fd_table_get(context, fd, WASI_RIGHT_FD_ADVISE, &entry);
    if (error != WASI_SUCCESS) return error;
    if (entry->file_type == WASI_FILETYPE_DIRECTORY) return WASI_BADF;
    if (advice >= sizeof host_advice / sizeof host_advice[0]) return WASI_INVAL;
    if (offset > INT64_MAX || length > INT64_MAX) return WASI_INVAL;
    if (entry->node != NULL) return WASI_SUCCESS;
    int result = posix_fadvise(entry->host, (off_t)offset, (off_t)length, host_advice[advice]);
    return result == 0 ? WASI_SUCCESS : wasi_errno_from_linux(result);
}

uint32_t smelt_wasi_snapshot_preview1_fd_allocate(struct smelt_context *context, uint32_t fd,
                                                  uint64_t offset, uint64_t length) {
    SMELT_CALLS(fallocate);
    struct wasi_fd *entry;
    uint32_t error = fd_table_get(context, fd, WASI_RIGHT_FD_ALLOCATE, &entry);
    if (error == WASI_NOTCAPABLE) return WASI_BADF;  // POSIX's word for what cannot be written
    if (error != WASI_SUCCESS) return error;
    if (offset > INT64_MAX || length > INT64_MAX) return WASI_INVAL;
    uint64_t mask = host_hold_signals();
    int result = posix_fallocate(entry->host, (off_t)offset, (off_t)length);
    host_release_signals(mask, result == 0 ? 0 : -1);
    return result == 0 ? WASI_SUCCESS : wasi_errno_from_linux(result);
}
