// Running compiled code so that a trap comes back as a value.
#ifndef SMELT_WAST_GUEST_H
#define SMELT_WAST_GUEST_H

#include <stdint.h>

// Maps the guest's stack and installs the trap handlers. Once, before the first call.
void wast_guest_prepare(void);

// Calls `function` on the guest's stack. Returns 0, or the code of the trap that ended it, among
// which is that of an exception that nobody caught.
uint32_t wast_guest_call(void (*function)(void *argument), void *argument);

#endif
