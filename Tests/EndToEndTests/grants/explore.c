// Walks a directory and says everything about it that does not depend on where it comes from: names
// in order, types, sizes, contents, links, and what goes wrong.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static unsigned long sum(const char *path, long *length) {
    unsigned long hash = 5381;
    char buffer[1000];
    FILE *file = fopen(path, "r");
    if (file == NULL) return 0;
    size_t count;
    for (*length = 0; (count = fread(buffer, 1, sizeof buffer, file)) > 0; *length += (long)count) {
        for (size_t index = 0; index < count; index++) hash = hash * 33 + (unsigned char)buffer[index];
    }
    fclose(file);
    return hash;
}

static int by_name(const void *left, const void *right) {
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static void walk(const char *path) {
    char *names[2000];
    size_t count = 0;
    DIR *directory = opendir(path);
    if (directory == NULL) {
        printf("%s: %s\n", path, strerror(errno));
        return;
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        char line[300];
        snprintf(line, sizeof line, "%s/%d", entry->d_name, entry->d_type);
        names[count++] = strdup(line);
    }
    rewinddir(directory);
    struct dirent *again = readdir(directory);
    printf("%s: %zu entries, again %s\n", path, count, again != NULL ? "some" : "none");
    closedir(directory);
    qsort(names, count, sizeof names[0], by_name);
    for (size_t index = 0; index < count; index++) {
        char child[1000], target[300];
        struct stat status;
        *strrchr(names[index], '/') = 0;
        snprintf(child, sizeof child, "%s/%s", path, names[index]);
        if (strcmp(names[index], ".") == 0 || strcmp(names[index], "..") == 0) continue;
        if (lstat(child, &status) != 0) {
            printf("%s: %s\n", child, strerror(errno));
        } else if (S_ISLNK(status.st_mode)) {
            ssize_t length = readlink(child, target, sizeof target);
            printf("%s -> %.*s (%ld)", child, (int)length, target, (long)status.st_size);
            printf(" %s\n", stat(child, &status) == 0 ? "leads on" : strerror(errno));
        } else if (S_ISDIR(status.st_mode)) {
            walk(child);
        } else {
            long length = 0;
            unsigned long hash = sum(child, &length);
            printf("%s: %ld bytes, read %ld, %lx\n", child, (long)status.st_size, length, hash);
        }
        free(names[index]);
    }
}

static void try(const char *path, int flags) {
    int fd = open(path, flags, 0666);
    printf("open %s %#x: %s\n", path, (unsigned)flags, fd < 0 ? strerror(errno) : "done");
    if (fd >= 0) close(fd);
}

static void read_here_and_there(const char *path) {
    char buffer[8] = {0};
    struct stat status;
    int fd = open(path, O_RDONLY);
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
    printf("poll %d %d\n", poll(&poll_fd, 1, 0), poll_fd.revents);
    printf("pread %ld %s\n", (long)pread(fd, buffer, 4, 2), buffer);
    printf("read %ld %s\n", (long)read(fd, buffer, 3), buffer);
    printf("seek %ld %ld %ld\n", (long)lseek(fd, 0, SEEK_CUR), (long)lseek(fd, -2, SEEK_END),
           (long)lseek(fd, -1, SEEK_SET));
    printf("read %ld\n", (long)read(fd, buffer, 7));
    printf("end %ld\n", (long)read(fd, buffer, 7));
    printf("write %ld %s\n", (long)write(fd, "x", 1), strerror(errno));
    printf("size %ld %d\n", fstat(fd, &status) == 0 ? (long)status.st_size : -1, S_ISREG(status.st_mode));
    printf("truncate %d %s\n", ftruncate(fd, 0), strerror(errno));
    printf("sync %d\n", fsync(fd));
    close(fd);
}

int main(int count, char **arguments) {
    const char *root = count > 1 ? arguments[1] : "/data";
    if (chdir(root) != 0) printf("chdir: %s\n", strerror(errno));
    walk(root);
    read_here_and_there("file");
    static const char *const paths[] = {
        "file", "file/", "file/x", "none", "none/x", "folder", "folder/", "folder/../file",
        "./folder/./inner", "link", "link/", "up", "out", "loop", "..", "folder/../../x", "folder/link",
    };
    for (size_t index = 0; index < sizeof paths / sizeof paths[0]; index++) {
        char path[300];
        snprintf(path, sizeof path, "%s/%s", root, paths[index]);
        try(path, O_RDONLY);
        try(path, O_RDONLY | O_DIRECTORY);
        try(path, O_RDONLY | O_NOFOLLOW);
        try(path, O_RDWR);
    }
    try("new", O_WRONLY | O_CREAT);
    printf("mkdir %s\n", mkdir("made", 0777) == 0 ? "done" : strerror(errno));
    printf("unlink %s\n", unlink("file") == 0 ? "done" : strerror(errno));
    printf("rename %s\n", rename("file", "name") == 0 ? "done" : strerror(errno));
    printf("link %s\n", link("file", "name") == 0 ? "done" : strerror(errno));
    return 0;
}
