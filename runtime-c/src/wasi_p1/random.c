// random_get: the kernel's random numbers.
#include "core/guest.h"
#include "host/random.h"
#include "smelt/wasi_functions.h"
#include "wasi.h"

uint32_t smelt_wasi_snapshot_preview1_random_get(struct smelt_context *context, uint32_t address,
                                                 uint32_t length) {
    uint8_t *buffer = guest_range(context, address, length);
    if (buffer == NULL) return WASI_FAULT;
    return wasi_errno_of_host(host_random(buffer, length));
}
