// Counts the lines, words and letters of a text, and how often each word comes: bytes and branches.
#include "benchmark.h"

enum { SLOTS = 1 << 14 };
struct word { const char *start; uint32_t length, count; };
static struct word words[SLOTS];

static int is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static void count_word(const char *start, uint32_t length) {
    uint32_t hash = length;
    for (uint32_t i = 0; i < length; i++) hash = hash * 31 + ((uint8_t)start[i] | 32);
    uint32_t slot = (hash ^ hash >> 15) % SLOTS;
    for (; words[slot].start != NULL; slot = (slot + 1) % SLOTS) {
        struct word *word = &words[slot];
        uint32_t same = 0;
        if (word->length != length) continue;
        while (same < length && (word->start[same] | 32) == (start[same] | 32)) same++;
        if (same == length) break;
    }
    words[slot].start = start;
    words[slot].length = length;
    words[slot].count++;
}

static size_t make_text(char *text, size_t size) {
    uint32_t state = 73;
    size_t i = 0;
    while (i + 16 < size) {
        uint32_t word = next_random(&state) % (1 + next_random(&state) % 6000), length = 0;
        if (next_random(&state) % 10 == 0) text[i++] = (char)('A' + word % 26);
        for (uint32_t rest = word * 2654435761u; length++ < 2 + word % 7; rest /= 26) {
            text[i++] = (char)('a' + rest % 26);
        }
        uint32_t r = next_random(&state) % 60;
        if (r < 5) text[i++] = r < 2 ? '.' : ',';
        text[i++] = r == 0 ? '\n' : ' ';
    }
    return i;
}

int main(int argc, char **argv) {
    int rounds = size_for(argc, argv, 7, 70, 350);
    size_t size = 1 << 20;
    char *text = allocate(size);
    uint64_t sum = 0;
    size = make_text(text, size);
    for (int round = 0; round < rounds; round++) {
        uint32_t lines = 0, count = 0, letters = 0;
        for (size_t i = 0; i < size;) {
            size_t start = i;
            while (i < size && is_letter(text[i])) i++;
            if (i > start) {
                count_word(text + start, (uint32_t)(i - start));
                count++;
                letters += (uint32_t)(i - start);
            } else {
                lines += text[i++] == '\n';
            }
        }
        sum = mix(mix(mix(sum, lines), count), letters);
    }
    for (int i = 0; i < SLOTS; i++) sum = mix(sum, words[i].count);
    print_checksum(sum);
    return 0;
}
