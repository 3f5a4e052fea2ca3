// DWARF expressions, as far as call frame information uses them: LLVM emits them for frames whose
// stack pointer was realigned. Operations: DWARF 5, 2.5.1 and 7.7.1.
#include "unwind_rules.h"

enum { STACK_DEPTH = 16 };

struct evaluation {
    const struct smelt_unwind_cursor *cursor;
    uint64_t stack[STACK_DEPTH];
    unsigned depth;
    bool has_failed;
};

static void push(struct evaluation *state, uint64_t value) {
    if (state->depth == STACK_DEPTH) {
        state->has_failed = true;
        return;
    }
    state->stack[state->depth++] = value;
}

static uint64_t pop(struct evaluation *state) {
    if (state->depth == 0) {
        state->has_failed = true;
        return 0;
    }
    return state->stack[--state->depth];
}

static void push_register(struct evaluation *state, uint64_t number, int64_t offset) {
    if (number >= SMELT_DWARF_REGISTERS) {
        state->has_failed = true;
        return;
    }
    push(state, state->cursor->registers[number] + (uint64_t)offset);
}

// Constants, registers and literals; false when `opcode` is none of them.
static bool run_push(struct evaluation *state, uint64_t opcode, struct dwarf_reader *code) {
    uint64_t number;
    if (opcode >= 0x30 && opcode <= 0x4f) {  // lit0 to lit31
        push(state, opcode - 0x30);
        return true;
    }
    if (opcode >= 0x70 && opcode <= 0x8f) {  // breg0 to breg31
        push_register(state, opcode - 0x70, dwarf_read_sleb128(code));
        return true;
    }
    if (opcode >= 0x08 && opcode <= 0x0f) {  // const1u, const1s, const2u ... const8s
        size_t size = (size_t)1 << ((opcode - 0x08) / 2);
        push(state, opcode % 2 == 0 ? dwarf_read_unsigned(code, size)
                                    : (uint64_t)dwarf_read_signed(code, size));
        return true;
    }
    switch (opcode) {
    case 0x10: push(state, dwarf_read_uleb128(code)); return true;            // constu
    case 0x11: push(state, (uint64_t)dwarf_read_sleb128(code)); return true;  // consts
    case 0x92:                                                                // bregx
        number = dwarf_read_uleb128(code);
        push_register(state, number, dwarf_read_sleb128(code));
        return true;
    default: return false;
    }
}

static void run_operation(struct evaluation *state, uint64_t opcode, struct dwarf_reader *code) {
    uint64_t top = pop(state);
    uint64_t value = 0;
    switch (opcode) {
    case 0x06:  // deref
        if (!unwind_read_stack(&state->cursor->bounds, top, &value)) state->has_failed = true;
        push(state, value);
        break;
    case 0x12: push(state, top); push(state, top); break;                // dup
    case 0x13: break;                                                    // drop
    case 0x16: value = pop(state); push(state, top); push(state, value); break;  // swap
    case 0x1a: push(state, pop(state) & top); break;                     // and
    case 0x1c: push(state, pop(state) - top); break;                     // minus
    case 0x1e: push(state, pop(state) * top); break;                     // mul
    case 0x1f: push(state, 0 - top); break;                              // neg
    case 0x20: push(state, ~top); break;                                 // not
    case 0x21: push(state, pop(state) | top); break;                     // or
    case 0x22: push(state, pop(state) + top); break;                     // plus
    case 0x23: push(state, top + dwarf_read_uleb128(code)); break;       // plus_uconst
    case 0x24: value = pop(state); push(state, top < 64 ? value << top : 0); break;  // shl
    default: state->has_failed = true; break;
    }
}

bool unwind_evaluate(const struct smelt_unwind_cursor *cursor, struct dwarf_reader expression,
                     const uint64_t *initial, uint64_t *result) {
    struct evaluation state;
    state.cursor = cursor;
    state.depth = 0;
    state.has_failed = false;
    if (initial != NULL) push(&state, *initial);
    while (!expression.has_failed && !state.has_failed && expression.position < expression.end) {
        uint64_t opcode = dwarf_read_unsigned(&expression, 1);
        if (!run_push(&state, opcode, &expression)) run_operation(&state, opcode, &expression);
    }
    *result = pop(&state);
    return !expression.has_failed && !state.has_failed;
}
