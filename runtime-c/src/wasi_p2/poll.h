// Waiting: pollables, and what they are made of.
#ifndef SMELT_WASI_P2_POLL_H
#define SMELT_WASI_P2_POLL_H

#include "state.h"

extern const struct p2_class p2_pollable;

// A new pollable for a resource, or for a point in time if that is 0.
uint32_t p2_subscribe(const struct smelt_context *context, uint32_t representation,
                      uint64_t deadline);

// Waits until one of `count` things is there, and says in `is_ready` which are. Without `blocks` it only
// looks.
void p2_wait_for(struct p2_wait *waits, uint32_t count, bool blocks);

// Waits for something at a descriptor.
void p2_wait_for_fd(int fd, short events);

// Whether something can be done at a descriptor at once.
bool p2_is_fd_ready(int fd, short events);

// Nanoseconds of the monotonic clock.
uint64_t p2_now(void);

#endif
