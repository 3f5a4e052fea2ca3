// sock_*: no sockets can be granted, so all that these can do is to say what is wrong with the
// descriptor, in the order that a guest may rely on: addresses, descriptor, type.
#include "fd_table.h"
#include "guest.h"
#include "smelt/wasi_functions.h"
#include "wasi.h"

static uint32_t reject(struct smelt_context *context, uint32_t fd) {
    struct wasi_fd *entry;
    uint32_t error = fd_table_get(context, fd, 0, &entry);
    if (error != WASI_SUCCESS) return error;
    bool is_socket = entry->file_type == WASI_FILETYPE_SOCKET_STREAM ||
                     entry->file_type == WASI_FILETYPE_SOCKET_DGRAM;
    return is_socket ? WASI_NOTSUP : WASI_NOTSOCK;
}

uint32_t smelt_wasi_snapshot_preview1_sock_accept(struct smelt_context *context, uint32_t fd,
                                                  uint32_t flags, uint32_t fd_address) {
    (void)flags;
    if (guest_range(context, fd_address, sizeof(uint32_t)) == NULL) return WASI_FAULT;
    return reject(context, fd);
}

uint32_t smelt_wasi_snapshot_preview1_sock_recv(struct smelt_context *context, uint32_t fd,
                                                uint32_t vectors_address, uint32_t vector_count,
                                                uint32_t flags, uint32_t size_address,
                                                uint32_t flags_address) {
    (void)flags;
    if (guest_array(context, vectors_address, vector_count, WASI_IOVEC_SIZE) == NULL ||
        guest_range(context, size_address, sizeof(uint32_t)) == NULL ||
        guest_range(context, flags_address, sizeof(uint16_t)) == NULL) {
        return WASI_FAULT;
    }
    return reject(context, fd);
}

uint32_t smelt_wasi_snapshot_preview1_sock_send(struct smelt_context *context, uint32_t fd,
                                                uint32_t vectors_address, uint32_t vector_count,
                                                uint32_t flags, uint32_t size_address) {
    (void)flags;
    if (guest_array(context, vectors_address, vector_count, WASI_IOVEC_SIZE) == NULL ||
        guest_range(context, size_address, sizeof(uint32_t)) == NULL) {
        return WASI_FAULT;
    }
    return reject(context, fd);
}

uint32_t smelt_wasi_snapshot_preview1_sock_shutdown(struct smelt_context *context, uint32_t fd,
                                                    uint32_t how) {
    (void)how;
    return reject(context, fd);
}
