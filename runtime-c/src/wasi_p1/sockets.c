// sock_*: connections that come in on the addresses that were granted (--listen). A guest cannot
// open sockets itself. Failures are reported in the order that a guest may rely on: addresses,
// descriptor, type, rights, flags.
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/system_calls.h"
#include "fd_table.h"
#include "fdflags.h"
#include "host/host_calls.h"
#include "adopt.h"
#include "core/guest.h"
#include "rights.h"
#include "smelt/wasi_functions.h"
#include "state.h"
#include "vectors.h"
#include "wasi.h"

// Finds a socket that has all of `rights`.
static uint32_t get_socket(const struct smelt_context *context, uint32_t fd, uint64_t rights,
                           struct wasi_fd **entry) {
    uint32_t error = fd_table_get(context, fd, 0, entry);
    if (error != WASI_SUCCESS) return error;
    if ((*entry)->file_type != WASI_FILETYPE_SOCKET_STREAM &&
        (*entry)->file_type != WASI_FILETYPE_SOCKET_DGRAM) {
        return WASI_NOTSOCK;
    }
    return wasi_fd_check(*entry, rights);
}

uint32_t smelt_wasi_snapshot_preview1_sock_accept(struct smelt_context *context, uint32_t fd,
                                                  uint32_t flags, uint32_t fd_address) {
    SMELT_CALLS(accept4);
    SMELT_CALLS(close);
    SMELT_CALLS(fstat);
    SMELT_CALLS(getsockopt);
    SMELT_CALLS(rt_sigaction);
    // Accepting needs what was granted to listen on: this brings it (see adopt.h).
#if !defined(SMELT_LIBRARY)
    __attribute__((used)) static void (*const needs)(struct wasi_state *) = smelt_grant_sockets;
#endif
    uint8_t *result = guest_range(context, fd_address, sizeof(uint32_t));
    if (result == NULL) return WASI_FAULT;
    struct wasi_fd *entry, connection;
    uint32_t new_fd = 0;
    uint32_t error = get_socket(context, fd, WASI_RIGHT_SOCK_ACCEPT, &entry);
    if (error != WASI_SUCCESS) return error;
    if ((flags & ~(uint32_t)WASI_FDFLAG_NONBLOCK) != 0) return WASI_INVAL;
    int host_flags = SOCK_CLOEXEC | (flags != 0 ? SOCK_NONBLOCK : 0);
    int host = accept4(entry->host, NULL, NULL, host_flags);
    if (host >= 0) host = host_lift(host);
    if (host < 0) return wasi_errno_from_linux(errno);
    error = wasi_fd_describe(host, WASI_RIGHTS_CONNECTION, 0, &connection);
    connection.flags = (uint16_t)flags;
    if (error == WASI_SUCCESS) {
        error = fd_table_insert(&wasi_state_of(context)->fds, &connection, &new_fd);
    }
    if (error != WASI_SUCCESS) {
        close(host);
        return error;
    }
    guest_store_u32(result, new_fd);
    return WASI_SUCCESS;
}

static struct msghdr message_of(struct iovec *vectors, int count) {
    struct msghdr message;
    memset(&message, 0, sizeof message);
    message.msg_iov = vectors;
    message.msg_iovlen = (__typeof__(message.msg_iovlen))count;  // libraries differ about its type
    return message;
}

uint32_t smelt_wasi_snapshot_preview1_sock_recv(struct smelt_context *context, uint32_t fd,
                                                uint32_t vectors_address, uint32_t vector_count,
                                                uint32_t flags, uint32_t size_address,
                                                uint32_t flags_address) {
    SMELT_CALLS(recvmsg);
    struct iovec vectors[WASI_VECTOR_LIMIT];
    uint8_t *size = guest_range(context, size_address, sizeof(uint32_t));
    uint8_t *out_flags = guest_range(context, flags_address, sizeof(uint16_t));
    int count = wasi_vectors_read(context, vectors_address, vector_count, vectors);
    if (size == NULL || out_flags == NULL || count < 0) return WASI_FAULT;
    struct wasi_fd *entry;
    uint32_t error = get_socket(context, fd, WASI_RIGHT_FD_READ, &entry);
    if (error != WASI_SUCCESS) return error;
    if ((flags & ~(uint32_t)WASI_RIFLAGS_ALL) != 0) return WASI_INVAL;
    int host_flags = (flags & WASI_RIFLAG_PEEK) != 0 ? MSG_PEEK : 0;
    if ((flags & WASI_RIFLAG_WAITALL) != 0) host_flags |= MSG_WAITALL;
    struct msghdr message = message_of(vectors, count);
    ssize_t result = recvmsg(entry->host, &message, host_flags);
    if (result < 0) return wasi_errno_from_linux(errno);
    bool is_truncated = (message.msg_flags & MSG_TRUNC) != 0;
    guest_store_u32(size, (uint32_t)result);
    guest_store_u16(out_flags, is_truncated ? WASI_ROFLAG_DATA_TRUNCATED : 0);
    return WASI_SUCCESS;
}

uint32_t smelt_wasi_snapshot_preview1_sock_send(struct smelt_context *context, uint32_t fd,
                                                uint32_t vectors_address, uint32_t vector_count,
                                                uint32_t flags, uint32_t size_address) {
    SMELT_CALLS(sendmsg);
    struct iovec vectors[WASI_VECTOR_LIMIT];
    uint8_t *size = guest_range(context, size_address, sizeof(uint32_t));
    int count = wasi_vectors_read(context, vectors_address, vector_count, vectors);
    if (size == NULL || count < 0) return WASI_FAULT;
    struct wasi_fd *entry;
    uint32_t error = get_socket(context, fd, WASI_RIGHT_FD_WRITE, &entry);
    if (error != WASI_SUCCESS) return error;
    if (flags != 0) return WASI_INVAL;  // none are defined
    struct msghdr message = message_of(vectors, count);
    ssize_t result = sendmsg(entry->host, &message, MSG_NOSIGNAL);
    if (result < 0) return wasi_errno_from_linux(errno);
    guest_store_u32(size, (uint32_t)result);
    return WASI_SUCCESS;
}

uint32_t smelt_wasi_snapshot_preview1_sock_shutdown(struct smelt_context *context, uint32_t fd,
                                                    uint32_t how) {
    SMELT_CALLS(shutdown);
    static const int host_how[] = {
        [WASI_SDFLAG_RD] = SHUT_RD, [WASI_SDFLAG_WR] = SHUT_WR, [WASI_SDFLAGS_ALL] = SHUT_RDWR};
    struct wasi_fd *entry;
    uint32_t error = get_socket(context, fd, WASI_RIGHT_SOCK_SHUTDOWN, &entry);
    if (error != WASI_SUCCESS) return error;
    if (how == 0 || how > WASI_SDFLAGS_ALL) return WASI_INVAL;
    return shutdown(entry->host, host_how[how]) == 0 ? WASI_SUCCESS
                                                     : wasi_errno_from_linux(errno);
}
