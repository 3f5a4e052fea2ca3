// A hash map from strings to counts: hashing bytes, comparing them, and misses in the caches.
#include "benchmark.h"

struct entry { char *key; uint32_t hash, count; };
static struct entry *entries;
static uint32_t capacity, used;

static uint32_t hash_of(const char *text) {
    uint32_t hash = 2166136261u;
    for (; *text; text++) hash = (hash ^ (uint8_t)*text) * 16777619u;
    return hash;
}

static struct entry *find(const char *key, uint32_t hash) {
    uint32_t slot = hash & (capacity - 1);
    while (entries[slot].key != NULL &&
           (entries[slot].hash != hash || strcmp(entries[slot].key, key) != 0)) {
        slot = (slot + 1) & (capacity - 1);
    }
    return &entries[slot];
}

static void grow(void) {
    struct entry *old = entries;
    uint32_t count = capacity;
    capacity = capacity ? capacity * 2 : 1024;
    entries = calloc(capacity, sizeof *entries);
    for (uint32_t i = 0; i < count; i++) {
        if (old[i].key != NULL) *find(old[i].key, old[i].hash) = old[i];
    }
    free(old);
}

static void count_key(const char *key) {
    if (used * 4 >= capacity * 3) grow();
    uint32_t hash = hash_of(key);
    struct entry *entry = find(key, hash);
    if (entry->key == NULL) {
        size_t size = strlen(key) + 1;
        entry->key = memcpy(allocate(size), key, size);
        entry->hash = hash;
        used++;
    }
    entry->count++;
}

int main(int argc, char **argv) {
    int n = size_for(argc, argv, 500000, 5000000, 25000000);
    uint32_t state = 31;
    for (int i = 0; i < n; i++) {
        uint32_t number = next_random(&state) % (next_random(&state) % 200000 + 1);
        char key[24] = "customer/", *end = key + 9;
        for (uint32_t rest = number * 7919; rest > 0; rest /= 26) *end++ = (char)('a' + rest % 26);
        *end = 0;
        count_key(key);
    }
    uint64_t sum = used;
    for (uint32_t i = 0; i < capacity; i++) sum += (uint64_t)entries[i].hash * entries[i].count;
    print_checksum(sum);
    return 0;
}
