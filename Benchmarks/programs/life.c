// Conway's game: bytes, neighbours and branches.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { W = 512, H = 512 };
static uint8_t now[H + 2][W + 2], then[H + 2][W + 2];

int main(void) {
    uint32_t state = 1;
    for (int y = 1; y <= H; y++) {
        for (int x = 1; x <= W; x++) now[y][x] = (state = state * 69069 + 1) >> 31;
    }
    for (int step = 0; step < 6000; step++) {
        for (int y = 1; y <= H; y++) {
            for (int x = 1; x <= W; x++) {
                int n = now[y - 1][x - 1] + now[y - 1][x] + now[y - 1][x + 1] + now[y][x - 1] +
                        now[y][x + 1] + now[y + 1][x - 1] + now[y + 1][x] + now[y + 1][x + 1];
                then[y][x] = n == 3 || (n == 2 && now[y][x]);
            }
        }
        memcpy(now, then, sizeof now);
    }
    int alive = 0;
    for (int y = 1; y <= H; y++) {
        for (int x = 1; x <= W; x++) alive += now[y][x];
    }
    printf("%d\n", alive);
    return 0;
}
