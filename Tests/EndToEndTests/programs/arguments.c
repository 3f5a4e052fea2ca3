// Arguments and environment.
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    printf("%d\n", argc);
    for (int i = 1; i < argc; i++) printf("[%s]\n", argv[i]);
    const char *names[] = {"GREETING", "EMPTY", "SPACES", "HOME", "PATH", "MISSING"};
    for (int i = 0; i < 6; i++) {
        const char *value = getenv(names[i]);
        printf("%s=%s\n", names[i], value == NULL ? "(none)" : value);
    }
    setenv("ADDED", "later", 1);
    printf("%s\n", getenv("ADDED"));
    return argc;
}
