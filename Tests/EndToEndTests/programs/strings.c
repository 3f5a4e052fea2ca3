// Strings: searching, cutting, converting, printing in every width.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reverse_words(char *text) {
    char *words[32], *rest = text;
    int count = 0;
    for (char *word; (word = strtok_r(rest, " ,.", &rest)) != NULL;) words[count++] = word;
    while (count-- > 0) printf("%s%c", words[count], count ? ' ' : '\n');
}

int main(void) {
    char text[] = "the quick brown fox jumps over the lazy dog, twice.";
    printf("%zu %s %s\n", strlen(text), strstr(text, "fox"), strrchr(text, 'o'));
    printf("%d %d %d\n", strcmp("abc", "abd") < 0, strncmp("abcx", "abcy", 3), memcmp("\xff", "\x01", 1) > 0);
    printf("%zu %zu\n", strspn(text, "eht "), strcspn(text, "q"));
    char moved[64];
    strcpy(moved, text);
    memmove(moved + 4, moved, 30);
    printf("%s\n", moved);
    reverse_words(text);
    char *end;
    printf("%ld %ld %ld %s\n", strtol("  -42xyz", &end, 10), strtol("0x7fff", NULL, 0), strtol("z9", NULL, 36), end);
    printf("%.10g %.10g %llu\n", strtod("3.14159e2", NULL), strtod("0x1.8p3", NULL), strtoull("18446744073709551615", NULL, 10));
    printf("[%5d] [%-5d] [%05d] [%+d] [%x] [%#X] [%o] [%c]\n", 42, 42, 42, 42, 48879, 48879, 8, 'c');
    printf("[%10s] [%-10s] [%.2s] [%*d] [%%]\n", "right", "left", "cut", 6, 7);
    printf("[%10.3f] [%-10.2e] [%g] [%G] [%lld] [%hhd]\n", 3.14159, 31415.9, 1e-5, 1e20, -9007199254740993LL, (signed char)200);
    int a, b;
    char word[16];
    int fields = sscanf("12 monkeys 0x1f", "%d %15s %x", &a, word, (unsigned *)&b);
    printf("%d %d %s %d\n", fields, a, word, b);
    for (char *c = moved; *c; c++) *c = (char)(isalpha((unsigned char)*c) ? (*c ^ 32) : '_');
    puts(moved);
    return 0;
}
