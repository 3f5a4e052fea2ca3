// qsort and bsearch over numbers, strings and structures.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct person { char name[12]; int16_t age; double height; };

static int numbers(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}
static int strings(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }
static int people(const void *a, const void *b) {
    const struct person *x = a, *y = b;
    if (x->age != y->age) return x->age - y->age;
    if (x->height != y->height) return x->height < y->height ? -1 : 1;
    return strcmp(x->name, y->name);
}

int main(void) {
    static int32_t values[30000];
    uint32_t state = 99;
    for (int i = 0; i < 30000; i++) values[i] = (int32_t)(state = state * 1103515245u + 12345u);
    qsort(values, 30000, sizeof *values, numbers);
    int ordered = 1, found = 0;
    for (int i = 1; i < 30000; i++) ordered &= values[i - 1] <= values[i];
    for (int32_t key = -100000; key < 100000; key++) {
        found += bsearch(&key, values, 30000, sizeof *values, numbers) != NULL;
    }
    printf("%d %d %d %d\n", ordered, found, values[0], values[29999]);
    char *words[2000];
    for (int i = 0; i < 2000; i++) {
        words[i] = malloc(12);
        snprintf(words[i], 12, "%x", (state = state * 69069u + 1) >> 12);
    }
    qsort(words, 2000, sizeof *words, strings);
    for (int i = 0; i < 2000; i += 199) printf("%s ", words[i]);
    struct person crowd[500];
    for (int i = 0; i < 500; i++) {
        snprintf(crowd[i].name, 12, "p%03d", i);
        crowd[i].age = (int16_t)((state = state * 69069u + 1) >> 25);
        crowd[i].height = (state >> 8 & 255) / 100.0;
    }
    qsort(crowd, 500, sizeof *crowd, people);
    for (int i = 0; i < 500; i += 49) printf("\n%s %d %.2f", crowd[i].name, crowd[i].age, crowd[i].height);
    printf("\n");
    return 0;
}
