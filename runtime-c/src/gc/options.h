// SMELT_GC in the environment; collector.h says what it means.
#ifndef SMELT_GC_OPTIONS_H
#define SMELT_GC_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

// How many objects are made between two collections; 0 if nothing is said.
uint64_t gc_option_every(void);

bool gc_option_statistics(void);

#endif
