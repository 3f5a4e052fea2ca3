// Compression: a hash of four bytes finds earlier text, lengths and distances go out as bytes;
// and decompression, which copies overlapping ranges byte by byte.
#include "benchmark.h"

enum { HASH_BITS = 15, WINDOW = 65535, SHORTEST = 4 };
static int32_t heads[1 << HASH_BITS];

static uint32_t load32(const uint8_t *p) {
    uint32_t value;
    memcpy(&value, p, sizeof value);
    return value;
}

static uint8_t *put_length(uint8_t *out, size_t length) {
    for (; length >= 255; length -= 255) *out++ = 255;
    *out++ = (uint8_t)length;
    return out;
}

// Each record: literals' count, literals, match length (0 ends the text), two bytes of distance.
static size_t compress(const uint8_t *in, size_t size, uint8_t *out) {
    uint8_t *start = out;
    size_t i = 0, literal = 0;
    for (size_t k = 0; k < 1 << HASH_BITS; k++) heads[k] = -1;
    while (i + SHORTEST <= size) {
        uint32_t word = load32(in + i), slot = word * 2654435761u >> (32 - HASH_BITS);
        int32_t earlier = heads[slot];
        heads[slot] = (int32_t)i;
        if (earlier < 0 || i - (size_t)earlier > WINDOW || load32(in + earlier) != word) {
            i++;
            continue;
        }
        size_t length = SHORTEST, distance = i - (size_t)earlier;
        while (i + length < size && in[earlier + length] == in[i + length]) length++;
        out = put_length(out, i - literal);
        memcpy(out, in + literal, i - literal);
        out = put_length(out + (i - literal), length);
        *out++ = (uint8_t)distance;
        *out++ = (uint8_t)(distance >> 8);
        literal = i += length;
    }
    out = put_length(out, size - literal);
    memcpy(out, in + literal, size - literal);
    return (size_t)(put_length(out + (size - literal), 0) - start);
}

static const uint8_t *get_length(const uint8_t *in, size_t *length) {
    *length = 0;
    while (*in == 255) *length += *in++;
    *length += *in++;
    return in;
}

static size_t decompress(const uint8_t *in, uint8_t *out) {
    uint8_t *start = out;
    for (;;) {
        size_t length;
        in = get_length(in, &length);
        memcpy(out, in, length);
        out += length;
        in = get_length(in + length, &length);
        if (length == 0) return (size_t)(out - start);
        const uint8_t *from = out - (in[0] | in[1] << 8);
        in += 2;
        while (length-- > 0) *out++ = *from++;
    }
}

int main(int argc, char **argv) {
    int rounds = size_for(argc, argv, 8, 80, 400);
    size_t size = 1 << 20;
    uint8_t *text = allocate(size), *packed = allocate(size * 2), *unpacked = allocate(size + 64);
    uint32_t state = 17;
    uint64_t sum = 0;
    for (size_t i = 0; i < size;) {  // Words of few letters, and now and then earlier text.
        uint32_t r = next_random(&state);
        if (i > 100 && r % 4 == 0) {
            for (size_t k = 0, from = next_random(&state) % (i - 20); k < 20 && i < size; k++) {
                text[i++] = text[from++];
            }
        } else {
            for (; i < size && r % 7 != 0; r /= 7) text[i++] = "etaoins"[r % 7];
            if (i < size) text[i++] = ' ';
        }
    }
    for (int round = 0; round < rounds; round++) {
        text[next_random(&state) % size] = (uint8_t)round;
        size_t bytes = compress(text, size, packed);
        if (decompress(packed, unpacked) != size || memcmp(text, unpacked, size) != 0) {
            puts("not the same text");
            return 1;
        }
        sum = mix(sum, bytes);
    }
    print_checksum(sum);
    return 0;
}
