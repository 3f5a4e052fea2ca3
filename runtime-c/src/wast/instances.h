// All instances of a script, also those whose initialization trapped: others may refer to them.
#ifndef SMELT_WAST_INSTANCES_H
#define SMELT_WAST_INSTANCES_H

#include <stdbool.h>

#include "smelt/instance.h"

// Adds an instance. False if there is no memory for it.
bool wast_add_instance(struct smelt_instance *instance);

// The memory of any of them whose reservation contains an address. Safe in a signal handler.
const struct smelt_memory *wast_memory_at(uint64_t address);

#endif
