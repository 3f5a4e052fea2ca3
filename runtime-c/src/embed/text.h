// Texts of errors, made with the functions of message.h and kept instead of written.
#ifndef SMELT_EMBED_TEXT_H
#define SMELT_EMBED_TEXT_H

#include "core/message.h"
#include "smelt/smelt.h"

// A message on its way into an error. All messages in a library are of this kind.
struct embed_text {
    struct smelt_message message;  // the first member: what flushes a message finds the rest
    struct smelt_error *error;
    size_t length;                 // of the text in it
};

// Begins a text that replaces the error's. It is complete after smelt_message_flush.
void embed_text_begin(struct embed_text *text, struct smelt_error *error);

#endif
