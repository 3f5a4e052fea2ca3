// What a debugger should be able to show: variables of several kinds, calls in calls, and, with an
// argument, a trap in a function that optimisers inline. The tests find lines by their marks.
#include <stdio.h>
#include <string.h>

enum kind { DEPOSIT = 1, WITHDRAWAL = 2 };

struct entry {
    int amount;
    enum kind kind;
    double rate;
    char label[8];
    struct entry *next;
};

typedef struct {
    unsigned flags : 3;
    unsigned count : 5;
    long long total;
} account;

static account book = {5, 0, 100};

static int share(int total, int parts) {
    return total / parts;  // mark: trap
}

int add(struct entry *entry, int times) {
    int sum = entry->amount * times;
    book.total += sum;
    book.count++;  // mark: inner
    return share(sum + 1, times);
}

int fill(int amount, int times) {
    struct entry entry = {amount, WITHDRAWAL, 0.25, "first", 0};
    struct entry second = {2, DEPOSIT, 1.5, "second", &entry};
    int shared = add(&entry, times);  // mark: middle
    return shared + second.amount;
}

int main(int argc, char **argv) {
    int times = strlen(argc > 1 ? argv[1] : "abc");
    int result = fill(20, times);  // mark: outer
    printf("%d %lld\n", result, book.total);
    return 0;
}
