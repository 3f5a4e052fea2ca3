// Words of SMELT_GC. What is no word of it is passed over, as other versions may know it.
#include "options.h"

#include <stddef.h>
#include <string.h>

#include "embedder.h"

static const char variable[] = "SMELT_GC=";

// What follows a name in the list: an empty text, or its value behind a `=`; null if it is not there.
static const char *find(const char *name) {
    char **environment = gc_environment();
    while (environment != NULL && *environment != NULL &&
           strncmp(*environment, variable, sizeof variable - 1) != 0) {
        environment++;
    }
    if (environment == NULL || *environment == NULL) return NULL;
    size_t length = strlen(name);
    const char *word = *environment + sizeof variable - 1;
    while (true) {
        char end = strncmp(word, name, length) == 0 ? word[length] : 'x';
        if (end == 0 || end == ',' || end == '=') return word + length;
        word = strchr(word, ',');
        if (word == NULL) return NULL;
        word++;
    }
}

uint64_t gc_option_every(void) {
    const char *value = find("every");
    if (value == NULL) return 0;
    uint64_t number = 0;
    if (*value == '=') value++;
    for (; *value >= '0' && *value <= '9' && number < UINT32_MAX; value++) {
        number = 10 * number + (uint64_t)(*value - '0');
    }
    return number == 0 ? 1 : number;
}

bool gc_option_statistics(void) { return find("stats") != NULL; }
