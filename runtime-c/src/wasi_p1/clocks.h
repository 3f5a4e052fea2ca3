// WASI's clocks in terms of the host's.
#ifndef SMELT_WASI_CLOCKS_H
#define SMELT_WASI_CLOCKS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

// The host's clock of a clockid; false when there is no such clock.
bool wasi_clock_to_host(uint32_t id, clockid_t *host);

#endif
