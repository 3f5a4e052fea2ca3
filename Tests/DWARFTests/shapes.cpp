// Debug information of many kinds in little code: inheritance, templates, unions, bit fields,
// namespaces, arrays, function pointers, statics, inlined calls.
namespace shapes {

struct Base {
    int id;
    Base *next;
};

template <class T>
struct Box : Base {
    T value;
    unsigned a : 3, b : 9;

    T get(int count) const {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            static int calls;
            calls++;
            sum += value * i;
        }
        return sum;
    }
};

enum class Color : unsigned char { red, green = 7 };

union Both {
    float f;
    int i;
};

}  // namespace shapes

using namespace shapes;

static Box<int> table[4];
int scale = 3;

static inline int twice(const Base &base) { return base.id * 2 + scale; }

extern "C" int work(int n, Color color, Both both, int (*function)(int)) {
    typedef Box<int> Small;
    Small box;
    box.value = n;
    box.id = (int)color;
    int grid[3][2] = {{1, 2}, {3, n}, {both.i, 6}};
    if (n > 2) {
        int inner = twice(box) + box.get(n);
        table[n & 3].value = inner;
        return inner / (n - 4) + grid[n % 3][1];
    }
    return function ? function(n) : grid[1][1];
}

extern "C" void _start() {
    Both both;
    both.f = 1.5f;
    volatile int n = 5;
    work(n, Color::green, both, 0);
}
