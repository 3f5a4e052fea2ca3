// WASI 0.2: every function is there, and takes whatever it gets.
#include "component_calls.h"

#include <stdio.h>

static uint32_t seed;

static uint8_t random_byte(void) {
    seed = seed * 1664525u + 1013904223u;
    return (uint8_t)(seed >> 24);
}

static void takes_anything(void **state) {
    for (uint32_t round = 0; round < 300; round++) {
        uint8_t data[1024];
        seed = round;
        for (size_t index = 0; index < sizeof data; index++) data[index] = random_byte();
        component_calls(*state, data, sizeof data);
        struct component *component = *state;
        // Sometimes everything ends.
        if (round % 16 != 0) continue;
        p2_state_end(&component->host);
        memset(&component->state, 0, sizeof component->state);
        component->state.host = &component->host;
        component->host.components = &component->state;
    }
    char secret[PATH_MAX];
    struct component *component = *state;
    host_path(component->guest, "outside/secret", secret);
    FILE *file = fopen(secret, "r");
    assert_non_null(file);
    char text[16] = {0};
    assert_int_equal(fread(text, 1, sizeof text, file), 6);
    assert_string_equal(text, "secret");
    fclose(file);
}

static void refuses_other_kinds(void **state) {
    struct component *component = *state;
    struct p2_resource *resource;
    static const struct p2_class nobodys = {.name = "nobody's"};
    uint32_t representation = p2_new(&component->state, &nobodys, 0, &resource);
    size_t count;
    const struct smelt_component_function *rows = smelt_component_functions(&count);
    unsigned refused = 0, methods = 0;
    for (size_t number = 0; number < count; number++) {
        bool is_method = strncmp(rows[number].name, "[method]", 8) == 0 ||
                         strncmp(rows[number].name, "[resource-drop]", 15) == 0;
        if (!is_method || strstr(rows[number].name, "block") != NULL) continue;
        // The first argument is that resource, all others 0.
        const uint8_t bytes[] = {(uint8_t)number, 4, (uint8_t)representation};
        struct call_bytes arguments = {bytes, bytes + sizeof bytes};
        methods++;
        refused += component_call(component, &arguments);
    }
    assert_true(methods > 150);
    assert_int_equal(refused, methods);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        COMPONENT_TEST(takes_anything),
        COMPONENT_TEST(refuses_other_kinds),
    };
    return cmocka_run_group_tests_name("components: calls", tests, NULL, NULL);
}
