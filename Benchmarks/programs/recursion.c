// Deep recursion: Ackermann's function, Takeuchi's and Fibonacci's. Calls, and little else.
#include "benchmark.h"

__attribute__((noinline)) static unsigned ackermann(unsigned m, unsigned n) {
    if (m == 0) return n + 1;
    return ackermann(m - 1, n == 0 ? 1 : ackermann(m, n - 1));
}

__attribute__((noinline)) static int takeuchi(int x, int y, int z) {
    if (y >= x) return z;
    return takeuchi(takeuchi(x - 1, y, z), takeuchi(y - 1, z, x), takeuchi(z - 1, x, y));
}

__attribute__((noinline)) static unsigned fibonacci(unsigned n) {
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

int main(int argc, char **argv) {
    int rounds = size_for(argc, argv, 8, 80, 400);
    uint64_t sum = 0;
    for (int round = 0; round < rounds; round++) {
        sum = mix(sum, ackermann(3, 8));
        sum = mix(sum, (uint64_t)takeuchi(18 - round % 2, 12, 6));
        sum = mix(sum, fibonacci(30 + (unsigned)round % 2));
    }
    print_checksum(sum);
    return 0;
}
