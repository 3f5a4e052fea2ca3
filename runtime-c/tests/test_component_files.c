// WASI 0.2: files and directories.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "component.h"
#include "wasi_p2/files.h"

enum { BAD_DESCRIPTOR = 3, EXIST = 7, INVALID = 12, IS_DIRECTORY = 14, NO_ENTRY = 20, LOOP = 15,
       NOT_DIRECTORY = 24, NOT_EMPTY = 25, NOT_PERMITTED = 31, READ_ONLY = 33, ILLEGAL = 9 };
enum { DIRECTORY_TYPE = 3, LINK_TYPE = 5, FILE_TYPE = 6 };
enum { READ_WRITE = P2_FLAG_READ | P2_FLAG_WRITE };

#define FILES(name) smelt_p2_filesystem_types_descriptor_##name
#define TEXT(component, text) component_put(component, text, strlen(text)), (uint32_t)strlen(text)

static uint32_t root_of(struct component *component) {
    uint32_t area = P2(filesystem_preopens_get_directories)(&component->context);
    assert_true(component_u32(component, area + 4) > 0);
    return component_u32(component, component_u32(component, area));
}

// Opens a file that there is.
static uint32_t open_at(struct component *component, uint32_t directory, const char *path,
                        uint32_t open_flags, uint32_t flags) {
    uint32_t area = FILES(open_at)(&component->context, directory, P2_SYMLINK_FOLLOW,
                                   TEXT(component, path), open_flags, flags);
    if (component_u8(component, area) != 0) {
        fail_msg("%s: error %d", path, component_u8(component, area + 4));
    }
    return component_u32(component, area + 4);
}

// The error of opening one.
static int open_error(struct component *component, uint32_t directory, const char *path,
                      uint32_t open_flags, uint32_t flags) {
    uint32_t area = FILES(open_at)(&component->context, directory, P2_SYMLINK_FOLLOW,
                                   TEXT(component, path), open_flags, flags);
    assert_int_equal(component_u8(component, area), 1);
    return component_u8(component, area + 4);
}

// What result<_, error-code> says, -1 for no error.
static int error_of(const struct component *component, uint32_t area) {
    return component_u8(component, area) == 0 ? -1 : component_u8(component, area + 1);
}

static void knows_its_directories(void **state) {
    struct component *component = *state;
    uint32_t area = P2(filesystem_preopens_get_directories)(&component->context);
    assert_int_equal(component_u32(component, area + 4), 1);
    uint32_t pair = component_u32(component, area);
    assert_list(component, pair + 4, "/");
    uint32_t root = component_u32(component, pair);
    area = FILES(get_type)(&component->context, root);
    assert_int_equal(component_u8(component, area + 1), DIRECTORY_TYPE);
    area = FILES(get_flags)(&component->context, root);
    assert_int_equal(component_u8(component, area + 1), P2_FLAG_READ | P2_FLAG_MUTATE);
    assert_int_equal(FILES(is_same_object)(&component->context, root, root_of(component)), 1);
    // Its descriptor is not the guest's to close.
    P2(filesystem_types_drop_descriptor)(&component->context, root);
    open_at(component, root_of(component), "new", P2_OPEN_CREATE, READ_WRITE);
}

static void reads_and_writes(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    uint32_t file = open_at(component, root_of(component), "f", P2_OPEN_CREATE, READ_WRITE);
    uint32_t area = FILES(write)(context, file, TEXT(component, "0123456789"), 5);
    assert_int_equal(component_u8(component, area), 0);
    assert_int_equal(component_u64(component, area + 8), 10);
    area = FILES(read)(context, file, 4, 13);
    assert_int_equal(component_u8(component, area), 0);
    assert_list(component, area + 4, "89");
    assert_int_equal(component_u8(component, area + 12), 0);
    area = FILES(read)(context, file, UINT64_MAX, 15);
    assert_int_equal(component_u8(component, area + 12), 1);
    area = FILES(read)(context, file, 1, UINT64_MAX);
    assert_int_equal(component_u8(component, area), 1);
    assert_int_equal(component_u8(component, area + 4), INVALID);
    assert_int_equal(error_of(component, FILES(set_size)(context, file, 7)), -1);
    assert_int_equal(error_of(component, FILES(set_size)(context, file, UINT64_MAX)), INVALID);
    assert_int_equal(error_of(component, FILES(sync)(context, file)), -1);
    assert_int_equal(error_of(component, FILES(sync_data)(context, file)), -1);
    assert_int_equal(error_of(component, FILES(advise)(context, file, 0, 10, 3)), -1);
    assert_int_equal(error_of(component, FILES(advise)(context, file, 0, 10, 6)), INVALID);
    area = FILES(stat)(context, file);
    assert_int_equal(component_u8(component, area), 0);
    assert_int_equal(component_u8(component, area + 8), FILE_TYPE);
    assert_int_equal(component_u64(component, area + 16), 1);
    assert_int_equal(component_u64(component, area + 24), 7);
    assert_int_equal(component_u8(component, area + 32), 1);
    assert_true(component_u64(component, area + 64) > 1500000000);
}

