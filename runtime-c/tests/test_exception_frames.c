// Frames of throws: stacks and descriptions made by hand, what is remembered of them, and what is not.
#include "exceptions/frames.h"
#include "support.h"
#include "unwind/unwind_entry.h"

enum {
    BASE = 0x10000,
    CODE_SIZE = 0x100,
#if defined(__x86_64__)
    SAVED = 12, SAVED_PLACE = 2,
    FRAME = 6, FRAME_PLACE = 1,
#elif defined(__aarch64__)
    SAVED = 21, SAVED_PLACE = 2,
    FRAME = 29, FRAME_PLACE = 10,
#endif
    STACK_WORDS = 64,
};

// As throw.c has it, in place of the weak one, which says nothing about landing pads. Here there is no
// sorted table.
bool unwind_find_description(const struct smelt_unwind_bounds *bounds, uint64_t pc,
                             struct unwind_description *description) {
    struct dwarf_reader reader = {bounds->eh_frame_begin, bounds->eh_frame_end, false};
    while (!reader.has_failed && reader.position < reader.end) {
        if (!read_description_at(bounds, &reader, true, description)) continue;
        if (pc >= description->pc_begin && pc < description->pc_end) return true;
    }
    return false;
}

struct setting {
    uint8_t section[256];
    size_t length;
    uint8_t pads[16];
    uint64_t stack[STACK_WORDS];
    struct frame_tables tables;
    struct throw_frame frame;
};

static void put(struct setting *setting, const void *bytes, size_t length) {
    assert_true(setting->length + length <= sizeof setting->section);
    memcpy(setting->section + setting->length, bytes, length);
    setting->length += length;
}

static void put_u32(struct setting *setting, uint32_t value) { put(setting, &value, 4); }

// A function of one call, whose return address is all that is asked about: the CFA is SP + 8 and the
// return address right below it, unless `code` says otherwise. Return addresses are remembered for
// ever, so each test has its own. The address of the table of pads is absolute.
static void set_up(struct setting *setting, uint32_t code_begin, const uint8_t *code,
                   size_t length) {
    static const uint8_t common[] = {1, 'z', 'R', 'L', 0, 1, 0x78, SMELT_DWARF_RETURN_ADDRESS, 2,
                                     3, 0, 0x0c, SMELT_DWARF_SP, 8,
                                     0x80 | SMELT_DWARF_RETURN_ADDRESS, 1, 0};
    memset(setting, 0, sizeof *setting);
    put_u32(setting, 4 + sizeof common);
    put_u32(setting, 0);
    put(setting, common, sizeof common);
    uint64_t table = (uint64_t)(uintptr_t)setting->pads;
    uint32_t start = (uint32_t)setting->length;
    put_u32(setting, (uint32_t)(4 + 8 + 1 + 8 + length));
    put_u32(setting, start + 4);
    put_u32(setting, code_begin);
    put_u32(setting, CODE_SIZE);
    put(setting, "\x08", 1);
    put(setting, &table, sizeof table);
    put(setting, code, length);
    struct frame_tables *tables = &setting->tables;
    tables->bounds.eh_frame_begin = setting->section;
    tables->bounds.eh_frame_end = setting->section + setting->length;
    tables->bounds.stack_begin = (uint64_t)(uintptr_t)setting->stack;
    tables->bounds.stack_end = (uint64_t)(uintptr_t)(setting->stack + STACK_WORDS);
    tables->landing_pads.begin = setting->pads;
    tables->landing_pads.end = setting->pads + sizeof setting->pads;
    tables->code_begin = BASE;
    tables->code_end = BASE + 0x100000;
    for (uint64_t word = 0; word < STACK_WORDS; word++) setting->stack[word] = word + 1;
    setting->frame.registers[SAVED_PLACE] = 777;
    setting->frame.registers[FRAME_SP] = tables->bounds.stack_begin;
    setting->frame.registers[FRAME_PC] = code_begin + 0x10;
    const uint8_t none[] = {0xff, 0xff, 0x01, 0};
    memcpy(setting->pads, none, sizeof none);
}

static uint32_t next_code(void) {
    static uint32_t code = BASE;
    return code += CODE_SIZE;
}

#define SET_UP(setting, ...)                                        \
    set_up(setting, next_code(), (const uint8_t[]){__VA_ARGS__},    \
           sizeof((const uint8_t[]){__VA_ARGS__}))

static const struct frame_facts *facts_of(const struct setting *setting) {
    return frame_facts_at(&setting->tables, setting->frame.registers[FRAME_PC]);
}

static bool step(struct setting *setting) {
    return frame_step(&setting->tables, facts_of(setting), &setting->frame);
}

static uint64_t stack_pointer(const struct setting *setting) {
    return (setting->frame.registers[FRAME_SP] - setting->tables.bounds.stack_begin) / 8;
}

static void steps_and_remembers(void **state) {
    (void)state;
    struct setting setting;
    SET_UP(&setting, 0x0e, 32, 0x80 | SAVED, 3);
    const struct throw_frame frame = setting.frame;
    assert_int_equal(facts_of(&setting)->landing_pad, 0);
    assert_int_not_equal(facts_of(&setting)->saved_count, FRAME_IS_COMPLEX);
    for (int round = 0; round < 2; round++) {
        setting.frame = frame;
        assert_true(step(&setting));
        assert_int_equal(stack_pointer(&setting), 4);
        assert_int_equal(setting.frame.registers[FRAME_PC], 4);
        assert_int_equal(setting.frame.registers[SAVED_PLACE], 2);
        // The second time nothing is read.
        memset(setting.section, 0, sizeof setting.section);
    }
}

