// A library from C++: instances free themselves, results are returned, failures are thrown.
#include "other.hpp"

#include <cstring>
#include <utility>

#include "check.h"

int main() {
    other_instance first;
    CHECK(first.add(1, 2) == 1003);
    CHECK(first.load(0) == 99);
    bool is_thrown = false;
    try {
        first.trap();
    } catch (const smelt::failure &failure) {
        is_thrown = failure.status == SMELT_OUT_OF_BOUNDS_MEMORY_ACCESS &&
                    std::strstr(failure.what(), "out of bounds") != nullptr;
    }
    CHECK(is_thrown);
    static_cast<char *>(other_memory_data(first.get()))[0] = 1;
    CHECK(first.load(0) == 1);
    first.reset();
    CHECK(first.load(0) == 99);
    other_instance second(std::move(first));
    CHECK(second.add(1, 1) == 1002 && first.get() == nullptr);
    std::printf("%d failures\n", failures);
    return failures != 0;
}
