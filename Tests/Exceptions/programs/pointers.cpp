// Exceptions as values: kept, copied, thrown again later, nested in one another.
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

struct Tracked {
    static int live;
    int n;
    explicit Tracked(int x) : n(x) { live++; }
    Tracked(const Tracked &o) : n(o.n) { live++; }
    ~Tracked() { live--; }
};
int Tracked::live;

static std::exception_ptr capture(int n) {
    try {
        if (n % 3 == 0) throw Tracked(n);
        if (n % 3 == 1) throw std::runtime_error("n " + std::to_string(n));
        throw n;
    } catch (...) {
        return std::current_exception();
    }
}

static void show(const std::exception_ptr &p) {
    if (!p) { std::printf("null "); return; }
    try { std::rethrow_exception(p); }
    catch (Tracked &t) { t.n++; std::printf("T%d ", t.n); }
    catch (const std::exception &e) { std::printf("'%s' ", e.what()); }
    catch (int x) { std::printf("%d ", x); }
}

static void print_nested(const std::exception &e, int level) {
    std::printf("%*s%s\n", level * 2, "", e.what());
    try { std::rethrow_if_nested(e); }
    catch (const std::exception &inner) { print_nested(inner, level + 1); }
    catch (int x) { std::printf("%*sint %d\n", level * 2 + 2, "", x); }
}

static void layers(int n) {
    try {
        if (n == 0) throw 99;
        layers(n - 1);
    } catch (...) {
        std::throw_with_nested(std::runtime_error("layer " + std::to_string(n)));
    }
}

struct Task {
    int value = 0;
    std::exception_ptr error;
    template <typename F> void run(F f) { try { value = f(); } catch (...) { error = std::current_exception(); } }
    int get() { if (error) std::rethrow_exception(error); return value; }
};

int main() {
    std::vector<std::exception_ptr> kept;
    for (int i = 0; i < 10; i++) kept.push_back(capture(i));
    std::printf("live %d\n", Tracked::live);
    for (int round = 0; round < 2; round++) { for (auto &p : kept) show(p); std::printf("\n"); }
    auto copy = kept[0];
    std::printf("same %d\n", copy == kept[0]);
    kept.clear();
    std::printf("live %d\n", Tracked::live);
    show(copy); copy = nullptr; show(copy);
    std::printf("live %d\n", Tracked::live);
    try { layers(4); } catch (const std::exception &e) { print_nested(e, 0); }
    Task tasks[4];
    for (int i = 0; i < 4; i++) tasks[i].run([i] { if (i == 2) throw std::string("two"); return i * i; });
    for (auto &t : tasks) {
        try { std::printf("%d ", t.get()); } catch (const std::string &s) { std::printf("%s ", s.c_str()); }
    }
    show(std::make_exception_ptr(Tracked(50)));
    std::printf("live %d\n", Tracked::live);
    // One is handled while another is thrown and handled; then the first is current again.
    try { throw 1; }
    catch (int) {
        auto first = std::current_exception();
        try { throw 2; } catch (int) { show(std::current_exception()); }
        show(std::current_exception());
        std::printf("%d\n", first == std::current_exception());
    }
    std::printf("%d\n", std::current_exception() == nullptr);
}
