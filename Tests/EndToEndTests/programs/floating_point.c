// Floating point: arithmetic, rounding, conversions, library functions and their printing.
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static volatile double zero = 0;

static uint64_t bits(double value) {
    uint64_t result;
    memcpy(&result, &value, sizeof result);
    return result;
}

int main(void) {
    double values[] = {0.0,     -0.0,   0.1,        1.0 / 3,    2.5,        -2.5,     1e300,
                       -1e-300, 123456, 4294967296, 2147483648, 1.5e-320,   DBL_MAX,  0.5,
                       1.5,     3.5,    -0.5,       1e15 + 0.5, 4503599627370497.5};
    int count = sizeof values / sizeof values[0];
    for (int i = 0; i < count; i++) {
        double v = values[i];
        printf("%g %e %.3f %016llx | %g %g %g %g %g\n", v, v, fabs(v) < 1e20 ? v : 1.0,
               (unsigned long long)bits(v), floor(v),
               ceil(v), trunc(v), nearbyint(v), copysign(3, v));
        printf("  %.17g %.17g %d %d\n", sqrt(fabs(v)), v * 3 - 1, isnan(v / zero) != 0, v < 1);
    }
    for (int i = 0; i < count; i++) {
        for (int j = 0; j < count; j++) {
            double a = values[i], b = values[j];
            printf("%016llx ", (unsigned long long)(bits(a + b) ^ bits(a * b) ^ bits(a - b)));
            printf("%d%d%d %g %g\n", a < b, a == b, a >= b, fmin(a, b) + 0.0, fmax(a, b) + 0.0);
        }
    }
    for (double x = -3; x <= 3; x += 0.37) {
        printf("%.9f %.9f %.9f %.9f %.9f %.9f\n", sin(x), cos(x), exp(x), atan2(x, 2), tanh(x),
               pow(fabs(x), 1.7));
    }
    float single = 1.0f / 3;
    for (int i = 0; i < 20; i++) single = single * 1.7f - 0.3f;
    printf("%.9g %ld %ld %llu\n", (double)single, lround(2.5), lrint(3.5),
           (unsigned long long)18446744073709549568.0);
    printf("%d %lld %g %g\n", (int)-3.99, (long long)1e18, (double)INT64_MAX, (double)UINT64_MAX);
    printf("%g %g %g %d\n", 1 / zero, -1 / zero, fmod(7.5, 2), isinf(1 / zero));
    return 0;
}
