// random_get: the kernel's random numbers.
#include <errno.h>
#include <sys/random.h>
#include <sys/types.h>

#include "core/system_calls.h"
#include "guest.h"
#include "smelt/wasi_functions.h"
#include "wasi.h"

uint32_t smelt_wasi_snapshot_preview1_random_get(struct smelt_context *context, uint32_t address,
                                                 uint32_t length) {
    SMELT_CALLS(getrandom);
    uint8_t *buffer = guest_range(context, address, length);
    if (buffer == NULL) return WASI_FAULT;
    while (length > 0) {
        ssize_t result = getrandom(buffer, length, 0);
        if (result < 0 && errno == EINTR) continue;
        if (result < 0) return wasi_errno_from_linux(errno);
        buffer += result;
        length -= (uint32_t)result;
    }
    return WASI_SUCCESS;
}
