// Destructors that notice, throw and catch while another exception is on its way.
#include <cstdio>
#include <exception>
#include <string>

struct Notices {
    const char *name;
    int before = std::uncaught_exceptions();
    ~Notices() {
        int now = std::uncaught_exceptions();
        std::printf("%s %s %d ", name, now > before ? "fails" : "succeeds", now);
    }
};

static int depth_of_cleanups;
struct Works {
    int level;
    ~Works() {
        Notices n{"inside"};
        try {
            if (level > 0) { Works deeper{level - 1}; throw level; }
        } catch (int x) { depth_of_cleanups += x; }
    }
};

// All that a transaction did is undone, in the opposite order, unless it is told to stay.
struct Transaction {
    std::string &log; int id; bool stays = false;
    Transaction(std::string &l, int i) : log(l), id(i) { log += '('; log += (char)('0' + id); }
    ~Transaction() { log += stays ? '+' : '-'; log += (char)('0' + id); log += ')'; }
};

static void work(std::string &log, int n, int fail) {
    Transaction t(log, n);
    if (n == fail) throw fail;
    if (n < 6) work(log, n + 1, fail);
    t.stays = true;
}

int main() {
    try { Notices n{"outer"}; throw 1; } catch (int) { std::printf("%d\n", std::uncaught_exceptions()); }
    { Notices n{"quiet"}; }
    std::printf("\n");
    try { Works w{3}; throw 'x'; } catch (char) { std::printf("cleanups %d\n", depth_of_cleanups); }
    { Works w{2}; }
    std::printf("cleanups %d\n", depth_of_cleanups);
    for (int fail : {0, 3, 6, 9}) {
        std::string log;
        try { work(log, 0, fail); } catch (int x) { log += '!'; }
        std::printf("%s\n", log.c_str());
    }
    try {
        try { Notices n{"first"}; throw 1; }
        catch (int) { Notices n{"second"}; throw 2.5; }
    } catch (double) { std::printf("double\n"); }
}