static void allows_what_was_asked_for(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    uint32_t root = root_of(component);
    host_write(component->guest, "root/f", "text");
    uint32_t reader = open_at(component, root, "f", 0, P2_FLAG_READ);
    uint32_t writer = open_at(component, root, "f", 0, P2_FLAG_WRITE);
    uint32_t area = FILES(write)(context, reader, TEXT(component, "x"), 0);
    assert_int_equal(component_u8(component, area + 8), NOT_PERMITTED);
    area = FILES(read)(context, writer, 1, 0);
    assert_int_equal(component_u8(component, area + 4), NOT_PERMITTED);
    area = FILES(write_via_stream)(context, reader, 0);
    assert_int_equal(component_u8(component, area + 4), BAD_DESCRIPTOR);
    area = FILES(append_via_stream)(context, reader);
    assert_int_equal(component_u8(component, area + 4), BAD_DESCRIPTOR);
    area = FILES(read_via_stream)(context, writer, 0);
    assert_int_equal(component_u8(component, area + 4), BAD_DESCRIPTOR);
    area = FILES(read_via_stream)(context, root, 0);
    assert_int_equal(component_u8(component, area + 4), BAD_DESCRIPTOR);
    area = FILES(read_directory)(context, reader);
    assert_int_equal(component_u8(component, area + 4), NOT_DIRECTORY);
    assert_int_equal(error_of(component, FILES(set_size)(context, reader, 0)), NOT_PERMITTED);
    assert_int_equal(error_of(component, FILES(set_times)(context, reader, 1, 0, 0, 1, 0, 0)),
                     NOT_PERMITTED);
    assert_int_equal(open_error(component, reader, "f", 0, P2_FLAG_READ), NOT_DIRECTORY);
    assert_int_equal(open_error(component, root, "g", 0, P2_FLAG_READ), NO_ENTRY);
    assert_int_equal(
        open_error(component, root, "f", P2_OPEN_CREATE | P2_OPEN_EXCLUSIVE, P2_FLAG_WRITE), EXIST);
    assert_int_equal(open_error(component, root, "f", P2_OPEN_DIRECTORY, P2_FLAG_READ),
                     NOT_DIRECTORY);
    assert_int_equal(
        open_error(component, root, "d", P2_OPEN_DIRECTORY | P2_OPEN_CREATE, P2_FLAG_READ), INVALID);
    assert_int_equal(open_error(component, root, ".", 0, READ_WRITE), IS_DIRECTORY);
    assert_int_equal(open_error(component, root, "", 0, P2_FLAG_READ), NO_ENTRY);
    assert_int_equal(component_u64(component, FILES(stat)(context, reader) + 24), 4);
    open_at(component, root, "f", P2_OPEN_TRUNCATE, P2_FLAG_WRITE);
    assert_int_equal(component_u64(component, FILES(stat)(context, reader) + 24), 0);
}

