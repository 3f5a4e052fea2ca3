// Messages of programs: on standard error. What a library has to say is kept (embed/text.c).
#include <unistd.h>

#include "guest_text.h"
#include "message.h"

void smelt_message_flush(struct smelt_message *message) {
    size_t written = 0;
    while (written < message->length) {
        ssize_t result =
            write(STDERR_FILENO, message->text + written, message->length - written);
        if (result <= 0) break;  // there is no reader
        written += (size_t)result;
    }
    message->length = 0;
}

_Noreturn void smelt_fail_texts(const char *a, const char *b, const char *c, const char *d) {
    struct smelt_message message;
    message.length = 0;
    smelt_message_text(&message, "error: ");
    smelt_message_guest_text(&message, a);
    smelt_message_guest_text(&message, b);
    smelt_message_guest_text(&message, c);
    smelt_message_guest_text(&message, d);
    smelt_message_text(&message, "\n");
    smelt_message_flush(&message);
    _exit(1);
}
