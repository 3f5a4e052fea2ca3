// The unwinder over call frame information made by hand, on a stack made by hand: every rule, and
// damage of every kind.
#include <stdlib.h>

#include "support.h"
#include "unwind/unwind.h"

enum {
    BASE = 0x10000,     // of the code that the descriptions are about
    CODE_SIZE = 0x100,
    SAVED = 3,          // a callee-saved register
    FRAME = 6,          // the register that some frames use as frame pointer
    STACK_WORDS = 64,
};

struct section {
    uint8_t bytes[1024];
    size_t length;
};

static void put(struct section *section, const void *bytes, size_t length) {
    assert_true(section->length + length <= sizeof section->bytes);
    memcpy(section->bytes + section->length, bytes, length);
    section->length += length;
}

static void put_u32(struct section *section, uint32_t value) {
    put(section, &value, sizeof value);
}

// An entry with its length in front, padded to a multiple of four.
static void put_entry(struct section *section, const struct section *body) {
    uint32_t padding = (uint32_t)(0 - body->length) & 3;
    put_u32(section, (uint32_t)body->length + padding);
    put(section, body->bytes, body->length);
    put(section, "\0\0\0", padding);
}

// A common information entry with absolute 32-bit addresses (encoding 3), the CFA at SP + 8 and
// the return address right below it.
static void put_common(struct section *section) {
    struct section body = {.length = 0};
    put_u32(&body, 0);
    const uint8_t rest[] = {1, 'z', 'R', 0, 1, 0x78, SMELT_DWARF_RETURN_ADDRESS, 1, 3,
                            0x0c, SMELT_DWARF_SP, 8, 0x80 | SMELT_DWARF_RETURN_ADDRESS, 1};
    put(&body, rest, sizeof rest);
    put_entry(section, &body);
}

static void put_description(struct section *section, const uint8_t *code, size_t length) {
    struct section body = {.length = 0};
    put_u32(&body, (uint32_t)section->length + 4);
    put_u32(&body, BASE);
    put_u32(&body, CODE_SIZE);
    put(&body, "", 1);  // no augmentation data
    put(&body, code, length);
    put_entry(section, &body);
}

struct setting {
    struct section section;
    uint64_t stack[STACK_WORDS];
    struct smelt_unwind_cursor cursor;
};

// A frame in the middle of the described function, SP at the stack's first word; word n of the
// stack holds n + 1.
static void set_up(struct setting *setting, const uint8_t *code, size_t length, uint64_t offset) {
    memset(setting, 0, sizeof *setting);
    put_common(&setting->section);
    put_description(&setting->section, code, length);
    for (uint64_t word = 0; word < STACK_WORDS; word++) setting->stack[word] = word + 1;
    struct smelt_unwind_cursor *cursor = &setting->cursor;
    cursor->bounds.eh_frame_begin = setting->section.bytes;
    cursor->bounds.eh_frame_end = setting->section.bytes + setting->section.length;
    cursor->bounds.stack_begin = (uint64_t)(uintptr_t)setting->stack;
    cursor->bounds.stack_end = (uint64_t)(uintptr_t)(setting->stack + STACK_WORDS);
    cursor->registers[SMELT_DWARF_SP] = (uint64_t)(uintptr_t)setting->stack;
    cursor->registers[SAVED] = 777;
    cursor->pc = BASE + offset;
    cursor->is_exact = true;
}

#define SET_UP(setting, offset, ...)                              \
    set_up(setting, (const uint8_t[]){__VA_ARGS__},               \
           sizeof((const uint8_t[]){__VA_ARGS__}), offset)

static uint64_t stack_pointer(const struct setting *setting) {
    return (setting->cursor.registers[SMELT_DWARF_SP] - setting->cursor.bounds.stack_begin) / 8;
}

static void steps_out_of_a_call(void **state) {
    (void)state;
    struct setting setting;
    SET_UP(&setting, 0, 0);
    assert_true(smelt_unwind_step(&setting.cursor));
    assert_int_equal(setting.cursor.pc, 1);
    assert_int_equal(stack_pointer(&setting), 1);
    assert_int_equal(setting.cursor.registers[SAVED], 777);
    assert_false(setting.cursor.is_exact);
    assert_false(smelt_unwind_step(&setting.cursor));  // nothing describes address 0
}

