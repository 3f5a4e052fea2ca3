// Granted addresses: sockets that listen from the start of the program (--listen). Only programs
// that can accept connections contain this.
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/message.h"
#include "grants.h"
#include "rights.h"
#include "state.h"
#include "wasi.h"

enum { BACKLOG = 128 };

// Sockets come behind directories, so that their numbers follow from the grants alone: a program
// with sockets opens its directories even if it cannot use them (see grants.h).
__attribute__((used)) static void (*const needs)(struct wasi_state *) = smelt_grant_directories;

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

// Reads a port number; false for anything else.
static bool read_port(const char *text, in_port_t *port) {
    uint32_t value = 0;
    if (*text == 0) return false;
    for (; *text != 0; text++) {
        if (*text < '0' || *text > '9') return false;
        value = value * 10 + (uint32_t)(*text - '0');
        if (value > UINT16_MAX) return false;
    }
    *port = htons((uint16_t)value);
    return true;
}

// Reads ADDR:PORT or [ADDR]:PORT, and returns the address's size, zero if it is neither.
static socklen_t read_address(const char *text, union address *address) {
    char host[INET6_ADDRSTRLEN];
    const char *colon = strrchr(text, ':');
    memset(address, 0, sizeof *address);
    if (colon == NULL) return 0;
    size_t length = (size_t)(colon - text);
    bool is_v6 = length >= 2 && text[0] == '[' && colon[-1] == ']';
    if (is_v6) {
        text++;
        length -= 2;
    }
    if (length >= sizeof host) return 0;
    memcpy(host, text, length);
    host[length] = 0;
    if (is_v6) {
        address->v6.sin6_family = AF_INET6;
        bool is_address = inet_pton(AF_INET6, host, &address->v6.sin6_addr) == 1;
        return is_address && read_port(colon + 1, &address->v6.sin6_port) ? sizeof address->v6 : 0;
    }
    address->v4.sin_family = AF_INET;
    bool is_address = inet_pton(AF_INET, host, &address->v4.sin_addr) == 1;
    return is_address && read_port(colon + 1, &address->v4.sin_port) ? sizeof address->v4 : 0;
}

static int listen_on(const union address *address, socklen_t size) {
    const int on = 1;
    int host = socket(address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (host < 0) return -1;
    // A server that is started again must not wait for its old connections to time out.
    setsockopt(host, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(host, &address->any, size) == 0 && listen(host, BACKLOG) == 0) return host;
    int error = errno;
    close(host);
    errno = error;
    return -1;
}

static void grant(struct wasi_state *state, const char *text) {
    union address address;
    socklen_t size = read_address(text, &address);
    if (size == 0) {
        smelt_fail("--listen takes ADDRESS:PORT or [ADDRESS]:PORT, not: ", text);
    }
    int host = listen_on(&address, size);
    if (host < 0) smelt_fail("cannot listen on ", text, ": ", strerror(errno));
    struct wasi_fd entry;
    uint32_t fd;
    uint32_t error = wasi_fd_describe(host, WASI_RIGHTS_LISTENER, 0, &entry);
    entry.rights_inheriting = WASI_RIGHTS_CONNECTION;
    if (error != WASI_SUCCESS || fd_table_insert(&state->fds, &entry, &fd) != WASI_SUCCESS) {
        smelt_fail("cannot use the socket for ", text);
    }
}

void smelt_grant_sockets(struct wasi_state *state) {
    struct grant_cursor cursor;
    struct grant next;
    grants_begin(&cursor, state);
    while (grants_next(&cursor, &next)) {
        if (next.kind == GRANT_LISTEN) grant(state, next.text);
    }
}
