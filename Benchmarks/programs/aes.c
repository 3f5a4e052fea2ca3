// AES-128 in counter mode with tables: loads at addresses that the data decides.
#include "benchmark.h"

static uint8_t box[256];
static uint32_t tables[4][256];

static uint8_t twice(uint8_t x) { return (uint8_t)(x << 1 ^ (x >> 7) * 0x1b); }

// The substitution box from its definition: walks a generator and its inverse at once.
static void make_tables(void) {
    uint8_t p = 1, q = 1;
    do {
        p = p ^ twice(p);
        q ^= q << 1;
        q ^= q << 2;
        q ^= q << 4;
        if (q & 0x80) q ^= 0x09;
        uint8_t r = q ^ (q << 1 | q >> 7) ^ (q << 2 | q >> 6) ^ (q << 3 | q >> 5) ^ (q << 4 | q >> 4);
        box[p] = r ^ 0x63;
    } while (p != 1);
    box[0] = 0x63;
    for (int i = 0; i < 256; i++) {
        uint32_t s = box[i], d = twice(box[i]), t = d ^ s;
        uint32_t word = d << 24 | s << 16 | s << 8 | t;
        for (int k = 0; k < 4; k++) {
            tables[k][i] = word;
            word = word >> 8 | word << 24;
        }
    }
}

static uint32_t substitute(uint32_t w) {
    return (uint32_t)box[w >> 24] << 24 | box[w >> 16 & 255] << 16 | box[w >> 8 & 255] << 8 |
           box[w & 255];
}

static void expand(const uint32_t key[4], uint32_t keys[44]) {
    uint8_t constant = 1;
    memcpy(keys, key, 16);
    for (int i = 4; i < 44; i++) {
        uint32_t w = keys[i - 1];
        if (i % 4 == 0) {
            w = substitute(w << 8 | w >> 24) ^ (uint32_t)constant << 24;
            constant = twice(constant);
        }
        keys[i] = keys[i - 4] ^ w;
    }
}

static void encrypt(const uint32_t keys[44], const uint32_t in[4], uint32_t out[4]) {
    uint32_t s[4], t[4];
    for (int i = 0; i < 4; i++) s[i] = in[i] ^ keys[i];
    for (int round = 1; round < 10; round++) {
        for (int i = 0; i < 4; i++) {
            t[i] = tables[0][s[i] >> 24] ^ tables[1][s[(i + 1) & 3] >> 16 & 255] ^
                   tables[2][s[(i + 2) & 3] >> 8 & 255] ^ tables[3][s[(i + 3) & 3] & 255] ^
                   keys[4 * round + i];
        }
        memcpy(s, t, sizeof s);
    }
    for (int i = 0; i < 4; i++) {
        uint32_t w = (s[i] & 0xff000000u) | (s[(i + 1) & 3] & 0xff0000u) |
                     (s[(i + 2) & 3] & 0xff00u) | (s[(i + 3) & 3] & 0xffu);
        out[i] = substitute(w) ^ keys[40 + i];
    }
}

int main(int argc, char **argv) {
    int rounds = size_for(argc, argv, 8, 80, 400), blocks = 65536;
    uint32_t keys[44], key[4] = {0x2b7e1516, 0x28aed2a6, 0xabf71588, 0x09cf4f3c};
    uint32_t *data = calloc(blocks, 16), counter[4] = {1, 2, 3, 0}, stream[4];
    make_tables();
    expand(key, keys);
    for (int round = 0; round < rounds; round++) {
        for (int block = 0; block < blocks; block++) {
            counter[3]++;
            encrypt(keys, counter, stream);
            for (int i = 0; i < 4; i++) data[4 * block + i] ^= stream[i];
        }
    }
    uint64_t sum = 0;
    for (int i = 0; i < 4 * blocks; i++) sum = mix(sum, data[i]);
    print_checksum(sum);
    return 0;
}
