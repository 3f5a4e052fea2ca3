// JSON: text becomes a tree of values, and the tree becomes text again.
#include "benchmark.h"

enum kind { NULL_VALUE, FALSE_VALUE, TRUE_VALUE, NUMBER, STRING, ARRAY, OBJECT };

struct value {
    enum kind kind;
    int64_t number;             // Of numbers; the program has integers only.
    char *text;                 // Of strings.
    char *name;                 // Of members of objects.
    struct value *first, *next; // Children of arrays and objects, and siblings.
};

static const char *input;

static void skip_blanks(void) {
    while (*input == ' ' || *input == '\n' || *input == '\t' || *input == '\r') input++;
}

static void fail(const char *why) {
    printf("%s at %.20s\n", why, input);
    exit(1);
}

static char *parse_text(void) {
    const char *end = ++input;
    while (*end != '"') end += *end == '\\' ? 2 : 1;
    char *text = allocate((size_t)(end - input) + 1), *out = text;
    while (input < end) {
        if (*input != '\\') {
            *out++ = *input++;
            continue;
        }
        *out++ = input[1] == 'n' ? '\n' : input[1] == 't' ? '\t' : input[1];
        input += 2;
    }
    *out = 0;
    input = end + 1;
    return text;
}

static struct value *parse(void);

static void parse_children(struct value *parent, char closing) {
    struct value **link = &parent->first;
    input++;
    for (skip_blanks(); *input != closing; skip_blanks()) {
        char *name = NULL;
        if (closing == '}') {
            name = parse_text();
            skip_blanks();
            if (*input++ != ':') fail("no colon");
        }
        struct value *child = parse();
        child->name = name;
        *link = child;
        link = &child->next;
        skip_blanks();
        if (*input == ',') input++;
        else if (*input != closing) fail("no comma");
    }
    input++;
}

static struct value *parse(void) {
    struct value *value = calloc(1, sizeof *value);
    skip_blanks();
    if (*input == '{' || *input == '[') {
        value->kind = *input == '{' ? OBJECT : ARRAY;
        parse_children(value, *input == '{' ? '}' : ']');
    } else if (*input == '"') {
        value->kind = STRING;
        value->text = parse_text();
    } else if (strncmp(input, "null", 4) == 0) {
        input += 4;
    } else if (strncmp(input, "true", 4) == 0) {
        value->kind = TRUE_VALUE;
        input += 4;
    } else if (strncmp(input, "false", 5) == 0) {
        value->kind = FALSE_VALUE;
        input += 5;
    } else {
        int negative = *input == '-';
        value->kind = NUMBER;
        if (negative) input++;
        if (*input < '0' || *input > '9') fail("no value");
        while (*input >= '0' && *input <= '9') value->number = value->number * 10 + (*input++ - '0');
        if (negative) value->number = -value->number;
    }
    return value;
}

static char *print_text(char *out, const char *text) {
    *out++ = '"';
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') *out++ = '\\', *out++ = *text;
        else if (*text == '\n') *out++ = '\\', *out++ = 'n';
        else if (*text == '\t') *out++ = '\\', *out++ = 't';
        else *out++ = *text;
    }
    *out++ = '"';
    return out;
}

static char *print_number(char *out, int64_t number) {
    char digits[24], *digit = digits;
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
    if (number < 0) *out++ = '-';
    do *digit++ = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    while (digit > digits) *out++ = *--digit;
    return out;
}

static char *print(char *out, const struct value *value) {
    static const char *const words[] = {"null", "false", "true"};
    if (value->name != NULL) {
        out = print_text(out, value->name);
        *out++ = ':';
    }
    if (value->kind <= TRUE_VALUE) {
        size_t size = strlen(words[value->kind]);
        memcpy(out, words[value->kind], size);
        return out + size;
    }
    if (value->kind == NUMBER) return print_number(out, value->number);
    if (value->kind == STRING) return print_text(out, value->text);
    *out++ = value->kind == ARRAY ? '[' : '{';
    for (const struct value *child = value->first; child != NULL; child = child->next) {
        out = print(out, child);
        if (child->next != NULL) *out++ = ',';
    }
    *out++ = value->kind == ARRAY ? ']' : '}';
    return out;
}

static void release(struct value *value) {
    while (value != NULL) {
        struct value *next = value->next;
        release(value->first);
        free(value->text);
        free(value->name);
        free(value);
        value = next;
    }
}

static char *make_document(char *out, uint32_t *state, int depth) {
    uint32_t r = next_random(state), count = 3 + r % 6;
    static const char *const names[] = {"id", "customer", "shipping address", "tags", "total \\\"net\\\""};
    if (depth == 0 || r % 11 == 0) {
        switch (r >> 8 & 3) {
        case 0: return out + sprintf(out, "%d", (int)(r >> 4) - 50000000);
        case 1: return out + sprintf(out, "\"line %u\\nof some text, \\\"quoted\\\"\"", r);
        case 2: return out + sprintf(out, "%s", r & 4096 ? "true" : "null");
        default: return out + sprintf(out, "\"%x\"", r);
        }
    }
    int object = r >> 16 & 1;
    *out++ = object ? '{' : '[';
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0) *out++ = ',', *out++ = ' ';
        if (object) out += sprintf(out, "\"%s\": ", names[(r + i) % 5]);
        out = make_document(out, state, depth - 1);
    }
    *out++ = object ? '}' : ']';
    *out = 0;
    return out;
}

int main(int argc, char **argv) {
    int rounds = size_for(argc, argv, 2, 20, 100);
    char *text = allocate(16 << 20), *printed = allocate(16 << 20), *end = text;
    uint32_t state = 47;
    uint64_t sum = 0;
    *end++ = '[';
    for (int i = 0; i < 24; i++) {
        end = make_document(end, &state, 5);
        *end++ = i == 23 ? ']' : ',';
    }
    *end = 0;
    for (int round = 0; round < rounds; round++) {
        input = text;
        struct value *value = parse();
        size_t size = (size_t)(print(printed, value) - printed);
        sum = mix(sum, size);
        for (size_t i = (size_t)round; i < size; i += 64) sum = mix(sum, (uint8_t)printed[i]);
        release(value);
    }
    print_checksum(sum);
    return 0;
}
