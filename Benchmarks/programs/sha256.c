// SHA-256: rotations and additions in one long chain.
#include "benchmark.h"

static uint32_t constants[64];

// The constants are the first 32 bits behind the point of the primes' cube roots, found with
// integers: the root of p * 2^96 is the cube root of p, times 2^32.
static void make_constants(void) {
    for (int count = 0, candidate = 2; count < 64; candidate++) {
        int prime = 1;
        for (int d = 2; d * d <= candidate; d++) prime &= candidate % d != 0;
        if (!prime) continue;
        uint64_t root = 0;
        for (int bit = 35; bit >= 0; bit--) {
            unsigned __int128 r = root | 1ull << bit;
            if (r * r * r <= (unsigned __int128)candidate << 96) root = (uint64_t)r;
        }
        constants[count++] = (uint32_t)root;
    }
}

static inline uint32_t rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void compress(uint32_t state[8], const uint8_t *block) {
    uint32_t w[64], s[8];
    for (int i = 0; i < 16; i++) {
        w[i] = (uint32_t)block[4 * i] << 24 | block[4 * i + 1] << 16 | block[4 * i + 2] << 8 |
               block[4 * i + 3];
    }
    for (int i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) +
               (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
    memcpy(s, state, sizeof s);
    for (int i = 0; i < 64; i++) {
        uint32_t e = s[4], a = s[0];
        uint32_t t1 = s[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
                      ((e & s[5]) ^ (~e & s[6])) + constants[i] + w[i];
        uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
                      ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
        for (int k = 7; k > 0; k--) s[k] = s[k - 1];
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++) state[i] += s[i];
}

// Whole blocks only, and the padding as one more block.
static void hash(const uint8_t *data, size_t blocks, uint32_t state[8]) {
    static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    uint8_t padding[64] = {0x80};
    memcpy(state, start, sizeof start);
    for (size_t i = 0; i < blocks; i++) compress(state, data + 64 * i);
    for (int i = 0; i < 8; i++) padding[56 + i] = (uint8_t)((uint64_t)blocks * 512 >> (56 - 8 * i));
    compress(state, padding);
}

int main(int argc, char **argv) {
    int rounds = size_for(argc, argv, 6, 60, 300);
    size_t blocks = 16384;
    uint8_t *data = allocate(blocks * 64);
    uint32_t state[8], seed = 1;
    make_constants();
    for (size_t i = 0; i < blocks * 64; i++) data[i] = (uint8_t)next_random(&seed);
    for (int round = 0; round < rounds; round++) {
        hash(data, blocks, state);
        memcpy(data, state, sizeof state);
    }
    for (int i = 0; i < 8; i++) printf("%08x", state[i]);
    putchar('\n');
    return 0;
}
