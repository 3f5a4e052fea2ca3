// WASI 0.2: sockets, between two of the guest's own, and who may be connected to at all.
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "component.h"
#include "host/grants.h"
#include "host/names.h"
#include "host/network.h"
#include "wasi_p2/sockets.h"

#define TCP(name) smelt_p2_sockets_tcp_tcp_socket_##name
#define UDP(name) smelt_p2_sockets_udp_udp_socket_##name
#define LOOKUP(name) smelt_p2_sockets_ip_name_lookup_resolve_address_stream_##name
#define V4(port, last) P2_IPV4, port, 127, 0, 0, last, 0, 0, 0, 0, 0, 0
#define V6(port) P2_IPV6, port, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0

// The network that the tests grant themselves: the grants are read once for a process, so they are put
// together here.
static void grant(struct component *component, bool listens, uint16_t port, const char *name) {
    static struct host_network network;
    if (component->host.network == NULL) memset(&network, 0, sizeof network);
    component->host.network = &network;
    struct network_grant *grant = &network.grants[network.grant_count++];
    memset(grant, 0, sizeof *grant);
    grant->listens = listens;
    grant->port = htons(port);
    grant->any_port = !listens && port == 0;
    grant->name = name;
    grant->length = name == NULL ? 0 : strlen(name);
    grant->address.v4.sin_family = AF_INET;
    grant->address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
}

static uint32_t network_of(struct component *component) {
    return P2(sockets_instance_network_instance_network)(&component->context);
}

static int error_of(const struct component *component, uint32_t area) {
    return component_u8(component, area) == 0 ? -1 : component_u8(component, area + 1);
}

static uint32_t new_tcp(struct component *component, uint32_t family) {
    uint32_t area = P2(sockets_tcp_create_socket_create_tcp_socket)(&component->context, family);
    assert_int_equal(component_u8(component, area), 0);
    return component_u32(component, area + 4);
}

static uint16_t port_of(struct component *component, uint32_t tcp) {
    uint32_t area = TCP(local_address)(&component->context, tcp);
    assert_int_equal(component_u8(component, area), 0);
    assert_int_equal(component_u8(component, area + 4), P2_IPV4);
    return component_u16(component, area + 8);
}

static uint32_t listen_at(struct component *component) {
    struct smelt_context *context = &component->context;
    uint32_t tcp = new_tcp(component, P2_IPV4);
    assert_int_equal(error_of(component, TCP(finish_bind)(context, tcp)), P2_NOT_IN_PROGRESS);
    assert_int_equal(
        error_of(component, TCP(start_bind)(context, tcp, network_of(component), V4(0, 1))), -1);
    assert_int_equal(
        error_of(component, TCP(start_bind)(context, tcp, network_of(component), V4(0, 1))),
        P2_CONCURRENCY_CONFLICT);
    assert_int_equal(error_of(component, TCP(finish_bind)(context, tcp)), -1);
    assert_int_equal(error_of(component, TCP(start_listen)(context, tcp)), -1);
    assert_int_equal(error_of(component, TCP(finish_listen)(context, tcp)), -1);
    assert_int_equal(TCP(is_listening)(context, tcp), 1);
    return tcp;
}

static void denies_everything(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    for (uint32_t family = 0; family < 2; family++) {
        uint32_t area = P2(sockets_tcp_create_socket_create_tcp_socket)(context, family);
        assert_int_equal(component_u8(component, area), 1);
        assert_int_equal(component_u8(component, area + 4), P2_ACCESS_DENIED);
        area = P2(sockets_udp_create_socket_create_udp_socket)(context, family);
        assert_int_equal(component_u8(component, area), 1);
        assert_int_equal(component_u8(component, area + 4), P2_ACCESS_DENIED);
    }
    uint32_t name = component_put(component, "localhost", 9);
    uint32_t area =
        P2(sockets_ip_name_lookup_resolve_addresses)(context, network_of(component), name, 9);
    assert_int_equal(component_u8(component, area), 1);
    assert_int_equal(component_u8(component, area + 4), P2_ACCESS_DENIED);
}

