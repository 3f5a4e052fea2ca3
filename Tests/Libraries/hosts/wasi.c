// A library with WASI: nothing is granted but what the options say, and the host's own files and signals
// stay what they are.
#include "wasi.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static uint32_t text(wasi *w, const char *string) {
    uint32_t address = 0;
    CHECK(wasi_allocate(w, (uint32_t)strlen(string) + 1, &address) == SMELT_OK && address != 0);
    memcpy((char *)wasi_memory_data(w) + address, string, strlen(string) + 1);
    return address;
}

// How many files the process has open.
static int open_files(void) {
    int count = 0;
    for (int fd = 0; fd < 256; fd++) count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void check_nothing_granted(void) {
    wasi *w = wasi_new(NULL, NULL, NULL);
    uint32_t result = 0;
    CHECK(w != NULL);
    CHECK(wasi_is_initialized(w, &result) == SMELT_OK && result == 1);
    CHECK(wasi_read_file(w, text(w, "/etc/passwd"), &result) == SMELT_OK && (int)result == -1);
    CHECK(wasi_greet(w) == SMELT_OK);
    CHECK(wasi_leave(w, 3) == SMELT_EXITED && wasi_error(w)->detail == 3);
    CHECK(wasi_leave(w, 0) == SMELT_EXITED && wasi_error(w)->detail == 0);
    CHECK(wasi_free(w) == SMELT_OK);
}

static void check_grants(const char *folder) {
    const char *environment[] = {"NAME=host", NULL};
    const smelt_directory directories[] = {{folder, "/data", 0, 0}, {folder, "/fixed", 1, 0}};
    smelt_options options = SMELT_OPTIONS_INIT;
    options.environment = environment;
    options.directories = directories;
    options.directory_count = 2;
    options.streams = SMELT_STDOUT;
    smelt_error error;
    wasi *w = wasi_new(NULL, &options, &error);
    uint32_t result = 0;
    CHECK(w != NULL);
    CHECK(wasi_greet(w) == SMELT_OK);
    CHECK(wasi_write_file(w, text(w, "/data/new"), &result) == SMELT_OK && result == 0);
    CHECK(wasi_read_file(w, text(w, "/fixed/new"), &result) == SMELT_OK && result == 'f');
    CHECK(wasi_write_file(w, text(w, "/fixed/other"), &result) == SMELT_OK && (int)result == -1);
    CHECK(wasi_read_file(w, text(w, "/data/../../etc/passwd"), &result) == SMELT_OK &&
          (int)result == -1);
    // A reader that went away is an error of the guest's, and no signal of the host's.
    int ends[2], output = dup(STDOUT_FILENO);
    CHECK(pipe(ends) == 0 && dup2(ends[1], STDOUT_FILENO) == STDOUT_FILENO);
    wasi *broken = wasi_new(NULL, &options, &error);
    close(ends[0]);
    close(ends[1]);
    CHECK(wasi_greet(broken) == SMELT_OK);
    CHECK(wasi_free(broken) == SMELT_OK);
    dup2(output, STDOUT_FILENO);
    close(output);
    CHECK(wasi_close_output(w, &result) == SMELT_OK);
    CHECK(fcntl(STDOUT_FILENO, F_GETFD) >= 0);
    CHECK(wasi_free(w) == SMELT_OK);
    options.directory_count = 1;
    options.directories = &(smelt_directory){"/no/such/folder", NULL, 0, 0};
    CHECK(wasi_new(NULL, &options, &error) == NULL && error.status == SMELT_BAD_ARGUMENT);
    options.directories = NULL;
    CHECK(wasi_new(NULL, &options, &error) == NULL && error.status == SMELT_BAD_ARGUMENT);
}

// What a guest has done to its descriptors is nothing that the next one sees.
static void check_reset(const char *folder) {
    const smelt_directory directories[] = {{folder, "/data", 0, 0}, {folder, "/fixed", 1, 0}};
    smelt_options options = SMELT_OPTIONS_INIT;
    int ends[2], output = dup(STDOUT_FILENO), before = 0;
    uint32_t result = 0;
    char said[64];
    options.directories = directories;
    options.directory_count = 2;
    options.streams = SMELT_STDIN | SMELT_STDOUT;
    CHECK(pipe(ends) == 0 && dup2(ends[1], STDOUT_FILENO) == STDOUT_FILENO);
    wasi *w = wasi_new(NULL, &options, NULL);
    for (int round = 0; round < 3; round++) {
        if (round == 1) before = open_files();
        CHECK(wasi_redirect(w, text(w, "/data/stolen"), &result) == SMELT_OK && result == 0);
        CHECK(wasi_greet(w) == SMELT_OK);
        CHECK(wasi_read_file(w, text(w, "/fixed/stolen"), &result) == SMELT_OK && result == 'h');
        CHECK(wasi_give_up(w, &result) == SMELT_OK && result == 0);
        CHECK(wasi_write_file(w, text(w, "/data/again"), &result) == SMELT_OK && (int)result == -1);
        CHECK(wasi_read_file(w, text(w, "/fixed/stolen"), &result) == SMELT_OK && (int)result == -1);
        CHECK(wasi_reset(w) == SMELT_OK);
        CHECK(wasi_write_file(w, text(w, "/data/stolen"), &result) == SMELT_OK && result == 0);
        CHECK(wasi_greet(w) == SMELT_OK);
        CHECK(read(ends[0], said, sizeof said) == 14 && memcmp(said, "hello, nobody\n", 14) == 0);
        CHECK(wasi_read_file(w, text(w, "/fixed/stolen"), &result) == SMELT_OK && result == 'f');
        CHECK(wasi_reset(w) == SMELT_OK);
    }
    CHECK(open_files() == before);
    CHECK(wasi_free(w) == SMELT_OK);
    dup2(output, STDOUT_FILENO);
    close(output);
    close(ends[0]);
    close(ends[1]);
}

int main(int count, char **arguments) {
    CHECK(count == 2);
    int before = open_files();
    check_nothing_granted();
    check_grants(arguments[1]);
    check_reset(arguments[1]);
    // One is the image of what the memory of every instance begins with.
    CHECK(open_files() <= before + 1);
    printf("%d failures\n", failures);
    return failures != 0;
}
