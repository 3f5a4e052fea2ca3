// THE SANDBOX, attacked: what the test_path_*.c files share. Each of them is named after one attack,
// and runs all of its tests twice: with openat2, where the kernel has it, and with the walk.
//
// The granted directory is <folder>/root, with the file "mine" and the file "dir/deep/file"; beside
// it is <folder>/outside with the file "secret", which no guest may ever see or change.
#ifndef SMELT_TESTS_PATH_ATTACK_H
#define SMELT_TESTS_PATH_ATTACK_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

// Opens a path to read and closes it again, or asks for its attributes; returns the errno.
uint32_t open_path(struct guest *guest, const char *path, uint32_t lookup_flags);
uint32_t stat_path(struct guest *guest, const char *path, uint32_t lookup_flags);

// Reads the path as every kind of operation that follows links would; each must answer `expected`.
void assert_unreachable(struct guest *guest, const char *path, uint32_t expected);

// Tries to change what the path leads to, by every operation on directory entries.
void assert_unchangeable(struct guest *guest, const char *path, uint32_t expected);

int path_setup(void **state);

#define PATH_TEST(name) cmocka_unit_test_setup_teardown(name, path_setup, guest_teardown)

// Runs an array of tests in both modes of lookup, and returns how many failed.
#define RUN_PATH_TESTS(name, tests)                                                        \
    (host_path_lookup = PATH_LOOKUP_OPENAT2,                                               \
     cmocka_run_group_tests_name("path: " name " (openat2)", tests, NULL, NULL) +          \
         (host_path_lookup = PATH_LOOKUP_WALK,                                             \
          cmocka_run_group_tests_name("path: " name " (walk)", tests, NULL, NULL)))

#endif
