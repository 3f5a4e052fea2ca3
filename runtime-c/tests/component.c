// What the tests of WASI 0.2 share; see component.h.
#include "component.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "wasi_p2/streams.h"

enum { RESERVED = 64 << 20, PAGE = 1 << 16 };

int component_setup(void **state) {
    struct component *component = calloc(1, sizeof *component);
    assert_non_null(component);
    component->guest = guest_create();
    component->memory.base =
        mmap(NULL, RESERVED, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert_ptr_not_equal(component->memory.base, MAP_FAILED);
    assert_int_equal(mprotect(component->memory.base, PAGE, PROT_READ | PROT_WRITE), 0);
    component->memory.byte_size = PAGE;
    component->memory.page_size_log2 = 16;
    component->memory.maximum_pages = RESERVED / PAGE;
    component->memory.reserved_bytes = RESERVED;
    component->context.memory = &component->memory;
    component->context.wasi = &component->host;
    component->host.components = &component->state;
    component->state.host = &component->host;
    char root[PATH_MAX];
    host_path(component->guest, "root", root);
    const struct host_directory directory = {
        .host = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC), .name = "/", .name_length = 1};
    assert_true(directory.host >= 0);
    assert_true(host_add_directory(&component->host, &directory));
    *state = component;
    return 0;
}

int component_teardown(void **state) {
    struct component *component = *state;
    p2_state_end(&component->host);
    kept_directories_close(&component->host.kept);
    for (uint32_t index = 0; index < component->host.directory_count; index++) {
        if (component->host.directories[index].host >= 0) {
            close(component->host.directories[index].host);
        }
    }
    munmap(component->host.directories,
           component->host.directory_capacity * sizeof(struct host_directory));
    munmap(component->memory.base, RESERVED);
    guest_destroy(component->guest);
    free(component);
    return 0;
}

void component_reset(struct component *component) {
    guest_store_u32(component->memory.base + ARENA_TOP, ARENA_BEGIN);
}

uint32_t component_put(struct component *component, const void *bytes, size_t length) {
    uint32_t offset;
    memcpy(arena_new(&component->context, length, 8, &offset), bytes, length);
    return offset;
}

uint8_t component_u8(const struct component *component, uint32_t offset) {
    return *arena_at(&component->context, offset, 1);
}

uint16_t component_u16(const struct component *component, uint32_t offset) {
    return guest_load_u16(arena_at(&component->context, offset, 2));
}

uint32_t component_u32(const struct component *component, uint32_t offset) {
    return guest_load_u32(arena_at(&component->context, offset, 4));
}

uint64_t component_u64(const struct component *component, uint32_t offset) {
    return guest_load_u64(arena_at(&component->context, offset, 8));
}

const char *component_bytes(const struct component *component, uint32_t offset, uint32_t length) {
    return (const char *)arena_at(&component->context, offset, length);
}

void assert_list(const struct component *component, uint32_t place, const char *text) {
    uint32_t length = component_u32(component, place + 4);
    assert_int_equal(length, strlen(text));
    assert_memory_equal(component_bytes(component, component_u32(component, place), length), text,
                        length);
}

uint32_t component_input(struct component *component, int fd) {
    struct p2_resource *stream;
    uint32_t result = p2_new_input(&component->state, &p2_input_fd, 0, &stream);
    stream->u.input.fd = fd;
    return result;
}

uint32_t component_output(struct component *component, int fd) {
    struct p2_resource *stream;
    uint32_t result = p2_new_output(&component->state, &p2_output_fd, 0, &stream);
    stream->u.output.fd = fd;
    return result;
}

void assert_fails(struct component *component, void (*function)(void *), const char *message) {
    char output[256];
    assert_int_equal(run_in_child(function, component, output, sizeof output), 1);
    if (strstr(output, message) == NULL) fail_msg("'%s' is not in '%s'", message, output);
}
