// Grants: the grammar, SMELT_GRANTS, and what a guest then has.

#include "support.h"
#include "host/grants.h"
#include "wasi_p1/adopt.h"

// A state with grants of the program (words, zero-terminated, ended by an empty one) and of the
// host's environment.
static struct wasi_state state_with(const char *program, char **environment) {
    struct wasi_state state;
    memset(&state, 0, sizeof state);
    state.host.grants = program;
    state.host.host_environment = environment;
    return state;
}

static void assert_next(struct grant_cursor *cursor, enum grant_kind kind, const char *text) {
    struct grant grant;
    assert_true(grants_next(cursor, &grant));
    assert_int_equal(grant.kind, kind);
    assert_string_equal(grant.text, text);
}

static void assert_access(struct grant_cursor *cursor, const char *host, const char *name,
                          bool is_read_only) {
    struct grant grant;
    assert_true(grants_next(cursor, &grant));
    assert_int_equal(grant.kind, GRANT_DIRECTORY);
    assert_int_equal(grant.host_length, strlen(host));
    assert_memory_equal(grant.text, host, strlen(host));
    assert_int_equal(grant.guest_length, strlen(name));
    assert_memory_equal(grant.guest_name, name, strlen(name));
    assert_int_equal(grant.is_read_only, is_read_only);
}

static void assert_directory(struct grant_cursor *cursor, const char *host, const char *name) {
    assert_access(cursor, host, name, false);
}

static void assert_end(struct grant_cursor *cursor) {
    struct grant grant;
    assert_false(grants_next(cursor, &grant));
    assert_false(grants_next(cursor, &grant));
}

static void reads_nothing(void **unused) {
    (void)unused;
    struct grant_cursor cursor;
    char *environment[] = {NULL};
    struct wasi_state state = state_with(NULL, environment);
    grants_begin(&cursor, &state.host);
    assert_end(&cursor);
    state = state_with("", NULL);
    grants_begin(&cursor, &state.host);
    assert_end(&cursor);
}

static void reads_every_form(void **unused) {
    (void)unused;
    struct grant_cursor cursor;
    struct wasi_state state = state_with(
        "--dir\0/a b\0--dir=host::/guest\0--dir\0x::y::z\0--env\0A=1=2\0--env=B=\0--inherit-env\0"
        "--inherit-env=C\0",
        NULL);
    grants_begin(&cursor, &state.host);
    assert_directory(&cursor, "/a b", "/a b");
    assert_directory(&cursor, "host", "/guest");
    assert_directory(&cursor, "x", "y::z");
    assert_next(&cursor, GRANT_VARIABLE, "A=1=2");
    assert_next(&cursor, GRANT_VARIABLE, "B=");
    assert_next(&cursor, GRANT_INHERIT_ALL, "--inherit-env");
    assert_next(&cursor, GRANT_INHERIT_VARIABLE, "C");
    assert_end(&cursor);
}

static void reads_modes_of_directories(void **unused) {
    (void)unused;
    struct grant_cursor cursor;
    struct wasi_state state = state_with(
        "--dir\0a:ro\0--dir\0a::/b:ro\0--dir=a:ro::b\0--dir\0a::b:rw\0--dir\0a::b:ro:rw\0"
        "--dir\0a:rox\0",
        NULL);
    grants_begin(&cursor, &state.host);
    assert_access(&cursor, "a", "a", true);
    assert_access(&cursor, "a", "/b", true);
    assert_access(&cursor, "a:ro", "b", false);
    assert_access(&cursor, "a", "b", false);
    assert_access(&cursor, "a", "b:ro", false);
    assert_access(&cursor, "a:rox", "a:rox", false);
    assert_end(&cursor);
}

static void assert_size(struct grant_cursor *cursor, enum grant_kind kind, uint64_t size) {
    struct grant grant;
    assert_true(grants_next(cursor, &grant));
    assert_int_equal(grant.kind, kind);
    assert_int_equal(grant.size, size);
}

