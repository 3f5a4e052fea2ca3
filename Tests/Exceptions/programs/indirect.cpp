// Exceptions across calls whose target is not known: pointers, virtual functions, callbacks.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <numeric>
#include <stdexcept>
#include <vector>

using Step = int (*)(int);
static int plain(int x) { return x + 1; }
static int throws_odd(int x) { if (x & 1) throw x; return x * 2; }
static int throws_string(int x) { if (x > 20) throw std::out_of_range("large"); return x + 3; }
static int never(int x) noexcept { return x ^ 5; }
static Step volatile steps[] = {plain, throws_odd, throws_string, never};

static int run(unsigned program, int x) {
    for (; program; program >>= 2) x = steps[program & 3](x);
    return x;
}

struct Shape {
    virtual ~Shape() { destroyed++; }
    virtual int area() const = 0;
    static int destroyed;
};
int Shape::destroyed;
struct Square : Shape {
    int side;
    explicit Square(int s) : side(s) {}
    int area() const override { if (side > 4) throw this; return side * side; }
};
struct Broken : Shape {
    int area() const override { throw std::logic_error("no area"); }
};

static int total(const std::vector<Shape *> &shapes) {
    int sum = 0;
    for (auto *shape : shapes) {
        try { sum += shape->area(); }
        catch (const Square *s) { sum += 1000 * s->side; }
        catch (const std::logic_error &) { sum += 7; }
    }
    return sum;
}

struct Stop { int after; };
static int compared;
// Through qsort, which is compiled without exceptions.
static int compare(const void *a, const void *b) {
    if (++compared == 40) throw Stop{compared};
    return *(const int *)a - *(const int *)b;
}

template <typename F> static int catching(F f) {
    try { return f(); } catch (int x) { return -x; } catch (const std::exception &) { return -999; }
}

int main() {
    unsigned seed = 1;
    long sum = 0;
    int ints = 0, ranges = 0;
    for (int i = 0; i < 3000; i++) {
        seed = seed * 1664525 + 1013904223;
        try { sum += run(seed >> 12, (int)(seed & 15)); }
        catch (int x) { ints++; sum -= x; }
        catch (const std::out_of_range &) { ranges++; }
    }
    std::printf("%ld %d %d\n", sum, ints, ranges);

    std::vector<Shape *> shapes;
    for (int i = 0; i < 8; i++) shapes.push_back(i % 3 == 2 ? (Shape *)new Broken : new Square(i));
    std::printf("total %d\n", total(shapes));
    for (auto *s : shapes) delete s;
    std::printf("destroyed %d\n", Shape::destroyed);

    std::vector<int> numbers(100);
    std::iota(numbers.rbegin(), numbers.rend(), 0);
    try { std::qsort(numbers.data(), numbers.size(), sizeof(int), compare); std::printf("sorted\n"); }
    catch (const Stop &s) { std::printf("stopped after %d\n", s.after); }
    std::printf("sum %d\n", std::accumulate(numbers.begin(), numbers.end(), 0) == 4950);

    std::function<int(int)> deep = [&](int n) -> int { if (n == 0) throw 77; return deep(n - 1) + 1; };
    std::function<int()> empty;
    std::printf("%d ", catching([&] { return deep(30); }));
    std::printf("%d ", catching([&] { return empty(); }));
    std::printf("%d\n", catching([] { return 5; }));
    try {
        std::for_each(numbers.begin(), numbers.end(), [](int n) { if (n == 63) throw n; });
    } catch (int n) { std::printf("for_each %d\n", n); }

    struct Member { int base; int f(int x) { if (x > base) throw *this; return x; } } m{4};
    int (Member::*pointer)(int) = &Member::f;
    for (int i = 3; i < 7; i++) {
        try { std::printf("%d ", (m.*pointer)(i)); } catch (const Member &c) { std::printf("m%d ", c.base); }
    }
    std::printf("\n");
}
