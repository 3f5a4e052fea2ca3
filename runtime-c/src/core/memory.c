// memory.grow: commits more of a memory's reservation. The base never moves, so compiled code may
// keep it for ever.
#include "system_calls.h"
#include "smelt/abi.h"

#include <sys/mman.h>

#include "host_page.h"

uint64_t smelt_memory_grow(struct smelt_memory *memory, uint64_t delta_pages) {
    SMELT_CALLS_IF(mprotect, SMELT_CALL_NOT_CODE);
    uint64_t old_pages = memory->byte_size >> memory->page_size_log2;
    if (delta_pages == 0) return old_pages;
    if (old_pages > memory->maximum_pages) return UINT64_MAX;
    if (delta_pages > memory->maximum_pages - old_pages) return UINT64_MAX;
    uint64_t new_pages = old_pages + delta_pages;
    if (new_pages > memory->reserved_bytes >> memory->page_size_log2) return UINT64_MAX;

    // No more than the reservation, so this does not wrap, nor does rounding it up. WebAssembly
    // pages can be smaller than the host's. What lies between the size and the end of
    // its last host page is committed already, and zero.
    uint64_t new_size = new_pages << memory->page_size_log2;
    uint64_t committed = smelt_host_page_round_up(memory->byte_size);
    uint64_t needed = smelt_host_page_round_up(new_size);
    if (needed > committed &&
        mprotect(memory->base + committed, needed - committed, PROT_READ | PROT_WRITE) != 0) {
        return UINT64_MAX;
    }
    memory->byte_size = new_size;
    return old_pages;
}