static void allows_what_is_granted(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    uint32_t network = network_of(component);
    grant(component, false, 9, NULL);
    uint32_t tcp = new_tcp(component, P2_IPV4);
#define CONNECT(...) error_of(component, TCP(start_connect)(context, tcp, network, __VA_ARGS__))
    assert_int_equal(CONNECT(V4(10, 1)), P2_ACCESS_DENIED);
    assert_int_equal(CONNECT(V4(9, 2)), P2_ACCESS_DENIED);
    assert_int_equal(CONNECT(V6(9)), P2_INVALID_ARGUMENT);
    assert_int_equal(CONNECT(V4(0, 1)), P2_INVALID_ARGUMENT);
    assert_int_equal(CONNECT(P2_IPV4, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), P2_INVALID_ARGUMENT);
    assert_int_equal(CONNECT(P2_IPV4, 9, 224, 0, 0, 1, 0, 0, 0, 0, 0, 0), P2_INVALID_ARGUMENT);
#undef CONNECT
#define BIND(...) error_of(component, TCP(start_bind)(context, tcp, network, __VA_ARGS__))
    assert_int_equal(BIND(V4(9, 1)), P2_ACCESS_DENIED);
    assert_int_equal(BIND(V6(0)), P2_INVALID_ARGUMENT);
    // A client may be bound, and no more.
    assert_int_equal(BIND(V4(0, 1)), -1);
#undef BIND
    assert_int_equal(error_of(component, TCP(finish_bind)(context, tcp)), -1);
    assert_int_equal(error_of(component, TCP(start_listen)(context, tcp)), P2_ACCESS_DENIED);
    // A socket of the sixth version takes no addresses of the fourth in disguise.
    tcp = new_tcp(component, P2_IPV6);
    uint32_t area = TCP(start_connect)(context, tcp, network, P2_IPV6, 9, 0, 0, 0, 0, 0, 0, 0xffff,
                                       0x7f00, 1, 0);
    assert_int_equal(error_of(component, area), P2_INVALID_ARGUMENT);
}

static void connects(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    grant(component, true, 0, NULL);
    grant(component, false, 0, NULL);
    uint32_t listener = listen_at(component);
    uint32_t area = TCP(accept)(context, listener);
    assert_int_equal(component_u8(component, area + 4), P2_WOULD_BLOCK);
    uint32_t incoming = TCP(subscribe)(context, listener);
    assert_int_equal(P2(io_poll_pollable_ready)(context, incoming), 0);

    uint32_t client = new_tcp(component, P2_IPV4);
    area = TCP(finish_connect)(context, client);
    assert_int_equal(component_u8(component, area + 4), P2_NOT_IN_PROGRESS);
    assert_int_equal(component_u8(component, TCP(local_address)(context, client)), 1);
    area = TCP(start_connect)(context, client, network_of(component),
                              V4(port_of(component, listener), 1));
    assert_int_equal(error_of(component, area), -1);
    uint32_t connected = TCP(subscribe)(context, client);
    P2(io_poll_pollable_block)(context, connected);
    area = TCP(finish_connect)(context, client);
    assert_int_equal(component_u8(component, area), 0);
    uint32_t from_server = component_u32(component, area + 4);
    uint32_t to_server = component_u32(component, area + 8);

    P2(io_poll_pollable_block)(context, incoming);
    area = TCP(accept)(context, listener);
    assert_int_equal(component_u8(component, area), 0);
    uint32_t server = component_u32(component, area + 4);
    uint32_t from_client = component_u32(component, area + 8);
    uint32_t to_client = component_u32(component, area + 12);
    area = TCP(remote_address)(context, server);
    assert_int_equal(component_u8(component, area), 0);
    assert_int_equal(component_u16(component, area + 8), port_of(component, client));
    assert_int_equal(component_u8(component, area + 10), 127);
    assert_int_equal(component_u8(component, area + 13), 1);

    area = P2(io_streams_output_stream_blocking_write_and_flush)(
        context, to_server, component_put(component, "question", 8), 8);
    assert_int_equal(component_u8(component, area), 0);
    area = P2(io_streams_input_stream_blocking_read)(context, from_client, 100);
    assert_list(component, area + 4, "question");
    area = P2(io_streams_output_stream_splice)(context, to_client, from_client, 10);
    assert_int_equal(component_u64(component, area + 8), 0);
    // Dropping the stream ends what is sent.
    P2(io_streams_drop_output_stream)(context, to_client);
    area = P2(io_streams_input_stream_blocking_read)(context, from_server, 100);
    assert_int_equal(component_u8(component, area), 1);
    assert_int_equal(component_u8(component, area + 4), 1);
    // Streams keep their socket.
    P2(sockets_tcp_drop_tcp_socket)(context, client);
    area = P2(io_streams_output_stream_write)(context, to_server, ARENA_BEGIN, 3);
    assert_int_equal(component_u8(component, area), 0);
    area = P2(io_streams_input_stream_blocking_read)(context, from_client, 100);
    assert_int_equal(component_u32(component, area + 8), 3);
    assert_int_equal(error_of(component, TCP(shutdown)(context, server, 2)), -1);
    assert_int_equal(error_of(component, TCP(shutdown)(context, listener, 2)), P2_INVALID_STATE);
}

