// What local variables hold in handlers: what they held at the throw, on every way.
#include <cstdio>

__attribute__((noinline)) static int may(int n, int at) { if (n == at) throw n; return n; }
__attribute__((noinline)) static double maybe(double x) { if (x > 100) throw x; return x * 1.5; }

static int sequence(int at) {
    int a = 1, b = 2, c = 3, d = 4;
    try {
        a = may(10, at); b += a;
        c = may(11, at); d += c; a = d;
        b = may(12, at) + a;
        for (int i = 13; i < 18; i++) { c += may(i, at); d ^= c; b = c - d; }
        a = may(18, at);
    } catch (int) {
        return ((a * 31 + b) * 31 + c) * 31 + d;
    }
    return -(a + b + c + d);
}

static long long mixture(int n) {
    long long total = 0; double x = 1; float f = 2; unsigned char byte = 250; long long wide = 1LL << 40;
    int tries = 0;
    while (tries < n) {
        try {
            tries++;
            x = maybe(x); f += 0.5f; byte += 3; wide = wide * 5 + byte;
            if (tries % 7 == 0) throw 'a';
            x = maybe(x * 2); total += (int)x;
        } catch (double big) {
            x = big / 100; total += byte;
        } catch (char) {
            total ^= (wide >> 20) + (int)f;
            continue;
        }
        total += tries;
    }
    return total + byte + (int)f + (wide & 0xffff);
}

static int flow(int n) {
    int state = 0, seen = 0;
again:
    try {
        for (;;) {
            switch (state++) {
            case 0: may(1, n);
            case 1: seen |= 1; may(2, n); break;
            case 2: { int save = seen; seen = -1; may(3, n); seen = save | 2; continue; }
            case 3: seen |= 4; may(4, n); [[fallthrough]];
            case 4: return seen * 10 + state;
            default: return -1;
            }
        }
    } catch (int x) {
        seen += 100 * x;
        n = 0;
        goto again;
    }
}

struct Pair { int a; double b; };
static Pair by_value(Pair p, int at) {
    try { p.a += 5; p.b = may(1, at); p.a = may(p.a, at); p.b += may(2, at); }
    catch (int x) { return {p.a * 10 + x, p.b}; }
    return p;
}

// More live values than there are registers, some kept across the call and some changed by it.
static double pressure(int at) {
    int i0 = at, i1 = at * 2, i2 = at ^ 3, i3 = at + 9, i4 = at * at, i5 = 5 - at, i6 = at | 64, i7 = ~at;
    double d0 = at * .5, d1 = d0 + 1, d2 = d1 * d0, d3 = d2 - 7, d4 = d3 * d3, d5 = d4 / 3, d6 = d5 + d0, d7 = d6 - d1;
    double d8 = d7 * 2, d9 = d8 - d2;
    for (int k = 0; k < 20; k++) {
        try {
            i0 += may(k, at); d0 += i0; i1 ^= i0; d1 -= d0; i2 += i1; d2 += d1;
            may(k + 3, at); i3 -= i2; d3 += d2; i4 += i3 & 255; d4 -= d3; i5 ^= i4;
            may(k + 5, at); d5 += d4; i6 += i5; d6 *= .5; i7 -= i6; d7 += d6; d8 += d7; d9 -= d8;
        } catch (int x) { i7 += x; d9 += i7; i0 = i1 + x; d4 = d5; }
    }
    return i0 + i1 + i2 + i3 + i4 + i5 + i6 + i7 + d0 + d1 + d2 + d3 + d4 + d5 + d6 + d7 + d8 + d9;
}

int main() {
    for (int at = 9; at < 20; at++) std::printf("%d ", sequence(at));
    std::printf("\n%lld %lld\n", mixture(50), mixture(333));
    for (int n = 0; n < 6; n++) std::printf("%d ", flow(n));
    std::printf("\n");
    for (int at = 0; at < 9; at++) { Pair p = by_value({at, 0.25}, at); std::printf("%d %.2f, ", p.a, p.b); }
    std::printf("\n");
    for (int at = 0; at < 12; at++) std::printf("%.6g ", pressure(at));
    std::printf("\n");
}
