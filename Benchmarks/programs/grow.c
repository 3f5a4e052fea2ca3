// Memory that grows: arrays that double as they fill, larger and larger, and are given back.
#include "benchmark.h"

struct list { uint64_t *items; size_t count, capacity; };

static void append(struct list *list, uint64_t item) {
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 16;
        list->items = realloc(list->items, list->capacity * sizeof *list->items);
        if (list->items == NULL) exit(3);
    }
    list->items[list->count++] = item;
}

int main(int argc, char **argv) {
    int rounds = size_for(argc, argv, 12, 120, 600);
    uint32_t state = 67;
    uint64_t sum = 0;
    for (int round = 0; round < rounds; round++) {
        struct list lists[4] = {{0}};
        for (int i = 0; i < 200000 * (1 + round % 8); i++) {
            uint32_t r = next_random(&state);
            append(&lists[r % 4], (uint64_t)r * (uint32_t)i);
        }
        for (int k = 0; k < 4; k++) {
            for (size_t i = 0; i < lists[k].count; i += 3) sum = mix(sum, lists[k].items[i]);
            free(lists[k].items);
        }
    }
    print_checksum(sum);
    return 0;
}
