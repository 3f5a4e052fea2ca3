// The hierarchy of function types at run time, for calls and casts to types that have subtypes.
#include "smelt/abi.h"

uint32_t smelt_type_is_subtype(uint32_t type, uint32_t supertype) {
    // Validation bounds the depth of a hierarchy.
    for (; type != 0; type = smelt_type_parents[type]) {
        if (type == supertype) return 1;
    }
    return 0;
}