static void keeps_what_cannot_be_sent(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    struct p2_resource *stream;
    uint32_t output = p2_new_output(&component->state, &p2_output_socket, 0, &stream);
    stream->u.output.fd = ends[0];
    uint32_t ready = P2(io_streams_output_stream_subscribe)(context, output);
    static char bytes[P2_WRITE_PERMIT], received[P2_WRITE_PERMIT];
    uint64_t sent = 0, seen = 0, sum = 0, seen_sum = 0;
    for (size_t index = 0; index < sizeof bytes; index++) bytes[index] = (char)(index * 7);
    // Nobody reads: it takes what it has promised, and then no more.
    while (true) {
        component_reset(component);
        uint32_t area = P2(io_streams_output_stream_check_write)(context, output);
        uint64_t permit = component_u64(component, area + 8);
        if (permit == 0) break;
        area = P2(io_streams_output_stream_write)(
            context, output, component_put(component, bytes, permit), (uint32_t)permit);
        assert_int_equal(component_u8(component, area), 0);
        sent += permit;
        for (size_t index = 0; index < permit; index++) sum += (unsigned char)bytes[index];
    }
    assert_int_equal(P2(io_poll_pollable_ready)(context, ready), 0);
    while (seen < sent) {
        ssize_t count = read(ends[1], received, sizeof received);
        assert_true(count > 0);
        for (ssize_t index = 0; index < count; index++) seen_sum += (unsigned char)received[index];
        seen += (uint64_t)count;
        P2(io_streams_output_stream_flush)(context, output);
    }
    assert_int_equal(sum, seen_sum);
    assert_int_equal(P2(io_poll_pollable_ready)(context, ready), 1);
    P2(io_streams_drop_output_stream)(context, output);
    P2(io_poll_drop_pollable)(context, ready);
    close(ends[0]);
    close(ends[1]);
}

static void fails_to_connect(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    grant(component, true, 0, NULL);
    grant(component, false, 0, NULL);
    uint32_t listener = listen_at(component);
    uint16_t port = port_of(component, listener);
    P2(sockets_tcp_drop_tcp_socket)(context, listener);
    uint32_t client = new_tcp(component, P2_IPV4);
    TCP(start_connect)(context, client, network_of(component), V4(port, 1));
    P2(io_poll_pollable_block)(context, TCP(subscribe)(context, client));
    uint32_t area = TCP(finish_connect)(context, client);
    assert_int_equal(component_u8(component, area), 1);
    assert_int_equal(component_u8(component, area + 4), P2_CONNECTION_REFUSED);
    area = TCP(start_connect)(context, client, network_of(component), V4(port, 1));
    assert_int_equal(error_of(component, area), P2_INVALID_STATE);
}

