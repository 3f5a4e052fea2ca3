// Dynamic dispatch: virtual functions, multiple inheritance, std::function, templates, statics.
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

static int live = 0;

struct Shape {
    Shape() { live++; }
    virtual ~Shape() { live--; }
    virtual double area() const = 0;
    virtual std::string name() const { return "shape"; }
};
struct Named {
    virtual ~Named() = default;
    virtual int length() const { return 1; }
};
struct Circle : Shape {
    double radius;
    explicit Circle(double r) : radius(r) {}
    double area() const override { return 3.14159265358979 * radius * radius; }
    std::string name() const override { return "circle"; }
};
struct Box : Named, Shape {
    double width, height;
    Box(double w, double h) : width(w), height(h) {}
    double area() const override { return width * height; }
    int length() const override { return int(width + height); }
};
struct Square final : Box {
    explicit Square(double side) : Box(side, side) {}
    std::string name() const override { return "square"; }
};

template <int N> struct Fibonacci {
    static constexpr long value = Fibonacci<N - 1>::value + Fibonacci<N - 2>::value;
};
template <> struct Fibonacci<0> { static constexpr long value = 0; };
template <> struct Fibonacci<1> { static constexpr long value = 1; };

struct Logger {
    const char *text;
    explicit Logger(const char *t) : text(t) { std::printf("+%s\n", text); }
    ~Logger() { std::printf("-%s\n", text); }
};
static Logger global("global");

int main() {
    Logger local("local");
    std::vector<std::unique_ptr<Shape>> shapes;
    for (int i = 1; i < 40; i++) {
        if (i % 3 == 0) shapes.push_back(std::make_unique<Circle>(i));
        else if (i % 3 == 1) shapes.push_back(std::make_unique<Box>(i, i + 0.5));
        else shapes.push_back(std::make_unique<Square>(i));
    }
    double sum = 0;
    int length = 0;
    for (const auto &shape : shapes) {
        sum += shape->area();
        if (auto *named = dynamic_cast<Named *>(shape.get())) length += named->length();
    }
    std::printf("%.6f %d %d %s\n", sum, length, live, shapes[4]->name().c_str());
    std::vector<std::function<int(int)>> steps;
    for (int i = 0; i < 10; i++) steps.push_back([i, &length](int x) { return x * i + length % 7; });
    int value = 1;
    for (auto &step : steps) value = step(value) % 10007;
    shapes.clear();
    std::printf("%d %d %ld\n", value, live, Fibonacci<40>::value);
    return live;
}
