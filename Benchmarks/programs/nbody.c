// Bodies that attract each other: floating point in long chains, in a small static array.
#include <math.h>

#include "benchmark.h"

struct body { double x[3], v[3], mass; };
static struct body bodies[5];

static void advance(double dt) {
    for (int i = 0; i < 5; i++) {
        for (int j = i + 1; j < 5; j++) {
            double d[3], square = 0.01;
            for (int k = 0; k < 3; k++) {
                d[k] = bodies[i].x[k] - bodies[j].x[k];
                square += d[k] * d[k];
            }
            double magnitude = dt / (square * sqrt(square));
            for (int k = 0; k < 3; k++) {
                bodies[i].v[k] -= d[k] * bodies[j].mass * magnitude;
                bodies[j].v[k] += d[k] * bodies[i].mass * magnitude;
            }
        }
    }
    for (int i = 0; i < 5; i++) {
        for (int k = 0; k < 3; k++) bodies[i].x[k] += dt * bodies[i].v[k];
    }
}

int main(int argc, char **argv) {
    int steps = size_for(argc, argv, 600000, 6000000, 30000000);
    for (int i = 0; i < 5; i++) {
        bodies[i] = (struct body){{i, i * 0.5, 1 - i}, {0.1 * i, 0.2, -0.1 * i}, 1.0 + i};
    }
    for (int step = 0; step < steps; step++) advance(0.001);
    uint64_t sum = 0;
    for (int i = 0; i < 5; i++) {
        for (int k = 0; k < 3; k++) sum = mix_double(sum, bodies[i].x[k]);
    }
    print_checksum(sum);
    return 0;
}
