// The standard library's maps with strings as keys: std::unordered_map and std::map.
#include <map>
#include <string>
#include <unordered_map>

#include "benchmark.h"

int main(int argc, char **argv) {
    int n = size_for(argc, argv, 50000, 500000, 2500000);
    uint32_t state = 37;
    std::unordered_map<std::string, uint32_t> counts;
    std::map<std::string, uint32_t> ordered;
    for (int i = 0; i < n; i++) {
        uint32_t number = next_random(&state) % 60000;
        std::string key = "a rather long prefix/" + std::to_string(number);
        counts[key] += number % 10;
        if (i % 4 == 0) ordered[key.substr(9)]++;
        if (i % 16 == 0) counts.erase(key);
    }
    uint64_t sum = 0;
    for (const auto &pair : counts) sum += mix(pair.second, pair.first.size());
    for (const auto &pair : ordered) sum = mix(sum, pair.second + static_cast<uint8_t>(pair.first.back()));
    print_checksum(sum);
    return 0;
}
