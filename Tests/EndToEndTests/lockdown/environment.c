// Prints the environment, then whether /data/secret can be read, and traps.
#include <stdio.h>

extern char **environ;

int main(void) {
    for (char **entry = environ; *entry != NULL; entry++) puts(*entry);
    puts(fopen("/data/secret", "r") == NULL ? "no secret" : "a secret");
    fflush(stdout);
    __builtin_trap();
}