static void sets_options(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    const uint64_t second = 1000000000;
    grant(component, false, 0, NULL);
    uint32_t tcp = new_tcp(component, P2_IPV4), area;
    assert_int_equal(TCP(address_family)(context, tcp), P2_IPV4);
#define CHECK(expected, call) assert_int_equal(error_of(component, call), expected)
    CHECK(-1, TCP(set_keep_alive_enabled)(context, tcp, 1));
    assert_int_equal(component_u16(component, TCP(keep_alive_enabled)(context, tcp)), 0x100);
    CHECK(P2_INVALID_ARGUMENT, TCP(set_keep_alive_idle_time)(context, tcp, 0));
    CHECK(-1, TCP(set_keep_alive_idle_time)(context, tcp, 5 * second - 1));
    area = TCP(keep_alive_idle_time)(context, tcp);
    assert_int_equal(component_u64(component, area + 8), 5 * second);
    CHECK(-1, TCP(set_keep_alive_interval)(context, tcp, UINT64_MAX));
    area = TCP(keep_alive_interval)(context, tcp);
    assert_int_equal(component_u64(component, area + 8), 32767 * second);
    CHECK(-1, TCP(set_keep_alive_count)(context, tcp, UINT32_MAX));
    area = TCP(keep_alive_count)(context, tcp);
    assert_int_equal(component_u32(component, area + 4), 127);
    CHECK(P2_INVALID_ARGUMENT, TCP(set_hop_limit)(context, tcp, 0));
    CHECK(-1, TCP(set_hop_limit)(context, tcp, 42));
    assert_int_equal(component_u16(component, TCP(hop_limit)(context, tcp)), 42 << 8);
    CHECK(P2_INVALID_ARGUMENT, TCP(set_receive_buffer_size)(context, tcp, 0));
    CHECK(-1, TCP(set_receive_buffer_size)(context, tcp, 65536));
    area = TCP(receive_buffer_size)(context, tcp);
    assert_int_equal(component_u64(component, area + 8), 65536);
    CHECK(-1, TCP(set_send_buffer_size)(context, tcp, 65536));
    area = TCP(send_buffer_size)(context, tcp);
    assert_int_equal(component_u64(component, area + 8), 65536);
    CHECK(P2_INVALID_ARGUMENT, TCP(set_listen_backlog_size)(context, tcp, 0));
    CHECK(-1, TCP(set_listen_backlog_size)(context, tcp, 1));
#undef CHECK
    tcp = new_tcp(component, P2_IPV6);
    assert_int_equal(error_of(component, TCP(set_hop_limit)(context, tcp, 42)), -1);
    assert_int_equal(component_u16(component, TCP(hop_limit)(context, tcp)), 42 << 8);
}

// A socket that is bound, and its port.
static uint32_t new_udp(struct component *component, uint16_t *port) {
    struct smelt_context *context = &component->context;
    uint32_t area = P2(sockets_udp_create_socket_create_udp_socket)(context, P2_IPV4);
    uint32_t udp = component_u32(component, area + 4);
    area = UDP(start_bind)(context, udp, network_of(component), V4(0, 1));
    assert_int_equal(error_of(component, area), -1);
    assert_int_equal(error_of(component, UDP(finish_bind)(context, udp)), -1);
    *port = component_u16(component, UDP(local_address)(context, udp) + 8);
    return udp;
}

// A list of one datagram.
static uint32_t datagram(struct component *component, const char *text, bool has_address,
                         uint16_t port) {
    uint8_t record[44] = {0};
    guest_store_u32(record, component_put(component, text, strlen(text)));
    guest_store_u32(record + 4, (uint32_t)strlen(text));
    union host_address address = {.v4 = {.sin_family = AF_INET, .sin_port = htons(port)}};
    address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    record[8] = has_address;
    p2_address_store(record + 12, &address);
    return component_put(component, record, sizeof record);
}