static void streams_files(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    uint32_t file = open_at(component, root_of(component), "f", P2_OPEN_CREATE, READ_WRITE);
    uint32_t output = component_u32(component, FILES(write_via_stream)(context, file, 2) + 4);
    uint32_t area = P2(io_streams_output_stream_write)(context, output, TEXT(component, "abc"));
    assert_int_equal(component_u8(component, area), 0);
    area = P2(io_streams_output_stream_write)(context, output, TEXT(component, "def"));
    assert_int_equal(component_u8(component, area), 0);
    uint32_t append = component_u32(component, FILES(append_via_stream)(context, file) + 4);
    area = P2(io_streams_output_stream_check_write)(context, append);
    assert_true(component_u64(component, area + 8) > 0);
    P2(io_streams_output_stream_write)(context, append, TEXT(component, "end"));
    uint32_t input = component_u32(component, FILES(read_via_stream)(context, file, 1) + 4);
    uint32_t ready = P2(io_streams_input_stream_subscribe)(context, input);
    // Streams keep their files, pollables their streams.
    P2(filesystem_types_drop_descriptor)(context, file);
    area = P2(io_streams_input_stream_read)(context, input, 4);
    assert_int_equal(component_u32(component, area + 8), 4);
    assert_memory_equal(component_bytes(component, component_u32(component, area + 4), 4),
                        "\0abc", 4);
    area = P2(io_streams_input_stream_blocking_read)(context, input, 100);
    assert_list(component, area + 4, "defend");
    area = P2(io_streams_input_stream_read)(context, input, 100);
    assert_int_equal(component_u8(component, area), 1);
    assert_int_equal(component_u8(component, area + 4), 1);
    P2(io_streams_drop_input_stream)(context, input);
    assert_int_equal(P2(io_poll_pollable_ready)(context, ready), 1);
    P2(io_poll_drop_pollable)(context, ready);
    P2(io_streams_drop_output_stream)(context, output);
    P2(io_streams_drop_output_stream)(context, append);
}

static void stays_beneath(void **state) {
    struct component *component = *state;
    uint32_t root = root_of(component);
    static const char *const paths[] = {"../outside/secret", "/etc/passwd", "link", "absolute",
                                        "d/../../outside/secret", "up/outside/secret"};
    host_mkdir(component->guest, "root/d");
    host_symlink(component->guest, "../outside/secret", "root/link");
    host_symlink(component->guest, "/etc/passwd", "root/absolute");
    host_symlink(component->guest, "..", "root/up");
    for (size_t index = 0; index < sizeof paths / sizeof paths[0]; index++) {
        assert_int_equal(open_error(component, root, paths[index], 0, P2_FLAG_READ),
                         NOT_PERMITTED);
        uint32_t area = FILES(stat_at)(&component->context, root, P2_SYMLINK_FOLLOW,
                                       TEXT(component, paths[index]));
        assert_int_equal(component_u8(component, area), 1);
        assert_int_equal(component_u8(component, area + 8), NOT_PERMITTED);
    }
    assert_int_equal(open_error(component, root, "../new", P2_OPEN_CREATE, P2_FLAG_WRITE),
                     NOT_PERMITTED);
    uint32_t area = FILES(symlink_at)(&component->context, root, TEXT(component, "/etc"),
                                      TEXT(component, "new"));
    assert_int_equal(error_of(component, area), NOT_PERMITTED);
    area = FILES(readlink_at)(&component->context, root, TEXT(component, "absolute"));
    assert_int_equal(component_u8(component, area + 4), NOT_PERMITTED);
    assert_int_equal(open_error(component, root, "loop", 0, P2_FLAG_READ), NO_ENTRY);
    host_symlink(component->guest, "loop", "root/loop");
    assert_int_equal(open_error(component, root, "loop", 0, P2_FLAG_READ), LOOP);
}

