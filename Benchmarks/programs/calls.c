// Indirect calls through a table of functions that no compiler can see through.
#include "benchmark.h"

static uint32_t f0(uint32_t x) { return x * 3 + 1; }
static uint32_t f1(uint32_t x) { return x ^ x >> 7; }
static uint32_t f2(uint32_t x) { return x << 5 | x >> 27; }
static uint32_t f3(uint32_t x) { return x - 12345; }
static uint32_t (*volatile table[4])(uint32_t) = {f0, f1, f2, f3};

int main(int argc, char **argv) {
    int n = size_for(argc, argv, 20000000, 200000000, 1000000000);
    uint32_t x = 1;
    for (int i = 0; i < n; i++) x = table[(x ^ (uint32_t)i) & 3](x);
    print_checksum(x);
    return 0;
}
