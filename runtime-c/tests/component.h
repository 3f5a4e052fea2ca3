// What the tests of WASI 0.2 share: a component's host with an arena, whose memory ends where access
// does, and a granted directory in a temporary folder.
#ifndef SMELT_TESTS_COMPONENT_H
#define SMELT_TESTS_COMPONENT_H

#include "support.h"

#include "smelt/component_functions.h"
#include "wasi_p2/arena.h"
#include "wasi_p2/state.h"

#define P2(name) smelt_p2_##name

struct component {
    struct guest *guest;  // for its folder
    struct smelt_context context;
    struct smelt_memory memory;
    struct host_state host;
    struct p2_state state;
};

int component_setup(void **state);
int component_teardown(void **state);

// Forgets all arguments and results, as adapters do.
void component_reset(struct component *component);

// Puts an argument into the arena.
uint32_t component_put(struct component *component, const void *bytes, size_t length);

// What is in the arena.
uint8_t component_u8(const struct component *component, uint32_t offset);
uint16_t component_u16(const struct component *component, uint32_t offset);
uint32_t component_u32(const struct component *component, uint32_t offset);
uint64_t component_u64(const struct component *component, uint32_t offset);
const char *component_bytes(const struct component *component, uint32_t offset, uint32_t length);

// Compares the list or the text at a place with a text.
void assert_list(const struct component *component, uint32_t place, const char *text);

// Streams of a pipe of the test's.
uint32_t component_input(struct component *component, int fd);
uint32_t component_output(struct component *component, int fd);

// Runs something in a child that must end the guest with a message that contains a text.
void assert_fails(struct component *component, void (*function)(void *), const char *message);

#define COMPONENT_TEST(name) \
    cmocka_unit_test_setup_teardown(name, component_setup, component_teardown)

#endif