static void changes_entries(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    uint32_t root = root_of(component), area;
#define CHECK(expected, call) assert_int_equal(error_of(component, call), expected)
    CHECK(-1, FILES(create_directory_at)(context, root, TEXT(component, "d")));
    CHECK(EXIST, FILES(create_directory_at)(context, root, TEXT(component, "d")));
    open_at(component, root, "d/f", P2_OPEN_CREATE, P2_FLAG_WRITE);
    CHECK(NOT_EMPTY, FILES(remove_directory_at)(context, root, TEXT(component, "d")));
    CHECK(NOT_DIRECTORY, FILES(remove_directory_at)(context, root, TEXT(component, "d/f")));
    CHECK(IS_DIRECTORY, FILES(unlink_file_at)(context, root, TEXT(component, "d")));
    uint32_t directory = open_at(component, root, "d", P2_OPEN_DIRECTORY, P2_FLAG_READ);
    CHECK(-1, FILES(rename_at)(context, directory, TEXT(component, "f"), root, TEXT(component, "g")));
    CHECK(NO_ENTRY, FILES(rename_at)(context, directory, TEXT(component, "f"), root, TEXT(component, "g")));
    CHECK(-1, FILES(link_at)(context, root, 0, TEXT(component, "g"), directory, TEXT(component, "h")));
    CHECK(INVALID, FILES(link_at)(context, root, 1, TEXT(component, "g"), directory, TEXT(component, "i")));
    CHECK(-1, FILES(symlink_at)(context, root, TEXT(component, "d/h"), TEXT(component, "link")));
    area = FILES(readlink_at)(context, root, TEXT(component, "link"));
    assert_int_equal(component_u8(component, area), 0);
    assert_list(component, area + 4, "d/h");
    area = FILES(readlink_at)(context, root, TEXT(component, "g"));
    assert_int_equal(component_u8(component, area + 4), INVALID);
    area = FILES(stat_at)(context, root, 0, TEXT(component, "link"));
    assert_int_equal(component_u8(component, area + 8), LINK_TYPE);
    area = FILES(stat_at)(context, root, 1, TEXT(component, "link"));
    assert_int_equal(component_u8(component, area + 8), FILE_TYPE);
    assert_int_equal(component_u64(component, area + 16), 2);
    uint32_t one = FILES(metadata_hash_at)(context, root, 1, TEXT(component, "link"));
    uint32_t two = FILES(metadata_hash_at)(context, root, 0, TEXT(component, "g"));
    uint32_t other = FILES(metadata_hash)(context, root);
    assert_int_equal(component_u64(component, one + 8), component_u64(component, two + 8));
    assert_int_equal(component_u64(component, one + 16), component_u64(component, two + 16));
    assert_true(component_u64(component, one + 8) != component_u64(component, other + 8));
    CHECK(-1, FILES(set_times_at)(context, root, 0, TEXT(component, "g"), 2, 1000, 5, 0, 0, 0));
    area = FILES(stat_at)(context, root, 0, TEXT(component, "g"));
    assert_int_equal(component_u64(component, area + 40), 1000);
    assert_int_equal(component_u32(component, area + 48), 5);
    CHECK(INVALID, FILES(set_times_at)(context, root, 0, TEXT(component, "g"), 2, 1000, 1000000000, 0, 0, 0));
    CHECK(-1, FILES(set_times)(context, root, 1, 0, 0, 2, 77, 0));
    area = FILES(stat)(context, root);
    assert_int_equal(component_u64(component, area + 64), 77);
    CHECK(-1, FILES(unlink_file_at)(context, root, TEXT(component, "link")));
    CHECK(-1, FILES(unlink_file_at)(context, directory, TEXT(component, "h")));
    CHECK(-1, FILES(remove_directory_at)(context, root, TEXT(component, "d")));
    CHECK(NO_ENTRY, FILES(unlink_file_at)(context, directory, TEXT(component, "h")));
}

static void changes_nothing_that_is_read_only(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    host_write(component->guest, "root/f", "text");
    host_mkdir(component->guest, "root/d");
    component->host.directories[0].is_read_only = true;
    uint32_t root = root_of(component);
    assert_int_equal(component_u8(component, FILES(get_flags)(context, root) + 1), P2_FLAG_READ);
    uint32_t directory = open_at(component, root, "d", P2_OPEN_DIRECTORY, P2_FLAG_READ);
    open_at(component, root, "f", 0, P2_FLAG_READ);
    for (int deep = 0; deep < 2; deep++) {
        uint32_t at = deep ? directory : root;
        assert_int_equal(open_error(component, at, "g", P2_OPEN_CREATE, P2_FLAG_READ), READ_ONLY);
        assert_int_equal(open_error(component, at, "f", 0, READ_WRITE), READ_ONLY);
        assert_int_equal(open_error(component, at, "f", P2_OPEN_TRUNCATE, P2_FLAG_READ), READ_ONLY);
        CHECK(READ_ONLY, FILES(create_directory_at)(context, at, TEXT(component, "e")));
        CHECK(READ_ONLY, FILES(remove_directory_at)(context, at, TEXT(component, "e")));
        CHECK(READ_ONLY, FILES(unlink_file_at)(context, at, TEXT(component, "f")));
        CHECK(READ_ONLY, FILES(symlink_at)(context, at, TEXT(component, "f"), TEXT(component, "e")));
        CHECK(READ_ONLY, FILES(rename_at)(context, at, TEXT(component, "f"), at, TEXT(component, "e")));
        CHECK(READ_ONLY, FILES(link_at)(context, at, 0, TEXT(component, "f"), at, TEXT(component, "e")));
        CHECK(READ_ONLY, FILES(set_times_at)(context, at, 0, TEXT(component, "f"), 1, 0, 0, 1, 0, 0));
        CHECK(READ_ONLY, FILES(set_times)(context, at, 1, 0, 0, 1, 0, 0));
    }
#undef CHECK
}

