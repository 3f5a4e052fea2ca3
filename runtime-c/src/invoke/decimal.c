// Decimal text and floating-point numbers; decimal.h says what is read and written.
//
// Nothing here is fast, and everything is exact: a number that is read is compared, as a fraction of
// two large integers, with those that it may be the nearest of, which a binary search finds, since
// the bit patterns of positive numbers are in the order of the numbers.
#include "decimal.h"

#include <string.h>

const struct float_format float_format_32 = {23, 8}, float_format_64 = {52, 11};

// Large integers -------------------------------------------------------------------------------

// 800 digits have 2658 bits, and powers of two and ten for the smallest numbers 1,100 and 3,700 more.
enum { LIMBS = 288 };

// Little-endian, without leading zeros.
struct natural {
    uint32_t count;
    uint32_t limbs[LIMBS];
};

static void set(struct natural *number, uint64_t value) {
    number->count = 0;
    for (; value != 0; value >>= 32) number->limbs[number->count++] = (uint32_t)value;
}

// number = number * factor + summand. What would not fit is left out; callers bound their numbers.
static void multiply(struct natural *number, uint32_t factor, uint32_t summand) {
    uint64_t carry = summand;
    for (uint32_t index = 0; index < number->count; index++) {
        carry += (uint64_t)number->limbs[index] * factor;
        number->limbs[index] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry != 0 && number->count < LIMBS) number->limbs[number->count++] = (uint32_t)carry;
}

static void multiply_power(struct natural *number, uint32_t base, unsigned exponent) {
    for (; exponent > 0; exponent--) multiply(number, base, 0);
}

static void shift(struct natural *number, unsigned bits) {
    for (; bits >= 31; bits -= 31) multiply(number, UINT32_C(1) << 31, 0);
    multiply(number, UINT32_C(1) << bits, 0);
}

// The remainder; the quotient takes the number's place.
static uint32_t divide(struct natural *number, uint32_t divisor) {
    uint64_t rest = 0;
    for (uint32_t index = number->count; index-- > 0;) {
        rest = rest << 32 | number->limbs[index];
        number->limbs[index] = (uint32_t)(rest / divisor);
        rest %= divisor;
    }
    while (number->count > 0 && number->limbs[number->count - 1] == 0) number->count--;
    return (uint32_t)rest;
}

static int compare(const struct natural *a, const struct natural *b) {
    if (a->count != b->count) return a->count < b->count ? -1 : 1;
    for (uint32_t index = a->count; index-- > 0;) {
        if (a->limbs[index] != b->limbs[index]) return a->limbs[index] < b->limbs[index] ? -1 : 1;
    }
    return 0;
}

// Decimal numbers ------------------------------------------------------------------------------

// More digits than these never decide between two numbers; of the others only counts whether there
// is one that is not zero.
enum { DIGITS = 800 };

// digits * 10^exponent
struct decimal {
    unsigned count;
    bool has_more;  // digits behind the last one that are not all zero
    long exponent;
    uint8_t digits[DIGITS];
};

// mantissa * 2^exponent
struct binary {
    uint64_t mantissa;
    int exponent;
};

static int bias(struct float_format format) { return (1 << (format.exponent_bits - 1)) - 1; }

static uint64_t infinity(struct float_format format) {
    return ((UINT64_C(1) << format.exponent_bits) - 1) << format.mantissa_bits;
}

// A finite number without its sign; the pattern of infinity is what would come next.
static struct binary binary_of(struct float_format format, uint64_t bits) {
    uint64_t hidden = UINT64_C(1) << format.mantissa_bits;
    int exponent = (int)(bits >> format.mantissa_bits);
    struct binary value = {bits & (hidden - 1), 1 - bias(format) - (int)format.mantissa_bits};
    if (exponent > 0) {
        value.mantissa |= hidden;
        value.exponent += exponent - 1;
    }
    return value;
}

