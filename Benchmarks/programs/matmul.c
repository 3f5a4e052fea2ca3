// Dense matrices: vectorisable inner loops.
#include <stdio.h>
#include <stdlib.h>

enum { N = 320 };

int main(void) {
    float *a = malloc(sizeof(float) * N * N), *b = malloc(sizeof(float) * N * N);
    float *c = calloc(N * N, sizeof(float));
    for (int i = 0; i < N * N; i++) {
        a[i] = (float)(i % 13) * 0.5f;
        b[i] = (float)(i % 7) - 3;
    }
    for (int round = 0; round < 120; round++) {
        for (int i = 0; i < N; i++) {
            for (int k = 0; k < N; k++) {
                float factor = a[i * N + k];
                for (int j = 0; j < N; j++) c[i * N + j] += factor * b[k * N + j];
            }
        }
    }
    double sum = 0;
    for (int i = 0; i < N * N; i++) sum += c[i];
    printf("%.0f\n", sum);
    return 0;
}
