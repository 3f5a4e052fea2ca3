// Recursion: deep, wide and mutual.
#include <stdio.h>

static unsigned ackermann(unsigned m, unsigned n) {
    if (m == 0) return n + 1;
    return ackermann(m - 1, n == 0 ? 1 : ackermann(m, n - 1));
}

static int queens(int size, int row, unsigned columns, unsigned left, unsigned right) {
    if (row == size) return 1;
    int found = 0;
    unsigned free = ~(columns | left | right) & ((1u << size) - 1);
    while (free != 0) {
        unsigned bit = free & -free;
        free ^= bit;
        found += queens(size, row + 1, columns | bit, (left | bit) << 1, (right | bit) >> 1);
    }
    return found;
}

static int is_odd(int n);
__attribute__((noinline)) static int is_even(int n) { return n == 0 ? 1 : is_odd(n - 1); }
__attribute__((noinline)) static int is_odd(int n) { return n == 0 ? 0 : is_even(n - 1); }

static long moves;
static void hanoi(int disks, int from, int to, int by) {
    if (disks == 0) return;
    hanoi(disks - 1, from, by, to);
    moves += from * 3 + to;
    hanoi(disks - 1, by, to, from);
}

__attribute__((noinline)) static int deep(int depth, int *sum) {
    volatile char pad[64];
    pad[depth & 63] = (char)depth;
    *sum += pad[depth & 63];
    return depth == 0 ? 0 : 1 + deep(depth - 1, sum);
}

int main(void) {
    printf("%u %u\n", ackermann(2, 50), ackermann(3, 6));
    for (int size = 1; size <= 9; size++) printf("queens %d: %d\n", size, queens(size, 0, 0, 0, 0));
    printf("%d %d\n", is_even(3000), is_odd(3000));
    hanoi(16, 0, 1, 2);
    int sum = 0;
    int depth = deep(400, &sum);
    printf("%ld %d %d\n", moves, depth, sum);
    return 7;
}
