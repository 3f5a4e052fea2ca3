// Sorting with the C library's qsort: records moved by size, compared through a pointer. The two
// C libraries have different algorithms, so this also says what choosing wasi-libc costs.
#include "benchmark.h"

struct record { uint32_t key, order; };

static int by_key(const void *a, const void *b) {
    const struct record *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

int main(int argc, char **argv) {
    int n = size_for(argc, argv, 200000, 1500000, 8000000);
    struct record *records = allocate(sizeof *records * (size_t)n);
    uint32_t state = 19;
    for (int i = 0; i < n; i++) {
        records[i] = (struct record){next_random(&state) % 1000003, (uint32_t)i};
    }
    qsort(records, (size_t)n, sizeof *records, by_key);
    uint64_t sum = 0;
    for (int i = 0; i < n; i++) sum = mix(mix(sum, records[i].key), records[i].order);
    print_checksum(sum);
    return 0;
}
