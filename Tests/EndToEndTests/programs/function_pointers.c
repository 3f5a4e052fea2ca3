// Function pointers of many types, in tables, as arguments and chosen at run time.
#include <stdint.h>
#include <stdio.h>

typedef int (*binary)(int, int);
typedef double (*real)(double);
typedef int64_t (*mixed)(int, int64_t, float, double);
typedef void (*visitor)(void *, int);

static int add(int a, int b) { return a + b; }
static int subtract(int a, int b) { return a - b; }
static int multiply(int a, int b) { return a * b; }
static int larger(int a, int b) { return a > b ? a : b; }
static double half(double x) { return x / 2; }
static double square(double x) { return x * x; }
static int64_t mix(int a, int64_t b, float c, double d) { return a + b * 2 + (int64_t)(c * d); }
static int64_t other(int a, int64_t b, float c, double d) { return a * b - (int64_t)(c + d); }

static const struct { const char *name; binary function; } table[] = {
    {"add", add}, {"subtract", subtract}, {"multiply", multiply}, {"larger", larger}};

static void walk(int from, int to, visitor visit, void *state) {
    for (int i = from; i < to; i++) visit(state, i);
}
static void total(void *state, int value) { *(int64_t *)state += value * value; }
static void show(void *state, int value) { printf("%s%d", (char *)state, value); }

static real compose(int step) { return step % 3 == 0 ? half : square; }

struct node { int (*evaluate)(struct node *); struct node *left, *right; int value; };
static int leaf(struct node *n) { return n->value; }
static int plus(struct node *n) { return n->left->evaluate(n->left) + n->right->evaluate(n->right); }
static int times(struct node *n) { return n->left->evaluate(n->left) * n->right->evaluate(n->right); }

int main(int argc, char **argv) {
    (void)argv;
    for (int i = 0; i < 4; i++) printf("%s: %d\n", table[i].name, table[i].function(12, -5 * argc));
    double x = 3;
    for (int i = 0; i < 9; i++) x = compose(i)(x);
    printf("%.6g\n", x);
    mixed functions[2] = {mix, other};
    int64_t sum = 0;
    for (int i = 0; i < 100; i++) sum += functions[i * 7 % 2](i, sum & 0xffff, i * 0.5f, i * 1.25);
    printf("%lld\n", (long long)sum);
    int64_t squares = 0;
    walk(0, 100, total, &squares);
    walk(0, 5, show, " ");
    printf("\n%lld %d\n", (long long)squares, add == table[0].function);
    struct node a = {leaf, 0, 0, 6}, b = {leaf, 0, 0, 7}, c = {plus, &a, &b, 0}, d = {times, &c, &b, 0};
    printf("%d\n", d.evaluate(&d));
    return table[argc % 4].function(40, 2);
}
