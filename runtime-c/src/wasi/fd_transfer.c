// fd_read, fd_write, fd_pread, fd_pwrite: the kernel moves the bytes straight from and to guest
// memory.
#include <errno.h>
#include <limits.h>
#include <sys/uio.h>
#include <unistd.h>

#include "fd_table.h"
#include "guest.h"
#include "smelt/wasi_functions.h"
#include "wasi.h"

// More buffers than the kernel takes at once are served in part, which a caller must expect of any
// transfer.
enum { VECTOR_LIMIT = IOV_MAX };

// Turns the guest's vectors into the host's, every one of which lies within guest memory. Returns
// how many there are, or -1.
static int read_vectors(const struct smelt_context *context, uint32_t address, uint32_t count,
                        struct iovec vectors[VECTOR_LIMIT]) {
    const uint8_t *guest = guest_array(context, address, count, WASI_IOVEC_SIZE);
    if (guest == NULL) return -1;
    int used = count < VECTOR_LIMIT ? (int)count : VECTOR_LIMIT;
    for (int index = 0; index < used; index++) {
        const uint8_t *vector = guest + (size_t)index * WASI_IOVEC_SIZE;
        uint32_t length = guest_load_u32(vector + WASI_IOVEC_LENGTH);
        vectors[index].iov_base =
            guest_range(context, guest_load_u32(vector + WASI_IOVEC_BUF), length);
        vectors[index].iov_len = length;
        if (vectors[index].iov_base == NULL) return -1;
    }
    return used;
}

enum transfer_kind { TRANSFER_READ, TRANSFER_WRITE, TRANSFER_PREAD, TRANSFER_PWRITE };

static ssize_t transfer_on_host(enum transfer_kind kind, int host, const struct iovec *vectors,
                                int count, off_t offset) {
    switch (kind) {
    case TRANSFER_READ: return readv(host, vectors, count);
    case TRANSFER_WRITE: return writev(host, vectors, count);
    case TRANSFER_PREAD: return preadv(host, vectors, count, offset);
    case TRANSFER_PWRITE: return pwritev(host, vectors, count, offset);
    }
    return -1;
}

static uint32_t transfer(const struct smelt_context *context, enum transfer_kind kind, uint32_t fd,
                         uint32_t vectors_address, uint32_t vector_count, uint64_t offset,
                         uint32_t size_address) {
    static const uint64_t rights[] = {
        [TRANSFER_READ] = WASI_RIGHT_FD_READ,
        [TRANSFER_WRITE] = WASI_RIGHT_FD_WRITE,
        [TRANSFER_PREAD] = WASI_RIGHT_FD_READ | WASI_RIGHT_FD_SEEK,
        [TRANSFER_PWRITE] = WASI_RIGHT_FD_WRITE | WASI_RIGHT_FD_SEEK,
    };
    struct iovec vectors[VECTOR_LIMIT];
    uint8_t *size = guest_range(context, size_address, sizeof(uint32_t));
    int count = read_vectors(context, vectors_address, vector_count, vectors);
    if (size == NULL || count < 0) return WASI_FAULT;
    struct wasi_fd *entry;
    uint32_t error = fd_table_get(context, fd, rights[kind], &entry);
    if (error != WASI_SUCCESS) return error;
    if (offset > INT64_MAX) return WASI_INVAL;
    ssize_t result = transfer_on_host(kind, entry->host, vectors, count, (off_t)offset);
    if (result < 0) return wasi_errno_from_linux(errno);
    guest_store_u32(size, (uint32_t)result);  // Linux moves less than 2 GiB at once
    return WASI_SUCCESS;
}

uint32_t smelt_wasi_snapshot_preview1_fd_read(struct smelt_context *context, uint32_t fd,
                                              uint32_t vectors, uint32_t vector_count,
                                              uint32_t size_address) {
    return transfer(context, TRANSFER_READ, fd, vectors, vector_count, 0, size_address);
}

uint32_t smelt_wasi_snapshot_preview1_fd_write(struct smelt_context *context, uint32_t fd,
                                               uint32_t vectors, uint32_t vector_count,
                                               uint32_t size_address) {
    return transfer(context, TRANSFER_WRITE, fd, vectors, vector_count, 0, size_address);
}

uint32_t smelt_wasi_snapshot_preview1_fd_pread(struct smelt_context *context, uint32_t fd,
                                               uint32_t vectors, uint32_t vector_count,
                                               uint64_t offset, uint32_t size_address) {
    return transfer(context, TRANSFER_PREAD, fd, vectors, vector_count, offset, size_address);
}

uint32_t smelt_wasi_snapshot_preview1_fd_pwrite(struct smelt_context *context, uint32_t fd,
                                                uint32_t vectors, uint32_t vector_count,
                                                uint64_t offset, uint32_t size_address) {
    return transfer(context, TRANSFER_PWRITE, fd, vectors, vector_count, offset, size_address);
}
