// File attributes, shared by the fd_filestat_* and path_filestat_* functions.
#ifndef SMELT_WASI_FILESTAT_H
#define SMELT_WASI_FILESTAT_H

#include <stdint.h>
#include <sys/stat.h>

#include "smelt/abi.h"

// Writes a filestat structure, WASI_FILESTAT_SIZE bytes.
void wasi_filestat_store(uint8_t *filestat, const struct stat *status, uint8_t file_type);

// Writes one of wasi_unstable, WASI_UNSTABLE_FILESTAT_SIZE bytes.
void wasi_unstable_filestat_store(uint8_t *filestat, const struct stat *status, uint8_t file_type);

// What fd_filestat_get and path_filestat_get find out, whatever the layout that they report it in.
uint32_t wasi_fd_status(const struct smelt_context *context, uint32_t fd, struct stat *status,
                        uint8_t *file_type);
uint32_t wasi_path_status(const struct smelt_context *context, uint32_t fd, uint32_t lookup_flags,
                          uint32_t path_address, uint32_t path_length, struct stat *status);

// Times as futimens takes them, of the *_set_times functions' parameters; inval for flags that
// contradict each other.
uint32_t wasi_filestat_times(uint64_t atim, uint64_t mtim, uint32_t flags,
                             struct timespec times[2]);

#endif
