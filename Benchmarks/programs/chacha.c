// ChaCha20 over a buffer: rotations on sixteen words that want to stay in registers.
#include "benchmark.h"

static inline uint32_t rotate(uint32_t x, int n) { return x << n | x >> (32 - n); }

static inline void quarter(uint32_t *s, int a, int b, int c, int d) {
    s[a] += s[b], s[d] = rotate(s[d] ^ s[a], 16);
    s[c] += s[d], s[b] = rotate(s[b] ^ s[c], 12);
    s[a] += s[b], s[d] = rotate(s[d] ^ s[a], 8);
    s[c] += s[d], s[b] = rotate(s[b] ^ s[c], 7);
}

static void block(const uint32_t input[16], uint8_t *out) {
    uint32_t s[16];
    memcpy(s, input, sizeof s);
    for (int i = 0; i < 10; i++) {
        for (int k = 0; k < 4; k++) quarter(s, k, k + 4, k + 8, k + 12);
        for (int k = 0; k < 4; k++) quarter(s, k, 4 + (k + 1) % 4, 8 + (k + 2) % 4, 12 + (k + 3) % 4);
    }
    for (int i = 0; i < 16; i++) {
        uint32_t word = s[i] + input[i];
        for (int k = 0; k < 4; k++) out[4 * i + k] ^= (uint8_t)(word >> 8 * k);
    }
}

int main(int argc, char **argv) {
    int rounds = size_for(argc, argv, 15, 150, 750), blocks = 16384;
    uint8_t *data = calloc(blocks, 64);
    uint32_t state[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    for (int i = 4; i < 16; i++) state[i] = (uint32_t)i * 0x01010101u;
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < blocks; i++, state[12]++) block(state, data + 64 * i);
    }
    uint64_t sum = 0;
    for (int i = 0; i < 64 * blocks; i++) sum = mix(sum, data[i]);
    print_checksum(sum);
    return 0;
}
