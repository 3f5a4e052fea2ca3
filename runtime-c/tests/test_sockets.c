// sock_*: a client of the test's own talks to a guest that was granted an address.
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support.h"
#include "host/grants.h"
#include "wasi_p1/adopt.h"

enum { RESULT = 0x10, FLAGS = 0x20, VECTOR = 0x30, BUFFER = 0x100 };

// The host's descriptor of a guest's one.
static int host_of(struct guest *guest, uint32_t fd) {
    struct wasi_fd *entry;
    assert_int_equal(fd_table_get(&guest->context, fd, 0, &entry), 0);
    return entry->host;
}

// Grants the guest a port of the kernel's choice; returns the guest's descriptor.
static uint32_t grant_listener(struct guest *guest, const char *words) {
    guest->state.host.grants = words;
    smelt_grant_sockets(&guest->state);
    return guest->root + 1;
}

static int connect_to(struct guest *guest, uint32_t listener) {
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    assert_int_equal(getsockname(host_of(guest, listener), (void *)&address, &size), 0);
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(client, (void *)&address, size), 0);
    return client;
}

static uint32_t accept_one(struct guest *guest, uint32_t listener) {
    assert_int_equal(WASI(sock_accept)(&guest->context, listener, 0, RESULT), 0);
    return guest_get_u32(guest, RESULT);
}

static uint32_t receive(struct guest *guest, uint32_t fd, uint32_t size, uint32_t flags) {
    guest_put_vector(guest, VECTOR, BUFFER, size);
    return WASI(sock_recv)(&guest->context, fd, VECTOR, 1, flags, RESULT, FLAGS);
}

static void talks(void **state) {
    struct guest *guest = *state;
    char text[16];
    uint32_t listener = grant_listener(guest, "--listen\0" "127.0.0.1:0\0");
    int client = connect_to(guest, listener);
    uint32_t fd = accept_one(guest, listener);
    assert_int_equal(write(client, "question", 8), 8);
    assert_int_equal(receive(guest, fd, 16, WASI_RIFLAG_PEEK), 0);
    assert_int_equal(guest_get_u32(guest, RESULT), 8);
    assert_int_equal(receive(guest, fd, 4, WASI_RIFLAG_WAITALL), 0);
    assert_memory_equal(guest->memory.base + BUFFER, "ques", 4);
    assert_int_equal(receive(guest, fd, 16, 0), 0);
    assert_memory_equal(guest->memory.base + BUFFER, "tion", 4);
    assert_int_equal(guest_get_u32(guest, FLAGS) & 0xffff, 0);

    guest_put_text(guest, BUFFER, "answer");
    guest_put_vector(guest, VECTOR, BUFFER, 6);
    assert_int_equal(WASI(sock_send)(&guest->context, fd, VECTOR, 1, 0, RESULT), 0);
    assert_int_equal(guest_get_u32(guest, RESULT), 6);
    assert_int_equal(read(client, text, sizeof text), 6);
    assert_int_equal(WASI(fd_write)(&guest->context, fd, VECTOR, 1, RESULT), 0);
    assert_int_equal(read(client, text, sizeof text), 6);
    assert_int_equal(WASI(sock_shutdown)(&guest->context, fd, WASI_SDFLAG_WR), 0);
    assert_int_equal(read(client, text, sizeof text), 0);
    assert_int_equal(WASI(sock_send)(&guest->context, fd, VECTOR, 1, 0, RESULT), WASI_PIPE);
    assert_int_equal(WASI(fd_write)(&guest->context, fd, VECTOR, 1, RESULT), WASI_PIPE);
    close(client);
    assert_int_equal(receive(guest, fd, 16, 0), 0);
    assert_int_equal(guest_get_u32(guest, RESULT), 0);
}

static void describes_sockets(void **state) {
    struct guest *guest = *state;
    uint32_t listener = grant_listener(guest, "--listen\0" "127.0.0.1:0\0");
    assert_int_equal(WASI(fd_fdstat_get)(&guest->context, listener, 0x200), 0);
    assert_int_equal(guest->memory.base[0x200], WASI_FILETYPE_SOCKET_STREAM);
    assert_int_equal(guest_get_u64(guest, 0x208), WASI_RIGHTS_LISTENER);
    assert_int_equal(guest_get_u64(guest, 0x210), WASI_RIGHTS_CONNECTION);
    assert_int_equal(WASI(fd_prestat_get)(&guest->context, listener, 0x200), WASI_BADF);
}

