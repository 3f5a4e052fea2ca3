// Format: Itanium C++ ABI, "Exception Handling Tables"; encodings: Linux Standard Base Core, 10.5.
#include "landing_pads.h"

enum { OMITTED = 0xff, INDIRECT = 0x80, FORMAT = 0x0f };

// The address of a function's table, 0 if it has none.
static uint64_t find_table(const struct unwind_description *description) {
    uint8_t encoding = description->landing_pads_encoding;
    if (description->augmentation == NULL || (encoding & INDIRECT) != 0) return 0;
    struct dwarf_reader data = {description->augmentation, description->instructions.end, false};
    struct dwarf_reader field = dwarf_read_block(&data, dwarf_read_uleb128(&data));
    if (field.position == field.end) return 0;
    // Zero means none, whatever it is relative to.
    struct dwarf_reader plain = field;
    if (dwarf_read_encoded(&plain, encoding & FORMAT) == 0) return 0;
    uint64_t address = dwarf_read_encoded(&field, encoding);
    return field.has_failed ? 0 : address;
}

uint64_t landing_pad_at(const struct landing_pad_tables *tables,
                        const struct unwind_description *description, uint64_t pc) {
    uint64_t address = find_table(description);
    if (address < (uint64_t)(uintptr_t)tables->begin) return 0;
    if (address >= (uint64_t)(uintptr_t)tables->end) return 0;
    struct dwarf_reader table = {(const uint8_t *)(uintptr_t)address, tables->end, false};
    uint64_t pads = description->pc_begin;
    uint8_t encoding = (uint8_t)dwarf_read_unsigned(&table, 1);
    if (encoding != OMITTED) pads = dwarf_read_encoded(&table, encoding);
    encoding = (uint8_t)dwarf_read_unsigned(&table, 1);
    if (encoding != OMITTED) dwarf_read_uleb128(&table);  // where the types end
    encoding = (uint8_t)dwarf_read_unsigned(&table, 1);
    struct dwarf_reader calls = dwarf_read_block(&table, dwarf_read_uleb128(&table));

    // The calls are sorted, and what lies between them cannot throw.
    uint64_t offset = pc - description->pc_begin;
    while (!calls.has_failed && calls.position < calls.end) {
        uint64_t start = dwarf_read_encoded(&calls, encoding);
        uint64_t length = dwarf_read_encoded(&calls, encoding);
        uint64_t pad = dwarf_read_encoded(&calls, encoding);
        dwarf_read_uleb128(&calls);  // the action
        if (calls.has_failed || offset < start) return 0;
        if (offset - start < length) return pad == 0 ? 0 : pads + pad;
    }
    return 0;
}
