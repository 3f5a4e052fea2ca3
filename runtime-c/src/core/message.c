// Putting messages together; message.h says why this is not printf.
#include "message.h"

#include <string.h>

void smelt_message_bytes(struct smelt_message *message, const char *bytes, size_t length) {
    while (length > 0) {
        if (message->length == sizeof message->text) smelt_message_flush(message);
        size_t room = sizeof message->text - message->length;
        size_t part = length < room ? length : room;
        memcpy(message->text + message->length, bytes, part);
        message->length += part;
        bytes += part;
        length -= part;
    }
}

void smelt_message_text(struct smelt_message *message, const char *text) {
    if (text != NULL) smelt_message_bytes(message, text, strlen(text));
}

static void number(struct smelt_message *message, uint64_t value, unsigned base) {
    char digits[20];  // 2^64 has 20 decimal digits
    size_t position = sizeof digits;
    do {
        digits[--position] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value != 0);
    smelt_message_bytes(message, digits + position, sizeof digits - position);
}

void smelt_message_decimal(struct smelt_message *message, uint64_t value) {
    number(message, value, 10);
}

void smelt_message_hex(struct smelt_message *message, uint64_t value) {
    smelt_message_text(message, "0x");
    number(message, value, 16);
}