static void exchanges_datagrams(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    grant(component, true, 0, NULL);
    grant(component, false, 0, NULL);
    uint16_t one_port, two_port;
    uint32_t one = new_udp(component, &one_port), two = new_udp(component, &two_port);
    uint32_t area = UDP(stream)(context, one, 0, V4(0, 0));
    assert_int_equal(component_u8(component, area), 0);
    uint32_t in_one = component_u32(component, area + 4), out_one = component_u32(component, area + 8);
    area = UDP(stream)(context, two, 1, V4(one_port, 1));
    assert_int_equal(component_u8(component, area), 0);
    uint32_t out_two = component_u32(component, area + 8), in_two = component_u32(component, area + 4);
    area = P2(sockets_udp_outgoing_datagram_stream_check_send)(context, out_two);
    assert_true(component_u64(component, area + 8) > 0);
    area = P2(sockets_udp_outgoing_datagram_stream_send)(
        context, out_two, datagram(component, "to one", false, 0), 1);
    assert_int_equal(component_u64(component, area + 8), 1);
    uint32_t ready = P2(sockets_udp_incoming_datagram_stream_subscribe)(context, in_one);
    P2(io_poll_pollable_block)(context, ready);
    area = P2(sockets_udp_incoming_datagram_stream_receive)(context, in_one, 10);
    assert_int_equal(component_u32(component, area + 8), 1);
    uint32_t record = component_u32(component, area + 4);
    assert_list(component, record, "to one");
    assert_int_equal(component_u16(component, record + 12), two_port);
    area = P2(sockets_udp_incoming_datagram_stream_receive)(context, in_one, 10);
    assert_int_equal(component_u32(component, area + 8), 0);
    // Without an address it has to be connected; with another one it must not be.
    area = P2(sockets_udp_outgoing_datagram_stream_send)(
        context, out_one, datagram(component, "x", false, 0), 1);
    assert_int_equal(component_u8(component, area + 8), P2_INVALID_ARGUMENT);
    area = P2(sockets_udp_outgoing_datagram_stream_send)(
        context, out_two, datagram(component, "x", true, two_port), 1);
    assert_int_equal(component_u8(component, area + 8), P2_INVALID_ARGUMENT);
    area = P2(sockets_udp_outgoing_datagram_stream_send)(
        context, out_one, datagram(component, "back", true, two_port), 1);
    assert_int_equal(component_u64(component, area + 8), 1);
    P2(io_poll_pollable_block)(context, P2(sockets_udp_incoming_datagram_stream_subscribe)(context, in_two));
    area = P2(sockets_udp_incoming_datagram_stream_receive)(context, in_two, 1);
    assert_list(component, component_u32(component, area + 4), "back");
    // What was granted can be taken back only by whoever granted it: here, to see it refused.
    component->host.network->grants[1].port = htons(9);
    component->host.network->grants[1].any_port = false;
    area = P2(sockets_udp_outgoing_datagram_stream_send)(
        context, out_one, datagram(component, "x", true, two_port), 1);
    assert_int_equal(component_u8(component, area + 8), P2_ACCESS_DENIED);
    P2(sockets_udp_drop_udp_socket)(context, one);
    area = P2(sockets_udp_incoming_datagram_stream_receive)(context, in_one, 1);
    assert_int_equal(component_u8(component, area), 0);
}

// Answers one question: an address of the fourth version, and none of the sixth.
static void answer(int server) {
    uint8_t message[512];
    struct sockaddr_in from;
    socklen_t size = sizeof from;
    ssize_t length = recvfrom(server, message, sizeof message, 0, (void *)&from, &size);
    assert_true(length > 16);
    message[2] |= 0x80;
    if (message[length - 3] == NAMES_TYPE_V4) {
        static const uint8_t record[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 127, 0, 0, 77};
        message[7] = 1;
        memcpy(message + length, record, sizeof record);
        length += (ssize_t)sizeof record;
    }
    assert_int_equal(sendto(server, message, (size_t)length, 0, (void *)&from, size), length);
}

