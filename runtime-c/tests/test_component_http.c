// WASI 0.2: HTTP: messages, and requests to a server of the test's.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "component.h"
#include "host/network.h"
#include "wasi_p2/exchange.h"
#include "wasi_p2/http_serving.h"

#define FIELDS(name) smelt_p2_http_types_fields_##name
#define REQUEST(name) smelt_p2_http_types_outgoing_request_##name
#define TEXT(component, text) component_put(component, text, strlen(text)), (uint32_t)strlen(text)
enum { INVALID_SYNTAX, FORBIDDEN, IMMUTABLE };

static int error_of(const struct component *component, uint32_t area) {
    return component_u8(component, area) == 0 ? -1 : component_u8(component, area + 1);
}

static void keeps_fields(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    uint32_t fields = FIELDS(new)(context);
#define APPEND(name, value) \
    error_of(component, FIELDS(append)(context, fields, TEXT(component, name), TEXT(component, value)))
    assert_int_equal(APPEND("Accept", "a"), -1);
    assert_int_equal(APPEND("X-Other", "\t\xff obs"), -1);
    assert_int_equal(APPEND("accept", ""), -1);
    assert_int_equal(APPEND("a b", "c"), INVALID_SYNTAX);
    assert_int_equal(APPEND("", "c"), INVALID_SYNTAX);
    assert_int_equal(APPEND("a", "c\r\nx: y"), INVALID_SYNTAX);
    assert_int_equal(APPEND("Host", "c"), FORBIDDEN);
    assert_int_equal(APPEND("transfer-encoding", "chunked"), FORBIDDEN);
#undef APPEND
    uint32_t area = FIELDS(get)(context, fields, TEXT(component, "ACCEPT"));
    assert_int_equal(component_u32(component, area + 4), 2);
    assert_list(component, component_u32(component, area), "a");
    assert_list(component, component_u32(component, area) + 8, "");
    assert_int_equal(FIELDS(has)(context, fields, TEXT(component, "x-other")), 1);
    uint32_t copy = FIELDS(clone)(context, fields);
    assert_int_equal(error_of(component, FIELDS(delete)(context, fields, TEXT(component, "accept"))), -1);
    assert_int_equal(FIELDS(has)(context, fields, TEXT(component, "accept")), 0);
    area = FIELDS(entries)(context, fields);
    assert_int_equal(component_u32(component, area + 4), 1);
    assert_list(component, component_u32(component, area), "X-Other");
    uint32_t value[2] = {TEXT(component, "only")};
    area = FIELDS(set)(context, copy, TEXT(component, "accept"), component_put(component, value, 8), 1);
    assert_int_equal(error_of(component, area), -1);
    area = FIELDS(get)(context, copy, TEXT(component, "accept"));
    assert_int_equal(component_u32(component, area + 4), 1);
    uint32_t request = REQUEST(new)(context, copy);
    uint32_t headers = REQUEST(headers)(context, request);
    assert_int_equal(error_of(component, FIELDS(delete)(context, headers, TEXT(component, "accept"))),
                     IMMUTABLE);
    uint32_t pair[4] = {TEXT(component, "name"), TEXT(component, "value")};
    area = FIELDS(from_list)(context, component_put(component, pair, 16), 1);
    assert_int_equal(component_u8(component, area), 0);
    uint32_t wrong[4] = {TEXT(component, "na:me"), TEXT(component, "value")};
    area = FIELDS(from_list)(context, component_put(component, wrong, 16), 1);
    assert_int_equal(component_u8(component, area), 1);
    assert_int_equal(component_u8(component, area + 4), INVALID_SYNTAX);
    P2(http_types_drop_fields)(context, fields);
    P2(http_types_drop_fields)(context, headers);
    P2(http_types_drop_outgoing_request)(context, request);
}

static void uses_fields_after_they_are_gone(void *argument) {
    struct component *component = argument;
    uint32_t fields = FIELDS(new)(&component->context);
    REQUEST(new)(&component->context, fields);
    FIELDS(entries)(&component->context, fields);
}

static void takes_fields(void **state) {
    assert_fails(*state, uses_fields_after_they_are_gone, "fields");
}

