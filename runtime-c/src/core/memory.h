// Linear memories: reserving their address space when the program starts.
#ifndef SMELT_MEMORY_H
#define SMELT_MEMORY_H

#include <stddef.h>

#include "smelt/abi.h"

// Owns the address space of a memory from base to base + reserved_bytes, everything beyond
// byte_size without access. A memory with a base lies in the executable's image, of which the kernel
// has mapped `mapped` bytes; one without is placed here. What is not mapped of byte_size is committed.
// On failure, or if the numbers do not fit together, prints why and exits with status 1.
void smelt_memory_reserve(struct smelt_memory *memory, uint64_t mapped);

#endif
