// poll_oneoff for both layouts of a subscription.
#ifndef SMELT_WASI_POLL_H
#define SMELT_WASI_POLL_H

#include <stdint.h>

#include "smelt/abi.h"

// What differs between the versions of WASI: the size of a subscription, and where the fields of
// those to clocks are.
struct wasi_subscription_layout {
    uint8_t size, clock_id, clock_timeout, clock_flags;
};

uint32_t wasi_poll(const struct smelt_context *context,
                   const struct wasi_subscription_layout *layout, uint32_t subscriptions_address,
                   uint32_t events_address, uint32_t count, uint32_t event_count_address);

#endif
