// Throws, caught so many frames up: throws DEPTH COUNT.
#include <cstdio>
#include <cstdlib>

// The address of a local that escapes keeps frames from being tail calls or loops.
static void *volatile kept;

__attribute__((noinline)) static int descend(int depth, int value) {
    int local = value;
    kept = &local;
    if (depth == 1) throw value;
    return descend(depth - 1, value + 1) + local;
}

int main(int argc, char **argv) {
    int depth = argc > 1 ? std::atoi(argv[1]) : 5;
    long count = argc > 2 ? std::atol(argv[2]) : 1000;
    unsigned sum = 0;
    for (long i = 0; i < count; i++) {
        try { sum += descend(depth, (int)i); } catch (int x) { sum += x; }
    }
    std::printf("%u\n", sum);
}
