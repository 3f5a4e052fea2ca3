// Numbers of descriptors.
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/system_calls.h"
#include "host_calls.h"
#include "streams.h"

int host_lift(int host) {
    SMELT_CALLS_IF(fcntl, SMELT_CALL_FLAGS);
    SMELT_CALLS(close);
    if (host >= HOST_STREAMS) return host;
    int lifted = host_fcntl(host, F_DUPFD_CLOEXEC, HOST_STREAMS);
    int error = errno;
    close(host);
    errno = error;
    return lifted;
}
