// Files and directories beneath the current one.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int compare(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void list(const char *path) {
    char *names[64];
    int count = 0;
    DIR *folder = opendir(path);
    if (folder == NULL) {
        printf("%s: cannot be opened\n", path);
        return;
    }
    struct dirent *entry;
    while ((entry = readdir(folder)) != NULL && count < 64) {
        if (entry->d_name[0] != '.') names[count++] = strdup(entry->d_name);
    }
    closedir(folder);
    qsort(names, count, sizeof *names, compare);
    printf("%s:", path);
    for (int i = 0; i < count; i++) {
        char full[128];
        struct stat status;
        snprintf(full, sizeof full, "%s/%s", path, names[i]);
        if (stat(full, &status) != 0) abort();
        printf(" %s%s %lld", names[i], S_ISDIR(status.st_mode) ? "/" : "",
               S_ISDIR(status.st_mode) ? 0LL : (long long)status.st_size);
    }
    printf("\n");
}

int main(void) {
    printf("%d %d\n", mkdir("data", 0777), mkdir("data/deep", 0777));
    int again = mkdir("data", 0777);
    printf("%d %d\n", again, errno == EEXIST);
    for (int i = 0; i < 30; i++) {
        char name[64];
        snprintf(name, sizeof name, "data/file%02d.txt", i);
        FILE *file = fopen(name, "w");
        for (int line = 0; line <= i; line++) fprintf(file, "line %d of %d\n", line, i);
        fclose(file);
    }
    list("data");
    FILE *file = fopen("data/file07.txt", "r+");
    char line[64];
    int lines = 0;
    while (fgets(line, sizeof line, file)) lines++;
    fseek(file, 5, SEEK_SET);
    fputc('X', file);
    fseek(file, -4, SEEK_END);
    long position = ftell(file);
    rewind(file);
    if (fgets(line, sizeof line, file) == NULL) abort();
    printf("%d %ld %s", lines, position, line);
    fclose(file);

    int descriptor = open("data/raw", O_RDWR | O_CREAT | O_EXCL, 0666);
    if (write(descriptor, "0123456789", 10) != 10) abort();
    char part[5] = {0};
    printf("%d ", (int)pread(descriptor, part, 4, 3));
    printf("%s %d\n", part, (int)pwrite(descriptor, "ab", 2, 8));
    printf("%d %lld\n", ftruncate(descriptor, 20), (long long)lseek(descriptor, 0, SEEK_END));
    close(descriptor);
    descriptor = open("data/raw", O_WRONLY | O_APPEND);
    printf("%d\n", (int)write(descriptor, "end", 3));
    close(descriptor);
    printf("%d\n", rename("data/raw", "data/deep/moved"));
    for (int i = 0; i < 30; i += 2) {
        char name[64];
        snprintf(name, sizeof name, "data/file%02d.txt", i);
        if (unlink(name) != 0) abort();
    }
    list("data");
    list("data/deep");
    int busy = rmdir("data/deep");
    printf("%d %d\n", busy, errno == ENOTEMPTY);
    printf("%d %d\n", unlink("data/deep/moved"), rmdir("data/deep"));
    int missing = open("data/nothing", O_RDONLY);
    printf("%d %d\n", missing, errno == ENOENT);
    return 0;
}
