// Names that come from the guest's module, and grants, in messages.
#ifndef SMELT_GUEST_TEXT_H
#define SMELT_GUEST_TEXT_H

#include "message.h"

// Adds a text that the guest chose (null for nothing). What a terminal may act on, or cannot show, is
// escaped, as \u{9b}; bytes that are not UTF-8 are, too, as \x9b.
void smelt_message_guest_text(struct smelt_message *message, const char *text);

#endif