static void describes_requests(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    uint32_t request = REQUEST(new)(context, FIELDS(new)(context));
    assert_int_equal(component_u8(component, REQUEST(method)(context, request)), 0);
    assert_int_equal(REQUEST(set_method)(context, request, 9, TEXT(component, "MK COL")), 1);
    assert_int_equal(REQUEST(set_method)(context, request, 9, TEXT(component, "MKCOL")), 0);
    uint32_t area = REQUEST(method)(context, request);
    assert_int_equal(component_u8(component, area), 9);
    assert_list(component, area + 4, "MKCOL");
    assert_int_equal(REQUEST(set_path_with_query)(context, request, 1, TEXT(component, "/a b")), 1);
    assert_int_equal(REQUEST(set_path_with_query)(context, request, 1, TEXT(component, "/a?b")), 0);
    area = REQUEST(path_with_query)(context, request);
    assert_int_equal(component_u8(component, area), 1);
    assert_list(component, area + 4, "/a?b");
    assert_int_equal(REQUEST(set_authority)(context, request, 1, TEXT(component, "h/x")), 1);
    assert_int_equal(REQUEST(set_authority)(context, request, 1, TEXT(component, "h\r\nx")), 1);
    assert_int_equal(REQUEST(set_authority)(context, request, 1, TEXT(component, "host:81")), 0);
    assert_list(component, REQUEST(authority)(context, request) + 4, "host:81");
    assert_int_equal(component_u8(component, REQUEST(scheme)(context, request)), 0);
    assert_int_equal(REQUEST(set_scheme)(context, request, 1, 2, TEXT(component, "ftp")), 0);
    area = REQUEST(scheme)(context, request);
    assert_int_equal(component_u8(component, area + 4), 2);
    assert_list(component, area + 8, "ftp");
    area = REQUEST(body)(context, request);
    assert_int_equal(component_u8(component, area), 0);
    assert_int_equal(component_u8(component, REQUEST(body)(context, request)), 1);
    P2(http_types_drop_outgoing_request)(context, request);
    P2(http_types_drop_outgoing_body)(context, component_u32(component, area + 4));
    uint32_t options = P2(http_types_request_options_new)(context);
    P2(http_types_request_options_set_first_byte_timeout)(context, options, 1, 77);
    area = P2(http_types_request_options_first_byte_timeout)(context, options);
    assert_int_equal(component_u64(component, area + 8), 77);
    area = P2(http_types_request_options_connect_timeout)(context, options);
    assert_int_equal(component_u8(component, area), 0);
    P2(http_types_drop_request_options)(context, options);
}

static void describes_what_is_served(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    struct p2_http_request incoming = {.method = 2, .has_path = true};
    struct p2_http_outparam outparam = {.is_set = false};
    p2_text_set(&component->state, &incoming.path, "/x", 2);
    p2_fields_add(&component->state, &incoming.fields, "a", 1, "b", 1);
    uint32_t request = p2_new_incoming_request(&component->state, &incoming);
    assert_int_equal(component_u8(component, P2(http_types_incoming_request_method)(context, request)), 2);
    assert_list(component, P2(http_types_incoming_request_path_with_query)(context, request) + 4, "/x");
    assert_int_equal(component_u8(component, P2(http_types_incoming_request_authority)(context, request)), 0);
    assert_int_equal(component_u8(component, P2(http_types_incoming_request_scheme)(context, request)), 0);
    assert_int_equal(component_u8(component, P2(http_types_incoming_request_consume)(context, request)), 1);
    uint32_t headers = P2(http_types_incoming_request_headers)(context, request);
    assert_int_equal(FIELDS(has)(context, headers, TEXT(component, "a")), 1);
    uint32_t response = P2(http_types_outgoing_response_new)(context, FIELDS(new)(context));
    assert_int_equal(P2(http_types_outgoing_response_status_code)(context, response), 200);
    assert_int_equal(P2(http_types_outgoing_response_set_status_code)(context, response, 99), 1);
    assert_int_equal(P2(http_types_outgoing_response_set_status_code)(context, response, 404), 0);
    uint32_t param = p2_new_outparam(&component->state, &outparam);
    uint32_t area = P2(http_types_response_outparam_send_informational)(context, param, 100, FIELDS(new)(context));
    assert_int_equal(component_u8(component, area), 1);
    P2(http_types_response_outparam_set)(context, param, 0, response, 0, 0, 0, 0, 0, 0);
    assert_true(outparam.is_set);
    const struct p2_http_response *served =
        p2_at(&component->state, outparam.response)->u.object.memory;
    assert_int_equal(served->status, 404);
    p2_release(&component->state, outparam.response);
    param = p2_new_outparam(&component->state, &outparam);
    P2(http_types_response_outparam_set)(context, param, 1, P2_HTTP_DENIED, 0, 0, 0, 0, 0, 0);
    assert_int_equal(outparam.error, P2_HTTP_DENIED);
}

