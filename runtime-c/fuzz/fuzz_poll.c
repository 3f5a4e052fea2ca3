// Fuzzes poll_oneoff: any bytes as subscriptions, any addresses and counts, arrays that overlap, in
// both layouts. The sanitizers watch the memory, which is a heap block of exactly its size; besides,
// there is at least one event, and no more than subscriptions.
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "../tests/support.h"

enum { COUNT = 0x10 };

static struct guest *guest;

static void give(int host) {
    struct wasi_fd entry;
    uint32_t fd;
    if (wasi_fd_describe(host, WASI_RIGHTS_ALL, 0, &entry) != WASI_SUCCESS) abort();
    if (fd_table_insert(&guest->state.fds, &entry, &fd) != WASI_SUCCESS) abort();
}

static void destroy(void) { guest_destroy(guest); }

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerInitialize(int *count, char ***arguments) {
    (void)count;
    (void)arguments;
    int ends[2];
    guest = guest_create();
    atexit(destroy);
    // Both ends of a pipe with something in it, the end of one without writers, and a file.
    if (pipe(ends) != 0 || write(ends[1], "text", 4) != 4) abort();
    give(ends[0]);
    give(ends[1]);
    if (pipe(ends) != 0 || close(ends[1]) != 0) abort();
    give(ends[0]);
    give(open("/dev/null", O_RDWR));
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 16) return 0;
    uint32_t subscriptions = guest_load_u32(data), events = guest_load_u32(data + 4);
    uint32_t count = guest_load_u32(data + 8);
    bool is_old = (data[12] & 1) != 0, is_wild = (data[12] & 2) != 0;
    uint32_t stride = is_old ? WASI_UNSTABLE_SUBSCRIPTION_SIZE : WASI_SUBSCRIPTION_SIZE;
    data += 16;
    size -= 16;
    memset(guest->memory.base, 0, guest->memory.byte_size);
    if (!is_wild) {
        // Addresses within memory, and a first subscription that is due at once: nothing waits.
        subscriptions = 0x100 + subscriptions % 0x4000;
        events = 0x100 + events % 0x8000;
        count = 1 + count % 40;
        size_t room = (count - 1) * (size_t)stride;
        memcpy(guest->memory.base + subscriptions + stride, data, size < room ? size : room);
    } else {
        memcpy(guest->memory.base, data, size < 0x8000 ? size : 0x8000);
        // Something that is due would be needed here too; so only what lies outside is tried.
        if ((uint64_t)subscriptions + (uint64_t)count * stride <= guest->memory.byte_size &&
            (uint64_t)events + (uint64_t)count * WASI_EVENT_SIZE <= guest->memory.byte_size) {
            return 0;
        }
    }
    uint32_t error = is_old
        ? smelt_wasi_unstable_poll_oneoff(&guest->context, subscriptions, events, count, COUNT)
        : WASI(poll_oneoff)(&guest->context, subscriptions, events, count, COUNT);
    uint32_t found = guest_get_u32(guest, COUNT);
    if (error == WASI_SUCCESS && (found == 0 || found > count)) abort();
    if (is_wild && error != WASI_FAULT) abort();
    return 0;
}