static void follows_the_prologue(void **state) {
    (void)state;
    // push SAVED at 4; sub rsp at 8
    static const uint64_t expected[][3] = {{3, 1, 777}, {4, 2, 1}, {7, 2, 1}, {8, 4, 3}};
    for (size_t index = 0; index < 4; index++) {
        struct setting setting;
        SET_UP(&setting, expected[index][0], 0x44, 0x0e, 16, 0x80 | SAVED, 2, 0x02, 4, 0x0e, 32);
        assert_true(smelt_unwind_step(&setting.cursor));
        assert_int_equal(stack_pointer(&setting), expected[index][1]);
        assert_int_equal(setting.cursor.pc, expected[index][1]);
        assert_int_equal(setting.cursor.registers[SAVED], expected[index][2]);
    }
}

static void looks_up_callers_before_their_return_address(void **state) {
    (void)state;
    struct setting setting;
    SET_UP(&setting, 8, 0x48, 0x0e, 32);  // at 8 the frame changes
    setting.cursor.is_exact = false;
    assert_true(smelt_unwind_step(&setting.cursor));
    assert_int_equal(stack_pointer(&setting), 1);
    SET_UP(&setting, CODE_SIZE, 0);  // a call that does not return ends the function
    setting.cursor.is_exact = false;
    assert_true(smelt_unwind_step(&setting.cursor));
}

static void remembers_and_restores(void **state) {
    (void)state;
    struct setting setting;
    // An epilogue in the middle: remember, pop, then back.
    SET_UP(&setting, 0x20, 0x0e, 24, 0x80 | SAVED, 2, 0x0a, 0x44, 0xc0 | SAVED, 0x0e, 8, 0x44, 0x0b);
    assert_true(smelt_unwind_step(&setting.cursor));
    assert_int_equal(stack_pointer(&setting), 3);
    assert_int_equal(setting.cursor.registers[SAVED], 2);
    SET_UP(&setting, 4, 0x0e, 24, 0x80 | SAVED, 2, 0x0a, 0x44, 0xc0 | SAVED, 0x0e, 8, 0x44, 0x0b);
    assert_true(smelt_unwind_step(&setting.cursor));
    assert_int_equal(stack_pointer(&setting), 1);
    assert_int_equal(setting.cursor.registers[SAVED], 777);
}

static void knows_every_rule(void **state) {
    (void)state;
    struct setting setting;
    SET_UP(&setting, 0, 0x0e, 64, 0x05, SAVED, 3, 0x11, FRAME, 2, 0x09, 1, SAVED, 0x14, 2, 1,
           0x07, 0, 0x08, 4, 0x2e, 16);
    assert_true(smelt_unwind_step(&setting.cursor));
    uint64_t cfa = setting.cursor.registers[SMELT_DWARF_SP];
    assert_int_equal(stack_pointer(&setting), 8);
    assert_int_equal(setting.cursor.registers[SAVED], 6);   // word 8 - 3
    assert_int_equal(setting.cursor.registers[FRAME], 7);   // word 8 - 2
    assert_int_equal(setting.cursor.registers[1], 777);     // was in SAVED
    assert_int_equal(setting.cursor.registers[2], cfa - 8);
}

static void evaluates_expressions(void **state) {
    (void)state;
    struct setting setting;
    // A realigned frame: the CFA is what lies at FRAME - 16. (breg6 -16; deref)
    SET_UP(&setting, 0, 0x0f, 3, 0x70 + FRAME, 0x70, 0x06, 0x10, SAVED, 2, 0x70 + FRAME, 0x08);
    setting.cursor.registers[FRAME] = (uint64_t)(uintptr_t)&setting.stack[10];
    setting.stack[8] = (uint64_t)(uintptr_t)&setting.stack[20];
    assert_true(smelt_unwind_step(&setting.cursor));
    assert_int_equal(stack_pointer(&setting), 20);
    assert_int_equal(setting.cursor.pc, 20);
    assert_int_equal(setting.cursor.registers[SAVED], 12);
    // Arithmetic: SP + ((2 + 3) & 4 | 1) * 8 = SP + 40, as (breg7 0; lit2 lit3 plus lit4 and lit1
    // or lit8 mul plus).
    SET_UP(&setting, 0, 0x0f, 12, 0x70 + SMELT_DWARF_SP, 0, 0x32, 0x33, 0x22, 0x34, 0x1a, 0x31,
           0x21, 0x38, 0x1e, 0x22);
    assert_true(smelt_unwind_step(&setting.cursor));
    assert_int_equal(stack_pointer(&setting), 5);
}

static void stops_where_there_is_no_caller(void **state) {
    (void)state;
    struct setting setting;
    SET_UP(&setting, 0, 0x07, SMELT_DWARF_RETURN_ADDRESS);
    assert_false(smelt_unwind_step(&setting.cursor));
    SET_UP(&setting, 0, 0);
    setting.stack[0] = 0;
    assert_false(smelt_unwind_step(&setting.cursor));
}

