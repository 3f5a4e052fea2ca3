// A hash table with open addressing: integers and memory that misses caches.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    uint32_t capacity = 1 << 20, *keys = calloc(capacity, 4), *counts = calloc(capacity, 4);
    uint64_t state = 88172645463325252ull, collisions = 0;
    for (int i = 0; i < 30000000; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        uint32_t key = (uint32_t)(state % 600000) + 1, slot = key * 2654435761u >> 12;
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = (slot + 1) & (capacity - 1);
            collisions++;
        }
        keys[slot] = key;
        counts[slot]++;
    }
    uint32_t most = 0;
    for (uint32_t i = 0; i < capacity; i++) most = counts[i] > most ? counts[i] : most;
    printf("%u %llu\n", most, (unsigned long long)collisions);
    return 0;
}
