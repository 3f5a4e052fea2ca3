// Memory that grows far beyond its initial size, and an allocation that cannot be had.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    uint32_t *blocks[48];
    for (int i = 0; i < 48; i++) {
        blocks[i] = malloc(2 << 20);
        if (blocks[i] == NULL) return 1;
        for (int j = 0; j < (2 << 20) / 4; j += 1024) blocks[i][j] = (uint32_t)(i * 100000 + j);
    }
    uint64_t sum = 0;
    for (int i = 0; i < 48; i++) {
        for (int j = 0; j < (2 << 20) / 4; j += 1024) sum += blocks[i][j];
        if (i % 2) free(blocks[i]);
    }
    char *large = calloc(1, 200 << 20);
    size_t nonzero = 0;
    for (size_t i = 0; i < 200 << 20; i += 4096) nonzero += large[i] != 0;
    memset(large + (150 << 20), 7, 1 << 20);
    large = realloc(large, 250 << 20);
    printf("%llu %zu %d\n", (unsigned long long)sum, nonzero, large[(150 << 20) + 5]);
    volatile size_t impossible = SIZE_MAX / 2 + 4096;
    printf("%d\n", malloc(impossible) == NULL);
    return 0;
}