static void reads_limits(void **unused) {
    (void)unused;
    struct grant_cursor cursor;
    struct wasi_state state = state_with(
        "--max-memory\0" "0\0--max-memory=64K\0--stack-size=3M\0--max-memory\0" "17179869183G\0"
        "--max-memory=18446744073709551615\0--no-lockdown\0--listen\0[::1]:80\0",
        NULL);
    grants_begin(&cursor, &state.host);
    assert_size(&cursor, GRANT_MAX_MEMORY, 0);
    assert_size(&cursor, GRANT_MAX_MEMORY, 65536);
    assert_size(&cursor, GRANT_STACK_SIZE, 3 << 20);
    assert_size(&cursor, GRANT_MAX_MEMORY, UINT64_C(17179869183) << 30);
    assert_size(&cursor, GRANT_MAX_MEMORY, UINT64_MAX);
    assert_next(&cursor, GRANT_NO_LOCKDOWN, "--no-lockdown");
    assert_next(&cursor, GRANT_LISTEN, "[::1]:80");
    assert_end(&cursor);
}

static void splits_the_variable(void **unused) {
    (void)unused;
    struct grant_cursor cursor;
    char variable[] = "SMELT_GRANTS=  --dir\ta\\ b\\\\c::\\d\n--env=X=\\ \\\ty  --dir .  ";
    char *environment[] = {(char[]){"OTHER=1"}, variable, NULL};
    struct wasi_state state = state_with("--env=P=Q\0", environment);
    for (int walk = 0; walk < 2; walk++) {  // splitting happens once
        grants_begin(&cursor, &state.host);
        assert_next(&cursor, GRANT_VARIABLE, "P=Q");
        assert_directory(&cursor, "a b\\c", "d");
        assert_next(&cursor, GRANT_VARIABLE, "X= \ty");
        assert_directory(&cursor, ".", ".");
        assert_end(&cursor);
    }
}

static void read_all(void *argument) {
    struct grant_cursor cursor;
    struct grant grant;
    grants_begin(&cursor, &((struct wasi_state *)argument)->host);
    while (grants_next(&cursor, &grant)) {
    }
}

static void assert_malformed(const char *variable, const char *program, const char *message) {
    char output[512];
    char text[256] = "SMELT_GRANTS=";
    strcat(text, variable);
    char *environment[] = {text, NULL};
    struct wasi_state state = state_with(program, environment);
    assert_int_equal(run_in_child(read_all, &state, output, sizeof output), 1);
    if (strstr(output, message) == NULL) fail_msg("'%s' is not in '%s'", message, output);
}

static void rejects_malformed_grants(void **unused) {
    (void)unused;
    assert_malformed("--what", NULL, "SMELT_GRANTS: not a grant (--dir, --env, --inherit-env, ");
    assert_malformed("--directory x", NULL, "not a grant");
    assert_malformed("--dir", NULL, "something must follow: --dir");
    assert_malformed("--dir=", NULL, "--dir takes HOST[::GUEST][:ro], not");
    assert_malformed("--dir ::x", NULL, "--dir takes");
    assert_malformed("--dir x::", NULL, "--dir takes");
    assert_malformed("--env NAME", NULL, "--env takes NAME=VALUE, not: NAME");
    assert_malformed("--env ==", NULL, "--env takes");
    assert_malformed("--inherit-env=", NULL, "--inherit-env takes");
    assert_malformed("--inherit-env=A=B", NULL, "--inherit-env takes");
    assert_malformed("--dir x\\", NULL, "ends in a backslash");
    assert_malformed("--dir :ro", NULL, "--dir takes");
    assert_malformed("--dir x:::ro", NULL, "--dir takes");
    assert_malformed("--max-memory=", NULL, "a size is a number of bytes");
    assert_malformed("--max-memory=-1", NULL, "a size is a number of bytes");
    assert_malformed("--max-memory=1T", NULL, "a size is a number of bytes");
    assert_malformed("--max-memory=1MB", NULL, "a size is a number of bytes");
    assert_malformed("--max-memory=K", NULL, "a size is a number of bytes");
    assert_malformed("--stack-size=18446744073709551616", NULL, "a size is a number of bytes");
    assert_malformed("--stack-size=17179869184G", NULL, "a size is a number of bytes");
    assert_malformed("--no-lockdown=1", NULL, "not a grant");
    assert_malformed("--listen", NULL, "something must follow: --listen");
    // A word of one list does not go on in the other.
    assert_malformed("x", "--dir\0", "grants of this program: something must follow: --dir");
}

