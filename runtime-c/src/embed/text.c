// Texts of errors; what is too long is cut.
#include "text.h"

#include <string.h>

void embed_text_begin(struct embed_text *text, struct smelt_error *error) {
    text->message.length = 0;
    text->error = error;
    text->length = 0;
    error->message[0] = 0;
}

void smelt_message_flush(struct smelt_message *message) {
    struct embed_text *text = (struct embed_text *)message;
    size_t room = sizeof text->error->message - 1 - text->length;
    size_t part = message->length < room ? message->length : room;
    memcpy(text->error->message + text->length, message->text, part);
    text->length += part;
    text->error->message[text->length] = 0;
    message->length = 0;
}
