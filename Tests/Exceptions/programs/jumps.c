// setjmp and longjmp, which clang makes of exceptions.
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static jmp_buf top, inner;
static int calls;

__attribute__((noinline)) static void jump(jmp_buf where, int value) { calls++; longjmp(where, value); }

__attribute__((noinline)) static int deep(int n, jmp_buf where) {
    volatile char room[64];
    room[n & 63] = (char)n;
    if (n == 0) jump(where, 17);
    return deep(n - 1, where) + room[n & 63];
}

static int values(int v) {
    switch (setjmp(top)) {
    case 0: jump(top, v); return -1;
    case 1: return 1;
    case 5: return 55;
    default: return 99;
    }
}

static int retry(int limit) {
    volatile int tries = 0;
    int code = setjmp(top);
    tries++;
    if (tries < limit) longjmp(top, tries);
    return tries * 100 + code;
}

static int nested(int which) {
    volatile int log = 0;
    if (setjmp(top) == 0) {
        log += 1;
        int got = setjmp(inner);
        if (got == 0) { log += 10; deep(30, which ? inner : top); }
        log += 100 * got;
        if (got < 20) jump(inner, got + 1);
        jump(top, 3);
    }
    return log + 10000;
}

// Each level has a buffer of its own, and the jump names one of them.
static jmp_buf levels[40];
static int descend(int level, int to) {
    if (level == 40) longjmp(levels[to], level);
    int code = setjmp(levels[level]);
    if (code) return level * 1000 + code;
    return descend(level + 1, to) + 1;
}

struct Error { jmp_buf *previous; char text[40]; };
static struct Error error;
static void fail(const char *text) { strcpy(error.text, text); longjmp(*error.previous, 1); }
static int parse(const char *s) {
    int n = 0;
    if (!*s) fail("empty");
    for (; *s; s++) { if (*s < '0' || *s > '9') fail(s); n = n * 10 + (*s - '0'); }
    return n;
}
static int guarded(const char *s) {
    jmp_buf here, *saved = error.previous;
    error.previous = &here;
    int result = setjmp(here) ? -1 : parse(s);
    error.previous = saved;
    return result;
}

static int compare(const void *a, const void *b) {
    if (*(const int *)a == 13 || *(const int *)b == 13) jump(top, 13);
    return *(const int *)a - *(const int *)b;
}

int main(void) {
    printf("%d %d %d %d\n", values(1), values(5), values(0), values(-3));
    printf("%d\n", retry(10));
    printf("%d %d\n", nested(0), nested(1));
    for (int to = 0; to < 40; to += 13) printf("%d ", descend(0, to));
    printf("\n");
    const char *words[] = {"12", "x", "", "007", "12b"};
    for (int i = 0; i < 5; i++) {
        int n = guarded(words[i]);
        printf("%d %s, ", n, n < 0 ? error.text : "-");
    }
    printf("\n");
    int numbers[] = {9, 4, 13, 2};
    if (setjmp(top)) printf("thirteen\n"); else qsort(numbers, 4, sizeof numbers[0], compare);
    static volatile long sum;
    for (volatile int i = 0; i < 100000; i++) {
        int got = setjmp(top);
        if (got == 0) jump(top, i % 5 + 1);
        sum += got;
    }
    printf("%ld %d\n", sum, calls);
}
