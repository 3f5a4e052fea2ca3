// A filter with raw descriptors: base64 of standard input, and its decoding as a check.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int main(void) {
    size_t capacity = 1 << 20, size = 0;
    uint8_t *input = malloc(capacity + 3);
    ssize_t got;
    while ((got = read(0, input + size, capacity - size)) > 0) size += (size_t)got;
    input[size] = input[size + 1] = 0;
    char *output = malloc(size * 2 + 8);
    size_t length = 0;
    for (size_t i = 0; i < size; i += 3) {
        uint32_t group = (uint32_t)(input[i] << 16 | input[i + 1] << 8 | input[i + 2]);
        for (int shift = 18; shift >= 0; shift -= 6) output[length++] = digits[group >> shift & 63];
        if (i + 1 >= size) output[length - 2] = '=';
        if (i + 2 >= size) output[length - 1] = '=';
        if (i / 3 % 19 == 18) output[length++] = '\n';
    }
    output[length++] = '\n';
    for (size_t done = 0; done < length;) {
        ssize_t written = write(1, output + done, length - done);
        if (written <= 0) return 1;
        done += (size_t)written;
    }
    size_t position = 0;
    uint32_t group = 0;
    int held = 0, wrong = 0;
    for (size_t i = 0; i < length; i++) {
        const char *digit = output[i] == '\n' || output[i] == '=' ? NULL : strchr(digits, output[i]);
        if (digit == NULL) continue;
        group = group << 6 | (uint32_t)(digit - digits);
        if (++held == 4) {
            for (int shift = 16; shift >= 0; shift -= 8) wrong += input[position++] != (group >> shift & 255);
            held = 0;
        }
    }
    fprintf(stderr, "%zu bytes, %d wrong\n", size, wrong);
    return wrong;
}
