// Sorting pointers by a comparator that the algorithm does not know: an indirect call for each
// comparison, one of three orders, through a merge sort of our own.
#include "benchmark.h"

struct person { char name[12]; int age; double height; };
typedef int (*comparator)(const struct person *, const struct person *);

static int by_name(const struct person *a, const struct person *b) { return strcmp(a->name, b->name); }
static int by_age(const struct person *a, const struct person *b) { return a->age - b->age; }
static int by_height(const struct person *a, const struct person *b) {
    return (a->height > b->height) - (a->height < b->height);
}

static void merge_sort(const struct person **items, const struct person **spare, size_t n,
                       comparator compare) {
    if (n < 8) {
        for (size_t i = 1; i < n; i++) {
            const struct person *item = items[i];
            size_t k = i;
            for (; k > 0 && compare(items[k - 1], item) > 0; k--) items[k] = items[k - 1];
            items[k] = item;
        }
        return;
    }
    size_t half = n / 2, left = 0, right = half;
    merge_sort(items, spare, half, compare);
    merge_sort(items + half, spare, n - half, compare);
    memcpy(spare, items, half * sizeof *items);
    for (size_t out = 0; left < half; out++) {
        int take_right = right < n && compare(spare[left], items[right]) > 0;
        items[out] = take_right ? items[right++] : spare[left++];
    }
}

int main(int argc, char **argv) {
    size_t n = (size_t)size_for(argc, argv, 60000, 600000, 2400000);
    static const comparator orders[] = {by_name, by_age, by_height};
    struct person *people = allocate(sizeof *people * n);
    const struct person **items = allocate(sizeof *items * n), **spare = allocate(sizeof *spare * n);
    uint32_t state = 23;
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        struct person *p = &people[i];
        for (int k = 0; k < 11; k++) p->name[k] = (char)('a' + next_random(&state) % 3);
        p->name[11] = 0;
        p->age = (int)(next_random(&state) % 100);
        p->height = next_unit(&state);
        items[i] = p;
    }
    for (int round = 0; round < 3; round++) {
        merge_sort(items, spare, n, orders[round]);
        for (size_t i = 0; i < n; i += 7) sum = mix_double(sum, items[i]->height);
    }
    print_checksum(sum);
    return 0;
}
