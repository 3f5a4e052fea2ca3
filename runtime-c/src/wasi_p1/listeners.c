// Granted addresses: sockets that listen from the start of the program (--listen). Only programs
// that can accept connections contain this.
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/message.h"
#include "adopt.h"
#include "host/addresses.h"
#include "host/grants.h"
#include "rights.h"
#include "state.h"
#include "wasi.h"

enum { BACKLOG = 128 };

// Sockets come behind directories, so that their numbers follow from the grants alone: a program
// with sockets opens its directories even if it cannot use them (see adopt.h).
__attribute__((used)) static void (*const needs)(struct wasi_state *) = fd_table_adopt_directories;

static int listen_on(const union host_address *address, socklen_t size) {
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
    union host_address address;
    socklen_t size = host_address_read(text, strlen(text), &address);
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
    grants_begin(&cursor, &state->host);
    while (grants_next(&cursor, &next)) {
        if (next.kind == GRANT_LISTEN) grant(state, next.text);
    }
}
