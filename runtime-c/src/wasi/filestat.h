// File attributes, shared by the fd_filestat_* and path_filestat_* functions.
#ifndef SMELT_WASI_FILESTAT_H
#define SMELT_WASI_FILESTAT_H

#include <stdint.h>
#include <sys/stat.h>

// Writes a filestat structure, WASI_FILESTAT_SIZE bytes.
void wasi_filestat_store(uint8_t *filestat, const struct stat *status, uint8_t file_type);

// Times as futimens takes them, of the *_set_times functions' parameters; inval for flags that
// contradict each other.
uint32_t wasi_filestat_times(uint64_t atim, uint64_t mtim, uint32_t flags,
                             struct timespec times[2]);

#endif
