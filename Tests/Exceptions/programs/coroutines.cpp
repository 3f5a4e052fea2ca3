// Exceptions out of coroutines, and into them.
#include <coroutine>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

struct Generator {
    struct promise_type {
        int current = 0;
        std::exception_ptr error;
        Generator get_return_object() { return Generator{std::coroutine_handle<promise_type>::from_promise(*this)}; }
        std::suspend_always initial_suspend() { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        std::suspend_always yield_value(int n) { current = n; return {}; }
        void return_void() {}
        void unhandled_exception() { error = std::current_exception(); }
    };
    std::coroutine_handle<promise_type> handle;
    explicit Generator(std::coroutine_handle<promise_type> h) : handle(h) {}
    Generator(Generator &&o) noexcept : handle(std::exchange(o.handle, {})) {}
    ~Generator() { if (handle) handle.destroy(); }
    bool next() {
        handle.resume();
        if (handle.promise().error) std::rethrow_exception(std::exchange(handle.promise().error, nullptr));
        return !handle.done();
    }
    int value() const { return handle.promise().current; }
};

struct Noisy { std::string n; ~Noisy() { std::printf("~%s ", n.c_str()); } };

static Generator count(int to, int fail) {
    Noisy whole{"whole"};
    for (int i = 0; i < to; i++) {
        Noisy each{"each" + std::to_string(i)};
        if (i == fail) throw std::runtime_error("fails at " + std::to_string(i));
        co_yield i;
    }
}

static Generator survives() {
    for (int i = 0; i < 5; i++) {
        int got = -1;
        try { if (i % 2) throw i; got = i * 10; } catch (int x) { got = -x; }
        co_yield got;
    }
}

static Generator nested(int depth) {
    if (depth == 0) throw depth;
    auto inner = nested(depth - 1);
    try { while (inner.next()) co_yield inner.value(); }
    catch (int x) { std::printf("level %d ", depth); if (depth < 4) throw x + depth; }
    co_yield 100 + depth;
}

int main() {
    for (int fail : {-1, 0, 2}) {
        auto g = count(3, fail);
        try { while (g.next()) std::printf("%d ", g.value()); std::printf("done\n"); }
        catch (const std::exception &e) { std::printf("%s\n", e.what()); }
    }
    { auto g = count(5, 4); g.next(); g.next(); std::printf("left early "); }
    std::printf("\n");
    auto s = survives();
    while (s.next()) std::printf("%d ", s.value());
    auto n = nested(6);
    try { while (n.next()) std::printf("%d ", n.value()); } catch (int x) { std::printf("int %d", x); }
    std::printf("\n");
}
