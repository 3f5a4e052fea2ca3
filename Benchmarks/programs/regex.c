// Regular expressions: a pattern becomes a little program, which a backtracking matcher and one
// that follows all states at once run over the same text.
#include "benchmark.h"

// The program: characters are themselves; what follows them are jumps.
enum { ANY = 256, SPLIT, JUMP, CLASS, MATCH };
struct step { int kind, a, b; uint32_t set[8]; };
static struct step steps[128];
static int step_count;
static const char *pattern;

static void alternatives(void);

static void insert_split(int at) {
    memmove(&steps[at + 1], &steps[at], (size_t)(step_count - at) * sizeof *steps);
    step_count++;
    for (int i = at + 1; i < step_count; i++) {
        if (steps[i].kind != SPLIT && steps[i].kind != JUMP) continue;
        steps[i].a += steps[i].a >= at;
        steps[i].b += steps[i].b >= at;
    }
}

static void character_class(struct step *step) {
    step->kind = CLASS;
    for (pattern++; *pattern != ']'; pattern++) {
        int last = pattern[1] == '-' ? pattern[2] : *pattern;
        for (int c = *pattern; c <= last; c++) step->set[c / 32] |= 1u << c % 32;
        if (pattern[1] == '-') pattern += 2;
    }
    pattern++;
}

static void item(void) {
    int start = step_count;
    if (*pattern == '(') {
        pattern++;
        alternatives();
        pattern++;
    } else if (*pattern == '[') {
        character_class(&steps[step_count++]);
    } else {
        steps[step_count++].kind = *pattern == '.' ? ANY : (uint8_t)*pattern;
        pattern++;
    }
    if (*pattern == '*' || *pattern == '?') {
        insert_split(start);
        if (*pattern == '*') steps[step_count++] = (struct step){JUMP, start, start, {0}};
        steps[start] = (struct step){SPLIT, start + 1, step_count, {0}};
        pattern++;
    } else if (*pattern == '+') {
        steps[step_count] = (struct step){SPLIT, start, step_count + 1, {0}};
        step_count++;
        pattern++;
    }
}

static void alternatives(void) {
    int start = step_count;
    while (*pattern && *pattern != ')' && *pattern != '|') item();
    if (*pattern != '|') return;
    pattern++;
    insert_split(start);
    int jump = step_count++;
    steps[start] = (struct step){SPLIT, start + 1, step_count, {0}};
    alternatives();
    steps[jump] = (struct step){JUMP, step_count, step_count, {0}};
}

static void compile(const char *text) {
    memset(steps, 0, sizeof steps);
    step_count = 0;
    pattern = text;
    alternatives();
    steps[step_count++].kind = MATCH;
}

static int accepts(const struct step *step, uint8_t c) {
    return step->kind < ANY ? step->kind == c
         : step->kind == CLASS ? (int)(step->set[c / 32] >> c % 32 & 1)
         : c != '\n';
}

// Where a match that starts here ends, or NULL: tries the first way, and on failure the second.
static const char *backtrack(const struct step *step, const char *text) {
    for (;;) {
        if (step->kind == MATCH) return text;
        if (step->kind == JUMP) {
            step = &steps[step->a];
        } else if (step->kind == SPLIT) {
            const char *end = backtrack(&steps[step->a], text);
            if (end != NULL) return end;
            step = &steps[step->b];
        } else if (*text && accepts(step, (uint8_t)*text)) {
            step++;
            text++;
        } else {
            return NULL;
        }
    }
}

struct state_list { int count, items[128]; };
static uint32_t marks[128], mark;

static void add_state(struct state_list *list, int state) {
    if (marks[state] == mark) return;
    marks[state] = mark;
    if (steps[state].kind == JUMP) {
        add_state(list, steps[state].a);
    } else if (steps[state].kind == SPLIT) {
        add_state(list, steps[state].a);
        add_state(list, steps[state].b);
    } else {
        list->items[list->count++] = state;
    }
}

// How many places of the text a match ends at, wherever it starts: never goes back.
static uint32_t simulate(const char *text) {
    static struct state_list lists[2];
    struct state_list *now = &lists[0], *then = &lists[1];
    uint32_t ends = 0;
    now->count = 0;
    mark++;
    for (; *text; text++) {
        add_state(now, 0);
        mark++;
        then->count = 0;
        int matched = 0;
        for (int i = 0; i < now->count; i++) {
            const struct step *step = &steps[now->items[i]];
            if (step->kind == MATCH) matched = 1;
            else if (accepts(step, (uint8_t)*text)) add_state(then, now->items[i] + 1);
        }
        ends += (uint32_t)matched;
        struct state_list *other = now;
        now = then;
        then = other;
    }
    return ends;
}

int main(int argc, char **argv) {
    int size = size_for(argc, argv, 160000, 1600000, 6400000);
    static const char *const patterns[] = {
        "[a-z]+@[a-z]+.(com|org|net)", "(ab|cd)*e", "[0-9]+-[0-9]+-[0-9]+",
        "(a|e|i|o|u)[^ -z]*(x|y|z)?t", "q.*z", "(foo|bar|baz)+[0-9]?",
    };
    static const char letters[] = "abcdefoobarbaz  @.com-0123-45-67\nxyztq";
    char *text = allocate((size_t)size + 1);
    uint32_t state = 53;
    uint64_t sum = 0;
    for (int i = 0; i < size;) {
        uint32_t r = next_random(&state), from = r % 37, count = 1 + (r >> 8) % 4;
        for (; count-- > 0 && i < size && from < sizeof letters - 1; i++) text[i] = letters[from++];
        if (i % 61 == 60) text[i - 1] = '\n';
    }
    text[size] = 0;
    for (int i = 0; i < 6; i++) {
        compile(patterns[i]);
        uint32_t found = 0, length = 0;
        for (const char *at = text; *at; at++) {
            const char *end = backtrack(steps, at);
            if (end == NULL) continue;
            found++;
            length += (uint32_t)(end - at);
        }
        sum = mix(mix(mix(sum, found), length), simulate(text));
    }
    print_checksum(sum);
    return 0;
}