static void lists_directories(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    enum { FILES_COUNT = 700 };
    bool seen[FILES_COUNT] = {false};
    for (int index = 0; index < FILES_COUNT; index++) {
        char name[64];
        snprintf(name, sizeof name, "root/a-rather-long-name-for-a-file-%d", index);
        host_write(component->guest, name, "");
    }
    uint32_t root = root_of(component);
    uint32_t stream = component_u32(component, FILES(read_directory)(context, root) + 4);
    uint32_t again = component_u32(component, FILES(read_directory)(context, root) + 4);
    P2(filesystem_types_drop_descriptor)(context, root);
    int count = 0;
    while (true) {
        component_reset(component);
        uint32_t area =
            P2(filesystem_types_directory_entry_stream_read_directory_entry)(context, stream);
        assert_int_equal(component_u8(component, area), 0);
        if (component_u8(component, area + 4) == 0) break;
        assert_int_equal(component_u8(component, area + 8), FILE_TYPE);
        char name[64] = {0};
        uint32_t length = component_u32(component, area + 16);
        memcpy(name, component_bytes(component, component_u32(component, area + 12), length), length);
        int index = -1;
        assert_int_equal(sscanf(name, "a-rather-long-name-for-a-file-%d", &index), 1);
        assert_false(seen[index]);
        seen[index] = true;
        count++;
    }
    assert_int_equal(count, FILES_COUNT);
    uint32_t area = P2(filesystem_types_directory_entry_stream_read_directory_entry)(context, again);
    assert_int_equal(component_u8(component, area + 4), 1);
    P2(filesystem_types_drop_directory_entry_stream)(context, stream);
    P2(filesystem_types_drop_directory_entry_stream)(context, again);
}

static void knows_names_that_are_no_text(void **state) {
    struct component *component = *state;
    host_write(component->guest, "root/\xff", "");
    uint32_t stream = component_u32(
        component, FILES(read_directory)(&component->context, root_of(component)) + 4);
    uint32_t area = P2(filesystem_types_directory_entry_stream_read_directory_entry)(
        &component->context, stream);
    assert_int_equal(component_u8(component, area), 1);
    assert_int_equal(component_u8(component, area + 4), ILLEGAL);
    area = P2(filesystem_types_directory_entry_stream_read_directory_entry)(&component->context,
                                                                             stream);
    assert_int_equal(component_u8(component, area), 0);
    assert_int_equal(component_u8(component, area + 4), 0);
}

static void tells_errors_of_streams(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    uint32_t file = open_at(component, root_of(component), "f", P2_OPEN_CREATE, P2_FLAG_WRITE);
    uint32_t output = component_u32(
        component, FILES(write_via_stream)(context, file, UINT64_C(1) << 63) + 4);
    uint32_t area = P2(io_streams_output_stream_write)(context, output, TEXT(component, "x"));
    assert_int_equal(component_u8(component, area), 1);
    assert_int_equal(component_u8(component, area + 4), 0);
    uint32_t error = component_u32(component, area + 8);
    area = P2(filesystem_types_filesystem_error_code)(context, error);
    assert_int_equal(component_u8(component, area), 1);
    assert_int_equal(component_u8(component, area + 1), 8);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        COMPONENT_TEST(knows_its_directories),
        COMPONENT_TEST(reads_and_writes),
        COMPONENT_TEST(allows_what_was_asked_for),
        COMPONENT_TEST(streams_files),
        COMPONENT_TEST(stays_beneath),
        COMPONENT_TEST(changes_entries),
        COMPONENT_TEST(changes_nothing_that_is_read_only),
        COMPONENT_TEST(lists_directories),
        COMPONENT_TEST(knows_names_that_are_no_text),
        COMPONENT_TEST(tells_errors_of_streams),
    };
    return cmocka_run_group_tests_name("components: files", tests, NULL, NULL);
}
