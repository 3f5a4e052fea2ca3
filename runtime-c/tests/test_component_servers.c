// WASI 0.2 against others on the network who mean harm: none of them keeps the guest waiting for ever, or busy.
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "component.h"
#include "host/network.h"
#include "wasi_p2/exchange.h"
#include "wasi_p2/http_reader.h"
#include "wasi_p2/sockets.h"

#define TYPES(name) P2(http_types_##name)
#define TEXT(component, text) component_put(component, text, strlen(text)), (uint32_t)strlen(text)

// A socket of the loopback interface, and its port.
static uint16_t bind_here(int type, int *fd) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    *fd = socket(AF_INET, type, 0);
    assert_true(*fd >= 0);
    assert_int_equal(bind(*fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(*fd, (struct sockaddr *)&address, &size), 0);
    return ntohs(address.sin_port);
}

static void grant(struct component *component, uint16_t port) {
    static struct host_network network;
    memset(&network, 0, sizeof network);
    component->host.network = &network;
    network.grant_count = 1;
    network.grants[0].port = htons(port);
    network.grants[0].address.v4.sin_family = AF_INET;
    network.grants[0].address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
}

// A request with a body to a server of the test's: `future` and `stream` are what the guest has then.
static void begin(struct component *component, int server, uint16_t port, uint32_t *future,
                  uint32_t *body, uint32_t *stream) {
    struct smelt_context *context = &component->context;
    char authority[32];
    assert_int_equal(listen(server, 1), 0);
    grant(component, port);
    snprintf(authority, sizeof authority, "127.0.0.1:%d", port);
    uint32_t request = TYPES(outgoing_request_new)(context, TYPES(fields_new)(context));
    TYPES(outgoing_request_set_method)(context, request, 2, 0, 0);
    TYPES(outgoing_request_set_authority)(context, request, 1, TEXT(component, authority));
    *body = component_u32(component, TYPES(outgoing_request_body)(context, request) + 4);
    *stream = component_u32(component, TYPES(outgoing_body_write)(context, *body) + 4);
    uint32_t area = P2(http_outgoing_handler_handle)(context, request, 0, 0);
    assert_int_equal(component_u8(component, area), 0);
    *future = component_u32(component, area + 8);
}

// Waits for the response and takes the stream of its body.
static uint32_t take_stream(struct component *component, uint32_t future) {
    struct smelt_context *context = &component->context;
    P2(io_poll_pollable_block)(context, TYPES(future_incoming_response_subscribe)(context, future));
    uint32_t area = TYPES(future_incoming_response_get)(context, future);
    assert_int_equal(component_u8(component, area + 16), 0);
    uint32_t response = component_u32(component, area + 24);
    uint32_t body = component_u32(component, TYPES(incoming_response_consume)(context, response) + 4);
    return component_u32(component, TYPES(incoming_body_stream)(context, body) + 4);
}

