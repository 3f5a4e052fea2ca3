// Dense matrices from malloc: an inner loop that vectorises, through pointers.
#include "benchmark.h"

static void multiply(const float *a, const float *b, float *c, int n) {
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < n; k++) {
            float factor = a[i * n + k];
            for (int j = 0; j < n; j++) c[i * n + j] += factor * b[k * n + j];
        }
    }
}

int main(int argc, char **argv) {
    int n = 320, rounds = size_for(argc, argv, 32, 320, 1600);
    float *a = allocate(sizeof(float) * n * n), *b = allocate(sizeof(float) * n * n);
    float *c = allocate(sizeof(float) * n * n);
    memset(c, 0, sizeof(float) * n * n);
    for (int i = 0; i < n * n; i++) {
        a[i] = (float)(i % 13) * 0.5f;
        b[i] = (float)(i % 7) - 3;
    }
    for (int round = 0; round < rounds; round++) multiply(a, b, c, n);
    uint64_t sum = 0;
    for (int i = 0; i < n * n; i++) sum = mix_double(sum, c[i]);
    print_checksum(sum);
    return 0;
}
