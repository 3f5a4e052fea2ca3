// The kernel's random numbers.
#ifndef SMELT_HOST_RANDOM_H
#define SMELT_HOST_RANDOM_H

#include <stddef.h>

// Fills a buffer; 0 or an error of Linux.
int host_random(void *buffer, size_t length);

#endif
