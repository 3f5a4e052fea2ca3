// A component that tries what its host may allow it, and writes down what came of it: one line each,
// a word and the error's number, or "done". It has no C library: what it calls are its imports.
#define IMPORT(interface, name) \
    __attribute__((import_module("wasi:" interface "@0.2.12"), import_name(name)))

typedef unsigned u32;
typedef unsigned long long u64;

IMPORT("cli/stdout", "get-stdout") u32 get_stdout(void);
IMPORT("io/streams", "[method]output-stream.blocking-write-and-flush")
void write_out(u32 self, const char *bytes, u32 length, u32 *result);
IMPORT("io/streams", "[method]input-stream.blocking-read")
void read_in(u32 self, u64 length, u32 *result);
IMPORT("io/poll", "[method]pollable.block") void block(u32 self);
IMPORT("cli/environment", "get-environment") void get_environment(u32 *result);
IMPORT("filesystem/preopens", "get-directories") void get_directories(u32 *result);
IMPORT("sockets/instance-network", "instance-network") u32 instance_network(void);
IMPORT("sockets/tcp-create-socket", "create-tcp-socket") void create_tcp(u32 family, u32 *result);
IMPORT("sockets/udp-create-socket", "create-udp-socket") void create_udp(u32 family, u32 *result);
IMPORT("sockets/ip-name-lookup", "resolve-addresses")
void resolve(u32 network, const char *name, u32 length, u32 *result);
IMPORT("sockets/tcp", "[method]tcp-socket.start-connect")
void start_connect(u32 self, u32 network, u32 family, u32 port, u32 a, u32 b, u32 c, u32 d, u32 e,
                   u32 f, u32 g, u32 h, u32 i, u32 j, u32 *result);
IMPORT("sockets/tcp", "[method]tcp-socket.finish-connect") void finish_connect(u32 self, u32 *result);
IMPORT("sockets/tcp", "[method]tcp-socket.subscribe") u32 subscribe_tcp(u32 self);
IMPORT("http/types", "[constructor]fields") u32 new_fields(void);
IMPORT("http/types", "[constructor]outgoing-request") u32 new_request(u32 fields);
IMPORT("http/types", "[method]outgoing-request.set-authority")
u32 set_authority(u32 self, u32 has, const char *text, u32 length);
IMPORT("http/outgoing-handler", "handle") void handle(u32 request, u32 has, u32 options, u32 *result);

static char heap[1 << 16] __attribute__((aligned(16)));
static u32 used;

__attribute__((export_name("cabi_realloc"))) void *cabi_realloc(void *old, u32 old_size,
                                                                u32 alignment, u32 size) {
    (void)old;
    (void)old_size;
    used = (used + alignment - 1) & ~(alignment - 1);
    used += size;
    if (used > sizeof heap) __builtin_trap();
    return heap + used - size;
}

static void print(const char *text, u32 length) {
    u32 result[3];
    write_out(get_stdout(), text, length, result);
}

static void say(const char *word, int is_error, u32 code) {
    char line[64];
    u32 length = 0;
    for (; *word != 0; word++) line[length++] = *word;
    line[length++] = ' ';
    if (is_error) {
        if (code >= 10) line[length++] = (char)('0' + code / 10);
        line[length++] = (char)('0' + code % 10);
    } else {
        for (const char *done = "done"; *done != 0; done++) line[length++] = *done;
    }
    line[length++] = '\n';
    print(line, length);
}

static int is_error(const u32 *result) { return *(const unsigned char *)result; }

// The port that a variable tells.
static u32 find_port(void) {
    u32 list[2], port = 0;
    get_environment(list);
    const u32 *pairs = (const u32 *)list[0];
    if (list[1] == 0) return 0;
    for (u32 index = 0; index < pairs[3]; index++) {
        port = port * 10 + (u32)(((const char *)pairs[2])[index] - '0');
    }
    return port;
}

static void try_connection(u32 tcp, u32 port) {
    u32 result[3];
    start_connect(tcp, instance_network(), 0, port, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, result);
    say("start-connect", is_error(result), ((unsigned char *)result)[1]);
    if (is_error(result)) return;
    block(subscribe_tcp(tcp));
    finish_connect(tcp, result);
    say("finish-connect", is_error(result), result[1]);
    if (is_error(result)) return;
    u32 input = result[1];
    read_in(input, 100, result);
    if (!is_error(result)) print((const char *)result[1], result[2]);
}

__attribute__((export_name("wasi:cli/run@0.2.12#run"))) u32 run(void) {
    u32 result[16] __attribute__((aligned(8)));
    u32 port = find_port();
    get_directories(result);
    say("directories", 1, result[1]);
    get_environment(result);
    say("variables", 1, result[1]);
    create_udp(0, result);
    say("udp", is_error(result), result[1] & 0xff);
    resolve(instance_network(), "localhost", 9, result);
    say("lookup", is_error(result), result[1] & 0xff);
    u32 request = new_request(new_fields());
    set_authority(request, 1, "127.0.0.1:9", 11);
    handle(request, 0, 0, result);
    say("http", is_error(result), result[2] & 0xff);
    create_tcp(0, result);
    say("tcp", is_error(result), result[1] & 0xff);
    if (!is_error(result)) try_connection(result[1], port);
    return 0;
}
