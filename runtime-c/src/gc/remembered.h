// Old objects that references were stored into since the last collection. Of large arrays only the
// parts are remembered that were stored into.
#ifndef SMELT_GC_REMEMBERED_H
#define SMELT_GC_REMEMBERED_H

#include "heap.h"

// How many are remembered. Beyond that, the next collection is a full one.
#define REMEMBERED_MAXIMUM (UINT64_C(1) << 20)

// Part of a large array: so many granules, whose first one's mark says that it is remembered.
enum { PART_GRANULES = 32, MARK_PART = 8 };

#endif