// Requests ----------------------------------------------------------------------------------------

static uint16_t listen_here(int *server) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *server = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(*server, (void *)&address, size), 0);
    assert_int_equal(listen(*server, 1), 0);
    assert_int_equal(getsockname(*server, (void *)&address, &size), 0);
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

// A child that accepts a connection, answers in parts, and compares what it gets with what it should.
static pid_t serve(int server, const char *expected, const char *const *answer) {
    pid_t child = fork();
    if (child != 0) return child;
    char request[4096];
    size_t used = 0, length = strlen(expected);
    int connection = accept(server, NULL, NULL);
    while (used < length) {
        ssize_t count = recv(connection, request + used, sizeof request - used, 0);
        if (count <= 0) break;
        used += (size_t)count;
    }
    bool is_same = used == length && memcmp(request, expected, length) == 0;
    if (!is_same) fprintf(stderr, "the request is:\n%.*s\n", (int)used, request);
    for (; *answer != NULL; answer++) {
        if (send(connection, *answer, strlen(*answer), MSG_NOSIGNAL) < 0) _exit(2);
        usleep(2000);
    }
    close(connection);
    _exit(is_same ? 0 : 1);
}

static void assert_served(pid_t child) {
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static uint32_t new_request(struct component *component, uint16_t port, uint32_t fields) {
    struct smelt_context *context = &component->context;
    char authority[32];
    snprintf(authority, sizeof authority, "127.0.0.1:%d", port);
    uint32_t request = REQUEST(new)(context, fields);
    assert_int_equal(REQUEST(set_authority)(context, request, 1, TEXT(component, authority)), 0);
    return request;
}

// Waits for the response, and returns where the innermost result is.
static uint32_t response_of(struct component *component, uint32_t future) {
    struct smelt_context *context = &component->context;
    uint32_t ready = P2(http_types_future_incoming_response_subscribe)(context, future);
    P2(io_poll_pollable_block)(context, ready);
    P2(io_poll_drop_pollable)(context, ready);
    uint32_t area = P2(http_types_future_incoming_response_get)(context, future);
    assert_int_equal(component_u8(component, area), 1);
    assert_int_equal(component_u8(component, area + 8), 0);
    return area + 16;
}

static void get_and_compare(struct component *component, const char *const *answer,
                            uint16_t status, const char *content, const char *trailer) {
    struct smelt_context *context = &component->context;
    int server;
    char expected[128];
    uint16_t port = listen_here(&server);
    grant(component, port);
    snprintf(expected, sizeof expected,
             "GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n", port);
    pid_t child = serve(server, expected, answer);
    uint32_t request = new_request(component, port, FIELDS(new)(context));
    uint32_t area = P2(http_outgoing_handler_handle)(context, request, 0, 0);
    assert_int_equal(component_u8(component, area), 0);
    uint32_t future = component_u32(component, area + 8);
    area = response_of(component, future);
    assert_int_equal(component_u8(component, area), 0);
    uint32_t response = component_u32(component, area + 8);
    assert_int_equal(P2(http_types_incoming_response_status)(context, response), status);
    P2(http_types_drop_future_incoming_response)(context, future);
    uint32_t body = component_u32(component, P2(http_types_incoming_response_consume)(context, response) + 4);
    assert_int_equal(component_u8(component, P2(http_types_incoming_response_consume)(context, response)), 1);
    P2(http_types_drop_incoming_response)(context, response);
    uint32_t stream = component_u32(component, P2(http_types_incoming_body_stream)(context, body) + 4);
    char got[256] = {0};
    while (true) {
        area = P2(io_streams_input_stream_blocking_read)(context, stream, 7);
        if (component_u8(component, area) != 0) break;
        uint32_t length = component_u32(component, area + 8);
        strncat(got, component_bytes(component, component_u32(component, area + 4), length), length);
    }
    assert_int_equal(component_u8(component, area + 4), 1);
    assert_string_equal(got, content);
    P2(io_streams_drop_input_stream)(context, stream);
    uint32_t trailers = P2(http_types_incoming_body_finish)(context, body);
    P2(io_poll_pollable_block)(context, P2(http_types_future_trailers_subscribe)(context, trailers));
    area = P2(http_types_future_trailers_get)(context, trailers);
    assert_int_equal(component_u8(component, area), 1);
    assert_int_equal(component_u8(component, area + 16), 0);
    assert_int_equal(component_u8(component, area + 24), trailer != NULL);
    if (trailer != NULL) {
        uint32_t fields = component_u32(component, area + 28);
        assert_int_equal(FIELDS(has)(context, fields, TEXT(component, trailer)), 1);
    }
    P2(http_types_drop_future_trailers)(context, trailers);
    assert_served(child);
    close(server);
}

static void gets_responses(void **state) {
    static const char *const counted[] = {"HTTP/1.1 200 OK\r\nContent-Le", "ngth: 9\r\n\r\nsome", " text", NULL};
    static const char *const to_end[] = {"HTTP/1.0 404 Not Found\nA: b\n\n", "some", " text", NULL};
    static const char *const chunked[] = {
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nso", "me\r",
        "\n5\r\n text\r\n0\r\nDigest: x\r", "\n\r\n", NULL};
    static const char *const nothing[] = {"HTTP/1.1 204 No Content\r\n\r\n", NULL};
    get_and_compare(*state, counted, 200, "some text", NULL);
    get_and_compare(*state, to_end, 404, "some text", NULL);
    get_and_compare(*state, chunked, 200, "some text", "digest");
    get_and_compare(*state, nothing, 204, "", NULL);
}

static void sends_bodies(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    static const char *const answer[] = {"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", NULL};
    int server;
    char expected[256];
    uint16_t port = listen_here(&server);
    grant(component, port);
    snprintf(expected, sizeof expected,
             "PUT /x HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\na: b\r\n"
             "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n7\r\n, world\r\n0\r\nend: now\r\n\r\n", port);
    pid_t child = serve(server, expected, answer);
    uint32_t fields = FIELDS(new)(context), trailers = FIELDS(new)(context);
    FIELDS(append)(context, fields, TEXT(component, "a"), TEXT(component, "b"));
    FIELDS(append)(context, trailers, TEXT(component, "end"), TEXT(component, "now"));
    uint32_t request = new_request(component, port, fields);
    REQUEST(set_method)(context, request, 3, 0, 0);
    REQUEST(set_path_with_query)(context, request, 1, TEXT(component, "/x"));
    uint32_t body = component_u32(component, REQUEST(body)(context, request) + 4);
    uint32_t stream = component_u32(component, P2(http_types_outgoing_body_write)(context, body) + 4);
    uint32_t area = P2(io_streams_output_stream_write)(context, stream, TEXT(component, "hello"));
    assert_int_equal(component_u8(component, area), 0);
    area = P2(http_outgoing_handler_handle)(context, request, 0, 0);
    assert_int_equal(component_u8(component, area), 0);
    uint32_t future = component_u32(component, area + 8);
    area = P2(io_streams_output_stream_blocking_write_and_flush)(context, stream, TEXT(component, ", world"));
    assert_int_equal(component_u8(component, area), 0);
    P2(io_streams_drop_output_stream)(context, stream);
    area = P2(http_types_outgoing_body_finish)(context, body, 1, trailers);
    assert_int_equal(component_u8(component, area), 0);
    area = response_of(component, future);
    assert_int_equal(component_u8(component, area), 0);
    assert_int_equal(P2(http_types_incoming_response_status)(context, component_u32(component, area + 8)), 201);
    assert_served(child);
    close(server);
}

static int handle_error(struct component *component, uint32_t request) {
    uint32_t area = P2(http_outgoing_handler_handle)(&component->context, request, 0, 0);
    assert_int_equal(component_u8(component, area), 1);
    return component_u8(component, area + 8);
}

static void refuses_requests(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    assert_int_equal(handle_error(component, new_request(component, 80, FIELDS(new)(context))),
                     P2_HTTP_DENIED);
    grant(component, 81);
    assert_int_equal(handle_error(component, new_request(component, 80, FIELDS(new)(context))),
                     P2_HTTP_DENIED);
    uint32_t request = new_request(component, 81, FIELDS(new)(context));
    REQUEST(set_scheme)(context, request, 1, P2_SCHEME_HTTPS, 0, 0);
    assert_int_equal(handle_error(component, request), P2_HTTP_NO_TLS);
    request = new_request(component, 81, FIELDS(new)(context));
    REQUEST(set_authority)(context, request, 1, TEXT(component, "name.example"));
    assert_int_equal(handle_error(component, request), P2_HTTP_DENIED);
    request = new_request(component, 81, FIELDS(new)(context));
    REQUEST(set_authority)(context, request, 1, TEXT(component, "127.0.0.1:x"));
    assert_int_equal(handle_error(component, request), P2_HTTP_URI_INVALID);
    request = REQUEST(new)(context, FIELDS(new)(context));
    assert_int_equal(handle_error(component, request), P2_HTTP_URI_INVALID);
    // A body of another length than was told.
    uint32_t fields = FIELDS(new)(context);
    FIELDS(append)(context, fields, TEXT(component, "content-length"), TEXT(component, "3"));
    request = new_request(component, 81, fields);
    uint32_t body = component_u32(component, REQUEST(body)(context, request) + 4);
    uint32_t area = P2(http_types_outgoing_body_finish)(context, body, 0, 0);
    assert_int_equal(component_u8(component, area), 1);
    assert_int_equal(component_u8(component, area + 8), P2_HTTP_BODY_SIZE);
    P2(http_types_drop_outgoing_request)(context, request);
}

// What a response that cannot be right comes to: the error of it, or of its body.
static int failure_of(struct component *component, const char *text) {
    struct smelt_context *context = &component->context;
    const char *const answer[] = {text, NULL};
    int server;
    uint16_t port = listen_here(&server);
    grant(component, port);
    pid_t child = serve(server, "", answer);
    uint32_t area = P2(http_outgoing_handler_handle)(
        context, new_request(component, port, FIELDS(new)(context)), 0, 0);
    uint32_t future = component_u32(component, area + 8);
    area = response_of(component, future);
    int error = component_u8(component, area + 8);
    if (component_u8(component, area) == 0) {
        uint32_t response = component_u32(component, area + 8);
        uint32_t body = component_u32(component, P2(http_types_incoming_response_consume)(context, response) + 4);
        uint32_t stream = component_u32(component, P2(http_types_incoming_body_stream)(context, body) + 4);
        do {
            area = P2(io_streams_input_stream_blocking_read)(context, stream, 100);
        } while (component_u8(component, area) == 0);
        assert_int_equal(component_u8(component, area + 4), 0);
        area = P2(http_types_http_error_code)(context, component_u32(component, area + 8));
        assert_int_equal(component_u8(component, area), 1);
        error = component_u8(component, area + 8);
    }
    assert_served(child);
    close(server);
    return error;
}

static void notices_wrong_responses(void **state) {
    static const struct {
        const char *answer;
        int error;
    } cases[] = {
        {"", P2_HTTP_INCOMPLETE},
        {"SSH-2.0\r\n\r\n", P2_HTTP_PROTOCOL_ERROR},
        {"HTTP/1.1 2000 OK\r\n\r\n", P2_HTTP_PROTOCOL_ERROR},
        {"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", P2_HTTP_PROTOCOL_ERROR},
        {"HTTP/1.1 200 OK\r\na b: c\r\n\r\n", P2_HTTP_PROTOCOL_ERROR},
        {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", P2_HTTP_PROTOCOL_ERROR},
        {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", P2_HTTP_PROTOCOL_ERROR},
        {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", P2_HTTP_PROTOCOL_ERROR},
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", P2_HTTP_INCOMPLETE},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", P2_HTTP_TRANSFER_CODING},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", P2_HTTP_PROTOCOL_ERROR},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\n", P2_HTTP_PROTOCOL_ERROR},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", P2_HTTP_INCOMPLETE},
    };
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        int error = failure_of(*state, cases[index].answer);
        if (error != cases[index].error) fail_msg("case %zu: %d", index, error);
    }
}

static void runs_out_of_patience(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    int server;
    uint16_t port = listen_here(&server);
    grant(component, port);
    uint32_t options = P2(http_types_request_options_new)(context);
    P2(http_types_request_options_set_first_byte_timeout)(context, options, 1, 5000000);
    uint32_t area = P2(http_outgoing_handler_handle)(
        context, new_request(component, port, FIELDS(new)(context)), 1, options);
    area = response_of(component, component_u32(component, area + 8));
    assert_int_equal(component_u8(component, area), 1);
    assert_int_equal(component_u8(component, area + 8), P2_HTTP_RESPONSE_TIMEOUT);
    close(server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        COMPONENT_TEST(keeps_fields),       COMPONENT_TEST(takes_fields),
        COMPONENT_TEST(describes_requests), COMPONENT_TEST(describes_what_is_served),
        COMPONENT_TEST(gets_responses),     COMPONENT_TEST(sends_bodies),
        COMPONENT_TEST(refuses_requests),   COMPONENT_TEST(notices_wrong_responses),
        COMPONENT_TEST(runs_out_of_patience),
    };
    return cmocka_run_group_tests_name("components: HTTP", tests, NULL, NULL);
}
