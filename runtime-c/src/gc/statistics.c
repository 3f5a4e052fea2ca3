// Pauses are counted by their length, in steps of an eighth: memory for each would have to come from
// somewhere.
#include "statistics.h"

#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "collector.h"
#include "core/system_calls.h"
#include "core/message.h"
#include "options.h"

enum { STEP_BITS = 3, STEPS = 1 << STEP_BITS, PAUSE_KINDS = 64 * STEPS };

struct pauses {
    uint64_t count, total, longest;  // times in nanoseconds
    uint32_t by_length[PAUSE_KINDS];
};

static struct pauses full, minor;
static uint64_t allocated;
static enum { UNKNOWN, WANTED, UNWANTED } answer;

static bool is_wanted(void) {
    if (answer == UNKNOWN) answer = gc_option_statistics() ? WANTED : UNWANTED;
    return answer == WANTED;
}

static uint64_t now(void) {
    SMELT_CALLS(clock_gettime);
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

// The highest bit, and the STEP_BITS that follow it.
static unsigned kind_of(uint64_t length) {
    if (length < STEPS) return (unsigned)length;
    unsigned bits = 63 - (unsigned)__builtin_clzll(length);
    return (bits << STEP_BITS) + (unsigned)(length >> (bits - STEP_BITS) & (STEPS - 1));
}

// The middle of the lengths of a kind.
static uint64_t length_of(unsigned kind) {
    unsigned bits = kind >> STEP_BITS;
    if (bits < STEP_BITS) return kind;
    uint64_t step = UINT64_C(1) << (bits - STEP_BITS);
    return (UINT64_C(1) << bits) + (kind & (STEPS - 1)) * step + step / 2;
}

void gc_pause_begin(struct gc_pause *pause) { pause->begin = is_wanted() ? now() : 0; }

void gc_pause_end(const struct gc_pause *pause, const struct heap *heap, uint64_t handed_out) {
    if (pause->begin == 0) return;
    uint64_t length = now() - pause->begin;
    struct pauses *pauses = heap->is_minor ? &minor : &full;
    pauses->count++;
    pauses->total += length;
    if (length > pauses->longest) pauses->longest = length;
    pauses->by_length[kind_of(length)]++;
    allocated += handed_out;
}

// The report ------------------------------------------------------------------------------------

// As many nanoseconds as milliseconds with three digits behind the point.
static void add_milliseconds(struct smelt_message *message, const char *name, uint64_t length) {
    smelt_message_text(message, name);
    smelt_message_decimal(message, length / 1000000);
    uint64_t fraction = length / 1000 % 1000;
    smelt_message_text(message, fraction < 10 ? ".00" : fraction < 100 ? ".0" : ".");
    smelt_message_decimal(message, fraction);
    smelt_message_text(message, " ms");
}

// The length that so many thousandths of the pauses do not exceed.
static uint64_t quantile(const struct pauses *pauses, uint64_t thousandths) {
    uint64_t rank = (pauses->count * thousandths + 999) / 1000, count = 0;
    for (unsigned kind = 0; kind < PAUSE_KINDS; kind++) {
        count += pauses->by_length[kind];
        if (count < rank) continue;
        uint64_t length = length_of(kind);
        return length < pauses->longest ? length : pauses->longest;
    }
    return pauses->longest;
}

static void add_pauses(struct smelt_message *message, const char *name, const struct pauses *pauses) {
    smelt_message_text(message, name);
    smelt_message_decimal(message, pauses->count);
    if (pauses->count > 0) {
        add_milliseconds(message, ", pauses: median ", quantile(pauses, 500));
        add_milliseconds(message, ", 99th percentile ", quantile(pauses, 990));
        add_milliseconds(message, ", longest ", pauses->longest);
        add_milliseconds(message, ", in all ", pauses->total);
    }
    smelt_message_text(message, "\n");
}

static void add_bytes(struct smelt_message *message, const char *name, uint64_t bytes) {
    smelt_message_text(message, name);
    smelt_message_decimal(message, bytes);
}

void gc_report(void) {
    if (!is_wanted()) return;
    const struct heap *heap = gc_heap();
    struct smelt_message message;
    message.length = 0;
    smelt_message_text(&message, "garbage collection:\n");
    add_pauses(&message, "  full collections: ", &full);
    add_pauses(&message, "  minor collections: ", &minor);
    add_bytes(&message, "  bytes: allocated ", allocated + heap->allocated);
    add_bytes(&message, ", alive after the last collection ", heap->live_bytes);
    add_bytes(&message, ", heap at most ", heap->committed);
    smelt_message_text(&message, "\n");
    smelt_message_flush(&message);
}
