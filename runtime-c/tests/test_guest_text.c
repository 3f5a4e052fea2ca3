// Text of the guest in messages: nothing that a terminal acts on gets through.
#include "core/guest_text.h"
#include "support.h"

static void assert_shown(const char *text, const char *expected) {
    struct smelt_message message = {.length = 0};
    smelt_message_guest_text(&message, text);
    assert_int_equal(message.length, strlen(expected));
    assert_memory_equal(message.text, expected, message.length);
}

static void names_stay(void **state) {
    (void)state;
    assert_shown(NULL, "");
    assert_shown("", "");
    assert_shown("std::vec<T>::push \\ ~", "std::vec<T>::push \\ ~");
    assert_shown("größe 面積 площадь ∑ 😀", "größe 面積 площадь ∑ 😀");
}

static void control_characters_are_escaped(void **state) {
    (void)state;
    assert_shown("a\033[31mb\r\n\t\177", "a\\u{1b}[31mb\\u{0d}\\u{0a}\\u{09}\\u{7f}");
    assert_shown("\302\233" "31m \302\205 \302\200", "\\u{9b}31m \\u{85} \\u{80}");
    assert_shown("\u200b\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\u061c\ufeff",
                 "\\u{200b}\\u{200e}\\u{200f}\\u{2028}\\u{2029}\\u{202a}\\u{202e}\\u{2066}"
                 "\\u{2069}\\u{61c}\\u{feff}");
    assert_shown("\U000e0001\U0010ffff\ue000", "\\u{e0001}\\u{10ffff}\\u{e000}");
}

// What fonts may leave out, and a blank that is no space.
static void invisible_characters_are_escaped(void **state) {
    (void)state;
    assert_shown("a\u034f\u115f\u1160\u17b4\u180b\u180f", "a\\u{34f}\\u{115f}\\u{1160}\\u{17b4}"
                                                          "\\u{180b}\\u{180f}");
    assert_shown("\u2800\u3164\ufe00\ufe0f\uffa0\U000e0100",
                 "\\u{2800}\\u{3164}\\u{fe00}\\u{fe0f}\\u{ffa0}\\u{e0100}");
    assert_shown("\u0300\u1161\u2801\ufdff\ufe10\uffa1", "\u0300\u1161\u2801\ufdff\ufe10\uffa1");
}

// Stray bytes, cut off and overlong forms, surrogates, beyond the last character.
static void other_bytes_are_escaped(void **state) {
    (void)state;
    assert_shown("a\x80z", "a\\x80z");
    assert_shown("\x9b" "31m", "\\x9b31m");
    assert_shown("\xc0\x9b", "\\xc0\\x9b");
    assert_shown("\xe2\x80", "\\xe2\\x80");
    assert_shown("\xe2" "a", "\\xe2" "a");
    assert_shown("\xed\xa0\x80", "\\u{d800}");
    assert_shown("\xf0\x80\x80\x9b", "\\xf0\\x80\\x80\\x9b");
    assert_shown("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");
    assert_shown("\xf8\x88\x80\x80\xff", "\\xf8\\x88\\x80\\x80\\xff");
    assert_shown("\xf0\x9f\x98", "\\xf0\\x9f\\x98");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_stay),
        cmocka_unit_test(control_characters_are_escaped),
        cmocka_unit_test(invisible_characters_are_escaped),
        cmocka_unit_test(other_bytes_are_escaped),
    };
    return cmocka_run_group_tests_name("guest text", tests, NULL, NULL);
}
