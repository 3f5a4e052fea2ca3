// File attributes in WASI's form.
#include "filestat.h"

#include <string.h>

#include "host/clocks.h"
#include "core/guest.h"
#include "wasi.h"

void wasi_filestat_store(uint8_t *filestat, const struct stat *status, uint8_t file_type) {
    memset(filestat, 0, WASI_FILESTAT_SIZE);
    guest_store_u64(filestat + WASI_FILESTAT_DEV, status->st_dev);
    guest_store_u64(filestat + WASI_FILESTAT_INO, status->st_ino);
    filestat[WASI_FILESTAT_FILETYPE] = file_type;
    guest_store_u64(filestat + WASI_FILESTAT_NLINK, status->st_nlink);
    guest_store_u64(filestat + WASI_FILESTAT_BYTE_SIZE, (uint64_t)status->st_size);
    guest_store_u64(filestat + WASI_FILESTAT_ATIM, host_nanoseconds(&status->st_atim));
    guest_store_u64(filestat + WASI_FILESTAT_MTIM, host_nanoseconds(&status->st_mtim));
    guest_store_u64(filestat + WASI_FILESTAT_CTIM, host_nanoseconds(&status->st_ctim));
}

static struct timespec time_of(uint64_t timestamp, uint32_t is_set, uint32_t is_now) {
    struct timespec omitted = {.tv_sec = 0, .tv_nsec = UTIME_OMIT};
    struct timespec now = {.tv_sec = 0, .tv_nsec = UTIME_NOW};
    if (is_now != 0) return now;
    return is_set != 0 ? host_timespec(timestamp) : omitted;
}

uint32_t wasi_filestat_times(uint64_t atim, uint64_t mtim, uint32_t flags,
                             struct timespec times[2]) {
    const uint32_t both_atim = WASI_FSTFLAG_ATIM | WASI_FSTFLAG_ATIM_NOW;
    const uint32_t both_mtim = WASI_FSTFLAG_MTIM | WASI_FSTFLAG_MTIM_NOW;
    if ((flags & ~(uint32_t)WASI_FSTFLAGS_ALL) != 0) return WASI_INVAL;
    if ((flags & both_atim) == both_atim || (flags & both_mtim) == both_mtim) return WASI_INVAL;
    times[0] = time_of(atim, flags & WASI_FSTFLAG_ATIM, flags & WASI_FSTFLAG_ATIM_NOW);
    times[1] = time_of(mtim, flags & WASI_FSTFLAG_MTIM, flags & WASI_FSTFLAG_MTIM_NOW);
    return WASI_SUCCESS;
}
