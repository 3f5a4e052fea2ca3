// Image filters on bytes: blending, a threshold, brightness and a blur. Built with -msimd128, the
// inner loops are WebAssembly's vector instructions; otherwise they are plain loops.
#include "benchmark.h"

#ifdef __wasm_simd128__
#include <wasm_simd128.h>

static void blend(uint8_t *to, const uint8_t *from, size_t n) {
    for (size_t i = 0; i < n; i += 16) {
        wasm_v128_store(to + i, wasm_u8x16_avgr(wasm_v128_load(to + i), wasm_v128_load(from + i)));
    }
}

static void brighten(uint8_t *to, uint8_t amount, size_t n) {
    v128_t more = wasm_u8x16_splat(amount);
    for (size_t i = 0; i < n; i += 16) {
        wasm_v128_store(to + i, wasm_u8x16_add_sat(wasm_v128_load(to + i), more));
    }
}

static void threshold(uint8_t *to, const uint8_t *from, uint8_t limit, size_t n) {
    v128_t limits = wasm_u8x16_splat(limit), dimmer = wasm_u8x16_splat(40);
    for (size_t i = 0; i < n; i += 16) {
        v128_t pixels = wasm_v128_load(from + i), bright = wasm_u8x16_gt(pixels, limits);
        v128_t dim = wasm_u8x16_sub_sat(pixels, dimmer);
        wasm_v128_store(to + i, wasm_v128_bitselect(pixels, dim, bright));
    }
}

static void blur_row(uint8_t *to, const uint8_t *from, size_t width, size_t n) {
    for (size_t i = 0; i < n; i += 8) {
        v128_t sum = wasm_i16x8_shl(wasm_u16x8_load8x8(from + i), 2);
        sum = wasm_i16x8_add(sum, wasm_u16x8_load8x8(from + i - 1));
        sum = wasm_i16x8_add(sum, wasm_u16x8_load8x8(from + i + 1));
        sum = wasm_i16x8_add(sum, wasm_u16x8_load8x8(from + i - width));
        sum = wasm_i16x8_add(sum, wasm_u16x8_load8x8(from + i + width));
        sum = wasm_u16x8_shr(sum, 3);
        wasm_v128_store64_lane(to + i, wasm_u8x16_narrow_i16x8(sum, sum), 0);
    }
}
#else
static void blend(uint8_t *to, const uint8_t *from, size_t n) {
    for (size_t i = 0; i < n; i++) to[i] = (uint8_t)((to[i] + from[i] + 1) >> 1);
}

static void brighten(uint8_t *to, uint8_t amount, size_t n) {
    for (size_t i = 0; i < n; i++) to[i] = (uint8_t)(to[i] + amount > 255 ? 255 : to[i] + amount);
}

static void threshold(uint8_t *to, const uint8_t *from, uint8_t limit, size_t n) {
    for (size_t i = 0; i < n; i++) {
        to[i] = from[i] > limit ? from[i] : (uint8_t)(from[i] < 40 ? 0 : from[i] - 40);
    }
}

static void blur_row(uint8_t *to, const uint8_t *from, size_t width, size_t n) {
    for (size_t i = 0; i < n; i++) {
        to[i] = (uint8_t)((4 * from[i] + from[(ptrdiff_t)i - 1] + from[i + 1] +
                           from[(ptrdiff_t)(i - width)] + from[i + width]) >> 3);
    }
}
#endif

int main(int argc, char **argv) {
    // A border of one row above and below, so that no filter needs to look where it is.
    size_t width = 1024, height = 768, inside = width * height, all = width * (height + 2);
    int rounds = size_for(argc, argv, 250, 2500, 12500);
    uint8_t *a = calloc(all + 32, 1), *b = calloc(all + 32, 1);
    uint32_t state = 61;
    for (size_t i = 0; i < all; i++) a[i + 16] = (uint8_t)next_random(&state);
    uint8_t *image = a + 16 + width, *other = b + 16 + width;
    for (int round = 0; round < rounds; round++) {
        for (size_t y = 0; y < height; y++) blur_row(other + y * width, image + y * width, width, width);
        threshold(other, other, (uint8_t)(100 + round % 50), inside);
        brighten(other, (uint8_t)(9 + round % 30), inside);
        blend(image, other, inside);
    }
    uint64_t sum = 0;
    for (size_t i = 0; i < inside; i++) sum = mix(sum, image[i]);
    print_checksum(sum);
    return 0;
}
