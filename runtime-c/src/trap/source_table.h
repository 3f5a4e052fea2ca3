// Looks up places in the source by address, in the table that -g leaves in a program.
#ifndef SMELT_SOURCE_TABLE_H
#define SMELT_SOURCE_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "smelt/abi.h"

// A place in the source; what is not known is null or zero.
struct source_place {
    const char *name;  // of the function, if it was inlined
    const char *file;
    uint32_t line, column;
    uint32_t caller;   // the number of the place that it was inlined into, 0 if it was not
};

// The number of the place that belongs to the code at `offset` from the start of all code; 0 if
// there is none.
uint32_t source_table_find(const struct smelt_source_table *table, uint64_t offset);

// The place of a number other than 0.
struct source_place source_table_place(const struct smelt_source_table *table, uint32_t number);

#endif
