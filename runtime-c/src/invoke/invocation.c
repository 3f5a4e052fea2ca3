// Calls that the command line asks for (--invoke): words become arguments by the types of the function,
// and results become lines. What a program without such calls contains is none of this.
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "decimal.h"
#include "core/guest_text.h"
#include "core/message.h"
#include "smelt/abi.h"
#include "wasi_p1/state.h"

// Words ----------------------------------------------------------------------------------------

// The value of a digit of hexadecimal numbers; 16 for what is none.
static unsigned digit_value(char character) {
    if (character >= '0' && character <= '9') return (unsigned)(character - '0');
    char letter = (char)(character | 0x20);
    return letter >= 'a' && letter <= 'f' ? (unsigned)(letter - 'a') + 10 : 16;
}

// A number of 128 bits, little-endian.
enum { WIDE_WORDS = 4 };

// number = number * base + digit; false if that has more bits.
static bool append_digit(uint32_t number[WIDE_WORDS], unsigned base, unsigned digit) {
    uint64_t carry = digit;
    for (unsigned index = 0; index < WIDE_WORDS; index++) {
        carry += (uint64_t)number[index] * base;
        number[index] = (uint32_t)carry;
        carry >>= 32;
    }
    return carry == 0;
}

// Digits of base ten, or of base sixteen behind 0x, that are a number of so many bits.
static bool read_unsigned(const char *text, unsigned bits, uint32_t number[WIDE_WORDS]) {
    unsigned base = 10;
    if (text[0] == '0' && (text[1] | 0x20) == 'x') {
        base = 16;
        text += 2;
    }
    if (*text == 0) return false;
    memset(number, 0, WIDE_WORDS * sizeof *number);
    for (; *text != 0; text++) {
        unsigned digit = digit_value(*text);
        if (digit >= base || !append_digit(number, base, digit)) return false;
    }
    for (unsigned index = bits / 32; index < WIDE_WORDS; index++) {
        if (number[index] != 0) return false;
    }
    return true;
}

// The same with a sign; what is negative has to fit with its sign.
static bool read_integer(const char *text, unsigned bits, uint64_t *value) {
    bool is_negative = *text == '-';
    if (*text == '-' || *text == '+') text++;
    uint32_t number[WIDE_WORDS];
    if (!read_unsigned(text, bits, number)) return false;
    uint64_t magnitude = (uint64_t)number[1] << 32 | number[0];
    if (is_negative && magnitude > UINT64_C(1) << (bits - 1)) return false;
    *value = is_negative ? 0 - magnitude : magnitude;
    return true;
}

static bool read_value(const char *text, char type, union smelt_value *value) {
    uint64_t number = 0;
    bool is_right = false;
    switch (type) {
    case 'i':
        is_right = read_integer(text, 32, &number);
        value->i32 = (uint32_t)number;
        break;
    case 'I': return read_integer(text, 64, &value->i64);
    case 'f':
        is_right = float_read(float_format_32, text, &number);
        value->f32 = (uint32_t)number;
        break;
    case 'F': return float_read(float_format_64, text, &value->f64);
    case 'v': {
        uint32_t wide[WIDE_WORDS];
        is_right = read_unsigned(text, 128, wide);
        if (is_right) memcpy(value->v128, wide, sizeof wide);
        break;
    }
    default: break;
    }
    return is_right;
}

static const char *type_name(char type) {
    switch (type) {
    case 'i': return "i32";
    case 'I': return "i64";
    case 'f': return "f32";
    case 'F': return "f64";
    default: return "v128";
    }
}

// Says what the program is called with: each function with the types of its parameters.
static _Noreturn void fail_usage(const struct smelt_invocation *invocations, uint64_t count) {
    struct smelt_message message;
    message.length = 0;
    smelt_message_text(&message, "error: too few arguments; the program calls");
    for (uint64_t index = 0; index < count; index++) {
        smelt_message_text(&message, index == 0 ? " " : ", then ");
        smelt_message_guest_text(&message, invocations[index].name);
        for (const char *type = invocations[index].signature; *type != ':'; type++) {
            smelt_message_text(&message, " <");
            smelt_message_text(&message, type_name(*type));
            smelt_message_text(&message, ">");
        }
    }
    smelt_message_text(&message, "\n");
    smelt_message_flush(&message);
    _exit(1);
}

