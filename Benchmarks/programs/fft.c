// Fast Fourier transform: complex numbers, in place, with strides that double.
#include <math.h>

#include "benchmark.h"

struct complex { double re, im; };

// Roots of unity by halving angles: sqrt is exact everywhere, which cos and sin are not.
static void make_roots(struct complex *roots, int n) {
    roots[0] = (struct complex){1, 0};
    roots[n / 4] = (struct complex){0, -1};
    for (int step = n / 8; step > 0; step /= 2) {
        double cosine = roots[2 * step].re;
        struct complex half = {sqrt((1 + cosine) / 2), -sqrt((1 - cosine) / 2)};
        for (int i = 0; i < n / 4; i += 2 * step) {
            struct complex w = roots[i];
            roots[i + step] = (struct complex){w.re * half.re - w.im * half.im,
                                               w.re * half.im + w.im * half.re};
        }
    }
    for (int i = 0; i < n / 4; i++) {
        roots[n / 4 + i] = (struct complex){roots[i].im, -roots[i].re};
    }
}

static void transform(struct complex *data, const struct complex *roots, int n) {
    for (int i = 1, j = 0; i < n; i++) {
        int bit = n / 2;
        for (; j & bit; bit /= 2) j ^= bit;
        j ^= bit;
        if (i < j) {
            struct complex other = data[i];
            data[i] = data[j];
            data[j] = other;
        }
    }
    for (int half = 1; half < n; half *= 2) {
        int stride = n / (2 * half);
        for (int start = 0; start < n; start += 2 * half) {
            for (int k = 0; k < half; k++) {
                struct complex w = roots[k * stride], a = data[start + k];
                struct complex b = data[start + k + half];
                struct complex t = {w.re * b.re - w.im * b.im, w.re * b.im + w.im * b.re};
                data[start + k] = (struct complex){a.re + t.re, a.im + t.im};
                data[start + k + half] = (struct complex){a.re - t.re, a.im - t.im};
            }
        }
    }
}

int main(int argc, char **argv) {
    int rounds = size_for(argc, argv, 70, 700, 3500), n = 1 << 15;
    struct complex *data = allocate(sizeof *data * n), *roots = allocate(sizeof *roots * n / 2);
    uint32_t state = 11;
    make_roots(roots, n);
    for (int i = 0; i < n; i++) data[i] = (struct complex){next_unit(&state), next_unit(&state)};
    double scale = 1 / sqrt(n);
    for (int round = 0; round < rounds; round++) {
        transform(data, roots, n);
        for (int i = 0; i < n; i++) data[i] = (struct complex){data[i].re * scale, data[i].im * scale};
    }
    uint64_t sum = 0;
    for (int i = 0; i < n; i++) sum = mix_double(mix_double(sum, data[i].re), data[i].im);
    print_checksum(sum);
    return 0;
}