static void knows_frame_pointers(void **state) {
    (void)state;
    struct setting setting;
    SET_UP(&setting, 0x0c, FRAME, 16);
    setting.frame.registers[FRAME_PLACE] = setting.tables.bounds.stack_begin + 80;
    assert_true(step(&setting));
    assert_int_equal(stack_pointer(&setting), 12);
    assert_int_equal(setting.frame.registers[FRAME_PC], 12);
}

// Rules that are not kept are asked for each time, and give the same.
static void asks_for_rare_rules_each_time(void **state) {
    (void)state;
    struct setting setting;
    SET_UP(&setting, 0x0f, 2, 0x70 + SMELT_DWARF_SP % 32, 24);  // the CFA by an expression
    assert_int_equal(facts_of(&setting)->saved_count, FRAME_IS_COMPLEX);
    assert_true(step(&setting));
    assert_int_equal(stack_pointer(&setting), 3);
    assert_int_equal(setting.frame.registers[FRAME_PC], 3);
    assert_int_equal(setting.frame.registers[SAVED_PLACE], 777);
    SET_UP(&setting, 0x0e, 16, 0x09, SAVED, FRAME);  // kept in another register
    setting.frame.registers[FRAME_PLACE] = 99;
    assert_int_equal(facts_of(&setting)->saved_count, FRAME_IS_COMPLEX);
    assert_true(step(&setting));
    assert_int_equal(setting.frame.registers[SAVED_PLACE], 99);
}

#if defined(__aarch64__)
static void restores_vectors(void **state) {
    (void)state;
    struct setting setting;
    SET_UP(&setting, 0x0e, 32, 0x05, 72, 2, 0x05, 79, 3);
    assert_true(step(&setting));
    assert_int_equal(setting.frame.registers[11], 3);
    assert_int_equal(setting.frame.registers[18], 2);
    SET_UP(&setting, 0x0e, 32, 0x05, 34, 2, 0x05, 64, 3);  // no registers of a frame
    assert_true(step(&setting));
    assert_int_equal(setting.frame.registers[SAVED_PLACE], 777);
}
#endif

static void finds_landing_pads(void **state) {
    (void)state;
    struct setting setting;
    SET_UP(&setting, 0x2e, 24);  // 24 bytes of arguments have been pushed
    const uint8_t pads[] = {0xff, 0xff, 0x01, 4, 0x08, 0x08, 0x40, 1};
    memcpy(setting.pads, pads, sizeof pads);
    uint64_t pc = setting.frame.registers[FRAME_PC];
    assert_int_equal(facts_of(&setting)->landing_pad, pc - 0x10 + 0x40);
    assert_int_equal(facts_of(&setting)->argument_words, 3);
    // The instruction behind the call is another one.
    SET_UP(&setting, 0);
    memcpy(setting.pads, pads, sizeof pads);
    setting.frame.registers[FRAME_PC]++;
    assert_int_equal(facts_of(&setting)->landing_pad, 0);
    // A pad that is not in guest code is none.
    SET_UP(&setting, 0);
    memcpy(setting.pads, pads, sizeof pads);
    setting.tables.code_end = setting.frame.registers[FRAME_PC] + 0x20;
    assert_int_equal(facts_of(&setting)->landing_pad, 0);
}

static void stays_within_the_stack(void **state) {
    (void)state;
    struct setting setting;
    SET_UP(&setting, 0x0e, 0xff, 0xff, 0x03);  // a frame larger than the stack
    assert_false(step(&setting));
    SET_UP(&setting, 0x0e, 16, 0x80 | SAVED, 3);  // saved below the frame
    assert_false(step(&setting));
    SET_UP(&setting, 0);
    setting.frame.registers[FRAME_SP] = setting.tables.bounds.stack_begin - 64;
    assert_false(step(&setting));
    SET_UP(&setting, 0x0c, FRAME, 16);  // a frame pointer that points down
    setting.frame.registers[FRAME_SP] += 80;
    setting.frame.registers[FRAME_PLACE] = setting.tables.bounds.stack_begin;
    assert_false(step(&setting));
    SET_UP(&setting, 0x0e, 0);  // a frame of no size
    assert_false(step(&setting));
    SET_UP(&setting, 0x07, SMELT_DWARF_RETURN_ADDRESS);  // the last one
    assert_false(step(&setting));
    SET_UP(&setting, 0);
    setting.frame.registers[FRAME_PC] += CODE_SIZE;  // nothing is said about this address
    assert_false(step(&setting));
}

// Two return addresses with one place in the cache, in turn.
static void tells_addresses_apart(void **state) {
    (void)state;
    struct setting setting;
    uint32_t code = next_code();
    const uint8_t rules[] = {0x0e, 16};
    set_up(&setting, code, rules, sizeof rules);
    const struct frame_facts *facts = facts_of(&setting);
    for (uint64_t pc = BASE; pc < BASE + 0x4000; pc++) {
        const struct frame_facts *other = frame_facts_at(&setting.tables, pc);
        assert_int_equal(other->pc, pc);
    }
    assert_ptr_equal(facts_of(&setting), facts);
    assert_int_equal(facts->pc, code + 0x10);
    assert_int_equal(facts->cfa_offset, 16);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_and_remembers),
        cmocka_unit_test(knows_frame_pointers),
        cmocka_unit_test(asks_for_rare_rules_each_time),
#if defined(__aarch64__)
        cmocka_unit_test(restores_vectors),
#endif
        cmocka_unit_test(finds_landing_pads),
        cmocka_unit_test(stays_within_the_stack),
        cmocka_unit_test(tells_addresses_apart),
    };
    return cmocka_run_group_tests_name("exception frames", tests, NULL, NULL);
}
