// Messages on standard error, put together in a fixed buffer and written with one system call.
// printf is not used: it would bring musl's formatter (and on AArch64 compiler-rt's 128-bit
// arithmetic) into every program, and it must not be called from a signal handler.
#ifndef SMELT_MESSAGE_H
#define SMELT_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

// A text being put together. Begin with `length` zero; a text that outgrows the buffer is written
// in several parts.
struct smelt_message {
    size_t length;
    char text[2048];
};

void smelt_message_bytes(struct smelt_message *message, const char *bytes, size_t length);
void smelt_message_text(struct smelt_message *message, const char *text);  // null for nothing
void smelt_message_decimal(struct smelt_message *message, uint64_t value);
void smelt_message_hex(struct smelt_message *message, uint64_t value);  // with 0x in front

// Writes what has been gathered to standard error and empties the buffer.
void smelt_message_flush(struct smelt_message *message);

// Writes "error: " and the texts, ends the line, exits with status 1. Grants are among the texts,
// and may come from who knows where: what cannot be seen is escaped, as it is in names. (With any
// number of texts it would save all the registers that arguments may be in.)
_Noreturn void smelt_fail_texts(const char *a, const char *b, const char *c, const char *d);

// The same with one to four texts.
#define smelt_fail(...) SMELT_FAIL_FOUR(__VA_ARGS__, NULL, NULL, NULL, NULL)
#define SMELT_FAIL_FOUR(a, b, c, d, ...) smelt_fail_texts(a, b, c, d)

#endif
