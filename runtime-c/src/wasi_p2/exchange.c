// Connections of HTTP/1.1.
#include "exchange.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/system_calls.h"
#include "host/network.h"
#include "poll.h"
#include "sockets.h"

enum { TO_CONNECT, TO_FIRST_BYTE, BETWEEN_BYTES };

static void end(struct p2_state *state, struct p2_resource *resource) {
    SMELT_CALLS(close);
    SMELT_CALLS(munmap);
    struct p2_exchange *exchange = resource->u.object.memory;
    if (exchange->fd >= 0) close(exchange->fd);
    if (exchange->lookup != 0) p2_release(state, exchange->lookup);
    if (exchange->body != 0) {
        struct p2_http_body *body = p2_body_at(state, exchange->body);
        body->exchange = 0;
        if (body->failure == P2_HTTP_OK) body->failure = P2_HTTP_TERMINATED;
        p2_release(state, exchange->body);
    }
    p2_text_free(state, &exchange->head);
    http_reader_free(state, &exchange->reader);
    munmap(exchange, sizeof *exchange);
}

const struct p2_class p2_exchange_class = {.name = "exchange", .end = end};

struct p2_exchange *p2_exchange_at(struct p2_state *state, uint32_t representation) {
    return p2_at(state, representation)->u.object.memory;
}

static void set_deadline(struct p2_exchange *exchange, unsigned which) {
    uint64_t deadline = UINT64_MAX;
    if (exchange->options.has[which] &&
        __builtin_add_overflow(p2_now(), exchange->options.timeouts[which], &deadline)) {
        deadline = UINT64_MAX;
    }
    exchange->deadline = deadline;
}

static void close_connection(struct p2_exchange *exchange) {
    SMELT_CALLS(close);
    if (exchange->fd >= 0) close(exchange->fd);
    exchange->fd = -1;
}

static void fail(struct p2_state *state, struct p2_exchange *exchange, int failure) {
    close_connection(exchange);
    exchange->phase = P2_EXCHANGE_ENDED;
    exchange->deadline = UINT64_MAX;
    exchange->reader.is_at_end = true;
    exchange->failure = failure;
    if (exchange->body == 0) return;
    struct p2_http_body *body = p2_body_at(state, exchange->body);
    if (body->failure == P2_HTTP_OK) body->failure = failure;
}

// Connecting --------------------------------------------------------------------------------------

static int failure_of(int error) {
    switch (error) {
    case ECONNREFUSED: return P2_HTTP_REFUSED;
    case ETIMEDOUT: return P2_HTTP_CONNECT_TIMEOUT;
    case ENETUNREACH:
    case EHOSTUNREACH: return P2_HTTP_UNROUTABLE;
    default: return P2_HTTP_TERMINATED;
    }
}

// Tries the next address that may be connected to; `failure` is what the one before has come to.
static void connect_next(struct p2_state *state, struct p2_exchange *exchange, int failure) {
    SMELT_CALLS_IF(connect, SMELT_CALL_WITH_NETWORK);
    close_connection(exchange);
    while (exchange->next_address < exchange->addresses.count) {
        union host_address *address = &exchange->addresses.addresses[exchange->next_address++];
        address->v4.sin_port = exchange->port;
        if (!network_may_connect(state->host->network, address)) {
            failure = P2_HTTP_DENIED;
            continue;
        }
        uint8_t family = address->any.sa_family == AF_INET ? P2_IPV4 : P2_IPV6;
        exchange->fd = p2_socket_new(state->host, family, SOCK_STREAM);
        if (exchange->fd >= 0 &&
            (connect(exchange->fd, &address->any, p2_address_size(address)) == 0 ||
             errno == EINPROGRESS)) {
            exchange->phase = P2_EXCHANGE_CONNECT;
            return;
        }
        failure = failure_of(errno);
        close_connection(exchange);
    }
    fail(state, exchange, failure);
}

static void look_up(struct p2_state *state, struct p2_exchange *exchange) {
    const struct names_list *list;
    if (!p2_lookup_advance(state, exchange->lookup, &list)) return;
    exchange->addresses = *list;
    p2_release(state, exchange->lookup);
    exchange->lookup = 0;
    connect_next(state, exchange, P2_HTTP_NAME_ERROR);
}

