// Reading entries of .eh_frame. A program has one of the two functions that need it, so that it is
// best a part of that one: the walk in unwind_description.c, or with exceptions the search in
// exceptions/description_table.c, which alone asks for what is said about landing pads.
// Format: Linux Standard Base Core, 10.6.
#ifndef SMELT_UNWIND_ENTRY_H
#define SMELT_UNWIND_ENTRY_H

#include "unwind_rules.h"

struct common_information {
    uint8_t pointer_encoding;
    uint8_t landing_pads_encoding;
    bool has_augmentation_data;
    uint64_t code_alignment;
    int64_t data_alignment;
    bool is_signal_frame;
    struct dwarf_reader instructions;
};

// The body of the entry at the reader's position, without its length; empty for a terminator.
static inline struct dwarf_reader read_entry(struct dwarf_reader *reader) {
    uint64_t length = dwarf_read_unsigned(reader, 4);
    if (length == 0xffffffff) reader->has_failed = true;  // the 64-bit format, which is not in use
    return dwarf_read_block(reader, length);
}

static inline void read_augmentation(struct dwarf_reader *body, const char *augmentation,
                                     struct common_information *common) {
    if (*augmentation != 'z') return;
    common->has_augmentation_data = true;
    struct dwarf_reader data = dwarf_read_block(body, dwarf_read_uleb128(body));
    for (const char *letter = augmentation + 1; *letter != 0; letter++) {
        switch (*letter) {
        case 'R': common->pointer_encoding = (uint8_t)dwarf_read_unsigned(&data, 1); break;
        case 'L': common->landing_pads_encoding = (uint8_t)dwarf_read_unsigned(&data, 1); break;
        case 'P': dwarf_read_encoded(&data, (uint8_t)dwarf_read_unsigned(&data, 1)); break;
        case 'S': common->is_signal_frame = true; break;
        case 'B': break;  // AArch64: which pointer authentication key
        default: data.has_failed = true; break;
        }
    }
    body->has_failed |= data.has_failed;
}

static inline bool read_common_information(struct dwarf_reader *reader,
                                           struct common_information *common) {
    struct dwarf_reader body = read_entry(reader);
    if (dwarf_read_unsigned(&body, 4) != 0) return false;
    uint64_t version = dwarf_read_unsigned(&body, 1);
    if (version != 1 && version != 3) return false;
    const char *augmentation = (const char *)body.position;
    while (dwarf_read_unsigned(&body, 1) != 0) {
    }
    if (body.has_failed) return false;
    common->code_alignment = dwarf_read_uleb128(&body);
    common->data_alignment = dwarf_read_sleb128(&body);
    uint64_t return_address_register =
        version == 1 ? dwarf_read_unsigned(&body, 1) : dwarf_read_uleb128(&body);
    if (return_address_register != SMELT_DWARF_RETURN_ADDRESS) return false;
    read_augmentation(&body, augmentation, common);
    common->instructions = body;
    return !body.has_failed;
}

// Fills the description from an entry's body that follows its CIE pointer.
static inline bool read_description(struct dwarf_reader body,
                                    const struct common_information *common,
                                    bool wants_landing_pads,
                                    struct unwind_description *description) {
    description->pc_begin = dwarf_read_encoded(&body, common->pointer_encoding);
    description->pc_end =
        description->pc_begin + dwarf_read_encoded(&body, common->pointer_encoding & 0x0f);
    if (wants_landing_pads) {
        description->augmentation = common->has_augmentation_data ? body.position : NULL;
        description->landing_pads_encoding = common->landing_pads_encoding;
    }
    if (common->has_augmentation_data) dwarf_read_block(&body, dwarf_read_uleb128(&body));
    description->code_alignment = common->code_alignment;
    description->data_alignment = common->data_alignment;
    description->is_signal_frame = common->is_signal_frame;
    description->initial_instructions = common->instructions;
    description->instructions = body;
    return !body.has_failed;
}

// Reads the entry at the reader's position, if it describes a function.
static inline bool read_description_at(const struct smelt_unwind_bounds *bounds,
                                       struct dwarf_reader *reader, bool wants_landing_pads,
                                       struct unwind_description *description) {
    struct dwarf_reader body = read_entry(reader);
    if (body.position == body.end) return false;
    const uint8_t *field = body.position;
    uint64_t distance = dwarf_read_unsigned(&body, 4);
    if (distance == 0) return false;  // a common information entry
    if (distance > (uint64_t)(field - bounds->eh_frame_begin)) {
        reader->has_failed = true;
        return false;
    }
    struct dwarf_reader common_reader = {field - distance, bounds->eh_frame_end, false};
    struct common_information common = {0};
    return read_common_information(&common_reader, &common) &&
           read_description(body, &common, wants_landing_pads, description);
}

#endif
