// A stencil: heat that spreads through a block, seven points each, two arrays taking turns.
#include "benchmark.h"

enum { X = 128, Y = 96, Z = 96 };

static void step(const double *restrict from, double *restrict to) {
    for (int z = 1; z < Z - 1; z++) {
        for (int y = 1; y < Y - 1; y++) {
            const double *here = from + (z * Y + y) * X;
            double *there = to + (z * Y + y) * X;
            for (int x = 1; x < X - 1; x++) {
                double around = here[x - 1] + here[x + 1] + here[x - X] + here[x + X] +
                                here[x - X * Y] + here[x + X * Y];
                there[x] = here[x] + 0.1 * (around - 6 * here[x]);
            }
        }
    }
}

int main(int argc, char **argv) {
    int rounds = size_for(argc, argv, 44, 440, 2200), n = X * Y * Z;
    double *a = allocate(sizeof *a * n), *b = allocate(sizeof *b * n);
    uint32_t state = 5;
    for (int i = 0; i < n; i++) a[i] = b[i] = next_random(&state) % 1000;
    for (int round = 0; round < rounds; round += 2) {
        step(a, b);
        step(b, a);
    }
    uint64_t sum = 0;
    for (int i = 0; i < n; i++) sum = mix_double(sum, a[i]);
    print_checksum(sum);
    return 0;
}
