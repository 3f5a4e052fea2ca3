// Queens on a board: recursion with bit tricks, all in registers.
#include "benchmark.h"

static uint32_t place(uint32_t all, uint32_t columns, uint32_t left, uint32_t right) {
    if (columns == all) return 1;
    uint32_t count = 0;
    for (uint32_t free = all & ~(columns | left | right); free != 0; free &= free - 1) {
        uint32_t bit = free & -free;
        count += place(all, columns | bit, (left | bit) << 1, (right | bit) >> 1);
    }
    return count;
}

int main(int argc, char **argv) {
    int side = size_for(argc, argv, 13, 14, 16);
    uint64_t sum = 0;
    for (int n = 4; n <= side; n++) sum = mix(sum, place((1u << n) - 1, 0, 0, 0));
    print_checksum(sum);
    return 0;
}
