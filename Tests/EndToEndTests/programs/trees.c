// Many small allocations: a treap and a hash table with chains, filled, searched and taken apart.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t state = 12345;
static uint32_t next_random(void) {
    state ^= state << 13;
    state ^= state >> 17;
    return state ^= state << 5;
}

struct treap { uint32_t key, priority; struct treap *left, *right; };

static void split(struct treap *tree, uint32_t key, struct treap **low, struct treap **high) {
    if (tree == NULL) {
        *low = *high = NULL;
    } else if (tree->key < key) {
        *low = tree;
        split(tree->right, key, &tree->right, high);
    } else {
        *high = tree;
        split(tree->left, key, low, &tree->left);
    }
}

static struct treap *merge(struct treap *a, struct treap *b) {
    if (a == NULL || b == NULL) return a == NULL ? b : a;
    if (a->priority > b->priority) {
        a->right = merge(a->right, b);
        return a;
    }
    b->left = merge(a, b->left);
    return b;
}

static struct treap *insert(struct treap *tree, uint32_t key) {
    struct treap *low, *high, *node = malloc(sizeof *node);
    *node = (struct treap){key, next_random(), NULL, NULL};
    split(tree, key, &low, &high);
    return merge(merge(low, node), high);
}

static int height(struct treap *tree) {
    if (tree == NULL) return 0;
    int left = height(tree->left), right = height(tree->right);
    return 1 + (left > right ? left : right);
}

static uint64_t release(struct treap *tree, uint64_t sum) {
    if (tree == NULL) return sum;
    sum = release(tree->left, sum) * 31 + tree->key;
    sum = release(tree->right, sum);
    free(tree);
    return sum;
}

struct entry { char *word; int count; struct entry *next; };
static struct entry *buckets[1024];

static struct entry *find(const char *word) {
    uint32_t hash = 2166136261u;
    for (const char *c = word; *c; c++) hash = (hash ^ (uint8_t)*c) * 16777619u;
    struct entry **place = &buckets[hash % 1024];
    for (; *place != NULL; place = &(*place)->next) {
        if (strcmp((*place)->word, word) == 0) return *place;
    }
    *place = calloc(1, sizeof **place);
    (*place)->word = strdup(word);
    return *place;
}

int main(void) {
    struct treap *tree = NULL;
    for (int i = 0; i < 60000; i++) tree = insert(tree, next_random() % 1000000);
    int levels = height(tree);
    printf("%d %llx\n", levels, (unsigned long long)release(tree, 0));
    char word[16];
    for (int i = 0; i < 80000; i++) {
        snprintf(word, sizeof word, "w%u", next_random() % 5000);
        find(word)->count++;
    }
    int entries = 0, most = 0;
    for (int i = 0; i < 1024; i++) {
        for (struct entry *e = buckets[i], *next; e != NULL; e = next) {
            next = e->next;
            entries++;
            if (e->count > most) most = e->count;
            free(e->word);
            free(e);
        }
    }
    printf("%d %d\n", entries, most);
    size_t size = 1;
    char *text = malloc(size);
    for (; size < 3000000; size = size * 3 / 2 + 1) {
        text = realloc(text, size);
        text[size - 1] = (char)size;
    }
    printf("%zu %d\n", size, text[0]);
    free(text);
    return 0;
}
