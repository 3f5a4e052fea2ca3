// Format: Linux Standard Base Core, 10.6.2. Every place is a signed distance from the table's start.
#include "description_table.h"

#include <string.h>

#include "unwind/unwind_entry.h"

struct table_header {
    uint8_t version;
    uint8_t section_encoding, count_encoding, table_encoding;
    int32_t section;  // .eh_frame, from this field
    uint32_t count;
};

struct table_row {
    int32_t code;         // where a function begins
    int32_t description;  // its entry in .eh_frame
};

// Read byte by byte: nothing says that the table is aligned.
static struct table_row row_at(const uint8_t *rows, uint64_t index) {
    struct table_row row;
    memcpy(&row, rows + index * sizeof row, sizeof row);
    return row;
}

bool unwind_search_descriptions(const uint8_t *table_begin, const uint8_t *table_end,
                                const struct smelt_unwind_bounds *bounds, uint64_t pc,
                                struct unwind_description *description) {
    static const uint8_t encodings[] = {1, 0x1b, 0x03, 0x3b};
    struct table_header header;
    size_t length = (size_t)(table_end - table_begin);
    if (length < sizeof header) return false;
    memcpy(&header, table_begin, sizeof header);
    if (memcmp(&header, encodings, sizeof encodings) != 0) return false;
    if (header.count > (length - sizeof header) / sizeof(struct table_row)) return false;

    const uint8_t *rows = table_begin + sizeof header;
    uint64_t origin = (uint64_t)(uintptr_t)table_begin;
    int64_t wanted = (int64_t)(pc - origin);
    uint64_t first = 0, end = header.count;  // of the rows, the last one at or below is among these
    while (end - first > 1) {
        uint64_t middle = first + (end - first) / 2;
        if (row_at(rows, middle).code <= wanted) {
            first = middle;
        } else {
            end = middle;
        }
    }
    if (first == end) return false;
    uint64_t entry = origin + (uint64_t)(int64_t)row_at(rows, first).description;
    if (entry < (uint64_t)(uintptr_t)bounds->eh_frame_begin) return false;
    if (entry >= (uint64_t)(uintptr_t)bounds->eh_frame_end) return false;
    struct dwarf_reader reader = {(const uint8_t *)(uintptr_t)entry, bounds->eh_frame_end, false};
    return read_description_at(bounds, &reader, true, description) && pc >= description->pc_begin &&
           pc < description->pc_end;
}
