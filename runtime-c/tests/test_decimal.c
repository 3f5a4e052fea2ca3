// Floating-point numbers as text: against the C library, which is exact too.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "invoke/decimal.h"

static uint64_t bits_of(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static double value_of(uint64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint32_t single_bits(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void check_read(const char *text) {
    uint64_t bits = 0;
    assert_true(float_read(float_format_64, text, &bits));
    if (bits != bits_of(strtod(text, NULL))) print_error("%s\n", text);
    assert_int_equal(bits, bits_of(strtod(text, NULL)));
    assert_true(float_read(float_format_32, text, &bits));
    assert_int_equal(bits, single_bits(strtof(text, NULL)));
}

static void reads_the_nearest(void **state) {
    (void)state;
    static const char *const texts[] = {
        "0", "-0", "1", "+1", "-1.5", ".5", "5.", "1e5", "1E-5", "1e+5", "0.1", "1e400", "-1e400",
        "1e-400", "4.9e-324", "2.4703282292062327e-324", "2.4703282292062328e-324",
        "1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308",
        "9007199254740993", "9007199254740992.99999999", "9007199254740993.00000001",
        "2.2250738585072011e-308", "3.4028235677973366e38", "7.006492321624085e-46", "1e-99999999999",
        "0e99999999999", "000000000000000000000000000001", "inf", "-Infinity",
    };
    for (size_t index = 0; index < sizeof texts / sizeof *texts; index++) check_read(texts[index]);
    // Digits beyond all that are kept, of which the last one decides.
    static char text[1200];
    memset(text, '0', sizeof text - 1);
    memcpy(text, "9007199254740993.", 17);
    check_read(text);
    text[1190] = '1';
    check_read(text);
}

static void refuses_other_texts(void **state) {
    (void)state;
    static const char *const texts[] = {"", "-", ".", "e5", "1e", "1e+", "1x", "0x10", " 1", "1 ",
                                        "infin", "nan(1)", "--1", "1.2.3"};
    for (size_t index = 0; index < sizeof texts / sizeof *texts; index++) {
        uint64_t bits;
        assert_false(float_read(float_format_64, texts[index], &bits));
    }
}

// How many digits a text has, zeros at both ends left aside.
static size_t digit_count(const char *text) {
    char digits[FLOAT_TEXT_SIZE];
    size_t count = 0;
    for (; *text != 0; text++) {
        if (*text < '0' || *text > '9' || (count == 0 && *text == '0')) continue;
        digits[count++] = *text;
    }
    while (count > 0 && digits[count - 1] == '0') count--;
    return count;
}

// What is written is read as the same number, and the C library needs as many digits.
static void check_write(double value) {
    char text[FLOAT_TEXT_SIZE], other[FLOAT_TEXT_SIZE];
    float_write(float_format_64, bits_of(value), text);
    assert_int_equal(bits_of(strtod(text, NULL)), bits_of(value));
    assert_null(strchr(text, 'e'));
    int precision = 0;
    do {
        snprintf(other, sizeof other, "%.*e", precision++, value);
    } while (strtod(other, NULL) != value);
    *strchr(other, 'e') = 0;
    // Of two texts of as many digits the library writes the nearer one, which may not be read so.
    assert_true(digit_count(text) <= digit_count(other));
}

static void writes_the_shortest(void **state) {
    (void)state;
    static const struct {
        double value;
        const char *text;
    } known[] = {
        {0, "0"}, {-0.0, "-0"}, {1, "1"}, {-2.5, "-2.5"}, {0.1, "0.1"}, {1e21, "1000000000000000000000"},
        {123456789012345680, "123456789012345680"}, {1e-7, "0.0000001"}, {100, "100"},
        {9007199254740992, "9007199254740992"}, {0.3, "0.3"}, {5e-324, NULL}, {1.7976931348623157e308, NULL},
        {2.2250738585072014e-308, NULL}, {9.5, "9.5"}, {1e23, "100000000000000000000000"},
    };
    for (size_t index = 0; index < sizeof known / sizeof *known; index++) {
        char text[FLOAT_TEXT_SIZE];
        float_write(float_format_64, bits_of(known[index].value), text);
        if (known[index].text != NULL) assert_string_equal(text, known[index].text);
        check_write(known[index].value);
    }
    // Powers of two, below which numbers are closer to one another, and numbers of all sizes.
    for (int exponent = -1074; exponent < 1024; exponent += 13) check_write(ldexp(1, exponent));
    uint64_t seed = 1;
    for (int round = 0; round < 300; round++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        uint64_t bits = seed ^ seed >> 31;
        if (isfinite(value_of(bits))) check_write(value_of(bits));
    }
}

static void writes_singles(void **state) {
    (void)state;
    char text[FLOAT_TEXT_SIZE];
    float_write(float_format_32, single_bits(0.1f), text);
    assert_string_equal(text, "0.1");
    float_write(float_format_32, single_bits(3.40282347e38f), text);
    assert_string_equal(text, "340282350000000000000000000000000000000");
    float_write(float_format_32, 0x7f800000, text);
    assert_string_equal(text, "inf");
    float_write(float_format_32, 0xff800000, text);
    assert_string_equal(text, "-inf");
    float_write(float_format_32, 0xffc00000, text);
    assert_string_equal(text, "NaN");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_nearest), cmocka_unit_test(refuses_other_texts),
        cmocka_unit_test(writes_the_shortest), cmocka_unit_test(writes_singles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
