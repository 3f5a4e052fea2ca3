// What the tests share: a guest with a small memory in a heap block of exactly that size, so that
// the address sanitizer sees every byte beyond it, and a granted directory in a temporary folder.
#ifndef SMELT_TESTS_SUPPORT_H
#define SMELT_TESTS_SUPPORT_H

// cmocka.h wants these before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <string.h>

#include "smelt/abi.h"
#include "smelt/wasi_functions.h"
#include "core/guest.h"
#include "wasi_p1/guest_path.h"
#include "wasi_p1/rights.h"
#include "wasi_p1/state.h"
#include "wasi_p1/wasi.h"

#define WASI(name) smelt_wasi_snapshot_preview1_##name

enum { GUEST_MEMORY_SIZE = 1 << 16 };

struct guest {
    struct smelt_context context;
    struct smelt_memory memory;
    struct wasi_state state;
    char folder[PATH_MAX];  // host path of the temporary folder
    uint32_t root;          // the guest's descriptor of <folder>/root
};

// A new guest whose granted directory is the empty folder "root" beside the folder "outside",
// which holds a file "secret".
struct guest *guest_create(void);
void guest_destroy(struct guest *guest);

// cmocka's setup and teardown around the two.
int guest_setup(void **state);
int guest_teardown(void **state);

// Puts bytes or a text into guest memory and returns the address given.
uint32_t guest_put(struct guest *guest, uint32_t address, const void *bytes, size_t length);
uint32_t guest_put_text(struct guest *guest, uint32_t address, const char *text);
uint32_t guest_get_u32(const struct guest *guest, uint32_t address);
uint64_t guest_get_u64(const struct guest *guest, uint32_t address);

// Puts one iovec at `address`.
uint32_t guest_put_vector(struct guest *guest, uint32_t address, uint32_t buffer, uint32_t length);

// path_open with a text; returns the errno and stores the descriptor.
uint32_t guest_open(struct guest *guest, uint32_t directory, const char *path, uint32_t lookup_flags,
                    uint32_t oflags, uint64_t rights, uint32_t *fd);

// Makes files on the host, beneath the temporary folder.
void host_write(const struct guest *guest, const char *path, const char *content);
void host_mkdir(const struct guest *guest, const char *path);
void host_symlink(const struct guest *guest, const char *target, const char *path);
void host_path(const struct guest *guest, const char *path, char result[PATH_MAX]);

// Runs `function` in a child process and returns its exit status; `output` receives the beginning
// of what it wrote to standard error.
int run_in_child(void (*function)(void *), void *argument, char *output, size_t output_size);

#endif
