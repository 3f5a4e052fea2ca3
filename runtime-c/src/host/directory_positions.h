// Cookies of fd_readdir. The kernel's positions in a directory may take 63 bits (ext4: a hash), and
// wasi-libc's telldir has room for 31. So a position that is too large gets a number in its place,
// which stands for it as long as the directory is open and not too many others have come since.
#ifndef SMELT_HOST_DIRECTORY_POSITIONS_H
#define SMELT_HOST_DIRECTORY_POSITIONS_H

#include <stdbool.h>
#include <stdint.h>

// Cookies below this are positions.
#define DIRECTORY_NUMBERS (UINT64_C(1) << 30)

// How many numbers are remembered: 1 MB at most. A program that goes back further is refused.
enum { DIRECTORY_POSITIONS = 1 << 17 };

struct directory_positions {
    uint64_t count;  // of all numbers that were ever given out
    uint64_t positions[DIRECTORY_POSITIONS];  // of number n at n modulo their size
};

// Stores the cookie of the position of an entry, which was read behind that with the cookie
// `previous`; false if there is no memory. Reading the same entries again gives the same cookies,
// if the small positions come first (as they do on ext4), or others that mean the same.
bool directory_cookie(struct directory_positions **positions, uint64_t previous, uint64_t position,
                      uint64_t *cookie);

// Stores the position of a cookie; false if it never was one, or is forgotten.
bool directory_position(const struct directory_positions *positions, uint64_t cookie,
                        uint64_t *position);

// Frees what is remembered.
void directory_positions_free(struct directory_positions *positions)
    __attribute__((visibility("hidden")));

#endif
