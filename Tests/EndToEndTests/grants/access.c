// Tries what its arguments say and prints what came of it, one line each.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int try(const char *action, const char *path) {
    if (strcmp(action, "read") == 0) return open(path, O_RDONLY);
    if (strcmp(action, "write") == 0) return open(path, O_RDWR);
    if (strcmp(action, "create") == 0) return open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (strcmp(action, "mkdir") == 0) return mkdir(path, 0777);
    if (strcmp(action, "unlink") == 0) return unlink(path);
    if (strcmp(action, "rename") == 0) return rename(path, path);
    if (strcmp(action, "grow") == 0) {
        char *volatile block = malloc((size_t)atoi(path));
        return block == NULL ? -1 : 0;
    }
    abort();
}

int main(int count, char **arguments) {
    for (int index = 1; index + 1 < count; index += 2) {
        errno = 0;
        int result = try(arguments[index], arguments[index + 1]);
        printf("%s: %s\n", arguments[index], result < 0 ? strerror(errno) : "done");
    }
    return 0;
}
