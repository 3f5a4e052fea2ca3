// Makes, writes, reads back, renames and deletes files, as many as its argument says, and reports
// what it lost on the way.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void fail(const char *what, const char *name) {
    printf("%s %s: %s\n", what, name, strerror(errno));
    exit(1);
}

int main(int argc, char **argv) {
    long count = argc > 1 ? atol(argv[1]) : 100000, lost = 0;
    char name[64], other[64], text[64], back[64];
    if (mkdir("files", 0777) != 0 && errno != EEXIST) fail("mkdir", "files");
    for (long index = 0; index < count; index++) {
        snprintf(name, sizeof name, "files/%ld", index);
        snprintf(other, sizeof other, "files/renamed-%ld", index);
        int length = snprintf(text, sizeof text, "this is file number %ld\n", index);
        int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0666);
        if (fd < 0) fail("open", name);
        if (write(fd, text, (size_t)length) != length) fail("write", name);
        if (close(fd) != 0) fail("close", name);
        if (rename(name, other) != 0) fail("rename", name);
        fd = open(other, O_RDONLY);
        if (fd < 0) fail("open", other);
        if (read(fd, back, sizeof back) != length || memcmp(back, text, (size_t)length) != 0) lost++;
        close(fd);
        if (unlink(other) != 0) fail("unlink", other);
    }
    if (rmdir("files") != 0) fail("rmdir", "files");
    printf("%ld files, %ld lost\n", count, lost);
    return lost != 0;
}
