// The sorted table of frame descriptions (.eh_frame_hdr) that the linker makes for programs with
// exceptions: finding one takes a binary search and not a walk over all of them.
#ifndef SMELT_EXCEPTIONS_DESCRIPTION_TABLE_H
#define SMELT_EXCEPTIONS_DESCRIPTION_TABLE_H

#include "unwind/unwind_rules.h"

// Finds the description that covers `pc`; false without one, and if the table is not what the linker
// makes.
bool unwind_search_descriptions(const uint8_t *table_begin, const uint8_t *table_end,
                                const struct smelt_unwind_bounds *bounds, uint64_t pc,
                                struct unwind_description *description);

#endif