static void looks_names_up(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    grant(component, false, 80, "some.example");
    struct host_network *network = component->host.network;
    int server = socket(AF_INET, SOCK_DGRAM, 0);
    socklen_t size = sizeof network->servers[0];
    network->servers[0] = network->grants[0].address;
    assert_int_equal(bind(server, &network->servers[0].any, sizeof network->servers[0].v4), 0);
    assert_int_equal(getsockname(server, &network->servers[0].any, &size), 0);
    network->server_count = 1;
    static const char hosts[] = "127.0.0.9 local.example # some.example\n\n::1 x Local.Example";
    network->hosts = hosts;
    network->hosts_length = sizeof hosts - 1;
#define RESOLVE(text) P2(sockets_ip_name_lookup_resolve_addresses)( \
        context, network_of(component), component_put(component, text, strlen(text)), strlen(text))
    assert_int_equal(component_u8(component, RESOLVE("other.example") + 4), P2_ACCESS_DENIED);
    assert_int_equal(component_u8(component, RESOLVE("not a name") + 4), P2_INVALID_ARGUMENT);
    uint32_t tcp = new_tcp(component, P2_IPV4);
    uint32_t area = TCP(start_connect)(context, tcp, network_of(component), V4(80, 77));
    assert_int_equal(error_of(component, area), P2_ACCESS_DENIED);
    area = RESOLVE("SOME.example");
    assert_int_equal(component_u8(component, area), 0);
    uint32_t stream = component_u32(component, area + 4);
    area = LOOKUP(resolve_next_address)(context, stream);
    assert_int_equal(component_u8(component, area), 1);
    assert_int_equal(component_u8(component, area + 2), P2_WOULD_BLOCK);
    uint32_t ready = LOOKUP(subscribe)(context, stream);
    assert_int_equal(P2(io_poll_pollable_ready)(context, ready), 0);
    answer(server);
    assert_int_equal(P2(io_poll_pollable_ready)(context, ready), 0);
    answer(server);
    P2(io_poll_pollable_block)(context, ready);
    area = LOOKUP(resolve_next_address)(context, stream);
    assert_int_equal(component_u8(component, area), 0);
    assert_int_equal(component_u8(component, area + 2), 1);
    assert_int_equal(component_u8(component, area + 4), P2_IPV4);
    assert_int_equal(component_u8(component, area + 9), 77);
    area = LOOKUP(resolve_next_address)(context, stream);
    assert_int_equal(component_u8(component, area), 0);
    assert_int_equal(component_u8(component, area + 2), 0);
    // Now it is known whose address that is.
    area = TCP(start_connect)(context, tcp, network_of(component), V4(80, 77));
    assert_int_equal(error_of(component, area), -1);
    area = TCP(start_connect)(context, new_tcp(component, P2_IPV4), network_of(component), V4(81, 77));
    assert_int_equal(error_of(component, area), P2_ACCESS_DENIED);
    // Addresses are what they are, and the file of hosts is asked first.
    area = RESOLVE("[::1]");
    area = LOOKUP(resolve_next_address)(context, component_u32(component, area + 4));
    assert_int_equal(component_u8(component, area + 4), P2_IPV6);
    assert_int_equal(component_u16(component, area + 20), 1);
    grant(component, false, 80, "local.example");
    stream = component_u32(component, RESOLVE("local.example.") + 4);
    area = LOOKUP(resolve_next_address)(context, stream);
    assert_int_equal(component_u8(component, area + 9), 9);
    area = LOOKUP(resolve_next_address)(context, stream);
    assert_int_equal(component_u8(component, area + 4), P2_IPV6);
#undef RESOLVE
    close(server);
}

static void reads_grants(void *argument) {
    struct component *component = argument;
    component->host.grants = "--connect\0Some.Host:80\0--connect\0[::1]:*\0--connect\0*:443\0"
                             "--listen\0" "0.0.0.0:8080\0";
    smelt_grant_network(&component->host);
    const struct host_network *network = component->host.network;
    union host_address address;
    bool is_right = network->grant_count == 4 && network_may_look_up(network, "some.host", 9);
    is_right = is_right && host_address_read("[::1]:7", 7, &address) != 0 &&
               network_may_connect(network, &address) && !network_may_listen(network, &address);
    is_right = is_right && host_address_read("1.2.3.4:443", 11, &address) != 0 &&
               network_may_connect(network, &address);
    is_right = is_right && host_address_read("1.2.3.4:8080", 12, &address) != 0 &&
               !network_may_connect(network, &address) && network_may_listen(network, &address);
    _exit(is_right ? 0 : 3);
}

static const char *wrong_grant;
static void reads_wrong_grant(void *argument) {
    struct component *component = argument;
    component->host.grants = wrong_grant;
    smelt_grant_network(&component->host);
}

static void understands_grants(void **state) {
    char output[128];
    assert_int_equal(run_in_child(reads_grants, *state, output, sizeof output), 0);
    static const char *const wrong[] = {
        "--connect\0host\0", "--connect\0:80\0", "--connect\0host:65536\0", "--connect\0::1:80\0",
        "--connect\0[1.2.3.4]:80\0", "--listen\0name:80\0", "--listen\0*:80\0", ("--listen\0" "1.2.3.4:*\0")};
    for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++) {
        wrong_grant = wrong[index];
        assert_fails(*state, reads_wrong_grant, " takes ");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        COMPONENT_TEST(denies_everything),   COMPONENT_TEST(allows_what_is_granted),
        COMPONENT_TEST(connects),            COMPONENT_TEST(keeps_what_cannot_be_sent),
        COMPONENT_TEST(fails_to_connect),    COMPONENT_TEST(sets_options),
        COMPONENT_TEST(exchanges_datagrams), COMPONENT_TEST(looks_names_up),
        COMPONENT_TEST(understands_grants),
    };
    return cmocka_run_group_tests_name("components: sockets", tests, NULL, NULL);
}
