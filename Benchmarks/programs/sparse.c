// Sparse linear algebra: conjugate gradients on a matrix in compressed rows.
#include "benchmark.h"

struct matrix {
    int rows, *starts, *columns;
    double *values;
};

// The five-point Laplacian of a grid, with some far couplings that spoil the locality.
static struct matrix make_matrix(int side) {
    int rows = side * side, count = 0;
    struct matrix m = {rows, allocate(sizeof(int) * (rows + 1)), allocate(sizeof(int) * rows * 7),
                       allocate(sizeof(double) * rows * 7)};
    for (int row = 0; row < rows; row++) {
        int x = row % side, y = row / side, far = (int)((uint32_t)row * 2654435761u % rows);
        int neighbours[6] = {x > 0 ? row - 1 : -1,        x + 1 < side ? row + 1 : -1,
                             y > 0 ? row - side : -1,     y + 1 < side ? row + side : -1,
                             far != row ? far : -1, -1};
        m.starts[row] = count;
        m.columns[count] = row;
        m.values[count++] = 6.5;
        for (int i = 0; i < 6; i++) {
            if (neighbours[i] < 0) continue;
            m.columns[count] = neighbours[i];
            m.values[count++] = i < 4 ? -1 : -0.25;
        }
    }
    m.starts[rows] = count;
    return m;
}

static void multiply(const struct matrix *m, const double *x, double *result) {
    for (int row = 0; row < m->rows; row++) {
        double value = 0;
        for (int i = m->starts[row]; i < m->starts[row + 1]; i++) {
            value += m->values[i] * x[m->columns[i]];
        }
        result[row] = value;
    }
}

static double dot(const double *a, const double *b, int n) {
    double value = 0;
    for (int i = 0; i < n; i++) value += a[i] * b[i];
    return value;
}

// A fixed number of steps, so that every engine does the same work; x starts from where it is.
static void solve(const struct matrix *m, double *x, double *r, double *p, double *q) {
    int n = m->rows;
    double rho = dot(r, r, n);
    memcpy(p, r, sizeof *p * n);
    for (int step = 0; step < 100; step++) {
        multiply(m, p, q);
        double alpha = rho / dot(p, q, n);
        for (int i = 0; i < n; i++) x[i] += alpha * p[i];
        for (int i = 0; i < n; i++) r[i] -= alpha * q[i];
        double next = dot(r, r, n), beta = next / rho;
        for (int i = 0; i < n; i++) p[i] = r[i] + beta * p[i];
        rho = next;
    }
}

int main(int argc, char **argv) {
    int rounds = size_for(argc, argv, 1, 7, 35), side = 300, n = side * side;
    struct matrix m = make_matrix(side);
    double *x = calloc(n, sizeof *x), *r = allocate(sizeof *r * n), *p = allocate(sizeof *p * n);
    double *q = allocate(sizeof *q * n);
    uint32_t state = 3;
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < n; i++) r[i] = next_unit(&state);
        solve(&m, x, r, p, q);
    }
    uint64_t sum = 0;
    for (int i = 0; i < n; i++) sum = mix_double(sum, x[i]);
    print_checksum(sum);
    return 0;
}
