// Tables of landing pads made by hand, whole and damaged, and the sorted table of descriptions.
#include <stdlib.h>

#include "exceptions/description_table.h"
#include "exceptions/landing_pads.h"
#include "support.h"

enum { CODE = 0x1000 };

// Two calls with a pad, one without, and a gap; ULEB128, as LLVM writes it.
static const uint8_t whole[] = {
    0xff, 0xff, 0x01, 14,       // pads relative to the function, no types, ULEB128, 14 bytes
    0x10, 0x08, 0x80, 0x02, 1,  // [0x10, 0x18) to 0x100
    0x20, 0x10, 0x00, 0,        // [0x20, 0x30) to nothing
    0x40, 0x04, 0x90, 0x02, 1,  // [0x40, 0x44) to 0x110
    0x50, 0x04,                 // what is behind the table is not read
};

// A description whose augmentation is the table's absolute address in 8 bytes.
struct setting {
    uint8_t augmentation[9];
    struct unwind_description description;
    struct landing_pad_tables tables;
};

static void set_up(struct setting *setting, const uint8_t *table, size_t length) {
    memset(setting, 0, sizeof *setting);
    setting->augmentation[0] = 8;
    memcpy(setting->augmentation + 1, &table, sizeof table);
    setting->description.pc_begin = CODE;
    setting->description.pc_end = CODE + 0x200;
    setting->description.augmentation = setting->augmentation;
    setting->description.instructions.end = setting->augmentation + sizeof setting->augmentation;
    setting->tables.begin = table;
    setting->tables.end = table + length;
}

static uint64_t pad_at(const struct setting *setting, uint64_t offset) {
    return landing_pad_at(&setting->tables, &setting->description, CODE + offset);
}

static void finds_pads(void **state) {
    (void)state;
    struct setting setting;
    set_up(&setting, whole, sizeof whole);
    static const uint64_t expected[][2] = {
        {0x0f, 0}, {0x10, CODE + 0x100}, {0x17, CODE + 0x100}, {0x18, 0}, {0x20, 0}, {0x2f, 0},
        {0x3f, 0}, {0x40, CODE + 0x110}, {0x43, CODE + 0x110}, {0x44, 0}, {0x50, 0}, {0, 0},
    };
    for (size_t index = 0; index < sizeof expected / sizeof expected[0]; index++) {
        assert_int_equal(pad_at(&setting, expected[index][0]), expected[index][1]);
    }
}

static void reads_other_encodings(void **state) {
    (void)state;
    // Pads relative to an address of their own, types behind, four-byte numbers.
    static const uint8_t fixed[] = {0x03, 0x00, 0x50, 0, 0, 0x03, 0x14, 0x03, 13,
                                    8, 0, 0, 0, 4, 0, 0, 0, 0x20, 0, 0, 0, 0};
    struct setting setting;
    set_up(&setting, fixed, sizeof fixed);
    assert_int_equal(pad_at(&setting, 8), 0x5020);
    assert_int_equal(pad_at(&setting, 12), 0);
}

static void knows_functions_without_a_table(void **state) {
    (void)state;
    struct setting setting;
    set_up(&setting, whole, sizeof whole);
    setting.description.augmentation = NULL;
    assert_int_equal(pad_at(&setting, 0x10), 0);
    set_up(&setting, whole, sizeof whole);
    setting.augmentation[0] = 0;  // empty
    assert_int_equal(pad_at(&setting, 0x10), 0);
    set_up(&setting, whole, sizeof whole);
    memset(setting.augmentation + 1, 0, 8);  // none, even if relative to something
    setting.description.landing_pads_encoding = 0x10;
    assert_int_equal(pad_at(&setting, 0x10), 0);
    set_up(&setting, whole, sizeof whole);
    setting.description.landing_pads_encoding = 0x80;  // an address of the address
    assert_int_equal(pad_at(&setting, 0x10), 0);
    set_up(&setting, whole, sizeof whole);
    setting.tables.begin++;  // outside of all tables
    assert_int_equal(pad_at(&setting, 0x10), 0);
    set_up(&setting, whole, sizeof whole);
    setting.tables.end = setting.tables.begin;
    assert_int_equal(pad_at(&setting, 0x10), 0);
}

// Every byte changed in every way, and every shorter table: nothing outside is read, which the address
// sanitizer watches, and every search ends.
static void survives_damage(void **state) {
    (void)state;
    struct setting setting;
    for (size_t length = 0; length <= sizeof whole; length++) {
        uint8_t *copy = malloc(length == 0 ? 1 : length);
        memcpy(copy, whole, length);
        for (size_t position = 0; position < length; position++) {
            for (unsigned value = 0; value < 256; value++) {
                copy[position] = (uint8_t)value;
                set_up(&setting, copy, length);
                for (uint64_t offset = 0; offset < 0x60; offset += 8) pad_at(&setting, offset);
            }
            copy[position] = whole[position];
        }
        set_up(&setting, copy, length);
        pad_at(&setting, 0x43);
        free(copy);
    }
}

