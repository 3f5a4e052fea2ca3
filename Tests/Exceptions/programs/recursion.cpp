// Through many frames: a thousand of them, of several kinds, with and without things to destroy.
#include <cstdio>
#include <string>

static long destroyed;
struct Frame { int depth; ~Frame() { destroyed += depth; } };

__attribute__((noinline)) static int plain(int depth) {
    if (depth == 0) throw 1;
    return plain(depth - 1) + 1;
}

__attribute__((noinline)) static int guarded(int depth) {
    Frame frame{depth};
    if (depth == 0) throw 2.5;
    return guarded(depth - 1) + frame.depth;
}

static int odd(int depth, const std::string &word);
__attribute__((noinline)) static int even(int depth, const std::string &word) {
    std::string mine = word.substr(1) + word[0];
    if (depth == 0) throw mine;
    return odd(depth - 1, mine) + (int)mine.size();
}
__attribute__((noinline)) static int odd(int depth, const std::string &word) {
    try {
        return even(depth - 1, word) + 1;
    } catch (int) {
        return 0;
    }
}

// Each frame catches and throws on.
__attribute__((noinline)) static int relay(int depth, int payload[4]) {
    if (depth == 0) throw payload[0];
    int copy[4] = {payload[1], payload[2], payload[3], payload[0] + depth};
    try {
        return relay(depth - 1, copy) + copy[0];
    } catch (int x) {
        throw x + copy[1];
    }
}

// Large frames and many arguments.
__attribute__((noinline)) static double wide(int depth, double a, double b, double c, double d, double e,
    double f, double g, double h, double i, double j, long long k, long long l, long long m) {
    volatile char room[300];
    room[depth % 300] = (char)depth;
    if (depth == 0) throw a + b + c + d + e + f + g + h + i + j + (double)(k + l + m);
    return wide(depth - 1, b, c, d, e, f, g, h, i, j, a, l, m, k) + room[depth % 300];
}

// The Tower of Hanoi as a search that is left by an exception at the wanted move.
struct Found { int move, from, to; };
static int moves;
static void hanoi(int n, int from, int to, int wanted) {
    if (n == 0) return;
    int other = 3 - from - to;
    hanoi(n - 1, from, other, wanted);
    if (++moves == wanted) throw Found{moves, from, to};
    hanoi(n - 1, other, to, wanted);
}

int main() {
    for (int depth : {0, 1, 5, 20, 1000, 10000}) {
        try { std::printf("%d\n", plain(depth)); } catch (int x) { std::printf("plain %d\n", x); }
        try { std::printf("%d\n", guarded(depth)); } catch (double x) { std::printf("guarded %.1f %ld\n", x, destroyed); }
    }
    for (int depth : {0, 2, 10, 1000}) {
        try { std::printf("%d\n", even(depth, "rotating words")); }
        catch (const std::string &s) { std::printf("word %s\n", s.c_str()); }
    }
    int payload[4] = {1, 2, 3, 4};
    for (int depth : {1, 10, 1000}) {
        try { std::printf("%d\n", relay(depth, payload)); } catch (int x) { std::printf("relay %d\n", x); }
    }
    for (int depth : {0, 1, 7, 1000}) {
        try { std::printf("%f\n", wide(depth, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13)); }
        catch (double x) { std::printf("wide %.1f\n", x); }
    }
    for (int wanted : {1, 2, 100, 4095}) {
        moves = 0;
        try { hanoi(12, 0, 2, wanted); std::printf("none\n"); }
        catch (const Found &f) { std::printf("move %d: %d to %d\n", f.move, f.from, f.to); }
    }
}
