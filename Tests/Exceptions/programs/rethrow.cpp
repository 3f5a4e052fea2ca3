// Exceptions that go on from handlers: the same one, another one, and both at once.
#include <cstdio>
#include <stdexcept>
#include <string>

struct Counted {
    static int live, copies;
    int level;
    explicit Counted(int l) : level(l) { live++; }
    Counted(const Counted &o) : level(o.level) { live++; copies++; }
    virtual ~Counted() { live--; }
};
int Counted::live, Counted::copies;
struct Derived : Counted { explicit Derived(int l) : Counted(l) {} };

static void down(int depth, int kind) {
    if (depth == 0) {
        if (kind % 2) throw Derived(kind);
        throw Counted(kind);
    }
    try {
        down(depth - 1, kind);
    } catch (Derived &d) {
        d.level += 10;
        if (kind == 3) throw;
        if (kind == 5) throw d;  // A copy of what d is known as.
        if (kind == 7) { Counted &base = d; throw base; }
        throw;
    } catch (Counted &c) {
        c.level += 100;
        if (kind == 4 && depth == 2) throw std::runtime_error("replaced " + std::to_string(c.level));
        throw;
    }
}

static void handle() {
    // A handler of whatever is being handled, called from handlers.
    try { throw; }
    catch (const Derived &d) { std::printf("handle: Derived %d\n", d.level); }
    catch (const Counted &c) { std::printf("handle: Counted %d\n", c.level); }
    catch (const std::exception &e) { std::printf("handle: %s\n", e.what()); }
    catch (int x) { std::printf("handle: int %d\n", x); throw x + 1; }
}

static int nested(int n) {
    try {
        if (n & 1) throw n;
        return n;
    } catch (int x) {
        try {
            if (n & 2) throw x * 2.5;
            throw;
        } catch (double y) {
            try {
                if (n & 4) throw;
                throw std::string(n, 'x');
            } catch (const std::string &s) {
                return 1000 + (int)s.size();
            } catch (double z) {
                try { throw; } catch (double again) { return (int)(again + z + y) + x; }
            }
        } catch (int again) {
            return 2000 + again;
        }
    }
}

// A new exception out of a handler, while the old one is still alive until the handler ends.
static void chain(int n) {
    try {
        if (n == 0) throw Counted(0);
        chain(n - 1);
    } catch (Counted &c) {
        throw Counted(c.level + n);
    }
}

int main() {
    for (int kind = 0; kind < 8; kind++) {
        try { down(3, kind); } catch (...) { handle(); }
        std::printf("live %d copies %d\n", Counted::live, Counted::copies);
    }
    for (int n = 0; n < 16; n++) std::printf("%d ", nested(n));
    std::printf("\n");
    try { chain(50); } catch (Counted &c) { std::printf("chain %d live %d\n", c.level, Counted::live); }
    std::printf("live %d\n", Counted::live);
    int x = 0;
    for (int i = 0; i < 5; i++) {
        try { try { throw i * 10; } catch (...) { handle(); } }
        catch (int y) { x += y; }
    }
    std::printf("sum %d\n", x);
}
