// The four functions of wasi_unstable whose structures changed in wasi_snapshot_preview1. All others
// are the same functions.
#include <string.h>

#include "host/clocks.h"
#include "fd_table.h"
#include "filestat.h"
#include "core/guest.h"
#include "poll.h"
#include "smelt/wasi_functions.h"
#include "wasi.h"

void wasi_unstable_filestat_store(uint8_t *filestat, const struct stat *status, uint8_t file_type) {
    memset(filestat, 0, WASI_UNSTABLE_FILESTAT_SIZE);
    guest_store_u64(filestat + WASI_FILESTAT_DEV, status->st_dev);
    guest_store_u64(filestat + WASI_FILESTAT_INO, status->st_ino);
    filestat[WASI_FILESTAT_FILETYPE] = file_type;
    guest_store_u32(filestat + WASI_UNSTABLE_FILESTAT_NLINK, (uint32_t)status->st_nlink);
    guest_store_u64(filestat + WASI_UNSTABLE_FILESTAT_BYTE_SIZE, (uint64_t)status->st_size);
    guest_store_u64(filestat + WASI_UNSTABLE_FILESTAT_ATIM, host_nanoseconds(&status->st_atim));
    guest_store_u64(filestat + WASI_UNSTABLE_FILESTAT_MTIM, host_nanoseconds(&status->st_mtim));
    guest_store_u64(filestat + WASI_UNSTABLE_FILESTAT_CTIM, host_nanoseconds(&status->st_ctim));
}

uint32_t smelt_wasi_unstable_fd_filestat_get(struct smelt_context *context, uint32_t fd,
                                             uint32_t filestat_address) {
    uint8_t *filestat = guest_range(context, filestat_address, WASI_UNSTABLE_FILESTAT_SIZE);
    if (filestat == NULL) return WASI_FAULT;
    struct stat status;
    uint8_t file_type;
    uint32_t error = wasi_fd_status(context, fd, &status, &file_type);
    if (error == WASI_SUCCESS) wasi_unstable_filestat_store(filestat, &status, file_type);
    return error;
}

uint32_t smelt_wasi_unstable_path_filestat_get(struct smelt_context *context, uint32_t fd,
                                               uint32_t lookup_flags, uint32_t path_address,
                                               uint32_t path_length, uint32_t filestat_address) {
    uint8_t *filestat = guest_range(context, filestat_address, WASI_UNSTABLE_FILESTAT_SIZE);
    if (filestat == NULL) return WASI_FAULT;
    struct stat status;
    uint32_t error =
        wasi_path_status(context, fd, lookup_flags, path_address, path_length, &status);
    if (error != WASI_SUCCESS) return error;
    wasi_unstable_filestat_store(filestat, &status, wasi_filetype_from_mode(status.st_mode));
    return WASI_SUCCESS;
}

uint32_t smelt_wasi_unstable_fd_seek(struct smelt_context *context, uint32_t fd, uint64_t offset,
                                     uint32_t whence, uint32_t position_address) {
    static const uint8_t new_whence[] = {[WASI_UNSTABLE_WHENCE_CUR] = WASI_WHENCE_CUR,
                                         [WASI_UNSTABLE_WHENCE_END] = WASI_WHENCE_END,
                                         [WASI_UNSTABLE_WHENCE_SET] = WASI_WHENCE_SET};
    // One that does not exist is left for the other function to refuse.
    if (whence < sizeof new_whence) whence = new_whence[whence];
    return smelt_wasi_snapshot_preview1_fd_seek(context, fd, offset, whence, position_address);
}

uint32_t smelt_wasi_unstable_poll_oneoff(struct smelt_context *context, uint32_t subscriptions,
                                         uint32_t events, uint32_t count, uint32_t event_count) {
    static const struct wasi_subscription_layout layout = {
        WASI_UNSTABLE_SUBSCRIPTION_SIZE, WASI_UNSTABLE_SUBSCRIPTION_CLOCK_ID,
        WASI_UNSTABLE_SUBSCRIPTION_CLOCK_TIMEOUT, WASI_UNSTABLE_SUBSCRIPTION_CLOCK_FLAGS};
    return wasi_poll(context, &layout, subscriptions, events, count, event_count);
}
