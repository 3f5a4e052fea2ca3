// Calls: deep recursion, and indirect ones through a table.
#include <stdint.h>
#include <stdio.h>

__attribute__((noinline)) static unsigned fibonacci(unsigned n) {
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

static uint32_t f0(uint32_t x) { return x * 3 + 1; }
static uint32_t f1(uint32_t x) { return x ^ x >> 7; }
static uint32_t f2(uint32_t x) { return x << 5 | x >> 27; }
static uint32_t f3(uint32_t x) { return x - 12345; }
static uint32_t (*volatile table[4])(uint32_t) = {f0, f1, f2, f3};

int main(void) {
    uint32_t x = 1;
    for (int i = 0; i < 120000000; i++) x = table[x & 3](x);
    printf("%u %u\n", fibonacci(40), x);
    return 0;
}
