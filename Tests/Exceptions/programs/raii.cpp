// Destructors run in the opposite order of construction, however a scope is left.
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

static int alive;

struct Guard {
    std::string name;
    explicit Guard(std::string n) : name(std::move(n)) { alive++; std::printf("+%s ", name.c_str()); }
    Guard(const Guard &) = delete;
    ~Guard() { alive--; std::printf("-%s ", name.c_str()); }
};

static int leave(int how) {
    Guard outer("outer");
    for (int i = 0; i < 3; i++) {
        Guard loop("loop" + std::to_string(i));
        if (i == 1 && how == 0) continue;
        if (i == 1 && how == 1) break;
        if (i == 1 && how == 2) return 22;
        if (i == 1 && how == 3) throw how;
        if (i == 2 && how == 4) throw std::runtime_error("four");
        Guard inner("inner");
        if (i == 1 && how == 5) throw std::string("five");
    }
    Guard late("late");
    if (how == 6) throw 'c';
    return how;
}

// Temporaries in one expression, of which the last cannot be made.
struct Part {
    int number;
    Part(int n) : number(n) {
        if (n == 3) throw n * 100;
        alive++;
        std::printf("p%d ", n);
    }
    Part(const Part &other) : number(other.number) { alive++; }
    ~Part() { alive--; std::printf("~p%d ", number); }
};

static int sum(const Part &a, const Part &b, const Part &c) { return a.number + b.number + c.number; }

struct Releases {
    void operator()(int *p) const { std::printf("release %d ", *p); delete p; alive--; }
};

static void owners(int how) {
    alive++;
    std::unique_ptr<int, Releases> only(new int(how));
    auto shared = std::make_shared<Guard>("shared");
    std::vector<std::shared_ptr<Guard>> copies(3, shared);
    if (how) throw how;
}

static void arrays() {
    struct Item {
        int n = 0;
        Item() { static int made; if (++made == 4) throw made; n = made; alive++; std::printf("i%d ", n); }
        ~Item() { alive--; std::printf("~i%d ", n); }
    };
    delete[] new Item[6];
}

int main() {
    for (int how = 0; how < 8; how++) {
        try {
            std::printf("= %d", leave(how));
        } catch (int x) {
            std::printf("int %d", x);
        } catch (const std::exception &e) {
            std::printf("exception %s", e.what());
        } catch (const std::string &s) {
            std::printf("string %s", s.c_str());
        } catch (...) {
            std::printf("something");
        }
        std::printf(" alive %d\n", alive);
    }
    for (int n = 1; n < 5; n++) {
        try {
            std::printf("sum %d ", sum(Part(n), Part(n + 1), Part(7)));
        } catch (int x) {
            std::printf("caught %d ", x);
        }
        std::printf("alive %d\n", alive);
    }
    for (int how = 0; how < 2; how++) {
        try { owners(how); } catch (int x) { std::printf("owner %d ", x); }
        std::printf("alive %d\n", alive);
    }
    try { arrays(); } catch (int x) { std::printf("array %d ", x); }
    std::printf("alive %d\n", alive);
}
