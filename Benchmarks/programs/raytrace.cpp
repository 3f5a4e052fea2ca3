// A ray tracer: vectors of three, spheres, a floor, shadows and mirrors that recurse.
#include <cmath>
#include <vector>

#include "benchmark.h"

struct Vector {
    double x, y, z;
    Vector operator+(const Vector &o) const { return {x + o.x, y + o.y, z + o.z}; }
    Vector operator-(const Vector &o) const { return {x - o.x, y - o.y, z - o.z}; }
    Vector operator*(double f) const { return {x * f, y * f, z * f}; }
    double dot(const Vector &o) const { return x * o.x + y * o.y + z * o.z; }
    Vector unit() const { return *this * (1 / std::sqrt(dot(*this))); }
};

struct Sphere {
    Vector center;
    double radius, mirror;
    Vector color;
};

struct Hit {
    double distance = 1e30;
    const Sphere *sphere = nullptr;
};

static std::vector<Sphere> scene;
static const Vector light = Vector{5, 9, -6}.unit();

static Hit closest(const Vector &origin, const Vector &direction) {
    Hit hit;
    for (const Sphere &sphere : scene) {
        Vector to = sphere.center - origin;
        double along = to.dot(direction);
        double inside = sphere.radius * sphere.radius - to.dot(to) + along * along;
        if (inside < 0) continue;
        double distance = along - std::sqrt(inside);
        if (distance > 1e-6 && distance < hit.distance) hit = {distance, &sphere};
    }
    return hit;
}

static Vector trace(const Vector &origin, const Vector &direction, int depth) {
    Hit hit = closest(origin, direction);
    Vector point, normal, color;
    double mirror = 0.3;
    if (direction.y < 0 && -origin.y / direction.y < hit.distance) {
        point = origin + direction * (-origin.y / direction.y);
        normal = {0, 1, 0};
        bool dark = (static_cast<int>(std::floor(point.x)) + static_cast<int>(std::floor(point.z))) & 1;
        color = dark ? Vector{0.1, 0.1, 0.1} : Vector{0.9, 0.9, 0.8};
    } else if (hit.sphere) {
        point = origin + direction * hit.distance;
        normal = (point - hit.sphere->center) * (1 / hit.sphere->radius);
        color = hit.sphere->color;
        mirror = hit.sphere->mirror;
    } else {
        return Vector{0.4, 0.6, 1} * (0.3 + 0.7 * direction.y);
    }
    point = point + normal * 1e-6;
    double bright = normal.dot(light);
    if (bright < 0 || closest(point, light).sphere) bright = 0;
    Vector result = color * (0.2 + 0.8 * bright) * (1 - mirror);
    if (depth == 0) return result;
    Vector reflected = direction - normal * (2 * direction.dot(normal));
    return result + trace(point, reflected, depth - 1) * mirror;
}

int main(int argc, char **argv) {
    int side = size_for(argc, argv, 380, 1200, 2500);
    uint32_t state = 59;
    for (int i = 0; i < 24; i++) {
        double radius = 0.3 + next_unit(&state) * 0.7;
        scene.push_back({{next_unit(&state) * 10 - 5, radius, next_unit(&state) * 10},
                         radius, next_unit(&state) * 0.6,
                         {next_unit(&state), next_unit(&state), next_unit(&state)}});
    }
    uint64_t sum = 0;
    for (int y = 0; y < side; y++) {
        for (int x = 0; x < side; x++) {
            Vector direction = Vector{(x - side / 2.0) / side, (side / 2.0 - y) / side - 0.15, 1}.unit();
            Vector color = trace({0, 2.5, -7}, direction, 4);
            sum = mix(sum, static_cast<uint64_t>(color.x * 255) << 16 |
                           static_cast<uint64_t>(color.y * 255) << 8 |
                           static_cast<uint64_t>(color.z * 255));
        }
    }
    print_checksum(sum);
    return 0;
}
