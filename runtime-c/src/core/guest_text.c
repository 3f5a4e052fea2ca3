// Text of the guest in messages, and of grants.
#include "guest_text.h"

#include <stdbool.h>

// The first code points and the last of what a terminal may act on, or not show: control characters
// (C0 with DEL, C1), directions of writing, separators of lines, surrogates, private use, tags, what
// is Default_Ignorable_Code_Point in Unicode (the soft hyphen, what has no width, fillers, selectors
// of variants), and the blank of Braille.
static const struct {
    uint32_t first, last;
} hidden[] = {
    {0x00, 0x1f},       {0x7f, 0x9f},       {0xad, 0xad},        {0x34f, 0x34f},
    {0x61c, 0x61c},     {0x115f, 0x1160},   {0x17b4, 0x17b5},    {0x180b, 0x180f},
    {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},    {0x2800, 0x2800},
    {0x3164, 0x3164},   {0xd800, 0xf8ff},   {0xfe00, 0xfe0f},    {0xfeff, 0xfeff},
    {0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0xfffe, 0xffff},    {0x1bca0, 0x1bca3},
    {0x1d173, 0x1d17a}, {0xe0000, 0x10ffff},
};

static bool is_hidden(uint32_t character) {
    for (size_t index = 0; index < sizeof hidden / sizeof hidden[0]; index++) {
        if (character >= hidden[index].first && character <= hidden[index].last) return true;
    }
    return false;
}

// Reads one character and returns its length; 0 if the bytes are not UTF-8 in its only form.
static size_t read_character(const uint8_t *bytes, uint32_t *character) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    *character = bytes[0];
    if (bytes[0] < 0x80) return 1;
    size_t length = bytes[0] >= 0xf0 ? 4 : bytes[0] >= 0xe0 ? 3 : 2;
    if (bytes[0] < 0xc0 || bytes[0] >= 0xf8) return 0;
    *character &= 0x7fu >> length;
    for (size_t index = 1; index < length; index++) {
        if ((bytes[index] & 0xc0) != 0x80) return 0;  // the end of the text, too
        *character = *character << 6 | (bytes[index] & 0x3f);
    }
    return *character >= least[length] && *character <= 0x10ffff ? length : 0;
}

static void escape(struct smelt_message *message, const char *prefix, uint32_t value) {
    smelt_message_text(message, prefix);
    char digits[8];
    size_t position = sizeof digits;
    do {
        digits[--position] = "0123456789abcdef"[value & 15];
        value >>= 4;
    } while (value != 0 || sizeof digits - position < 2);
    smelt_message_bytes(message, digits + position, sizeof digits - position);
}

void smelt_message_guest_text(struct smelt_message *message, const char *text) {
    while (text != NULL && *text != 0) {
        uint32_t character;
        size_t length = read_character((const uint8_t *)text, &character);
        if (length == 0) {
            escape(message, "\\x", (uint8_t)*text++);
            continue;
        }
        if (is_hidden(character)) {
            escape(message, "\\u{", character);
            smelt_message_bytes(message, "}", 1);
        } else {
            smelt_message_bytes(message, text, length);
        }
        text += length;
    }
}
