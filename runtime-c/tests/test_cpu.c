// The tables of CPU features and the check at start.
#include "process/cpu.h"
#include "smelt/cpu_features.h"
#include "core/stack.h"
#include "support.h"

static void assert_sound(const struct smelt_cpu_feature *features, size_t count) {
    uint64_t used = 0;
    assert_in_range(count, 1, 64);
    for (size_t index = 0; index < count; index++) {
        assert_in_range(features[index].bit, 0, 63);
        uint64_t bit = UINT64_C(1) << features[index].bit;
        assert_true((used & bit) == 0);
        used |= bit;
        assert_true(features[index].mask != 0);
        for (size_t other = 0; other < index; other++) {
            assert_string_not_equal(features[index].name, features[other].name);
        }
    }
}

static void tables_are_sound(void **state) {
    (void)state;
    size_t count;
    const struct smelt_cpu_feature *features = smelt_x86_64_cpu_features(&count);
    assert_sound(features, count);
    features = smelt_aarch64_cpu_features(&count);
    assert_sound(features, count);
}

static void nothing_is_missing_of_nothing(void **state) {
    (void)state;
    assert_int_equal(smelt_cpu_missing_features(NULL, 0), 0);
}

#if defined(__x86_64__)
// The compiler's own knowledge of this machine must agree with the table's.
static void agrees_with_the_compiler(void **state) {
    (void)state;
    size_t count;
    const struct smelt_cpu_feature *features = smelt_x86_64_cpu_features(&count);
    __builtin_cpu_init();
    for (size_t index = 0; index < count; index++) {
        uint64_t missing = smelt_cpu_missing_features(&features[index], 1);
        bool is_present = missing == 0;
        assert_true(is_present || missing == UINT64_C(1) << features[index].bit);
#define CHECK(feature) \
    if (strcmp(features[index].name, feature) == 0) \
        assert_int_equal(is_present, __builtin_cpu_supports(feature) != 0)
        CHECK("sse3");
        CHECK("ssse3");
        CHECK("sse4.1");
        CHECK("sse4.2");
        CHECK("popcnt");
        CHECK("aes");
        CHECK("avx");
        CHECK("avx2");
        CHECK("bmi");
        CHECK("bmi2");
        CHECK("fma");
        CHECK("avx512f");
        CHECK("avx512vl");
        CHECK("avx512bw");
        CHECK("avx512dq");
        CHECK("avx512vnni");
        CHECK("gfni");
        CHECK("vaes");
        CHECK("vpclmulqdq");
#undef CHECK
    }
}

static void report_missing(void *argument) {
    (void)argument;
    size_t count;
    const struct smelt_cpu_feature *features = smelt_x86_64_cpu_features(&count);
    smelt_cpu_fail("x86-64-v3", features, count, UINT64_C(1) << 11 | UINT64_C(1) << 13);
}

static void says_what_is_missing(void **state) {
    (void)state;
    char output[512];
    assert_int_equal(run_in_child(report_missing, NULL, output, sizeof output), 1);
    assert_string_equal(output,
                        "error: this program was compiled for the CPU 'x86-64-v3' and needs bmi2, "
                        "avx2, which this machine does not have; compile with an older --cpu\n");
}
#endif

static uint8_t *seen_stack;

static void note_stack(void) {
    uint8_t here;
    seen_stack = &here;
}

static void __attribute__((no_sanitize("address"))) calls_on_another_stack(void **state) {
    (void)state;
    struct smelt_stack stack;
    smelt_stack_map(&stack, 100000);
    assert_true(stack.top - stack.bottom >= 100000);
    smelt_stack_call(stack.top, note_stack);
    assert_non_null(seen_stack);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_sound),
        cmocka_unit_test(nothing_is_missing_of_nothing),
#if defined(__x86_64__)
        cmocka_unit_test(agrees_with_the_compiler),
        cmocka_unit_test(says_what_is_missing),
#endif
        cmocka_unit_test(calls_on_another_stack),
    };
    return cmocka_run_group_tests_name("cpu and stack", tests, NULL, NULL);
}
