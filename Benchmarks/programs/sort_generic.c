// Sorting anything through a comparator, as qsort does: elements of a size that is only known at run
// time, moved by bytes, compared through a pointer. The algorithm is part of the program, since C
// libraries have different ones: with qsort itself this would compare libraries.
#include "benchmark.h"

typedef int comparator(const void *, const void *);

struct record { uint32_t key, order; };

static int by_key(const void *a, const void *b) {
    const struct record *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

static int by_order(const void *a, const void *b) {
    const struct record *x = a, *y = b;
    return (x->order < y->order) - (x->order > y->order);
}

static void swap(char *a, char *b, size_t size) {
    for (size_t i = 0; i < size; i++) {
        char byte = a[i];
        a[i] = b[i];
        b[i] = byte;
    }
}

static void sift(char *base, size_t root, size_t n, size_t size, comparator *compare) {
    for (size_t child; (child = 2 * root + 1) < n; root = child) {
        char *larger = base + child * size;
        if (child + 1 < n && compare(larger, larger + size) < 0) {
            larger += size;
            child++;
        }
        if (compare(base + root * size, larger) >= 0) return;
        swap(base + root * size, larger, size);
    }
}

static void heap_sort(char *base, size_t n, size_t size, comparator *compare) {
    for (size_t i = n / 2; i-- > 0;) sift(base, i, n, size, compare);
    for (size_t i = n; i-- > 1;) {
        swap(base, base + i * size, size);
        sift(base, 0, i, size, compare);
    }
}

static void sort(char *base, size_t n, size_t size, comparator *compare, int depth) {
    while (n > 12) {
        if (depth-- == 0) {
            heap_sort(base, n, size, compare);
            return;
        }
        // The median of three becomes the first element, and the rest is parted around it.
        char *middle = base + n / 2 * size, *last = base + (n - 1) * size;
        if (compare(middle, base) < 0) swap(middle, base, size);
        if (compare(last, middle) < 0) swap(last, middle, size);
        if (compare(middle, base) < 0) swap(middle, base, size);
        swap(base, middle, size);
        size_t low = 1, high = n - 1;
        for (;;) {
            while (low <= high && compare(base + low * size, base) < 0) low++;
            while (compare(base + high * size, base) > 0) high--;
            if (low >= high) break;
            swap(base + low++ * size, base + high-- * size, size);
        }
        swap(base, base + high * size, size);
        sort(base + (high + 1) * size, n - high - 1, size, compare, depth);
        n = high;
    }
    for (size_t i = 1; i < n; i++) {
        for (size_t k = i; k > 0 && compare(base + k * size, base + (k - 1) * size) < 0; k--) {
            swap(base + k * size, base + (k - 1) * size, size);
        }
    }
}

int main(int argc, char **argv) {
    size_t n = (size_t)size_for(argc, argv, 100000, 700000, 4000000);
    struct record *records = allocate(sizeof *records * n);
    uint32_t state = 19;
    for (size_t i = 0; i < n; i++) {
        records[i] = (struct record){next_random(&state) % 1000003, (uint32_t)i};
    }
    uint64_t sum = 0;
    for (int round = 0; round < 2; round++) {
        comparator *compare = argc + round == 1 || round == 0 ? by_key : by_order;
        sort((char *)records, n, sizeof *records, compare, 40);
        for (size_t i = 0; i < n; i++) sum = mix(mix(sum, records[i].key), records[i].order);
    }
    print_checksum(sum);
    return 0;
}
