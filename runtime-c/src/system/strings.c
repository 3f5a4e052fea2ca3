// Strings and bytes for the runtime's own needs, which are short: small code before fast code.
// What compiled programs copy and fill, copy.c does.
#include <string.h>

size_t strlen(const char *text) {
    const char *end = text;
    while (*end != 0) end++;
    return (size_t)(end - text);
}

int strncmp(const char *a, const char *b, size_t limit) {
    for (; limit > 0; limit--, a++, b++) {
        if (*a != *b) return (unsigned char)*a - (unsigned char)*b;
        if (*a == 0) break;
    }
    return 0;
}

int strcmp(const char *a, const char *b) { return strncmp(a, b, (size_t)-1); }

char *strchr(const char *text, int wanted) {
    while (*text != (char)wanted) {
        if (*text++ == 0) return NULL;
    }
    return (char *)text;
}

char *strrchr(const char *text, int wanted) {
    const char *found = NULL;
    do {
        if (*text == (char)wanted) found = text;
    } while (*text++ != 0);
    return (char *)found;
}

char *strcpy(char *to, const char *from) { return memcpy(to, from, strlen(from) + 1); }

size_t strspn(const char *text, const char *set) {
    size_t length = 0;
    while (text[length] != 0 && strchr(set, text[length]) != NULL) length++;
    return length;
}

size_t strcspn(const char *text, const char *set) {
    size_t length = 0;
    while (strchr(set, text[length]) == NULL) length++;  // finds the end, too
    return length;
}

void *memchr(const void *bytes, int wanted, size_t count) {
    for (const unsigned char *byte = bytes; count > 0; byte++, count--) {
        if (*byte == (unsigned char)wanted) return (void *)byte;
    }
    return NULL;
}

int memcmp(const void *a, const void *b, size_t count) {
    for (const unsigned char *x = a, *y = b; count > 0; x++, y++, count--) {
        if (*x != *y) return *x - *y;
    }
    return 0;
}

int bcmp(const void *a, const void *b, size_t count) { return memcmp(a, b, count); }
