// Frames of guest code as a throw sees them: only the registers that functions preserve, and what is
// known about the place where a frame goes on. What has been read from the tables is kept: most
// programs throw through the same few calls again and again.
#ifndef SMELT_EXCEPTIONS_FRAMES_H
#define SMELT_EXCEPTIONS_FRAMES_H

#include "landing_pads.h"
#include "unwind/unwind.h"

// The places of registers in a frame; the code in throw.c that fills and empties frames knows them.
enum {
#if defined(__x86_64__)
    FRAME_PRESERVED = 6,  // rbx, rbp, r12 to r15
#elif defined(__aarch64__)
    FRAME_PRESERVED = 19,  // x19 to x29, d8 to d15
#endif
    FRAME_SP = FRAME_PRESERVED,
    FRAME_PC,  // the return address of the call that the frame is in
    FRAME_REGISTERS
};

struct throw_frame {
    uint64_t registers[FRAME_REGISTERS];
};

// What is known of one return address: where its function goes on if the call throws, and how to find
// the caller's frame. One line of a CPU's cache.
struct frame_facts {
    uint64_t pc;               // the return address; 0 for no facts
    uint64_t landing_pad;      // 0 if there is none
    int32_t cfa_offset;        // from the register to the CFA, the stack pointer of the caller
    uint16_t argument_words;   // pushed for the call, to be dropped before the landing pad
    uint8_t cfa_register;      // its place in a frame
    uint8_t saved_count;       // of `saved`; FRAME_IS_COMPLEX if the tables are to be asked each time
    struct {
        uint8_t place;         // in a frame
        uint8_t words;         // from the CFA down
    } saved[FRAME_PRESERVED + 1];
};
enum { FRAME_IS_COMPLEX = 255 };

// The tables, and the bounds of the stack and of the code that may have landing pads.
struct frame_tables {
    struct smelt_unwind_bounds bounds;
    struct landing_pad_tables landing_pads;
    uint64_t code_begin, code_end;
};

// What is known of a return address. The result is good until the next call.
const struct frame_facts *frame_facts_at(const struct frame_tables *tables, uint64_t pc);

// Moves to the caller's frame; false when there is none or it cannot be found.
bool frame_step(const struct frame_tables *tables, const struct frame_facts *facts,
                struct throw_frame *frame);

// The same frame for the general unwinder.
void frame_cursor(const struct frame_tables *tables, const struct throw_frame *frame,
                  struct smelt_unwind_cursor *cursor);

#endif
