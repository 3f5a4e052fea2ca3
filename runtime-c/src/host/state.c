// Lists of what a guest was given.
#include "state.h"

#include <string.h>
#include <sys/mman.h>

bool host_array_grow(void **elements, uint32_t *capacity, uint32_t count, uint32_t element_size) {
    enum { FIRST = 4096, LARGEST = 1 << 24 };
    if (count < *capacity) return true;
    uint32_t larger = *capacity == 0 ? FIRST / element_size : *capacity * 2;
    if (larger > LARGEST) return false;
    void *memory = mmap(NULL, (size_t)larger * element_size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return false;
    if (*capacity != 0) {
        memcpy(memory, *elements, (size_t)*capacity * element_size);
        munmap(*elements, (size_t)*capacity * element_size);
    }
    *elements = memory;
    *capacity = larger;
    return true;
}

bool host_add_directory(struct host_state *state, const struct host_directory *directory) {
    if (!host_array_grow((void **)&state->directories, &state->directory_capacity,
                         state->directory_count, sizeof *directory)) {
        return false;
    }
    state->directories[state->directory_count++] = *directory;
    return true;
}
