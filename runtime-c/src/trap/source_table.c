// Looking up places in the source; the table comes from the compiler (Compiler/SourceTable.swift).
#include "source_table.h"

static const struct smelt_source_range *ranges(const struct smelt_source_table *table) {
    return (const struct smelt_source_range *)(const void *)(table + 1);
}

static const struct smelt_source_frame *frames(const struct smelt_source_table *table) {
    return (const struct smelt_source_frame *)(const void *)(ranges(table) + table->range_count);
}

uint32_t source_table_find(const struct smelt_source_table *table, uint64_t offset) {
    uint32_t low = 0, high = table->range_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (ranges(table)[middle].code <= offset) low = middle + 1;
        else high = middle;
    }
    return low == 0 ? 0 : ranges(table)[low - 1].frame;
}

struct source_place source_table_place(const struct smelt_source_table *table, uint32_t number) {
    const struct smelt_source_frame *frame = &frames(table)[number];
    const char *strings = (const char *)(const void *)(frames(table) + table->frame_count);
    struct source_place place = {
        .name = frame->name == 0 ? NULL : strings + frame->name,
        .file = frame->file == 0 ? NULL : strings + frame->file,
        .line = frame->line,
        .column = frame->column,
        .caller = frame->caller,
    };
    return place;
}