static _Noreturn void fail_value(const char *word, char type, const char *name) {
    struct smelt_message message;
    message.length = 0;
    smelt_message_text(&message, "error: '");
    smelt_message_guest_text(&message, word);
    smelt_message_text(&message, "' is no ");
    smelt_message_text(&message, type_name(type));
    smelt_message_text(&message, ", which ");
    smelt_message_guest_text(&message, name);
    smelt_message_text(&message, " takes\n");
    smelt_message_flush(&message);
    _exit(1);
}

void smelt_invocations_read(const struct smelt_invocation *invocations, uint64_t count) {
    const struct wasi_state *state = wasi_state_of(&smelt_context);
    uint32_t position = 1;
    for (uint64_t index = 0; index < count; index++) {
        const struct smelt_invocation *invocation = &invocations[index];
        union smelt_value *value = invocation->values;
        for (const char *type = invocation->signature; *type != ':'; type++, value++) {
            // What is left over is the guest's own.
            if (position >= state->host.argument_count) fail_usage(invocations, count);
            const char *word = state->host.arguments[position++];
            if (!read_value(word, *type, value)) fail_value(word, *type, invocation->name);
        }
    }
}

// Results --------------------------------------------------------------------------------------

// Divides by ten; the remainder.
static unsigned remove_digit(uint32_t number[WIDE_WORDS]) {
    uint64_t rest = 0;
    for (unsigned index = WIDE_WORDS; index-- > 0;) {
        rest = rest << 32 | number[index];
        number[index] = (uint32_t)(rest / 10);
        rest %= 10;
    }
    return (unsigned)rest;
}

static void put_wide(struct smelt_message *message, uint32_t number[WIDE_WORDS]) {
    char digits[39];  // 2^128 has as many
    size_t position = sizeof digits;
    do {
        digits[--position] = (char)('0' + remove_digit(number));
    } while ((number[0] | number[1] | number[2] | number[3]) != 0);
    smelt_message_bytes(message, digits + position, sizeof digits - position);
}

static void put_signed(struct smelt_message *message, int64_t value) {
    if (value < 0) smelt_message_text(message, "-");
    smelt_message_decimal(message, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

static void put_reference(struct smelt_message *message, const void *reference, const char *name) {
    smelt_message_text(message, reference == NULL ? "<null " : "<");
    smelt_message_text(message, name);
    smelt_message_text(message, ">");
}

static void put_value(struct smelt_message *message, char type, const union smelt_value *value) {
    char text[FLOAT_TEXT_SIZE];
    uint32_t wide[WIDE_WORDS];
    switch (type) {
    case 'i': put_signed(message, (int32_t)value->i32); break;
    case 'I': put_signed(message, (int64_t)value->i64); break;
    case 'f':
        float_write(float_format_32, value->f32, text);
        smelt_message_text(message, text);
        break;
    case 'F':
        float_write(float_format_64, value->f64, text);
        smelt_message_text(message, text);
        break;
    case 'v':
        memcpy(wide, value->v128, sizeof wide);
        put_wide(message, wide);
        break;
    case 'e': put_reference(message, value->reference, "externref"); break;
    case 'u': put_reference(message, value->reference, "funcref"); break;
    case 'a': put_reference(message, value->reference, "anyref"); break;
    default: put_reference(message, value->reference, "exnref"); break;
    }
}

static void write_all(const char *text, size_t length) {
    while (length > 0) {
        ssize_t written = write(STDOUT_FILENO, text, length);
        if (written <= 0) smelt_fail("cannot write the results to standard output");
        text += written;
        length -= (size_t)written;
    }
}

void smelt_invocation_print(const struct smelt_invocation *invocation) {
    const union smelt_value *value = invocation->values;
    for (const char *type = strchr(invocation->signature, ':') + 1; *type != 0; type++, value++) {
        struct smelt_message line;
        line.length = 0;
        put_value(&line, *type, value);
        smelt_message_text(&line, "\n");
        write_all(line.text, line.length);
    }
}