static void stays_within_the_stack(void **state) {
    (void)state;
    struct setting setting;
    SET_UP(&setting, 0, 0x0e, 0xff, 0xff, 0x03);  // a frame larger than the stack
    assert_false(smelt_unwind_step(&setting.cursor));
    SET_UP(&setting, 0, 0);
    setting.cursor.registers[SMELT_DWARF_SP] = setting.cursor.bounds.stack_end;
    assert_false(smelt_unwind_step(&setting.cursor));
    SET_UP(&setting, 0, 0);
    setting.cursor.registers[SMELT_DWARF_SP] = UINT64_MAX - 4;
    assert_false(smelt_unwind_step(&setting.cursor));
    SET_UP(&setting, 0, 0x80 | SAVED, 20);  // a register saved below the stack
    assert_false(smelt_unwind_step(&setting.cursor));
    SET_UP(&setting, 0, 0x0f, 2, 0x30, 0x06);  // an expression that reads address 0
    assert_false(smelt_unwind_step(&setting.cursor));
    SET_UP(&setting, 0, 0x0d, FRAME);  // a frame pointer that points back
    setting.cursor.registers[FRAME] = setting.cursor.bounds.stack_begin - 64;
    assert_false(smelt_unwind_step(&setting.cursor));
}

// A return address into the same function, for ever: the stack's end ends it.
static void always_ends(void **state) {
    (void)state;
    struct setting setting;
    SET_UP(&setting, 0, 0);
    for (size_t word = 0; word < STACK_WORDS; word++) setting.stack[word] = BASE + 1;
    size_t steps = 0;
    while (smelt_unwind_step(&setting.cursor)) steps++;
    assert_int_equal(steps, STACK_WORDS);
}

#if defined(__x86_64__)  // elsewhere the return address is in a register
static void treats_undescribed_code_as_leaf(void **state) {
    (void)state;
    struct setting setting;
    SET_UP(&setting, 0, 0);
    setting.cursor.pc = BASE - 1;
    assert_true(smelt_unwind_step(&setting.cursor));
    assert_int_equal(stack_pointer(&setting), 1);
    setting.cursor.pc = BASE - 1;
    assert_false(smelt_unwind_step(&setting.cursor));  // but only where a signal stopped it
}
#endif

// Every single byte of the section changed in every way, and every shorter section: whatever comes
// out, nothing outside is read (the address sanitizer watches) and every walk ends.
static void survives_damage(void **state) {
    (void)state;
    static const uint8_t code[] = {0x44, 0x0e, 16, 0x80 | SAVED, 2, 0x0a, 0x02, 4, 0x0b, 0x0f, 3,
                                   0x70 + FRAME, 0x70, 0x06, 0x16, SAVED, 2, 0x70, 0, 0x2d};
    struct setting setting;
    set_up(&setting, code, sizeof code, 0x40);
    const size_t length = setting.section.length;
    for (size_t position = 0; position < length; position++) {
        for (unsigned value = 0; value < 256; value++) {
            set_up(&setting, code, sizeof code, 0x40);
            setting.section.bytes[position] = (uint8_t)value;
            for (int step = 0; step < 100 && smelt_unwind_step(&setting.cursor); step++) {
                setting.cursor.pc = BASE + 0x40;
            }
        }
        set_up(&setting, code, sizeof code, 0x40);
        uint8_t *shorter = malloc(position + 1);
        memcpy(shorter, setting.section.bytes, position);
        setting.cursor.bounds.eh_frame_begin = shorter;
        setting.cursor.bounds.eh_frame_end = shorter + position;
        smelt_unwind_step(&setting.cursor);
        free(shorter);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_out_of_a_call),
        cmocka_unit_test(follows_the_prologue),
        cmocka_unit_test(looks_up_callers_before_their_return_address),
        cmocka_unit_test(remembers_and_restores),
        cmocka_unit_test(knows_every_rule),
        cmocka_unit_test(evaluates_expressions),
        cmocka_unit_test(stops_where_there_is_no_caller),
        cmocka_unit_test(stays_within_the_stack),
        cmocka_unit_test(always_ends),
#if defined(__x86_64__)
        cmocka_unit_test(treats_undescribed_code_as_leaf),
#endif
        cmocka_unit_test(survives_damage),
    };
    return cmocka_run_group_tests_name("unwind", tests, NULL, NULL);
}
