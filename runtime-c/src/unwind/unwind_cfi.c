// Running the call frame instructions of one description up to an address.
// Instructions: DWARF 5, 6.4.2 and 7.24; GNU_args_size and AArch64's negate_ra_state are vendor
// extensions that LLVM emits.
#include "unwind_rules.h"

#include <string.h>

// LLVM nests remember_state once, around epilogues in the middle of a function.
enum { REMEMBERED_STATES = 4 };

struct interpreter {
    const struct unwind_description *description;
    uint64_t target;    // the rules wanted are those of this address
    uint64_t location;
    struct unwind_rules *rules;
    const struct unwind_rules *initial;  // after the CIE's instructions, for restore
    struct unwind_rules remembered[REMEMBERED_STATES];
    unsigned remembered_count;
};

// The place of a register's rule; the last one is for registers that are not needed (vectors).
static uint64_t place_of(uint64_t number) {
    uint64_t place = smelt_dwarf_index(number);
    return place < SMELT_DWARF_REGISTERS ? place : SMELT_DWARF_REGISTERS;
}

static struct unwind_rule *rule_of(struct interpreter *state, uint64_t number) {
    return &state->rules->registers[place_of(number)];
}

static void set_rule(struct interpreter *state, uint64_t number, enum unwind_rule_kind kind,
                     int64_t value) {
    struct unwind_rule *rule = rule_of(state, number);
    rule->kind = kind;
    rule->value = value;
}

static void restore_rule(struct interpreter *state, uint64_t number) {
    if (state->initial == NULL) return;
    *rule_of(state, number) = state->initial->registers[place_of(number)];
}

static int64_t factored(const struct interpreter *state, int64_t offset) {
    int64_t result;
    if (__builtin_mul_overflow(offset, state->description->data_alignment, &result)) return 0;
    return result;
}

static void advance(struct interpreter *state, uint64_t delta) {
    state->location += delta * state->description->code_alignment;
}

static void define_cfa(struct interpreter *state, uint64_t number, int64_t offset) {
    state->rules->cfa_is_expression = false;
    state->rules->cfa_register = number;
    state->rules->cfa_offset = offset;
}

static bool remember(struct interpreter *state) {
    if (state->remembered_count == REMEMBERED_STATES) return false;
    state->remembered[state->remembered_count++] = *state->rules;
    return true;
}

static bool recall(struct interpreter *state) {
    if (state->remembered_count == 0) return false;
    *state->rules = state->remembered[--state->remembered_count];
    return true;
}

// The instructions that define the CFA or that are about whole states; false when `opcode` is
// none of them or cannot be done.
static bool run_state_instruction(struct interpreter *state, uint64_t opcode,
                                  struct dwarf_reader *code) {
    uint64_t number;
    switch (opcode) {
    case 0x00: return true;  // nop
    case 0x0a: return remember(state);
    case 0x0b: return recall(state);
    case 0x0c:  // def_cfa
        number = dwarf_read_uleb128(code);
        define_cfa(state, number, (int64_t)dwarf_read_uleb128(code));
        return true;
    case 0x0d: state->rules->cfa_register = dwarf_read_uleb128(code); return true;
    case 0x0e: state->rules->cfa_offset = (int64_t)dwarf_read_uleb128(code); return true;
    case 0x0f:  // def_cfa_expression
        state->rules->cfa_is_expression = true;
        state->rules->cfa_expression = dwarf_read_block(code, dwarf_read_uleb128(code));
        return true;
    case 0x12:  // def_cfa_sf
        number = dwarf_read_uleb128(code);
        define_cfa(state, number, factored(state, dwarf_read_sleb128(code)));
        return true;
    case 0x13: state->rules->cfa_offset = factored(state, dwarf_read_sleb128(code)); return true;
    case 0x2d: state->rules->is_return_address_signed ^= true; return true;  // negate_ra_state
    case 0x2e:  // GNU_args_size
        state->rules->argument_bytes = dwarf_read_uleb128(code);
        return true;
    default: return false;
    }
}

// The instructions that set one register's rule.
static bool run_register_instruction(struct interpreter *state, uint64_t opcode,
                                     struct dwarf_reader *code) {
    uint64_t number = dwarf_read_uleb128(code);
    struct unwind_rule *rule = rule_of(state, number);
    switch (opcode) {
    case 0x05:  // offset_extended
        set_rule(state, number, UNWIND_OFFSET, factored(state, (int64_t)dwarf_read_uleb128(code)));
        return true;
    case 0x06: restore_rule(state, number); return true;
    case 0x07: rule->kind = UNWIND_UNDEFINED; return true;
    case 0x08: rule->kind = UNWIND_SAME_VALUE; return true;
    case 0x09:  // register
        set_rule(state, number, UNWIND_REGISTER, (int64_t)dwarf_read_uleb128(code));
        return true;
    case 0x10:  // expression
    case 0x16:  // val_expression
        rule->kind = opcode == 0x10 ? UNWIND_EXPRESSION : UNWIND_VALUE_EXPRESSION;
        rule->expression = dwarf_read_block(code, dwarf_read_uleb128(code));
        return true;
    case 0x11:  // offset_extended_sf
        set_rule(state, number, UNWIND_OFFSET, factored(state, dwarf_read_sleb128(code)));
        return true;
    case 0x14:  // val_offset
        set_rule(state, number, UNWIND_VALUE_OFFSET,
                 factored(state, (int64_t)dwarf_read_uleb128(code)));
        return true;
    case 0x15:  // val_offset_sf
        set_rule(state, number, UNWIND_VALUE_OFFSET, factored(state, dwarf_read_sleb128(code)));
        return true;
    default: return false;
    }
}

// Runs instructions until they end or are about addresses behind the target.
static bool run(struct interpreter *state, struct dwarf_reader code) {
    while (!code.has_failed && code.position < code.end && state->location <= state->target) {
        uint64_t opcode = dwarf_read_unsigned(&code, 1);
        uint64_t low = opcode & 0x3f;
        if (opcode >> 6 == 1) {  // advance_loc
            advance(state, low);
        } else if (opcode >> 6 == 2) {  // offset
            set_rule(state, low, UNWIND_OFFSET,
                     factored(state, (int64_t)dwarf_read_uleb128(&code)));
        } else if (opcode >> 6 == 3) {  // restore
            restore_rule(state, low);
        } else if (opcode >= 0x02 && opcode <= 0x04) {  // advance_loc1, 2, 4
            advance(state, dwarf_read_unsigned(&code, (size_t)1 << (opcode - 2)));
        } else if (!run_state_instruction(state, opcode, &code) &&
                   !run_register_instruction(state, opcode, &code)) {
            return false;
        }
    }
    return !code.has_failed;
}

bool unwind_rules_at(const struct unwind_description *description, uint64_t pc,
                     struct unwind_rules *rules) {
    struct unwind_rules initial;
    struct interpreter state;
    memset(rules, 0, sizeof *rules);
    state.description = description;
    state.location = description->pc_begin;
    state.target = pc;
    state.rules = rules;
    state.initial = NULL;
    state.remembered_count = 0;
    if (!run(&state, description->initial_instructions)) return false;
    initial = *rules;
    state.initial = &initial;
    return run(&state, description->instructions);
}
