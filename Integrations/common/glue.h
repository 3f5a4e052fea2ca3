// What the glue of every program has in common: an instance of the guest, and calls of its functions with
// values of the host.
//
// A call has two parts. glue_call leaves a result that may lie in the guest's memory; the host copies it;
// glue_finish releases it. Whatever fails makes the instance new: what a guest has left half done is
// not there for the next call. A host that leaves between the two, by raising an error of its own, does
// no harm: the next call finds that out, and makes the instance new first.
#ifndef SMELT_GLUE_H
#define SMELT_GLUE_H

#include <stdbool.h>
#include <stdint.h>

#include "smelt/library.h"
#include "table.h"

// A value of the host's.
struct glue_value {
    bool is_null;
    uint32_t element;  // enum glue_element
    // Of a number: the bits that the guest gets. Integers are extended with their sign.
    uint64_t bits;
    // Of texts, bytes and arrays, which lie in the guest's memory if they are results.
    const uint8_t *bytes;
    uint64_t length;  // in elements
};

// Something that was allocated for a call.
struct glue_block {
    uint32_t address, size;
};

struct glue {
    const struct glue_table *table;
    struct smelt_instance *instance;  // null if there is none yet
    const struct smelt_memory *memory;
    uint64_t epoch;  // another one whenever the instance is made new
    bool is_busy;    // between a call and the end of it
    uint32_t block_count, result_address, result_length;
    const struct glue_call *result_release;
    struct glue_block blocks[GLUE_MAXIMUM_ARGUMENTS + 2];
    struct glue_block buffers[GLUE_MAXIMUM_ARGUMENTS + 2];  // kept from call to call
    // What ends calls that take long. `interrupt` is the word that the guest looks at; null for `ticker`,
    // which the ticker sets now and then (ticker.h). `interrupted` is asked then, with the glue.
    volatile uint32_t *interrupt;
    uint32_t (*interrupted)(void *glue);
    volatile uint32_t ticker;
    uint32_t is_running;     // a call, for the ticker; atomic
    uint64_t start;          // of the call, in nanoseconds; 0 until the first tick
    struct glue *next_ticking;
    // Shows a text of the guest's, or, as an error, notes it and returns something else than 0.
    uint32_t (*say)(struct glue *glue, const char *text, uint64_t length, bool is_error);
    struct smelt_error error;  // why the last call has failed
};

// Bytes of an element.
uint32_t glue_element_size(uint32_t element);

// Begins with a table; what the host sets is `say` and how calls are interrupted. There is an instance when the first call is made.
void glue_begin(struct glue *glue, const struct glue_table *table);

// Frees the instance.
void glue_end(struct glue *glue);

// Has an instance that is as it should be between calls. Every other function does that, too.
uint32_t glue_prepare(struct glue *glue);

// Calls a function. `state` is what it gets as its state, unless null. Where `returned` says how, its
// result becomes a value; otherwise the first word of it is left in `word`.
uint32_t glue_call(struct glue *glue, const struct glue_call *call, const struct glue_value *arguments,
                   const uint64_t *state, const struct glue_returned *returned,
                   struct glue_value *result, uint64_t *word);

// Whether the time is over that the manifest gives a call. For `interrupted` with the ticker, which it makes
// wait for the next tick.
bool glue_is_late(struct glue *glue);

// Whether a function takes numbers as they are and returns one, which can take a shorter way: the host puts
// the arguments' bits into `values` and finds the result's there. There is nothing to finish.
bool glue_is_plain(const struct glue_function *function);
uint32_t glue_call_plain(struct glue *glue, const struct glue_call *call, union smelt_value *values);

// Ends a call that has not failed.
uint32_t glue_finish(struct glue *glue);

// Notes a failure of the host's own, with a text of one line; returns its status.
uint32_t glue_fail(struct glue *glue, const char *text);

// Bytes of the first line of the error's message.
uint64_t glue_reason_length(const struct glue *glue);

#endif
