#include <stdlib.h>

#include "functions.h"

#define EXPORT(name) __attribute__((export_name(name)))

EXPORT("mix") int64_t guest_mix(int64_t value) { return mix(value); }
EXPORT("hash") int64_t guest_hash(const uint8_t *bytes, size_t length) { return hash(bytes, length); }
EXPORT("alloc") void *guest_alloc(size_t size) { return malloc(size); }
EXPORT("dealloc") void guest_dealloc(void *block) { free(block); }