static void finish_connecting(struct p2_state *state, struct p2_exchange *exchange) {
    SMELT_CALLS_IF(getsockopt, SMELT_CALL_WITH_NETWORK);
    int error = 0;
    socklen_t size = sizeof error;
    if (!p2_is_fd_ready(exchange->fd, POLLOUT)) return;
    if (getsockopt(exchange->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    if (error != 0) {
        connect_next(state, exchange, failure_of(error));
        return;
    }
    exchange->phase = P2_EXCHANGE_TRANSFER;
    set_deadline(exchange, TO_FIRST_BYTE);
}

// Sending and receiving -----------------------------------------------------------------------------

// Sends what can be sent: how much, 0 for nothing now, -1 if nobody takes any more.
static ssize_t send_some(int fd, const void *bytes, size_t length) {
    SMELT_CALLS_IF(sendto, SMELT_CALL_WITH_NETWORK);
    ssize_t result;
    do {
        result = send(fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (result < 0 && errno == EINTR);
    return result < 0 && errno == EAGAIN ? 0 : result;
}

static bool has_more_to_send(struct p2_state *state, const struct p2_exchange *exchange) {
    if (exchange->is_refused) return false;
    if (exchange->sent < exchange->head.length) return true;
    if (exchange->body == 0) return false;
    const struct p2_http_body *body = p2_body_at(state, exchange->body);
    return body->begin < body->end;
}

static void send_request(struct p2_state *state, struct p2_exchange *exchange) {
    ssize_t count = 1;
    if (exchange->is_refused) return;
    while (count > 0 && exchange->sent < exchange->head.length) {
        count = send_some(exchange->fd, exchange->head.bytes + exchange->sent,
                          exchange->head.length - exchange->sent);
        if (count > 0) exchange->sent += (size_t)count;
    }
    struct p2_http_body *body = exchange->body == 0 ? NULL : p2_body_at(state, exchange->body);
    while (count > 0 && body != NULL && body->begin < body->end) {
        count = send_some(exchange->fd, body->bytes + body->begin, body->end - body->begin);
        if (count > 0) body->begin += (size_t)count;
    }
    // A server may answer without having read everything: that answer is what counts.
    if (count < 0 && body != NULL) {
        body->begin = body->end;
        if (body->failure == P2_HTTP_OK) body->failure = P2_HTTP_TERMINATED;
    }
    exchange->is_refused = count < 0;
    // A body that will never be whole: the server must not take it for one.
    bool is_abandoned = body != NULL && !body->is_finished && body->failure != P2_HTTP_OK;
    if (is_abandoned && count >= 0) fail(state, exchange, body->failure);
}

// The server has closed the connection: what was not sent never will be.
static void abandon_body(struct p2_state *state, struct p2_exchange *exchange) {
    exchange->is_refused = true;
    if (exchange->body == 0) return;
    struct p2_http_body *body = p2_body_at(state, exchange->body);
    bool is_whole = body->is_finished || (!body->is_chunked && body->written == body->length);
    bool is_sent = is_whole && body->begin == body->end;
    if (!is_sent && body->failure == P2_HTTP_OK) body->failure = P2_HTTP_TERMINATED;
    body->begin = body->end;
}

enum { RECEIVED_AT_ONCE = 4096 };

static void receive(struct p2_state *state, struct p2_exchange *exchange) {
    SMELT_CALLS_IF(recvfrom, SMELT_CALL_WITH_NETWORK);
    char buffer[RECEIVED_AT_ONCE];
    struct http_reader *reader = &exchange->reader;
    while (exchange->fd >= 0 && http_reader_room(reader) >= sizeof buffer) {
        ssize_t count = recv(exchange->fd, buffer, sizeof buffer, MSG_DONTWAIT);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno == EAGAIN) break;
        if (count <= 0) {
            close_connection(exchange);
            exchange->phase = P2_EXCHANGE_ENDED;
            exchange->deadline = UINT64_MAX;
            reader->is_at_end = true;
            abandon_body(state, exchange);
            break;
        }
        http_reader_add(reader, buffer, (size_t)count);
        set_deadline(exchange, BETWEEN_BYTES);
    }
    int error = http_reader_head(state, reader);
    if (error != P2_HTTP_OK) fail(state, exchange, error);
}

static void check_time(struct p2_state *state, struct p2_exchange *exchange) {
    if (exchange->deadline == UINT64_MAX || p2_now() < exchange->deadline) return;
    bool is_connecting = exchange->phase < P2_EXCHANGE_TRANSFER;
    int failure = exchange->reader.has_head ? P2_HTTP_READ_TIMEOUT : P2_HTTP_RESPONSE_TIMEOUT;
    fail(state, exchange, is_connecting ? P2_HTTP_CONNECT_TIMEOUT : failure);
}

void p2_exchange_advance(struct p2_state *state, uint32_t representation) {
    struct p2_exchange *exchange = p2_exchange_at(state, representation);
    if (exchange->phase == P2_EXCHANGE_LOOKUP) look_up(state, exchange);
    if (exchange->phase == P2_EXCHANGE_CONNECT) finish_connecting(state, exchange);
    if (exchange->phase == P2_EXCHANGE_TRANSFER) send_request(state, exchange);
    if (exchange->phase == P2_EXCHANGE_TRANSFER) receive(state, exchange);
    check_time(state, exchange);
}

void p2_exchange_prepare(struct p2_state *state, uint32_t representation, struct p2_wait *wait) {
    const struct p2_exchange *exchange = p2_exchange_at(state, representation);
    wait->is_hint = true;
    switch (exchange->phase) {
    case P2_EXCHANGE_LOOKUP:
        p2_lookup_prepare(state, p2_at(state, exchange->lookup), wait);
        // It can end right here; going on is for who looks again.
        if (wait->is_ready) wait->deadline = 0;
        break;
    case P2_EXCHANGE_CONNECT:
        wait->fd = exchange->fd;
        wait->events = POLLOUT;
        break;
    case P2_EXCHANGE_TRANSFER:
        wait->fd = exchange->fd;
        wait->events = http_reader_room(&exchange->reader) >= RECEIVED_AT_ONCE ? POLLIN : 0;
        if (has_more_to_send(state, exchange)) wait->events |= POLLOUT;
        break;
    default: wait->fd = -1; break;
    }
    if (exchange->deadline < wait->deadline) wait->deadline = exchange->deadline;
}

// Beginning -----------------------------------------------------------------------------------------

struct writer {
    char *bytes;  // null to find out how many there will be
    size_t length;
};

static void put(struct writer *writer, const char *bytes, size_t length) {
    if (writer->bytes != NULL && length > 0) memcpy(writer->bytes + writer->length, bytes, length);
    writer->length += length;
}

static void put_text(struct writer *writer, const char *text) { put(writer, text, strlen(text)); }

static void put_head(struct writer *writer, struct p2_state *state,
                     const struct p2_http_request *request) {
    static const char *const methods[] = {"GET",     "HEAD",    "POST",  "PUT",  "DELETE",
                                          "CONNECT", "OPTIONS", "TRACE", "PATCH"};
    static const char length[] = "content-length";
    if (request->method == P2_METHOD_OTHER) {
        put(writer, request->other_method.bytes, request->other_method.length);
    } else {
        put_text(writer, methods[request->method]);
    }
    put_text(writer, " ");
    bool has_path = request->has_path && request->path.length > 0;
    if (!has_path || request->path.bytes[0] == '?') put_text(writer, "/");
    if (has_path) put(writer, request->path.bytes, request->path.length);
    put_text(writer, " HTTP/1.1\r\nHost: ");
    put(writer, request->authority.bytes, request->authority.length);
    put_text(writer, "\r\nConnection: close\r\n");
    for (uint32_t index = 0; index < request->fields.count; index++) {
        const struct p2_field *field = &request->fields.entries[index];
        put(writer, field->name.bytes, field->name.length);
        put_text(writer, ": ");
        put(writer, field->value.bytes, field->value.length);
        put_text(writer, "\r\n");
    }
    if (request->body != 0 && p2_body_at(state, request->body)->is_chunked) {
        put_text(writer, "Transfer-Encoding: chunked\r\n");
    }
    bool wants_body = request->method == P2_METHOD_POST || request->method == P2_METHOD_PUT;
    bool has_length = p2_fields_find(&request->fields, NULL, length, sizeof length - 1) != NULL;
    if (request->body == 0 && wants_body && !has_length) put_text(writer, "Content-Length: 0\r\n");
    put_text(writer, "\r\n");
}

// The host and the port of an authority; false if it is none.
static bool split_authority(const struct p2_text *authority, struct p2_text *host,
                            in_port_t *port) {
    *host = *authority;
    *port = htons(80);
    size_t colon = authority->length;
    while (colon > 0 && authority->bytes[colon - 1] != ':') colon--;
    bool is_bracketed = authority->length > 0 && authority->bytes[0] == '[';
    bool has_port = colon > 0 && (!is_bracketed || (colon > 1 && authority->bytes[colon - 2] == ']'));
    if (has_port) {
        if (!host_port_read(authority->bytes + colon, authority->length - colon, port)) return false;
        host->length = colon - 1;
    }
    if (!is_bracketed) return host->length > 0;
    if (host->length < 3 || host->bytes[host->length - 1] != ']') return false;
    host->bytes++;
    host->length -= 2;
    return true;
}

// Finds out whom to connect to, or begins to.
static int find_peer(struct p2_state *state, struct p2_exchange *exchange,
                     const struct p2_http_request *request) {
    struct p2_text host;
    union host_address address;
    if (!request->has_authority) return P2_HTTP_URI_INVALID;
    if (request->has_scheme && request->scheme != P2_SCHEME_HTTP) {
        return request->scheme == P2_SCHEME_HTTPS ? P2_HTTP_NO_TLS : P2_HTTP_URI_INVALID;
    }
    if (!split_authority(&request->authority, &host, &exchange->port)) return P2_HTTP_URI_INVALID;
    if (host_address_read_host(host.bytes, host.length, &address) != 0) {
        names_add(&exchange->addresses, &address);
        address.v4.sin_port = exchange->port;
        return network_may_connect(state->host->network, &address) ? P2_HTTP_OK : P2_HTTP_DENIED;
    }
    if (!names_is_valid(host.bytes, host.length)) return P2_HTTP_URI_INVALID;
    if (!network_may_look_up(state->host->network, host.bytes, host.length)) return P2_HTTP_DENIED;
    exchange->lookup = p2_new_lookup(state, host.bytes, host.length, NULL);
    if (exchange->lookup == 0) return P2_HTTP_NAME_ERROR;
    p2_keep(state, exchange->lookup);
    p2_at(state, exchange->lookup)->has_handle = false;
    return P2_HTTP_OK;
}

uint32_t p2_new_exchange(struct p2_state *state, const struct p2_http_request *request,
                         const struct p2_http_options *options, int *error) {
    SMELT_CALLS_IF(mmap, SMELT_CALL_NOT_CODE);
    struct p2_exchange *exchange = mmap(NULL, sizeof *exchange, PROT_READ | PROT_WRITE,
                                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (exchange == MAP_FAILED) p2_fail("there is no memory for", "a connection");
    struct p2_resource *resource;
    uint32_t result = p2_new(state, &p2_exchange_class, 0, &resource);
    resource->u.object.memory = exchange;
    exchange->fd = -1;
    exchange->failure = P2_HTTP_OK;
    exchange->deadline = UINT64_MAX;
    exchange->reader.has_no_body = request->method == P2_METHOD_HEAD;
    *error = find_peer(state, exchange, request);
    if (*error != P2_HTTP_OK) return result;
    if (options != NULL) exchange->options = *options;
    struct writer writer = {NULL, 0};
    put_head(&writer, state, request);
    exchange->head.length = writer.length;
    exchange->head.bytes = writer.bytes = p2_allocate(state, writer.length);
    writer.length = 0;
    put_head(&writer, state, request);
    if (request->body != 0) {
        exchange->body = request->body;
        p2_keep(state, exchange->body);
        p2_body_at(state, exchange->body)->exchange = result;
    }
    set_deadline(exchange, TO_CONNECT);
    if (exchange->lookup == 0) connect_next(state, exchange, P2_HTTP_NOT_FOUND);
    p2_exchange_advance(state, result);
    return result;
}
