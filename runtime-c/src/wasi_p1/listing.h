// The guest's buffer while fd_readdir fills it.
#ifndef SMELT_WASI_LISTING_H
#define SMELT_WASI_LISTING_H

#include <stddef.h>
#include <stdint.h>

struct wasi_listing {
    uint8_t *position, *end;
};

// Adds an entry; `next` is the cookie of the one behind it. An entry that does not fit is cut off
// where the buffer ends, which tells the guest that there are more.
void wasi_listing_add(struct wasi_listing *listing, uint64_t next, uint64_t inode, uint8_t type,
                      const char *name, size_t name_length);

#endif
