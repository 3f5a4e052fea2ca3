// Copying and filling bytes: what memory.copy and memory.fill come to.
#pragma once

#include <stddef.h>

// The areas may overlap.
void smelt_copy(void *to, const void *from, size_t count);

// `value` is a byte.
void smelt_fill(void *to, int value, size_t count);