static int answer(int server, const char *text) {
    char request[256];
    int connection = accept(server, NULL, NULL);
    assert_true(connection >= 0);
    assert_true(recv(connection, request, sizeof request, 0) > 0);
    assert_int_equal(send(connection, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
    return connection;
}

// The answer is there before the request is, and the connection gone: nobody takes the rest.
static void closes_early(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    int server;
    uint16_t port = bind_here(SOCK_STREAM, &server);
    uint32_t future, body, stream;
    begin(component, server, port, &future, &body, &stream);
    uint32_t ready = TYPES(future_incoming_response_subscribe)(context, future);
    while (P2(io_poll_pollable_ready)(context, ready) == 0 && listen(server, 1) == 0) {
        struct p2_state *all = p2_state_of(context);
        const struct p2_exchange *exchange = p2_exchange_at(all, p2_at(all, future)->parent);
        if (exchange->phase != P2_EXCHANGE_CONNECT) break;
    }
    int connection = answer(server, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    shutdown(connection, SHUT_WR);
    take_stream(component, future);
    uint32_t area = P2(io_streams_output_stream_blocking_write_and_flush)(context, stream,
                                                                          TEXT(component, "more"));
    assert_int_equal(component_u8(component, area), 1);
    P2(io_poll_pollable_block)(context, P2(io_streams_output_stream_subscribe)(context, stream));
    area = TYPES(outgoing_body_finish)(context, body, 0, 0);
    assert_int_equal(component_u8(component, area), 1);
    close(connection);
    close(server);
}

static void writes_nothing_behind_the_end(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    char got[256] = {0};
    int server;
    uint16_t port = bind_here(SOCK_STREAM, &server);
    uint32_t future, body, stream;
    begin(component, server, port, &future, &body, &stream);
    uint32_t area = TYPES(outgoing_body_finish)(context, body, 0, 0);
    assert_int_equal(component_u8(component, area), 0);
    assert_int_equal(component_u8(component, P2(io_streams_output_stream_check_write)(context, stream)), 1);
    area = P2(io_streams_output_stream_write)(context, stream, TEXT(component, "GET /other"));
    assert_int_equal(component_u8(component, area), 1);
    P2(io_streams_drop_output_stream)(context, stream);
    uint32_t ready = TYPES(future_incoming_response_subscribe)(context, future);
    P2(io_poll_pollable_ready)(context, ready);
    P2(io_poll_drop_pollable)(context, ready);
    int connection = accept(server, NULL, NULL);
    TYPES(drop_future_incoming_response)(context, future);
    size_t used = 0;
    for (ssize_t count = 1; count > 0; used += (size_t)(count > 0 ? count : 0)) {
        count = recv(connection, got + used, sizeof got - 1 - used, 0);
    }
    assert_null(strstr(got, "other"));
    close(connection);
    close(server);
}

// A line that stops in its middle: there is nothing to read, and the guest can wait.
static void sends_half_a_line(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    int server;
    uint16_t port = bind_here(SOCK_STREAM, &server);
    uint32_t future, body, stream;
    begin(component, server, port, &future, &body, &stream);
    TYPES(outgoing_body_finish)(context, body, 0, 0);
    P2(io_poll_pollable_ready)(context, TYPES(future_incoming_response_subscribe)(context, future));
    int connection =
        answer(server, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n3");
    uint32_t input = take_stream(component, future);
    uint32_t area = P2(io_streams_input_stream_blocking_read)(context, input, 64);
    assert_int_equal(component_u32(component, area + 8), 2);
    // This goes behind the chunk's end.
    area = P2(io_streams_input_stream_read)(context, input, 64);
    assert_int_equal(component_u32(component, area + 8), 0);
    uint32_t ready = P2(io_streams_input_stream_subscribe)(context, input);
    assert_int_equal(P2(io_poll_pollable_ready)(context, ready), 0);
    assert_int_equal(send(connection, "\r\nyes\r\n", 7, MSG_NOSIGNAL), 7);
    P2(io_poll_pollable_block)(context, ready);
    area = P2(io_streams_input_stream_blocking_read)(context, input, 64);
    assert_int_equal(component_u32(component, area + 8), 3);
    close(connection);
    close(server);
}

// What readers tell of, piece by piece.
static void knows_what_can_be_read(void **state) {
    struct component *component = *state;
    struct p2_state *all = p2_state_of(&component->context);
    static struct http_reader reader;
    static const char head[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    char buffer[8];
    memset(&reader, 0, sizeof reader);
    http_reader_add(&reader, head, sizeof head - 1);
    assert_int_equal(http_reader_head(all, &reader), P2_HTTP_OK);
    assert_false(http_reader_has_body(&reader));
    http_reader_add(&reader, "2\r", 2);
    assert_false(http_reader_has_body(&reader));
    http_reader_add(&reader, "\nab", 3);
    assert_true(http_reader_has_body(&reader));
    assert_int_equal(http_reader_body(all, &reader, buffer, sizeof buffer), 2);
    assert_false(http_reader_has_body(&reader));
    http_reader_add(&reader, "\r\n0\r\n\r\n", 7);
    assert_true(http_reader_has_body(&reader));
    assert_int_equal(http_reader_body(all, &reader, buffer, sizeof buffer), P2_STREAM_ENDED);
    assert_true(http_reader_has_body(&reader));
    http_reader_free(all, &reader);
}

// Datagrams from whom the guest may not hear of take no room.
static void sends_what_nobody_wants(void **state) {
    enum { COUNT = 100, SIZE = 1000 };
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    static const char noise[SIZE];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof to;
    int other;
    bind_here(SOCK_DGRAM, &other);
    grant(component, 9);
    uint32_t network = P2(sockets_instance_network_instance_network)(context);
    uint32_t area = P2(sockets_udp_create_socket_create_udp_socket)(context, 0);
    uint32_t udp = component_u32(component, area + 4);
    P2(sockets_udp_udp_socket_start_bind)(context, udp, network, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0);
    P2(sockets_udp_udp_socket_finish_bind)(context, udp);
    area = P2(sockets_udp_udp_socket_stream)(context, udp, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    assert_int_equal(component_u8(component, area), 0);
    uint32_t incoming = component_u32(component, area + 4);
    struct p2_state *all = p2_state_of(context);
    int fd = p2_at(all, incoming)->u.datagrams.fd;
    assert_int_equal(getsockname(fd, (struct sockaddr *)&to, &size), 0);
    for (int count = 0; count < COUNT; count++) {
        sendto(other, noise, sizeof noise, 0, (struct sockaddr *)&to, sizeof to);
    }
    uint32_t before = component_u32(component, 0);
    area = P2(sockets_udp_incoming_datagram_stream_receive)(context, incoming, 16);
    assert_int_equal(component_u8(component, area), 0);
    assert_int_equal(component_u32(component, area + 8), 0);
    assert_true(component_u32(component, 0) < before + 2 * SIZE);
    close(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        COMPONENT_TEST(closes_early),           COMPONENT_TEST(writes_nothing_behind_the_end),
        COMPONENT_TEST(sends_half_a_line),      COMPONENT_TEST(knows_what_can_be_read),
        COMPONENT_TEST(sends_what_nobody_wants),
    };
    // Waiting for ever is what is tested.
    alarm(60);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
