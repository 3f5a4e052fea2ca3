// A million exceptions, in the same function and from others.
#include <cstdio>
#include <stdexcept>

struct Small { int n; };

__attribute__((noinline)) static int other(int i) {
    if (i % 3 == 0) throw Small{i};
    return i;
}

int main() {
    long long sum = 0;
    for (int i = 0; i < 500000; i++) {
        try { if (i % 2) throw i; sum++; } catch (int x) { sum += x; }
    }
    std::printf("%lld\n", sum);
    for (int i = 0; i < 500000; i++) {
        try { sum += other(i); } catch (const Small &s) { sum ^= s.n; }
    }
    std::printf("%lld\n", sum);
    // The exceptions are freed: this many would not fit.
    for (int i = 0; i < 200000; i++) {
        try { try { throw Small{i}; } catch (Small &s) { s.n++; throw; } }
        catch (const Small &s) { sum += s.n; }
    }
    std::printf("%lld\n", sum);
    int kinds[4] = {};
    for (int i = 0; i < 100000; i++) {
        try {
            switch (i & 3) {
            case 0: throw 1;
            case 1: throw 2.0;
            case 2: throw std::logic_error("x");
            default: kinds[3]++;
            }
        } catch (int) { kinds[0]++; continue; }
        catch (double) { kinds[1]++; }
        catch (const std::exception &) { kinds[2]++; if (i > 99990) break; }
    }
    std::printf("%d %d %d %d\n", kinds[0], kinds[1], kinds[2], kinds[3]);
}
