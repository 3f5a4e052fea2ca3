// A filter: counts the words on standard input and prints the most frequent ones.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry { char word[32]; int count; };
static struct entry table[1 << 14];

static int by_count(const void *a, const void *b) {
    const struct entry *x = a, *y = b;
    return x->count != y->count ? y->count - x->count : strcmp(x->word, y->word);
}

int main(void) {
    char word[32];
    int length = 0, c, lines = 0;
    long bytes = 0;
    do {
        c = getchar();
        bytes += c != EOF;
        lines += c == '\n';
        if (c != EOF && isalpha(c)) {
            if (length < 31) word[length++] = (char)tolower(c);
            continue;
        }
        if (length == 0) continue;
        word[length] = 0;
        unsigned hash = 5381;
        for (int i = 0; i < length; i++) hash = hash * 33 + (unsigned char)word[i];
        struct entry *e = &table[hash % (1 << 14)];
        while (e->count != 0 && strcmp(e->word, word) != 0) e = e == table + (1 << 14) - 1 ? table : e + 1;
        strcpy(e->word, word);
        e->count++;
        length = 0;
    } while (c != EOF);
    qsort(table, 1 << 14, sizeof *table, by_count);
    for (int i = 0; i < 12 && table[i].count; i++) printf("%6d %s\n", table[i].count, table[i].word);
    printf("%d %ld\n", lines, bytes);
    return lines == 0;
}
