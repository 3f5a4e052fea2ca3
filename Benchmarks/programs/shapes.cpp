// Virtual calls in C++: many small objects of several classes behind one interface.
#include <memory>
#include <vector>

#include "benchmark.h"

class Shape {
public:
    virtual ~Shape() = default;
    virtual double area() const = 0;
    virtual void scale(double factor) = 0;
    virtual int corners() const { return 0; }
};

class Circle : public Shape {
    double radius;

public:
    explicit Circle(double radius) : radius(radius) {}
    double area() const override { return 3.141592653589793 * radius * radius; }
    void scale(double factor) override { radius *= factor; }
};

class Rectangle : public Shape {
protected:
    double width, height;

public:
    Rectangle(double width, double height) : width(width), height(height) {}
    double area() const override { return width * height; }
    void scale(double factor) override { width *= factor, height *= factor; }
    int corners() const override { return 4; }
};

class Frame final : public Rectangle {
    std::unique_ptr<Shape> hole;

public:
    Frame(double width, double height, std::unique_ptr<Shape> hole)
        : Rectangle(width, height), hole(std::move(hole)) {}
    double area() const override { return Rectangle::area() - hole->area(); }
    void scale(double factor) override { Rectangle::scale(factor), hole->scale(factor); }
    int corners() const override { return 4 + hole->corners(); }
};

class Triangle : public Shape {
    double base, height;

public:
    Triangle(double base, double height) : base(base), height(height) {}
    double area() const override { return base * height / 2; }
    void scale(double factor) override { base *= factor; }
    int corners() const override { return 3; }
};

static std::unique_ptr<Shape> make(uint32_t *state) {
    double a = 1 + next_unit(state), b = 1 + next_unit(state);
    switch (next_random(state) % 4) {
    case 0: return std::make_unique<Circle>(a);
    case 1: return std::make_unique<Rectangle>(a, b);
    case 2: return std::make_unique<Triangle>(a, b);
    default: return std::make_unique<Frame>(a + 2, b + 2, make(state));
    }
}

int main(int argc, char **argv) {
    int rounds = size_for(argc, argv, 200, 2000, 10000);
    uint32_t state = 79;
    std::vector<std::unique_ptr<Shape>> shapes;
    for (int i = 0; i < 10000; i++) shapes.push_back(make(&state));
    double total = 0;
    uint64_t corners = 0;
    for (int round = 0; round < rounds; round++) {
        for (const auto &shape : shapes) {
            total += shape->area();
            corners += static_cast<uint64_t>(shape->corners());
        }
        double factor = round % 2 ? 0.5 : 2;
        for (size_t i = static_cast<size_t>(round) % 16; i < shapes.size(); i += 16) {
            shapes[i]->scale(factor);
        }
    }
    print_checksum(mix_double(corners, total));
    return 0;
}
