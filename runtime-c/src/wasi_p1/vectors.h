// Lists of buffers (iovec and ciovec), as fd_read, fd_write and their like take them.
#ifndef SMELT_WASI_VECTORS_H
#define SMELT_WASI_VECTORS_H

#include <limits.h>
#include <stdint.h>
#include <sys/uio.h>

#include "smelt/abi.h"

// More buffers than the kernel takes at once are served in part, which a caller must expect of any
// transfer.
enum { WASI_VECTOR_LIMIT = IOV_MAX };

// Turns the guest's vectors into the host's, every one of which lies within guest memory. Returns
// how many there are, or -1.
int wasi_vectors_read(const struct smelt_context *context, uint32_t address, uint32_t count,
                      struct iovec vectors[WASI_VECTOR_LIMIT]);

#endif