// -1, 0 or 1 as the decimal number is smaller than, equal to or larger than the binary one.
static int compare_values(const struct decimal *decimal, struct binary binary) {
    struct natural left, right;
    set(&left, 0);
    for (unsigned index = 0; index < decimal->count; index++) {
        multiply(&left, 10, decimal->digits[index]);
    }
    set(&right, binary.mantissa);
    multiply_power(decimal->exponent > 0 ? &left : &right, 10,
                   (unsigned)(decimal->exponent > 0 ? decimal->exponent : -decimal->exponent));
    if (binary.exponent > 0) shift(&right, (unsigned)binary.exponent);
    if (binary.exponent < 0) shift(&left, (unsigned)-binary.exponent);
    int order = compare(&left, &right);
    return order == 0 && decimal->has_more ? 1 : order;
}

// The pattern of the nearest number.
static uint64_t nearest(struct float_format format, const struct decimal *decimal) {
    // Far beyond both ends, where the integers would get too large.
    enum { LARGEST = 400, SMALLEST = -400 };
    if (decimal->count == 0) return 0;
    if (decimal->exponent + (long)decimal->count > LARGEST) return infinity(format);
    if (decimal->exponent + (long)decimal->count < SMALLEST) return 0;
    // The largest number that is not above it.
    uint64_t low = 0, high = infinity(format);
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (compare_values(decimal, binary_of(format, middle)) >= 0) {
            low = middle;
        } else {
            high = middle;
        }
    }
    struct binary half = binary_of(format, low);
    half.mantissa = 2 * half.mantissa + 1;
    half.exponent--;
    int order = compare_values(decimal, half);
    return order > 0 || (order == 0 && (low & 1) != 0) ? low + 1 : low;
}

// Reading --------------------------------------------------------------------------------------

static bool is_digit(char character) { return character >= '0' && character <= '9'; }

static bool is_word(const char *text, const char *word) {
    for (; *word != 0; text++, word++) {
        if ((*text | 0x20) != *word) return false;
    }
    return *text == 0;
}

static void add_digit(struct decimal *decimal, char digit, bool is_fraction) {
    bool is_kept = decimal->count < DIGITS;
    if (is_kept && (decimal->count > 0 || digit != '0')) {
        decimal->digits[decimal->count++] = (uint8_t)(digit - '0');
    }
    if (!is_kept && digit != '0') decimal->has_more = true;
    if (is_kept && is_fraction) decimal->exponent--;
    if (!is_kept && !is_fraction) decimal->exponent++;
}

// Reads an exponent behind its letter, up to a size beyond which there are only zero and infinity.
static bool read_exponent(const char *text, long *exponent) {
    enum { LARGEST = 1000000000 };
    bool is_negative = *text == '-';
    if (*text == '-' || *text == '+') text++;
    if (!is_digit(*text)) return false;
    long value = 0;
    for (; is_digit(*text); text++) {
        if (value < LARGEST) value = 10 * value + (*text - '0');
    }
    *exponent += is_negative ? -value : value;
    return *text == 0;
}

bool float_read(struct float_format format, const char *text, uint64_t *bits) {
    uint64_t sign = 0;
    if (*text == '-' || *text == '+') {
        if (*text == '-') sign = UINT64_C(1) << (format.mantissa_bits + format.exponent_bits);
        text++;
    }
    if (is_word(text, "inf") || is_word(text, "infinity") || is_word(text, "nan")) {
        uint64_t quiet = UINT64_C(1) << (format.mantissa_bits - 1);
        *bits = sign | infinity(format) | ((*text | 0x20) == 'n' ? quiet : 0);
        return true;
    }
    static struct decimal decimal;
    decimal.count = 0;
    decimal.has_more = false;
    decimal.exponent = 0;
    bool has_digits = false;
    for (; is_digit(*text); text++, has_digits = true) add_digit(&decimal, *text, false);
    if (*text == '.') {
        for (text++; is_digit(*text); text++, has_digits = true) add_digit(&decimal, *text, true);
    }
    if (!has_digits) return false;
    if ((*text | 0x20) == 'e') {
        if (!read_exponent(text + 1, &decimal.exponent)) return false;
    } else if (*text != 0) {
        return false;
    }
    *bits = sign | nearest(format, &decimal);
    return true;
}

