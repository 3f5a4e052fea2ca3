// How to find a caller's registers at one place of the code: what the call frame information
// says (unwind_cfi.c), and what unwind.c applies to real registers and a real stack.
#ifndef SMELT_UNWIND_RULES_H
#define SMELT_UNWIND_RULES_H

#include "dwarf_reader.h"
#include "unwind.h"

enum unwind_rule_kind {
    UNWIND_SAME_VALUE,        // the register still holds the caller's value
    UNWIND_UNDEFINED,         // lost; for the return address: there is no caller
    UNWIND_OFFSET,            // stored at CFA + value
    UNWIND_VALUE_OFFSET,      // is CFA + value
    UNWIND_REGISTER,          // in the register numbered value
    UNWIND_EXPRESSION,        // stored where the expression says
    UNWIND_VALUE_EXPRESSION,  // is what the expression says
};

struct unwind_rule {
    enum unwind_rule_kind kind;
    int64_t value;
    struct dwarf_reader expression;
};

// The canonical frame address (CFA: the stack pointer before the call) and every register.
struct unwind_rules {
    bool cfa_is_expression;
    uint64_t cfa_register;
    int64_t cfa_offset;
    struct dwarf_reader cfa_expression;
    bool is_return_address_signed;  // AArch64 pointer authentication
    uint64_t argument_bytes;        // pushed for a call, below where landing pads expect SP
    struct unwind_rule registers[SMELT_DWARF_REGISTERS + 1];  // the last one for those without a place
};

// A frame description entry, together with what its common information entry says.
struct unwind_description {
    uint64_t pc_begin, pc_end;
    uint64_t code_alignment;
    int64_t data_alignment;
    bool is_signal_frame;
    // Set only where programs have exceptions:
    uint8_t landing_pads_encoding;  // of the address that the augmentation data begins with
    const uint8_t *augmentation;    // its length and the data, before the instructions; or null

    struct dwarf_reader initial_instructions;
    struct dwarf_reader instructions;
};

// Finds the description that covers `pc`.
bool unwind_find_description(const struct smelt_unwind_bounds *bounds, uint64_t pc,
                             struct unwind_description *description);

// The rules that hold at `pc`; false when the instructions are malformed or not supported.
bool unwind_rules_at(const struct unwind_description *description, uint64_t pc,
                     struct unwind_rules *rules);

// Evaluates a DWARF expression over a frame's registers; `initial`, if not null, is on its stack
// at first.
bool unwind_evaluate(const struct smelt_unwind_cursor *cursor, struct dwarf_reader expression,
                     const uint64_t *initial, uint64_t *result);

// Reads eight bytes of the stack, if they are within bounds.
bool unwind_read_stack(const struct smelt_unwind_bounds *bounds, uint64_t address,
                       uint64_t *value);

#endif
