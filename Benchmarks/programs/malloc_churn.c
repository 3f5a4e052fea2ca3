// Blocks of many sizes that come, grow and go in no order: the allocator itself.
#include "benchmark.h"

enum { SLOTS = 20000 };
static uint8_t *blocks[SLOTS];
static uint32_t sizes[SLOTS];

int main(int argc, char **argv) {
    int n = size_for(argc, argv, 600000, 6000000, 30000000);
    uint32_t state = 41;
    uint64_t sum = 0;
    for (int i = 0; i < n; i++) {
        uint32_t r = next_random(&state), slot = r % SLOTS;
        uint32_t size = (r >> 16 & 15) ? 16 + (r >> 20) % 256 : 1024 + (r >> 20);
        if (blocks[slot] == NULL) {
            blocks[slot] = allocate(size);
        } else if (r >> 12 & 1) {
            sum += blocks[slot][0] + blocks[slot][sizes[slot] - 1];
            free(blocks[slot]);
            blocks[slot] = NULL;
            continue;
        } else {
            blocks[slot] = realloc(blocks[slot], size);
        }
        sizes[slot] = size;
        blocks[slot][0] = (uint8_t)i;
        blocks[slot][size - 1] = (uint8_t)r;
    }
    print_checksum(sum);
    return 0;
}
