// Reading grants; grants.h has the grammar.
#include "grants.h"

#include <string.h>

#include "core/message.h"
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
                smelt_fail("SMELT_GRANTS ends in a backslash");
            }
            *output++ = *input++;
        }
        bool is_last = *input == 0;
        input += !is_last;
        *output++ = 0;
        if (is_last) return output;
    }
}

char *grants_of_environment(char **environment) {
    for (; environment != NULL && *environment != NULL; environment++) {
        if (strncmp(*environment, variable_name, sizeof variable_name - 1) == 0) {
            return *environment + sizeof variable_name - 1;
        }
    }
    return NULL;
}

static void split_variable(struct host_state *state) {
    static char nothing[1];
    char *value = grants_of_environment(state->host_environment);
    state->variable_grants = value == NULL ? nothing : value;
    state->variable_grants_end = value == NULL ? nothing : split(value);
}

void grants_begin(struct grant_cursor *cursor, struct host_state *state) {
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
               word);
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

static bool ends_in(const char *begin, const char *end, const char *suffix) {
    size_t length = strlen(suffix);
    return (size_t)(end - begin) >= length && memcmp(end - length, suffix, length) == 0;
}

// The first "::", or null. (strstr would be a kilobyte in every program.)
static const char *find_separator(const char *text) {
    for (; *text != 0; text++) {
        if (text[0] == ':' && text[1] == ':') return text;
    }
    return NULL;
}

static void read_directory(struct grant_cursor *cursor, struct grant *grant) {
    const char *separator = find_separator(grant->text);
    const char *end = strchr(grant->text, 0);
    grant->guest_name = separator == NULL ? grant->text : separator + 2;
    grant->is_read_only = ends_in(grant->guest_name, end, ":ro");
    if (grant->is_read_only || ends_in(grant->guest_name, end, ":rw")) end -= strlen(":ro");
    grant->guest_length = (size_t)(end - grant->guest_name);
    grant->host_length = (size_t)((separator == NULL ? end : separator) - grant->text);
    if (grant->host_length == 0 || grant->guest_length == 0) {
        malformed(cursor, "--dir takes HOST[::GUEST][:ro], not", grant->text);
    }
}

static void read_size(struct grant_cursor *cursor, struct grant *grant) {
    static const char units[] = "KMG";
    const char *position = grant->text;
    uint64_t size = 0;
    bool is_number = *position >= '0' && *position <= '9';
    for (; *position >= '0' && *position <= '9'; position++) {
        is_number = is_number && !__builtin_mul_overflow(size, 10, &size) &&
                    !__builtin_add_overflow(size, (uint64_t)(*position - '0'), &size);
    }
    const char *unit = *position == 0 ? NULL : strchr(units, *position);
    if (unit != NULL) {
        unsigned shift = 10 * (unsigned)(unit - units + 1);
        is_number = is_number && size <= UINT64_MAX >> shift;
        size <<= shift;
        position++;
    }
    if (!is_number || *position != 0) {
        malformed(cursor, "a size is a number of bytes, or one with K, M or G behind it, not",
                  grant->text);
    }
    grant->size = size;
}

// Those that have a value, in the order of enum grant_kind.
static const char option_names[] =
    "--dir\0"
    "--env\0"
    "--inherit-env\0"
    "--listen\0"
    "--connect\0"
    "--gc-heap\0"
    "--max-memory\0"
    "--stack-size\0"
    "--try-call\0";

static void check(struct grant_cursor *cursor, struct grant *grant) {
    switch (grant->kind) {
    case GRANT_DIRECTORY: read_directory(cursor, grant); break;
    case GRANT_VARIABLE:
        if (grant->text[0] == '=' || strchr(grant->text, '=') == NULL) {
            malformed(cursor, "--env takes NAME=VALUE, not", grant->text);
        }
        break;
    case GRANT_INHERIT_VARIABLE:
        if (grant->text[0] == 0 || strchr(grant->text, '=') != NULL) {
            malformed(cursor, "--inherit-env takes the name of a variable, not", grant->text);
        }
        break;
    case GRANT_GC_HEAP:
    case GRANT_MAX_MEMORY:
    case GRANT_STACK_SIZE:
    case GRANT_TRY_CALL: read_size(cursor, grant); break;
    case GRANT_INHERIT_ALL:
    case GRANT_LISTEN:
    case GRANT_CONNECT:
    case GRANT_NO_LOCKDOWN: break;
    }
}

bool grants_next(struct grant_cursor *cursor, struct grant *grant) {
    const char *word = next_word(cursor);
    if (word == NULL) return false;
    memset(grant, 0, sizeof *grant);
    grant->text = word;
    grant->kind = GRANT_NO_LOCKDOWN;
    if (strcmp(word, "--no-lockdown") == 0) return true;
    grant->kind = GRANT_INHERIT_ALL;
    if (strcmp(word, "--inherit-env") == 0) return true;
    const char *name = option_names;
    for (grant->kind = GRANT_DIRECTORY; !is_option(word, name); grant->kind++) {
        name += strlen(name) + 1;
        if (*name == 0) {
            malformed(cursor,
                      "not a grant (--dir, --env, --inherit-env, --listen, --connect, "
                      "--gc-heap, --max-memory, --stack-size or --no-lockdown)",
                      word);
        }
    }
    grant->text = argument_of(cursor, word, name);
    check(cursor, grant);
    return true;
}