// Writing --------------------------------------------------------------------------------------

// The number with all its digits.
static void expand(struct decimal *decimal, struct binary binary) {
    struct natural number;
    set(&number, binary.mantissa);
    if (binary.exponent > 0) shift(&number, (unsigned)binary.exponent);
    // m / 2^n = m * 5^n / 10^n
    if (binary.exponent < 0) multiply_power(&number, 5, (unsigned)-binary.exponent);
    decimal->exponent = binary.exponent < 0 ? binary.exponent : 0;
    decimal->has_more = false;
    decimal->count = 0;
    while (number.count > 0 && decimal->count < DIGITS) {
        decimal->digits[decimal->count++] = (uint8_t)divide(&number, 10);
    }
    for (unsigned index = 0; index < decimal->count / 2; index++) {
        uint8_t digit = decimal->digits[index];
        decimal->digits[index] = decimal->digits[decimal->count - 1 - index];
        decimal->digits[decimal->count - 1 - index] = digit;
    }
}

// The first digits of a number, or the next larger number of as many digits.
static void cut(struct decimal *decimal, unsigned count, bool is_up) {
    decimal->exponent += (long)(decimal->count - count);
    decimal->count = count;
    if (!is_up) return;
    unsigned index = count;
    while (index > 0 && decimal->digits[index - 1] == 9) decimal->digits[--index] = 0;
    if (index > 0) {
        decimal->digits[index - 1]++;
    } else {
        decimal->digits[0] = 1;  // and zeros behind it
        decimal->exponent++;
    }
}

// Whether what is cut off is more than half of the last digit that is left.
static bool is_above_half(const struct decimal *decimal, unsigned count) {
    if (decimal->digits[count] != 5) return decimal->digits[count] > 5;
    for (unsigned index = count + 1; index < decimal->count; index++) {
        if (decimal->digits[index] != 0) return true;
    }
    return false;
}

// The fewest digits that are read as the number; of several such the nearest.
static void shorten(struct float_format format, uint64_t bits, struct decimal *decimal) {
    static struct decimal exact, candidate;
    exact = *decimal;
    for (unsigned count = 1; count < exact.count; count++) {
        bool is_up = is_above_half(&exact, count);
        for (int attempt = 0; attempt < 2; attempt++, is_up = !is_up) {
            candidate = exact;
            cut(&candidate, count, is_up);
            if (nearest(format, &candidate) != bits) continue;
            *decimal = candidate;
            return;
        }
    }
}

static char *write_digits(char *text, const struct decimal *decimal) {
    long point = (long)decimal->count + decimal->exponent;  // digits in front of it
    if (point <= 0) *text++ = '0';
    for (long index = 0; index < point; index++) {
        *text++ = (char)('0' + (index < (long)decimal->count ? decimal->digits[index] : 0));
    }
    if (point >= (long)decimal->count) return text;
    *text++ = '.';
    for (long zeros = point; zeros < 0; zeros++) *text++ = '0';
    for (long index = point > 0 ? point : 0; index < (long)decimal->count; index++) {
        *text++ = (char)('0' + decimal->digits[index]);
    }
    return text;
}

void float_write(struct float_format format, uint64_t bits, char text[FLOAT_TEXT_SIZE]) {
    uint64_t sign = UINT64_C(1) << (format.mantissa_bits + format.exponent_bits);
    uint64_t magnitude = bits & (sign - 1);
    if (magnitude > infinity(format)) {
        memcpy(text, "NaN", sizeof "NaN");
        return;
    }
    if ((bits & sign) != 0) *text++ = '-';
    if (magnitude == infinity(format)) {
        memcpy(text, "inf", sizeof "inf");
        return;
    }
    static struct decimal decimal;
    expand(&decimal, binary_of(format, magnitude));
    if (decimal.count > 0) shorten(format, magnitude, &decimal);
    while (decimal.count > 0 && decimal.digits[decimal.count - 1] == 0) {
        decimal.count--;
        decimal.exponent++;
    }
    if (decimal.count == 0) decimal.exponent = 0;
    *write_digits(text, &decimal) = 0;
}
