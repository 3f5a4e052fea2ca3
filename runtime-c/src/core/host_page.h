// The host's page size: 4 KiB on x86-64, and 4, 16 or 64 KiB on AArch64, known only at run time.
#ifndef SMELT_HOST_PAGE_H
#define SMELT_HOST_PAGE_H

#include <stdint.h>
#include <sys/auxv.h>

static inline uint64_t smelt_host_page_size(void) {
#if defined(__x86_64__)
    return 4096;
#else
    return getauxval(AT_PAGESZ);
#endif
}

// `value` rounded up to whole host pages; the caller has made sure that it is far from 2^64, which
// sizes of memories are (SMELT_MEMORY_SIZE_MAXIMUM).
static inline uint64_t smelt_host_page_round_up(uint64_t value) {
    uint64_t mask = smelt_host_page_size() - 1;
    return (value + mask) & ~mask;
}

#endif