static void does_not_block_when_asked(void **state) {
    struct guest *guest = *state;
    uint32_t listener = grant_listener(guest, "--listen\0" "127.0.0.1:0\0");
    assert_int_equal(
        WASI(fd_fdstat_set_flags)(&guest->context, listener, WASI_FDFLAG_NONBLOCK), 0);
    assert_int_equal(WASI(sock_accept)(&guest->context, listener, 0, RESULT), WASI_AGAIN);
    int client = connect_to(guest, listener);
    assert_int_equal(
        WASI(sock_accept)(&guest->context, listener, WASI_FDFLAG_NONBLOCK, RESULT), 0);
    assert_int_equal(receive(guest, guest_get_u32(guest, RESULT), 4, 0), WASI_AGAIN);
    close(client);
}

static void refuses_what_makes_no_sense(void **state) {
    struct guest *guest = *state;
    struct smelt_context *context = &guest->context;
    uint32_t listener = grant_listener(guest, "--listen\0" "127.0.0.1:0\0");
    int client = connect_to(guest, listener);
    uint32_t fd = accept_one(guest, listener);
    assert_int_equal(WASI(sock_accept)(context, listener, WASI_FDFLAG_APPEND, RESULT), WASI_INVAL);
    assert_int_equal(WASI(sock_accept)(context, fd, 0, RESULT), WASI_NOTCAPABLE);
    assert_int_equal(WASI(sock_accept)(context, guest->root, 0, RESULT), WASI_NOTSOCK);
    assert_int_equal(WASI(sock_accept)(context, 99, 0, RESULT), WASI_BADF);
    assert_int_equal(receive(guest, fd, 4, 4), WASI_INVAL);
    assert_int_equal(receive(guest, listener, 4, 0), WASI_NOTCONN);
    assert_int_equal(receive(guest, guest->root, 4, 0), WASI_NOTSOCK);
    guest_put_vector(guest, VECTOR, BUFFER, 6);
    assert_int_equal(WASI(sock_send)(context, fd, VECTOR, 1, 1, RESULT), WASI_INVAL);
    assert_int_equal(WASI(sock_send)(context, listener, VECTOR, 1, 0, RESULT), WASI_NOTCAPABLE);
    assert_int_equal(WASI(sock_shutdown)(context, fd, 0), WASI_INVAL);
    assert_int_equal(WASI(sock_shutdown)(context, fd, 4), WASI_INVAL);
    assert_int_equal(WASI(sock_shutdown)(context, listener, WASI_SDFLAG_RD), WASI_NOTCAPABLE);
    assert_int_equal(WASI(fd_seek)(context, fd, 0, WASI_WHENCE_SET, RESULT), WASI_SPIPE);
    close(client);
}

static void listens(void *argument) {
    struct wasi_state state;
    memset(&state, 0, sizeof state);
    state.host.grants = argument;
    smelt_grant_sockets(&state);
}

static void names_addresses_that_it_cannot_use(void **state) {
    (void)state;
    static const char *const words[] = {
        "--listen\0" "8080\0",     "--listen\0" "localhost:1\0", "--listen\0" "1.2.3.4:\0",
        "--listen\0" "1.2.3:4\0",  "--listen\0" "::1:80\0",      "--listen\0" "[::1:80\0",
        "--listen\0" "1.2.3.4:65536\0", "--listen\0" "1.2.3.4:-1\0", "--listen\0" "[]:1\0",
    };
    char output[256], copy[64];
    for (size_t index = 0; index < sizeof words / sizeof words[0]; index++) {
        memset(copy, 0, sizeof copy);
        strcpy(copy, words[index]);
        strcpy(copy + 9, words[index] + 9);
        assert_int_equal(run_in_child(listens, copy, output, sizeof output), 1);
        if (strstr(output, "--listen takes ADDRESS:PORT") == NULL) fail_msg("%s", output);
    }
    memcpy(copy, "--listen\0" "192.0.2.1:1\0", 22);  // an address that nobody has
    assert_int_equal(run_in_child(listens, copy, output, sizeof output), 1);
    assert_non_null(strstr(output, "cannot listen on 192.0.2.1:1: "));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, guest_setup, guest_teardown)
    const struct CMUnitTest tests[] = {
        TEST(talks),
        TEST(describes_sockets),
        TEST(does_not_block_when_asked),
        TEST(refuses_what_makes_no_sense),
        TEST(names_addresses_that_it_cannot_use),
    };
    return cmocka_run_group_tests_name("sockets", tests, NULL, NULL);
}
