// Dense matrices in static arrays: LU decomposition without pivoting, and solving with it.
#include "benchmark.h"

enum { N = 384 };
static double matrix[N][N], factors[N][N], right[N], solution[N];

static void decompose(void) {
    memcpy(factors, matrix, sizeof factors);
    for (int k = 0; k < N; k++) {
        for (int i = k + 1; i < N; i++) {
            double factor = factors[i][k] /= factors[k][k];
            for (int j = k + 1; j < N; j++) factors[i][j] -= factor * factors[k][j];
        }
    }
}

static void solve(void) {
    for (int i = 0; i < N; i++) {
        double value = right[i];
        for (int j = 0; j < i; j++) value -= factors[i][j] * solution[j];
        solution[i] = value;
    }
    for (int i = N - 1; i >= 0; i--) {
        double value = solution[i];
        for (int j = i + 1; j < N; j++) value -= factors[i][j] * solution[j];
        solution[i] = value / factors[i][i];
    }
}

int main(int argc, char **argv) {
    int rounds = size_for(argc, argv, 12, 120, 600);
    uint32_t state = 7;
    uint64_t sum = 0;
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < N; j++) matrix[i][j] = next_unit(&state) - 0.5 + (i == j) * N;
            right[i] = next_unit(&state);
        }
        decompose();
        solve();
        for (int i = 0; i < N; i++) sum = mix_double(sum, solution[i]);
    }
    print_checksum(sum);
    return 0;
}
