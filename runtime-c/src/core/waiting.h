// Waiting that ends when somebody asks for it.
#ifndef SMELT_CORE_WAITING_H
#define SMELT_CORE_WAITING_H

#include <stdbool.h>
#include <stdint.h>

// What smelt_atomic_wait32 never returns.
enum { SMELT_WAIT_ENDED = 3 };

// Like smelt_atomic_wait32 and smelt_atomic_wait64. Twice in a millisecond, and whenever a signal has been
// handled, `ask` is called (without any lock): SMELT_WAIT_ENDED if it says true.
uint32_t smelt_wait32_unless(const uint32_t *address, uint32_t expected, int64_t timeout,
                             bool (*ask)(void *argument), void *argument);
uint32_t smelt_wait64_unless(const uint64_t *address, uint64_t expected, int64_t timeout,
                             bool (*ask)(void *argument), void *argument);

#endif
