// Reading grants; grants.h has the grammar.
#include "grants.h"

#include <string.h>

#include "../message.h"
#include "state.h"

static const char variable_name[] = "SMELT_GRANTS=";

static bool is_blank(char character) {
    return character == ' ' || character == '\t' || character == '\n';
}

// Splits `text` at blanks into zero-terminated words, in place, and returns their end: a word
// with its terminator is never longer than it was with the blank behind it.
static char *split(char *text) {
    const char *input = text;
    char *output = text;
    while (true) {
        while (is_blank(*input)) input++;
        if (*input == 0) return output;
        while (*input != 0 && !is_blank(*input)) {
            if (*input == '\\' && *++input == 0) {
                smelt_fail("SMELT_GRANTS ends in a backslash", (char *)NULL);
            }
            *output++ = *input++;
        }
        bool is_last = *input == 0;
        input += !is_last;
        *output++ = 0;
        if (is_last) return output;
    }
}

static void split_variable(struct wasi_state *state) {
    static char nothing[1];
    state->variable_grants = state->variable_grants_end = nothing;
    for (char **entry = state->host_environment; entry != NULL && *entry != NULL; entry++) {
        if (strncmp(*entry, variable_name, sizeof variable_name - 1) != 0) continue;
        state->variable_grants = *entry + sizeof variable_name - 1;
        state->variable_grants_end = split(state->variable_grants);
        return;
    }
}

void grants_begin(struct grant_cursor *cursor, struct wasi_state *state) {
    if (state->variable_grants == NULL) split_variable(state);
    const char *end = state->grants;
    while (end != NULL && *end != 0) end += strlen(end) + 1;
    cursor->state = state;
    cursor->position = state->grants;
    cursor->end = end;
    cursor->is_in_variable = false;
}

static _Noreturn void malformed(const struct grant_cursor *cursor, const char *what,
                                const char *word) {
    smelt_fail(cursor->is_in_variable ? "SMELT_GRANTS: " : "grants of this program: ", what, ": ",
               word, (char *)NULL);
}

// The next word; null at the end of all.
static const char *next_word(struct grant_cursor *cursor) {
    if (cursor->position == cursor->end && !cursor->is_in_variable) {
        cursor->is_in_variable = true;
        cursor->position = cursor->state->variable_grants;
        cursor->end = cursor->state->variable_grants_end;
    }
    if (cursor->position == cursor->end) return NULL;
    const char *word = cursor->position;
    cursor->position += strlen(word) + 1;
    return word;
}

// The argument of an option: behind its "=" or, if it may be, the next word of the same list.
static const char *argument_of(struct grant_cursor *cursor, const char *word, const char *option) {
    size_t length = strlen(option);
    if (word[length] == '=') return word + length + 1;
    if (cursor->position == cursor->end) malformed(cursor, "something must follow", word);
    return next_word(cursor);
}

// Whether `word` is the option, by itself or with "=" behind it.
static bool is_option(const char *word, const char *option) {
    size_t length = strlen(option);
    return strncmp(word, option, length) == 0 && (word[length] == 0 || word[length] == '=');
}

static void read_directory(struct grant_cursor *cursor, struct grant *grant) {
    const char *separator = strstr(grant->text, "::");
    const char *host_end = separator == NULL ? strchr(grant->text, 0) : separator;
    grant->host_length = (size_t)(host_end - grant->text);
    grant->guest_name = separator == NULL ? grant->text : separator + 2;
    if (grant->host_length == 0 || grant->guest_name[0] == 0) {
        malformed(cursor, "--dir takes HOST or HOST::GUEST, not", grant->text);
    }
}

bool grants_next(struct grant_cursor *cursor, struct grant *grant) {
    const char *word = next_word(cursor);
    if (word == NULL) return false;
    if (is_option(word, "--dir")) {
        grant->kind = GRANT_DIRECTORY;
        grant->text = argument_of(cursor, word, "--dir");
        read_directory(cursor, grant);
    } else if (is_option(word, "--env")) {
        grant->kind = GRANT_VARIABLE;
        grant->text = argument_of(cursor, word, "--env");
        if (grant->text[0] == '=' || strchr(grant->text, '=') == NULL) {
            malformed(cursor, "--env takes NAME=VALUE, not", grant->text);
        }
    } else if (strcmp(word, "--inherit-env") == 0) {
        grant->kind = GRANT_INHERIT_ALL;
        grant->text = word;
    } else if (is_option(word, "--inherit-env")) {
        grant->kind = GRANT_INHERIT_VARIABLE;
        grant->text = argument_of(cursor, word, "--inherit-env");
        if (grant->text[0] == 0 || strchr(grant->text, '=') != NULL) {
            malformed(cursor, "--inherit-env takes the name of a variable, not", grant->text);
        }
    } else {
        malformed(cursor, "not a grant (--dir, --env or --inherit-env)", word);
    }
    return true;
}
