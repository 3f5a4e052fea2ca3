// Big integers in words of 32 bits: schoolbook products, long division by a word, and decimals.
#include "benchmark.h"

struct number { size_t count; uint32_t *words; };

static struct number make(size_t count) { return (struct number){count, calloc(count, 4)}; }

static void trim(struct number *n) {
    while (n->count > 1 && n->words[n->count - 1] == 0) n->count--;
}

static struct number multiply(struct number a, struct number b) {
    struct number product = make(a.count + b.count);
    for (size_t i = 0; i < a.count; i++) {
        uint64_t carry = 0;
        for (size_t k = 0; k < b.count; k++) {
            carry += product.words[i + k] + (uint64_t)a.words[i] * b.words[k];
            product.words[i + k] = (uint32_t)carry;
            carry >>= 32;
        }
        product.words[i + b.count] = (uint32_t)carry;
    }
    trim(&product);
    return product;
}

static struct number add(struct number a, struct number b) {
    struct number sum = make((a.count > b.count ? a.count : b.count) + 1);
    uint64_t carry = 0;
    for (size_t i = 0; i < sum.count; i++) {
        carry += (uint64_t)(i < a.count ? a.words[i] : 0) + (i < b.count ? b.words[i] : 0);
        sum.words[i] = (uint32_t)carry;
        carry >>= 32;
    }
    trim(&sum);
    return sum;
}

// The quotient takes the number's place; what is left comes back.
static uint32_t divide(struct number *n, uint32_t divisor) {
    uint64_t rest = 0;
    for (size_t i = n->count; i-- > 0;) {
        rest = rest << 32 | n->words[i];
        n->words[i] = (uint32_t)(rest / divisor);
        rest %= divisor;
    }
    trim(n);
    return (uint32_t)rest;
}

// Fibonacci numbers by doubling: F(2k) = F(k) (2 F(k+1) - F(k)), here as F(k)(F(k+1) + F(k-1)).
static struct number fibonacci(unsigned n) {
    struct number before = make(1), now = make(1);
    before.words[0] = 1;
    for (int bit = 31; bit >= 0; bit--) {
        struct number after = add(before, now), sum = add(after, before);
        struct number doubled = multiply(now, sum), a = multiply(now, now);
        struct number b = multiply(before, before), earlier = add(a, b);
        free(before.words), free(now.words), free(after.words), free(sum.words);
        free(a.words), free(b.words);
        before = earlier, now = doubled;
        if (n >> bit & 1) {
            struct number next = add(before, now);
            free(before.words);
            before = now, now = next;
        }
    }
    free(before.words);
    return now;
}

int main(int argc, char **argv) {
    unsigned n = (unsigned)size_for(argc, argv, 160000, 520000, 1200000);
    struct number value = fibonacci(n), one = make(1), factorial = make(1);
    uint64_t sum = 0;
    one.words[0] = factorial.words[0] = 1;
    while (value.count > 1 || value.words[0] != 0) sum = mix(sum, divide(&value, 1000000000));
    for (unsigned i = 2; i < n / 50; i++) {
        one.words[0] = i;
        struct number next = multiply(factorial, one);
        free(factorial.words);
        factorial = next;
    }
    for (size_t i = 0; i < factorial.count; i++) sum = mix(sum, factorial.words[i]);
    print_checksum(sum);
    return 0;
}
