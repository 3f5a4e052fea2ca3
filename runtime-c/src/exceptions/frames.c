// Frames, and what is remembered of return addresses; frames.h says more.
#include "frames.h"

#include <string.h>

enum { CACHE_BITS = 10 };

// A return address has one place. Pages of it are touched only by programs that throw.
static struct frame_facts frame_cache[1 << CACHE_BITS] __attribute__((aligned(64)));
_Static_assert(sizeof(struct frame_facts) <= 64, "larger than a line of a CPU's cache");

// The unwinder's places of the registers of a frame.
static const uint8_t dwarf_places[FRAME_REGISTERS] = {
#if defined(__x86_64__)
    3, 6, 12, 13, 14, 15,
#elif defined(__aarch64__)
    19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
    SMELT_DWARF_VECTORS, SMELT_DWARF_VECTORS + 1, SMELT_DWARF_VECTORS + 2, SMELT_DWARF_VECTORS + 3,
    SMELT_DWARF_VECTORS + 4, SMELT_DWARF_VECTORS + 5, SMELT_DWARF_VECTORS + 6,
    SMELT_DWARF_VECTORS + 7,
#endif
    SMELT_DWARF_SP, SMELT_DWARF_RETURN_ADDRESS,
};

// The general way ------------------------------------------------------------------------------

void frame_cursor(const struct frame_tables *tables, const struct throw_frame *frame,
                  struct smelt_unwind_cursor *cursor) {
    memset(cursor, 0, sizeof *cursor);
    cursor->bounds = tables->bounds;
    for (size_t place = 0; place < FRAME_REGISTERS; place++) {
        cursor->registers[dwarf_places[place]] = frame->registers[place];
    }
    cursor->pc = frame->registers[FRAME_PC];
}

static __attribute__((noinline)) bool step_by_tables(const struct frame_tables *tables,
                                                     struct throw_frame *frame) {
    struct smelt_unwind_cursor cursor;
    frame_cursor(tables, frame, &cursor);
    if (!smelt_unwind_step(&cursor)) return false;
    for (size_t place = 0; place < FRAME_REGISTERS; place++) {
        frame->registers[place] = cursor.registers[dwarf_places[place]];
    }
    frame->registers[FRAME_PC] = cursor.pc;
    return true;
}

// Learning -------------------------------------------------------------------------------------

// Takes the rules of a frame if they are all of the simple kind.
static bool learn_rules(const struct unwind_rules *rules, struct frame_facts *facts) {
    if (rules->cfa_is_expression || rules->is_return_address_signed) return false;
    if (rules->cfa_offset != (int32_t)rules->cfa_offset) return false;
    facts->cfa_offset = (int32_t)rules->cfa_offset;
    facts->cfa_register = FRAME_REGISTERS;
    for (uint8_t place = 0; place <= FRAME_SP; place++) {
        if (dwarf_places[place] == rules->cfa_register) facts->cfa_register = place;
    }
    if (facts->cfa_register == FRAME_REGISTERS) return false;

    uint8_t count = 0;
    for (uint8_t place = 0; place < FRAME_REGISTERS; place++) {
        const struct unwind_rule *rule = &rules->registers[dwarf_places[place]];
        if (place == FRAME_SP || (place != FRAME_PC && rule->kind == UNWIND_SAME_VALUE)) continue;
        if (rule->kind != UNWIND_OFFSET || rule->value >= 0 || rule->value % 8 != 0) return false;
        if (rule->value < -8 * UINT8_MAX) return false;
        facts->saved[count].place = place;
        facts->saved[count++].words = (uint8_t)(-rule->value / 8);
    }
    facts->saved_count = count;
    return true;
}

static __attribute__((noinline)) void learn(const struct frame_tables *tables, uint64_t pc,
                                            struct frame_facts *facts) {
    struct unwind_description description;
    struct unwind_rules rules;
    memset(&description, 0, sizeof description);
    memset(facts, 0, sizeof *facts);
    facts->saved_count = FRAME_IS_COMPLEX;
    // The instruction before is the call; what follows it may belong to another function.
    if (!unwind_find_description(&tables->bounds, pc - 1, &description)) return;
    if (!unwind_rules_at(&description, pc - 1, &rules)) return;
    if (!description.is_signal_frame && !learn_rules(&rules, facts)) {
        facts->saved_count = FRAME_IS_COMPLEX;
    }
    uint64_t pad = landing_pad_at(&tables->landing_pads, &description, pc - 1);
    if (pad < tables->code_begin || pad >= tables->code_end) return;
    // Far more than a call can have arguments.
    if (rules.argument_bytes > 8 * UINT16_MAX || rules.argument_bytes % 8 != 0) return;
    facts->landing_pad = pad;
    facts->argument_words = (uint16_t)(rules.argument_bytes / 8);
}

const struct frame_facts *frame_facts_at(const struct frame_tables *tables, uint64_t pc) {
    // Fibonacci hashing: the multiplier is 2^64 by the golden ratio.
    uint64_t place = pc * UINT64_C(0x9e3779b97f4a7c15) >> (64 - CACHE_BITS);
    struct frame_facts *facts = &frame_cache[place];
    if (facts->pc == pc) return facts;
    // The end of the stack may come while something is learnt, and the program may go on elsewhere:
    // until all of it is there, it is of no address.
    facts->pc = 0;
    __asm__ volatile("" ::: "memory");
    learn(tables, pc, facts);
    __asm__ volatile("" ::: "memory");
    facts->pc = pc;
    return facts;
}

// The fast way ---------------------------------------------------------------------------------

bool frame_step(const struct frame_tables *tables, const struct frame_facts *facts,
                struct throw_frame *frame) {
    if (facts->saved_count == FRAME_IS_COMPLEX) return step_by_tables(tables, frame);
    uint64_t bottom = frame->registers[FRAME_SP];
    uint64_t cfa = frame->registers[facts->cfa_register] + (uint64_t)(int64_t)facts->cfa_offset;
    // Everything that is read lies between the two, and every step goes up.
    if (bottom < tables->bounds.stack_begin || cfa <= bottom) return false;
    if (cfa > tables->bounds.stack_end) return false;
    for (uint8_t index = 0; index < facts->saved_count; index++) {
        uint64_t distance = 8 * (uint64_t)facts->saved[index].words;
        if (distance > cfa - bottom) return false;
        memcpy(&frame->registers[facts->saved[index].place], (const void *)(uintptr_t)(cfa - distance),
               sizeof(uint64_t));
    }
    frame->registers[FRAME_SP] = cfa;
    return true;
}
