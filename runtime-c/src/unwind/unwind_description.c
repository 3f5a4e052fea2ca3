// Finding the frame description entry of an address in .eh_frame: one walk over all of them. It
// runs only when a program has trapped, and spares programs a sorted table. Those with exceptions
// have one, and a definition in exceptions/throw.c that replaces the weak one here.
#include "unwind_entry.h"

__attribute__((weak)) bool unwind_find_description(const struct smelt_unwind_bounds *bounds,
                                                   uint64_t pc,
                                                   struct unwind_description *description) {
    struct dwarf_reader reader = {bounds->eh_frame_begin, bounds->eh_frame_end, false};
    while (!reader.has_failed && reader.position < reader.end) {
        if (!read_description_at(bounds, &reader, false, description)) continue;
        if (pc >= description->pc_begin && pc < description->pc_end) return true;
    }
    return false;
}
