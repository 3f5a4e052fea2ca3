// Loops that look for something in memory, from every position and over every length: compilers may
// look at many bytes at a time, and must still stop at the right one.
#include <stdio.h>
#include <string.h>

static char text[320], other[320];
static int numbers[80];
static short shorts[80];

static int compare(const char *a, const char *b) {
    while (*a && *a == *b) a++, b++;
    return (unsigned char)*a - (unsigned char)*b;
}

static int length(const char *a) {
    const char *start = a;
    while (*a) a++;
    return (int)(a - start);
}

static int position(const char *a, int c, int n) {
    for (int i = 0; i < n; i++) {
        if (a[i] == (char)c) return i;
    }
    return -1;
}

static int difference(const char *a, const char *b, int n) {
    const char *start = a;
    for (; n && *a == *b; n--) a++, b++;
    return (int)(a - start);
}

static int blank(const char *p, int i, int n) {
    while (i < n && !(p[i] == ' ' || p[i] == '\n' || p[i] == '\t')) i++;
    return i;
}

static int last(const char *p, int i, char c) {
    while (i >= 0 && p[i] != c) i--;
    return i;
}

static int at_least(const int *p, int limit, int n) {
    for (int i = 0; i < n; i++) {
        if (p[i] >= limit) return i;
    }
    return -1;
}

static int odd_pair(const short *p, const short *q, int n) {
    for (int i = 0; i < n; i++) {
        if ((p[i] ^ q[i + 1]) & 0x4000) return i;
    }
    return n;
}

int main(void) {
    unsigned long long sum = 1;
    unsigned state = 7;
    for (int round = 0; round < 3000; round++) {
        for (int i = 0; i < 300; i++) {
            state = state * 1664525 + 1013904223;
            text[i] = (state >> 24) % 7 == 0 ? ' ' : (char)('a' + (state >> 28));
        }
        for (int i = 0; i < 80; i++) {
            numbers[i] = (int)(state >> i % 20) & 1023;
            shorts[i] = (short)(i * (int)(state >> 9) >> 3);
        }
        int size = round % 290, n = round % 297;
        text[size] = 0;
        memcpy(other, text, sizeof text);
        other[round * 31 % 300] ^= round & 3 ? 1 : 0;
        int results[] = {
            compare(text + round % 5, other + round % 5),
            length(text + (size ? round % size : 0)),
            position(text, 'a' + round % 20, n),
            difference(text + round % 3, other + round % 3, n),
            blank(text, round % 100, n),
            last(text, n, 'x' - round % 3),
            at_least(numbers, round % 1100, round % 81),
            odd_pair(shorts, shorts, round % 79),
            (int)strlen(text),
            memcmp(text, other, (size_t)n) > 0,
        };
        for (size_t i = 0; i < sizeof results / sizeof *results; i++) {
            sum = sum * 31 + (unsigned)results[i];
        }
        if (round % 100 == 0) printf("%d %d %d %llx\n", round, results[0], results[3], sum);
    }
    printf("%llx\n", sum);
    return 0;
}
