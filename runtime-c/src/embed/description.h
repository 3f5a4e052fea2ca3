// Where the frame descriptions of the running code are.
#ifndef SMELT_EMBED_DESCRIPTION_H
#define SMELT_EMBED_DESCRIPTION_H

#include "unwind/unwind.h"

// Sets where they begin and end; null for both if there are none that can be found.
void embed_find_descriptions(struct smelt_unwind_bounds *bounds);

#endif
