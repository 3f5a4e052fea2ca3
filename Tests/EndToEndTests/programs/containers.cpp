// The containers and algorithms of the C++ library.
#include <algorithm>
#include <array>
#include <cstdio>
#include <deque>
#include <map>
#include <memory>
#include <numeric>
#include <queue>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

struct Item {
    std::string name;
    int rank;
    bool operator<(const Item &other) const {
        return rank != other.rank ? rank < other.rank : name < other.name;
    }
};

static unsigned state = 42;
static unsigned roll() { return state = state * 1664525u + 1013904223u; }

int main() {
    std::vector<Item> items;
    for (int i = 0; i < 2000; i++) {
        items.push_back({"item" + std::to_string(roll() % 977), int(roll() % 50)});
    }
    std::sort(items.begin(), items.end());
    std::map<std::string, std::vector<int>> ranks;
    std::unordered_map<std::string, int> counts;
    for (const auto &item : items) {
        ranks[item.name].push_back(item.rank);
        counts[item.name]++;
    }
    long checksum = 0;
    for (const auto &[name, list] : ranks) {
        checksum = checksum % 100003 * 31 + std::accumulate(list.begin(), list.end(), 0);
        checksum += counts[name] * int(name.size());
    }
    std::printf("%zu %zu %ld %s\n", ranks.size(), counts.size(), checksum, items[7].name.c_str());

    std::priority_queue<std::pair<int, int>> queue;
    std::deque<int> window;
    for (int i = 0; i < 5000; i++) {
        queue.push({int(roll() >> 8), i});
        window.push_front(i);
        if (window.size() > 100) window.pop_back();
    }
    int previous = queue.top().first, ordered = 1;
    for (; !queue.empty(); queue.pop()) {
        if (queue.top().first > previous) ordered = 0;
        previous = queue.top().first;
    }
    std::set<int> set(window.begin(), window.end());
    std::printf("%d %zu %d %d\n", ordered, set.size(), *set.begin(), *set.rbegin());

    std::vector<std::unique_ptr<std::array<double, 8>>> rows;
    for (int i = 0; i < 300; i++) {
        rows.push_back(std::make_unique<std::array<double, 8>>());
        rows.back()->fill(i * 0.25);
    }
    std::rotate(rows.begin(), rows.begin() + 17, rows.end());
    double sum = 0;
    for (const auto &row : rows) sum = sum * 0.5 + (*row)[3];
    std::string text;
    for (int i = 0; i < 200; i++) text.insert(text.size() / 2, 1, char('a' + i % 26));
    std::reverse(text.begin(), text.begin() + 50);
    std::printf("%.9f %s %d\n", sum, text.c_str(), int(text.find("zy")));
    return items.front().rank + 3;
}
