// Fuzzes the functions of WASI 0.2: any calls in any order with any arguments and resources. The
// sanitizers watch the memory; besides, the guest's directory is all of the file system that changes.
#include <stdlib.h>

#include "../tests/component_calls.h"
#include "host/names.h"
#include "wasi_p2/http_reader.h"

static void *state;

static void destroy(void) { component_teardown(&state); }

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerInitialize(int *count, char ***arguments) {
    (void)count;
    (void)arguments;
    component_setup(&state);
    atexit(destroy);
    return 0;
}

// What servers say is not the guest's, and as little to be trusted.
static void read_messages(struct component *component, const uint8_t *data, size_t size) {
    static struct http_reader reader;
    char buffer[64];
    uint8_t query[NAMES_QUERY_SIZE];
    struct names_list list = {0};
    size_t length = names_write_query(query, 7, "a.example", 9, NAMES_TYPE_V4);
    names_read_answer(data, size, query, length, &list);
    memset(&reader, 0, sizeof reader);
    for (size_t used = 0; used < size;) {
        size_t part = 1 + data[used] % 64;
        if (part > size - used) part = size - used;
        if (part > http_reader_room(&reader)) break;
        http_reader_add(&reader, data + used, part);
        used += part;
        reader.is_at_end = used == size;
        if (http_reader_head(&component->state, &reader) != P2_HTTP_OK) break;
        while (reader.has_head &&
               http_reader_body(&component->state, &reader, buffer, sizeof buffer) > 0) {
        }
    }
    http_reader_free(&component->state, &reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct component *component = state;
    if (size == 0) return 0;
    if (data[0] % 4 == 0) read_messages(component, data + 1, size - 1);
    else component_calls(component, data + 1, size - 1);
    p2_state_end(&component->host);
    memset(&component->state, 0, sizeof component->state);
    component->state.host = &component->host;
    component->host.components = &component->state;
    return 0;
}