static void survives_a_damaged_address(void **state) {
    (void)state;
    struct setting setting;
    for (unsigned encoding = 0; encoding < 256; encoding++) {
        for (uint8_t length = 0; length < 20; length++) {
            set_up(&setting, whole, sizeof whole);
            setting.description.landing_pads_encoding = (uint8_t)encoding;
            setting.augmentation[0] = length;
            pad_at(&setting, 0x10);
        }
    }
}

// The sorted table --------------------------------------------------------------------------------

enum { FUNCTIONS = 5, ENTRY = 32, COMMON = 24 };

// What a linker would make of five functions of 16 bytes, 32 apart from CODE on. The table's distances
// are from itself, so the sections are one array.
struct sections {
    uint8_t frames[COMMON + FUNCTIONS * ENTRY];
    uint8_t table[12 + 8 * FUNCTIONS];
    struct smelt_unwind_bounds bounds;
};

static void put(uint8_t *place, uint32_t value) { memcpy(place, &value, sizeof value); }

static uint64_t code_of(const struct sections *sections, unsigned function) {
    return (uint64_t)(uintptr_t)sections->table + CODE + 32 * (uint64_t)function;
}

static void make_sections(struct sections *sections) {
    memset(sections, 0, sizeof *sections);
    const uint8_t common[] = {COMMON - 4, 0, 0, 0, 0, 0, 0, 0, 1, 'z', 'R', 0, 1, 0x78,
                              SMELT_DWARF_RETURN_ADDRESS, 1, 0, 0x0c, SMELT_DWARF_SP, 8};
    memcpy(sections->frames, common, sizeof common);
    const uint8_t header[] = {1, 0x1b, 0x03, 0x3b, 0, 0, 0, 0, FUNCTIONS, 0, 0, 0};
    memcpy(sections->table, header, sizeof header);
    for (unsigned function = 0; function < FUNCTIONS; function++) {
        uint8_t *entry = sections->frames + COMMON + function * ENTRY;
        uint64_t begin = code_of(sections, function), size = 16;
        put(entry, ENTRY - 4);
        put(entry + 4, (uint32_t)(entry + 4 - sections->frames));
        memcpy(entry + 8, &begin, 8);
        memcpy(entry + 16, &size, 8);
        uint8_t *row = sections->table + 12 + 8 * function;
        put(row, CODE + 32 * function);
        put(row + 4, (uint32_t)(entry - sections->table));
    }
    sections->bounds.eh_frame_begin = sections->frames;
    sections->bounds.eh_frame_end = sections->frames + sizeof sections->frames;
}

static bool search(const struct sections *sections, uint64_t pc,
                   struct unwind_description *description) {
    return unwind_search_descriptions(sections->table, sections->table + sizeof sections->table,
                                      &sections->bounds, pc, description);
}

static void finds_descriptions(void **state) {
    (void)state;
    static struct sections sections;
    struct unwind_description description;
    make_sections(&sections);
    for (unsigned function = 0; function < FUNCTIONS; function++) {
        uint64_t begin = code_of(&sections, function);
        assert_false(search(&sections, begin - 1, &description));
        assert_true(search(&sections, begin, &description));
        assert_int_equal(description.pc_begin, begin);
        assert_true(search(&sections, begin + 15, &description));
        assert_int_equal(description.pc_end, begin + 16);
        assert_false(search(&sections, begin + 16, &description));
    }
    assert_false(search(&sections, 0, &description));
    assert_false(search(&sections, UINT64_MAX, &description));
}

static void refuses_tables_that_are_not_the_linkers(void **state) {
    (void)state;
    static struct sections sections;
    struct unwind_description description;
    for (size_t position = 0; position < sizeof sections.table; position++) {
        for (unsigned value = 0; value < 256; value++) {
            make_sections(&sections);
            sections.table[position] = (uint8_t)value;
            for (unsigned function = 0; function < FUNCTIONS; function++) {
                uint64_t pc = code_of(&sections, function) + 3;
                bool is_found = search(&sections, pc, &description);
                // Whatever it says, what is found covers the address.
                if (is_found) assert_in_range(pc, description.pc_begin, description.pc_end - 1);
            }
        }
    }
    make_sections(&sections);
    for (size_t length = 0; length < sizeof sections.table; length++) {
        uint8_t *copy = malloc(length + 1);
        memcpy(copy, sections.table, length);
        assert_false(unwind_search_descriptions(copy, copy + length, &sections.bounds, CODE,
                                                &description));
        free(copy);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_pads),
        cmocka_unit_test(reads_other_encodings),
        cmocka_unit_test(knows_functions_without_a_table),
        cmocka_unit_test(survives_damage),
        cmocka_unit_test(survives_a_damaged_address),
        cmocka_unit_test(finds_descriptions),
        cmocka_unit_test(refuses_tables_that_are_not_the_linkers),
    };
    return cmocka_run_group_tests_name("landing pads", tests, NULL, NULL);
}
