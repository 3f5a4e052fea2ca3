// Goes to each position of the directory /data again, leaves it, and asks what is a terminal.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LIMIT = 200 };

static long positions[LIMIT];
static char names[LIMIT][32];

static void go_back(void) {
    DIR *directory = opendir("/data");
    struct dirent *entry;
    int count = 0, right = 0;
    for (positions[0] = telldir(directory); (entry = readdir(directory)) != NULL;) {
        strcpy(names[count++], entry->d_name);
        positions[count] = telldir(directory);
    }
    for (int index = count - 1; index >= 0; index--) {
        seekdir(directory, positions[index]);
        entry = readdir(directory);
        right += entry != NULL && strcmp(entry->d_name, names[index]) == 0;
    }
    printf("%d of %d\n", right, count);
}

int main(void) {
    go_back();
    open("/data/../etc/passwd", O_RDONLY);
    printf("%s\n", strerror(errno));
    symlink("/etc/passwd", "/data/link");
    printf("%s\n", strerror(errno));
    printf("%d %d\n", isatty(0), isatty(2));
}
