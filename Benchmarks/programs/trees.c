// Binary trees: allocation and release of small equal blocks, and chasing pointers.
#include "benchmark.h"

struct node { struct node *left, *right; uint32_t value; };

static struct node *build(int depth, uint32_t value) {
    struct node *node = allocate(sizeof *node);
    node->value = value;
    node->left = depth > 0 ? build(depth - 1, value * 2) : NULL;
    node->right = depth > 0 ? build(depth - 1, value * 2 + 1) : NULL;
    return node;
}

static uint32_t check(const struct node *node) {
    return node == NULL ? 0 : node->value * 3 + check(node->left) - check(node->right);
}

static void release(struct node *node) {
    if (node == NULL) return;
    release(node->left);
    release(node->right);
    free(node);
}

int main(int argc, char **argv) {
    int rounds = size_for(argc, argv, 12, 120, 600);
    struct node *lasting = build(16, 1);
    uint64_t sum = 0;
    for (int round = 0; round < rounds; round++) {
        struct node *tree = build(14 + round % 3, (uint32_t)round);
        sum = mix(sum, check(tree));
        release(tree);
    }
    print_checksum(mix(sum, check(lasting)));
    return 0;
}
