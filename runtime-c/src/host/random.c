// The kernel's random numbers.
#include "random.h"

#include <errno.h>
#include <sys/random.h>
#include <sys/types.h>

#include "core/system_calls.h"

int host_random(void *buffer, size_t length) {
    SMELT_CALLS(getrandom);
    char *position = buffer;
    while (length > 0) {
        ssize_t result = getrandom(position, length, 0);
        if (result < 0 && errno == EINTR) continue;
        if (result < 0) return errno;
        position += result;
        length -= (size_t)result;
    }
    return 0;
}
