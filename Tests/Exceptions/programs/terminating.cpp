// What must not be thrown out of: the program ends, in the handler that it has set.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <stdexcept>

struct Says { ~Says() { std::printf("destroyed\n"); } };
struct Throws { ~Throws() noexcept(false) { throw 2; } };

static void leaks(int x) noexcept { if (x) throw std::runtime_error("out of noexcept"); }
static void calls(int x) noexcept(false) { if (x) throw x; }

[[noreturn]] static void at_the_end() {
    // What was thrown is known natively, but not where clang compiles for WebAssembly.
    std::printf("terminate\n");
    std::fflush(stdout);
    std::_Exit(42);
}

int main(int argc, char **argv) {
    const char *how = argc > 1 ? argv[1] : "none";
    std::set_terminate(at_the_end);
    std::printf("%s %d %d\n", how, noexcept(leaks(1)), noexcept(calls(1)));
    if (!std::strcmp(how, "noexcept")) {
        try { leaks(1); } catch (...) { std::printf("caught?\n"); }
    } else if (!std::strcmp(how, "destructor")) {
        try { Throws t; throw 1; } catch (...) { std::printf("caught?\n"); }
    } else if (!std::strcmp(how, "nothing")) {
        throw;
    } else if (!std::strcmp(how, "exit")) {
        // Neither destructors nor handlers see a program that exits.
        try { Says s; std::printf("exiting\n"); std::exit(7); } catch (...) { std::printf("caught?\n"); }
    } else if (!std::strcmp(how, "caught")) {
        try { Throws t; } catch (int x) { std::printf("from a destructor %d\n", x); }
        leaks(0);
        try { calls(3); } catch (int x) { std::printf("int %d\n", x); }
    }
    std::printf("end\n");
}
