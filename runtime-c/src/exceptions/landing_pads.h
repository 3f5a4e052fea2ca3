// Landing pads: where a function goes on when a call in it throws, as the tables in
// .gcc_except_table say (the language-specific data area of the Itanium C++ ABI).
#ifndef SMELT_EXCEPTIONS_LANDING_PADS_H
#define SMELT_EXCEPTIONS_LANDING_PADS_H

#include "unwind/unwind_rules.h"

// The bounds of all tables.
struct landing_pad_tables {
    const uint8_t *begin, *end;
};

// The address of the landing pad for the call whose last byte is at `pc`; 0 if there is none, or if
// the table is damaged. All pads catch everything, so what the table says beyond that (actions and
// types) is not read.
uint64_t landing_pad_at(const struct landing_pad_tables *tables,
                        const struct unwind_description *description, uint64_t pc);

#endif
