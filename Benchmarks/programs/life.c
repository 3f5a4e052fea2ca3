// Conway's game of life: bytes, neighbours, and a rule that vectorises.
#include "benchmark.h"

enum { W = 512, H = 512 };
static uint8_t now[H + 2][W + 2], then[H + 2][W + 2];

static void step(void) {
    for (int y = 1; y <= H; y++) {
        for (int x = 1; x <= W; x++) {
            int n = now[y - 1][x - 1] + now[y - 1][x] + now[y - 1][x + 1] + now[y][x - 1] +
                    now[y][x + 1] + now[y + 1][x - 1] + now[y + 1][x] + now[y + 1][x + 1];
            then[y][x] = n == 3 || (n == 2 && now[y][x]);
        }
    }
    memcpy(now, then, sizeof now);
}

int main(int argc, char **argv) {
    int steps = size_for(argc, argv, 800, 8000, 40000);
    uint32_t state = 1;
    for (int y = 1; y <= H; y++) {
        for (int x = 1; x <= W; x++) now[y][x] = next_random(&state) >> 31;
    }
    for (int i = 0; i < steps; i++) step();
    uint64_t sum = 0;
    for (int y = 1; y <= H; y++) {
        for (int x = 1; x <= W; x++) sum = mix(sum, now[y][x]);
    }
    print_checksum(sum);
    return 0;
}