static void grants_variables(void **unused) {
    struct guest *guest = *unused;
    struct smelt_context *context = &guest->context;
    char *environment[] = {(char[]){"HOME=/home"}, (char[]){"PATH=/bin"},
                           (char[]){"SMELT_GRANTS=--env A=2 --inherit-env=HOME --inherit-env=NONE"},
                           NULL};
    guest->state.host.grants = "--env\0A=1\0--env\0B=3\0";
    guest->state.host.host_environment = environment;
    smelt_grant_environment(&guest->state.host);
    assert_int_equal(WASI(environ_sizes_get)(context, 0x10, 0x14), 0);
    assert_int_equal(guest_get_u32(guest, 0x10), 3);
    assert_int_equal(WASI(environ_get)(context, 0x20, 0x100), 0);
    const char *memory = (const char *)guest->memory.base;
    assert_string_equal(memory + guest_get_u32(guest, 0x20), "A=2");
    assert_string_equal(memory + guest_get_u32(guest, 0x24), "B=3");
    assert_string_equal(memory + guest_get_u32(guest, 0x28), "HOME=/home");
}

static void inherits_all_but_itself(void **unused) {
    struct guest *guest = *unused;
    char *environment[] = {(char[]){"X=1"}, (char[]){"SMELT_GRANTS=--inherit-env"},
                           (char[]){"SMELT_GRANTS_NOT=2"}, (char[]){"odd"}, NULL};
    guest->state.host.host_environment = environment;
    smelt_grant_environment(&guest->state.host);
    assert_int_equal(guest->state.host.environment_count, 3);
    assert_string_equal(guest->state.host.environment[0], "X=1");
    assert_string_equal(guest->state.host.environment[1], "SMELT_GRANTS_NOT=2");
}

static void grants_directories_in_order(void **unused) {
    struct guest *guest = *unused;
    char grants[2 * PATH_MAX] = {0};
    char outside[PATH_MAX];
    host_path(guest, "outside", outside);
    strcpy(grants, "--dir");
    strcpy(grants + 6, outside);
    strcat(grants + 6, "::/first");
    char variable[2 * PATH_MAX] = "SMELT_GRANTS=--dir ";
    strcat(variable, outside);
    char *environment[] = {variable, NULL};
    guest->state.host.grants = grants;
    guest->state.host.host_environment = environment;
    smelt_grant_directories(&guest->state.host);
    fd_table_adopt_directories(&guest->state);
    uint32_t first = guest->root + 1, second = guest->root + 2, fd;
    assert_int_equal(WASI(fd_prestat_dir_name)(&guest->context, first, 0x100, 100), 0);
    assert_string_equal((char *)guest->memory.base + 0x100, "/first");
    assert_int_equal(WASI(fd_prestat_dir_name)(&guest->context, second, 0x200, 100), 0);
    assert_string_equal((char *)guest->memory.base + 0x200, outside);
    assert_int_equal(guest_open(guest, second, "secret", 0, 0, WASI_RIGHT_FD_READ, &fd), 0);
}

static void open_directories(void *argument) {
    smelt_grant_directories(&((struct wasi_state *)argument)->host);
}

static void names_directories_that_it_cannot_open(void **unused) {
    (void)unused;
    char output[512];
    struct wasi_state state = state_with("--dir\0/none/of/these::/x\0", NULL);
    assert_int_equal(run_in_child(open_directories, &state, output, sizeof output), 1);
    assert_string_equal(output, "error: cannot open the granted directory '/none/of/these': "
                                "No such file or directory\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_nothing),
        cmocka_unit_test(reads_every_form),
        cmocka_unit_test(reads_modes_of_directories),
        cmocka_unit_test(reads_limits),
        cmocka_unit_test(splits_the_variable),
        cmocka_unit_test(rejects_malformed_grants),
        cmocka_unit_test_setup_teardown(grants_variables, guest_setup, guest_teardown),
        cmocka_unit_test_setup_teardown(inherits_all_but_itself, guest_setup, guest_teardown),
        cmocka_unit_test_setup_teardown(grants_directories_in_order, guest_setup, guest_teardown),
        cmocka_unit_test(names_directories_that_it_cannot_open),
    };
    return cmocka_run_group_tests_name("grants", tests, NULL, NULL);
}
