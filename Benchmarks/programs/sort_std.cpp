// Sorting with std::sort, the comparison inlined: strings and structures that have to be moved.
#include <algorithm>
#include <string>
#include <vector>

#include "benchmark.h"

struct Entry {
    std::string name;
    uint32_t value;
};

int main(int argc, char **argv) {
    int n = size_for(argc, argv, 80000, 800000, 4000000);
    uint32_t state = 29;
    uint64_t sum = 0;
    std::vector<uint32_t> numbers;
    std::vector<Entry> entries;
    for (int i = 0; i < n; i++) {
        numbers.push_back(next_random(&state));
        entries.push_back({"item" + std::to_string(next_random(&state) % 1000000),
                           static_cast<uint32_t>(i)});
    }
    for (int round = 0; round < 4; round++) {
        std::sort(numbers.begin(), numbers.end(), [round](uint32_t a, uint32_t b) {
            return a * 2654435761u >> round < b * 2654435761u >> round ||
                   (a * 2654435761u >> round == b * 2654435761u >> round && a < b);
        });
        for (int i = 0; i < n; i += 5) sum = mix(sum, numbers[static_cast<size_t>(i)]);
    }
    std::sort(entries.begin(), entries.end(), [](const Entry &a, const Entry &b) {
        int order = a.name.compare(b.name);
        return order < 0 || (order == 0 && a.value < b.value);
    });
    for (const Entry &entry : entries) sum = mix(sum, entry.value);
    print_checksum(sum);
    return 0;
}
