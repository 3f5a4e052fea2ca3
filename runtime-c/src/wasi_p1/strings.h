// Lists of strings as WASI hands them to a guest: args_get and environ_get, and their sizes.
#ifndef SMELT_WASI_STRINGS_H
#define SMELT_WASI_STRINGS_H

#include <stdint.h>

#include "smelt/abi.h"

// Stores the number of strings, and the bytes that they take with their terminators.
uint32_t wasi_strings_sizes(const struct smelt_context *context, const char *const *strings,
                            uint32_t count, uint32_t count_address, uint32_t size_address);

// Stores an array of guest addresses, and at `buffer_address` the strings that they point to.
uint32_t wasi_strings_get(const struct smelt_context *context, const char *const *strings,
                          uint32_t count, uint32_t array_address, uint32_t buffer_address);

#endif
