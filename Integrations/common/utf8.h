// Whether bytes are text.
#ifndef SMELT_GLUE_UTF8_H
#define SMELT_GLUE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

// Whether the bytes are well-formed UTF-8, surrogates and overlong forms excluded.
bool glue_is_utf8(const uint8_t *bytes, uint64_t length);

#endif
