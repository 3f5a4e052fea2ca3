// 64-bit integers: every operation on values at the edges, and 128-bit products by hand.
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

static uint64_t high_product(uint64_t a, uint64_t b) {
    uint64_t al = (uint32_t)a, ah = a >> 32, bl = (uint32_t)b, bh = b >> 32;
    uint64_t low = al * bl, m1 = ah * bl + (low >> 32), m2 = al * bh + (uint32_t)m1;
    return ah * bh + (m1 >> 32) + (m2 >> 32);
}

static uint64_t rotate(uint64_t value, unsigned by) {
    return by == 0 ? value : value << by | value >> (64 - by);
}

int main(void) {
    uint64_t values[] = {0, 1, 2, 7, 63, 64, 255, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
                         0x7fffffffffffffff, 0x8000000000000000, 0xfffffffffffffffe,
                         0xffffffffffffffff, 0x123456789abcdef0, 1000000007};
    int count = sizeof values / sizeof values[0];
    uint64_t sum = 0;
    for (int i = 0; i < count; i++) {
        uint64_t a = values[i];
        if (a != 0) printf("%d %d ", __builtin_clzll(a), __builtin_ctzll(a));
        printf("%d %" PRIx64 " %" PRId64 " %" PRIu64 "\n", __builtin_popcountll(a), ~a, (int64_t)a,
               __builtin_bswap64(a));
        for (int j = 0; j < count; j++) {
            uint64_t b = values[j];
            int64_t sa = (int64_t)a, sb = (int64_t)b;
            printf("%" PRIx64 " %" PRIx64 " %" PRIx64 " %" PRIx64 " ", a + b, a - b, a * b,
                   high_product(a, b));
            if (b != 0) printf("%" PRIu64 " %" PRIu64 " ", a / b, a % b);
            if (b != 0 && !(sa == INT64_MIN && sb == -1)) {
                printf("%" PRId64 " %" PRId64 " ", sa / sb, sa % sb);
            }
            printf("%" PRIx64 " %" PRIx64 " %" PRIx64 " %d%d\n", a << (b & 63), a >> (b & 63),
                   (uint64_t)(sa >> (b & 63)), a < b, sa < sb);
            sum = rotate(sum, (unsigned)(b & 63)) ^ (a * 31 + b);
        }
    }
    printf("%016" PRIx64 " %d %d\n", sum, (int8_t)sum, (int16_t)(sum >> 8));
    return (int)(sum & 63);
}
