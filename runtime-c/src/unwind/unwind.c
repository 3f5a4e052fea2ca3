// One step of unwinding: from a frame's registers to its caller's. unwind.h says what keeps it
// safe on a damaged stack.
#include "unwind.h"

#include <string.h>

#include "unwind_rules.h"

bool unwind_read_stack(const struct smelt_unwind_bounds *bounds, uint64_t address,
                       uint64_t *value) {
    if (address < bounds->stack_begin || address > bounds->stack_end) return false;
    if (bounds->stack_end - address < sizeof *value) return false;
    memcpy(value, (const void *)(uintptr_t)address, sizeof *value);
    return true;
}

static bool find_cfa(const struct smelt_unwind_cursor *cursor, const struct unwind_rules *rules,
                     uint64_t *cfa) {
    if (rules->cfa_is_expression) {
        return unwind_evaluate(cursor, rules->cfa_expression, NULL, cfa);
    }
    if (rules->cfa_register >= SMELT_DWARF_REGISTERS) return false;
    *cfa = cursor->registers[rules->cfa_register] + (uint64_t)rules->cfa_offset;
    return true;
}

static bool apply_rule(const struct smelt_unwind_cursor *cursor, const struct unwind_rule *rule,
                       uint64_t cfa, uint64_t *value) {
    uint64_t address;
    switch (rule->kind) {
    case UNWIND_SAME_VALUE:
    case UNWIND_UNDEFINED:
        return true;
    case UNWIND_OFFSET:
        return unwind_read_stack(&cursor->bounds, cfa + (uint64_t)rule->value, value);
    case UNWIND_VALUE_OFFSET:
        *value = cfa + (uint64_t)rule->value;
        return true;
    case UNWIND_REGISTER:
        if ((uint64_t)rule->value >= SMELT_DWARF_REGISTERS) return false;
        *value = cursor->registers[rule->value];
        return true;
    case UNWIND_EXPRESSION:
        return unwind_evaluate(cursor, rule->expression, &cfa, &address) &&
               unwind_read_stack(&cursor->bounds, address, value);
    case UNWIND_VALUE_EXPRESSION:
        return unwind_evaluate(cursor, rule->expression, &cfa, value);
    }
    return false;
}

bool smelt_unwind_leaf(struct smelt_unwind_cursor *cursor) {
    if (!cursor->is_exact) return false;
#if defined(__x86_64__)
    uint64_t *stack_pointer = &cursor->registers[SMELT_DWARF_SP];
    if (!unwind_read_stack(&cursor->bounds, *stack_pointer, &cursor->pc)) return false;
    *stack_pointer += sizeof cursor->pc;
#else
    cursor->pc = cursor->registers[SMELT_DWARF_RETURN_ADDRESS];
#endif
    cursor->is_exact = false;
    return true;
}

static uint64_t lookup_address(const struct smelt_unwind_cursor *cursor) {
    // A return address can lie behind the last instruction of a function that ends in a call.
    return cursor->is_exact ? cursor->pc : cursor->pc - 1;
}

bool smelt_unwind_step(struct smelt_unwind_cursor *cursor) {
    struct unwind_description description;
    struct unwind_rules rules;
    uint64_t pc = lookup_address(cursor);
    // Code without a description: libc's memcpy and the like, which are leaves without a frame.
    if (!unwind_find_description(&cursor->bounds, pc, &description)) {
        return smelt_unwind_leaf(cursor);
    }
    if (!unwind_rules_at(&description, pc, &rules)) return false;

    uint64_t cfa;
    if (!find_cfa(cursor, &rules, &cfa)) return false;
    // Only a leaf may leave the stack pointer where it is, and only the first frame is one.
    uint64_t stack_pointer = cursor->registers[SMELT_DWARF_SP];
    if (cfa < stack_pointer || (cfa == stack_pointer && !cursor->is_exact)) return false;
    if (cfa > cursor->bounds.stack_end) return false;
    const struct unwind_rule *return_address = &rules.registers[SMELT_DWARF_RETURN_ADDRESS];
    if (return_address->kind == UNWIND_UNDEFINED) return false;

    struct smelt_unwind_cursor caller = *cursor;
    caller.registers[SMELT_DWARF_SP] = cfa;
    for (size_t number = 0; number < SMELT_DWARF_REGISTERS; number++) {
        if (!apply_rule(cursor, &rules.registers[number], cfa, &caller.registers[number])) {
            return false;
        }
    }
    caller.pc = caller.registers[SMELT_DWARF_RETURN_ADDRESS];
    if (rules.is_return_address_signed) caller.pc &= (UINT64_C(1) << 48) - 1;
    if (caller.pc == 0) return false;
    caller.is_exact = description.is_signal_frame;
    *cursor = caller;
    return true;
}
