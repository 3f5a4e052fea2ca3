// Opens files in /data and traps; what the trap's report went to is looked at from outside.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int count, char **arguments) {
    // The guest closes what it has, too.
    if (count > 1) close(0), close(1), close(2);
    int wrote = (int)write(1, "lost", 4), error = errno;
    int files[3];
    for (int index = 0; index < 3; index++) {
        char name[] = "/data/0";
        name[6] += index;
        files[index] = open(name, O_CREAT | O_RDWR, 0600);
    }
    char text[100];
    snprintf(text, sizeof text, "%d %d %s\n", files[0] > 3, wrote, strerror(error));
    write(files[0], text, strlen(text));
    __builtin_trap();
}
