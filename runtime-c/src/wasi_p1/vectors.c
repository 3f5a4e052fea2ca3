// Lists of buffers.
#include "vectors.h"

#include "core/guest.h"
#include "wasi.h"

int wasi_vectors_read(const struct smelt_context *context, uint32_t address, uint32_t count,
                      struct iovec vectors[WASI_VECTOR_LIMIT]) {
    const uint8_t *guest = guest_array(context, address, count, WASI_IOVEC_SIZE);
    if (guest == NULL) return -1;
    int used = count < WASI_VECTOR_LIMIT ? (int)count : WASI_VECTOR_LIMIT;
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
