// fd_read, fd_write, fd_pread, fd_pwrite: the kernel moves the bytes straight from and to guest
// memory.
#include <errno.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "core/system_calls.h"
#include "fd_table.h"
#include "core/guest.h"
#include "host/host_calls.h"
#include "smelt/wasi_functions.h"
#include "state.h"
#include "vectors.h"
#include "wasi.h"

enum transfer_kind { TRANSFER_READ, TRANSFER_WRITE, TRANSFER_PREAD, TRANSFER_PWRITE };

// One buffer is the usual case, maybe behind an empty one, and without a list of them the kernel
// needs a fifth less time. The offset is an argument of those alone that take one; the kernel wants
// it in two halves behind a list, of which the second has no bits on a 64-bit machine.
static long transfer_on_host(enum transfer_kind kind, int host, const struct iovec *vectors,
                             int count, off_t offset) {
    static const uint16_t calls_of_one[] = {
        [TRANSFER_READ] = SYS_read,
        [TRANSFER_WRITE] = SYS_write,
        [TRANSFER_PREAD] = SYS_pread64,
        [TRANSFER_PWRITE] = SYS_pwrite64,
    };
    static const uint16_t calls_of_many[] = {
        [TRANSFER_READ] = SYS_readv,
        [TRANSFER_WRITE] = SYS_writev,
        [TRANSFER_PREAD] = SYS_preadv,
        [TRANSFER_PWRITE] = SYS_pwritev,
    };
    for (; count > 1 && vectors->iov_len == 0; count--) vectors++;
    bool writes = kind == TRANSFER_WRITE || kind == TRANSFER_PWRITE;
    uint64_t mask = writes ? host_hold_signals() : 0;
    long result =
        count == 1
            ? syscall(calls_of_one[kind], host, vectors->iov_base, vectors->iov_len, offset)
            : syscall(calls_of_many[kind], host, vectors, count, offset, 0);
    if (writes) host_release_signals(mask, result);
    return result;
}

// The errno for a descriptor that lacks the rights, in POSIX's words.
static uint32_t refusal(const struct wasi_fd *entry, enum transfer_kind kind) {
    bool reads = kind == TRANSFER_READ || kind == TRANSFER_PREAD;
    bool positioned = kind == TRANSFER_PREAD || kind == TRANSFER_PWRITE;
    uint64_t right = reads ? WASI_RIGHT_FD_READ : WASI_RIGHT_FD_WRITE;
    switch (entry->file_type) {
    case WASI_FILETYPE_DIRECTORY: return reads ? WASI_ISDIR : WASI_BADF;
    case WASI_FILETYPE_SOCKET_DGRAM:
    case WASI_FILETYPE_SOCKET_STREAM:
        return positioned ? WASI_SPIPE : WASI_NOTCAPABLE;
    case WASI_FILETYPE_CHARACTER_DEVICE: return positioned ? WASI_SPIPE : WASI_BADF;
    default:  // or opened without the right to seek, which POSIX does not know
        return positioned && (entry->rights_base & right) != 0 ? WASI_NOTCAPABLE : WASI_BADF;
    }
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
    struct iovec vectors[WASI_VECTOR_LIMIT];
    uint8_t *size = guest_range(context, size_address, sizeof(uint32_t));
    int count = wasi_vectors_read(context, vectors_address, vector_count, vectors);
    if (size == NULL || count < 0) return WASI_FAULT;
    struct wasi_fd *entry;
    uint32_t error = fd_table_get(context, fd, rights[kind], &entry);
    if (error == WASI_NOTCAPABLE) return refusal(entry, kind);
    if (error != WASI_SUCCESS) return error;
    if (offset > INT64_MAX) return WASI_INVAL;
    if (entry->node != NULL) {
        uint64_t *position = kind == TRANSFER_READ ? &entry->position : &offset;
        guest_store_u32(size, embedded_operations(context)->read(host_state_of(context), entry->node, position,
                                                                 vectors, count));
        return WASI_SUCCESS;
    }
    long result = transfer_on_host(kind, entry->host, vectors, count, (off_t)offset);
    if (result < 0) return wasi_errno_from_linux(errno);
    guest_store_u32(size, (uint32_t)result);  // Linux moves less than 2 GiB at once
    return WASI_SUCCESS;
}

uint32_t smelt_wasi_snapshot_preview1_fd_read(struct smelt_context *context, uint32_t fd,
                                              uint32_t vectors, uint32_t vector_count,
                                              uint32_t size_address) {
    SMELT_CALLS(read);
    SMELT_CALLS(readv);
    return transfer(context, TRANSFER_READ, fd, vectors, vector_count, 0, size_address);
}

uint32_t smelt_wasi_snapshot_preview1_fd_write(struct smelt_context *context, uint32_t fd,
                                               uint32_t vectors, uint32_t vector_count,
                                               uint32_t size_address) {
    SMELT_CALLS(write);
    SMELT_CALLS(writev);
    return transfer(context, TRANSFER_WRITE, fd, vectors, vector_count, 0, size_address);
}

uint32_t smelt_wasi_snapshot_preview1_fd_pread(struct smelt_context *context, uint32_t fd,
                                               uint32_t vectors, uint32_t vector_count,
                                               uint64_t offset, uint32_t size_address) {
    SMELT_CALLS(pread64);
    SMELT_CALLS(preadv);
    return transfer(context, TRANSFER_PREAD, fd, vectors, vector_count, offset, size_address);
}

uint32_t smelt_wasi_snapshot_preview1_fd_pwrite(struct smelt_context *context, uint32_t fd,
                                                uint32_t vectors, uint32_t vector_count,
                                                uint64_t offset, uint32_t size_address) {
    SMELT_CALLS(pwrite64);
    SMELT_CALLS(pwritev);
    return transfer(context, TRANSFER_PWRITE, fd, vectors, vector_count, offset, size_address);
}
