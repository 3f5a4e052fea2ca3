// Objects that are not finished: what was made of them is destroyed, and nothing else.
#include <cstdio>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <vector>

static int fail_at, step;
static void tick(const char *what) {
    if (++step == fail_at) { std::printf("!%s ", what); throw std::runtime_error(what); }
    std::printf("%s ", what);
}

template <char c> struct Part {
    Part() { const char name[] = {c, 0}; tick(name); }
    ~Part() { std::printf("~%c ", c); }
};
struct Base : virtual Part<'V'> { Part<'a'> a; Base() { tick("Base"); } virtual ~Base() { std::printf("~Base "); } };
struct Left : Base { Part<'l'> l; };
struct Whole : Left, Part<'x'> {
    Part<'b'> b;
    Part<'c'> c[2];
    Whole() : Left() { tick("Whole"); }
    explicit Whole(int) : Whole() { tick("delegating"); }
    ~Whole() override { std::printf("~Whole "); }
    static int heap;
    void *operator new(size_t size) { heap++; return std::malloc(size); }
    void operator delete(void *p) { heap--; std::free(p); }
};
int Whole::heap;

// A function try block translates what its members throw, and cannot stop it.
struct Translated {
    Part<'t'> t;
    Part<'u'> u;
    Translated() try : t(), u() { tick("body"); }
    catch (const std::runtime_error &e) { std::printf("[%s] ", e.what()); throw 5; }
};

static int value_after(int n) try {
    if (n > 2) throw n;
    return n;
} catch (int x) {
    return x * 100;
}

// A static that cannot be made is tried again.
static int attempts;
struct Late { int n; Late() : n(++attempts) { if (n < 3) throw n; } };
static int late() { static Late object; return object.n; }

struct Huge { char bytes[1 << 20]; };

int main() {
    for (fail_at = 1; fail_at <= 12; fail_at++) {
        step = 0;
        try { Whole whole(1); std::printf("done "); } catch (const std::exception &e) { std::printf("caught %s", e.what()); }
        std::printf("\n");
        step = 0;
        try { delete new Whole; } catch (const std::exception &) {}
        std::printf("heap %d\n", Whole::heap);
    }
    for (fail_at = 1; fail_at <= 4; fail_at++) {
        step = 0;
        try { Translated t; } catch (int x) { std::printf("int %d", x); }
        std::printf("\n");
    }
    fail_at = 0;
    for (int n = 1; n < 5; n++) std::printf("%d ", value_after(n));
    for (int i = 0; i < 4; i++) {
        try { std::printf("late %d ", late()); } catch (int x) { std::printf("not yet %d ", x); }
    }
    std::printf("\n");
    // More than there can be of anything.
    try {
        volatile size_t many = (size_t)-1 / 2 / sizeof(Huge) + 2;
        delete[] new Huge[many * 4];
        std::printf("room\n");
    } catch (const std::bad_alloc &) { std::printf("bad_alloc\n"); }
    try { std::vector<int> v; v.reserve(v.max_size() + 1); } catch (const std::length_error &) { std::printf("length_error\n"); }
}
