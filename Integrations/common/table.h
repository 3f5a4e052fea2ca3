// What the compiler tells the glue about a library: the functions that it declares, and how each is called.
// Sources/Lowering/Library/IntegrationTable.swift writes it. All numbers have been checked against the
// module by then.
#ifndef SMELT_GLUE_TABLE_H
#define SMELT_GLUE_TABLE_H

#include <stdint.h>

#include "smelt/library.h"

// Types of values, as manifests name them.
enum glue_element {
    GLUE_INTEGER = 1,  // an i32 with a sign
    GLUE_BIGINT,       // an i64 with a sign
    GLUE_REAL,         // an f32
    GLUE_FLOAT,        // an f64
    GLUE_BOOLEAN,      // an i32, 0 or not; a byte in arrays
    GLUE_TEXT,         // UTF-8
    GLUE_BYTES
};

// Types of the guest's parameters.
enum glue_word { GLUE_NO_WORD = 0, GLUE_I32, GLUE_I64, GLUE_F32, GLUE_F64 };

// Where a parameter comes from.
enum glue_source {
    GLUE_CONSTANT = 1,     // value: its bits
    GLUE_NUMBER,           // value: the number of an argument; likewise in the next ones
    GLUE_POINTER,
    GLUE_LENGTH,
    GLUE_IS_NULL,
    GLUE_STATE,
    GLUE_RESULT_POINTER,
    GLUE_RESULT_CAPACITY,
    GLUE_BLOCK_POINTER,
    GLUE_BLOCK_LENGTH,
    GLUE_LITERAL           // value: where in the literals
};

struct glue_pass {
    uint32_t source;  // enum glue_source
    uint32_t word;    // enum glue_word
    uint64_t value;
};

enum { GLUE_MAXIMUM_ARGUMENTS = 32, GLUE_MAXIMUM_PASSES = 64 };

struct glue_call {
    smelt_library_body *body;
    const char *name;
    const struct glue_pass *passes;
    const uint8_t *literals;
    uint64_t literals_size;
    uint64_t given;       // a bit for each argument that the guest releases
    uint64_t terminated;  // a bit for each argument whose bytes have a zero behind them
    int64_t status;
    uint32_t pass_count;
    uint32_t word;        // of the first result
    uint32_t has_status;  // 1: the result is `status` or the call has failed; 2: the opposite
    uint32_t in_memory;   // whether any argument is put into the guest's memory
};

// How what a function returns is found.
enum glue_form {
    GLUE_VALUE = 1,
    GLUE_PACKED_POINTER_LENGTH,  // an i64, the pointer in its upper half
    GLUE_PACKED_LENGTH_POINTER,
    GLUE_PAIR,
    GLUE_AREA,
    GLUE_TERMINATED,
    GLUE_PREFIXED,
    GLUE_BUFFER,
    GLUE_CALLS
};

struct glue_returned {
    const struct glue_call *release, *pointer_call, *length_call;
    int64_t null_value;
    uint32_t element;   // enum glue_element
    uint32_t is_array;
    uint32_t form;      // enum glue_form
    uint32_t capacity;  // of GLUE_BUFFER
    uint32_t has_null;
    uint32_t reserved;
};

struct glue_argument {
    const char *name;
    uint32_t element, is_array;
};

struct glue_column {
    const char *name;
    const struct glue_call *call;
    const struct glue_returned *returned;
};

enum glue_kind { GLUE_SCALAR = 1, GLUE_AGGREGATE, GLUE_TABLE };
enum glue_volatility { GLUE_VOLATILE = 0, GLUE_STABLE, GLUE_IMMUTABLE };
enum glue_function_flags { GLUE_CALLED_ON_NULL = 1, GLUE_RELEASES_LOCK = 2 };

struct glue_function {
    const char *name;
    const struct glue_argument *arguments;
    // The call of a scalar function, the step of an aggregate, what opens a table.
    const struct glue_call *main;
    const struct glue_call *begin, *finish, *next, *drop;  // null for those that there are not
    const struct glue_returned *returned;                  // null for tables
    const struct glue_column *columns;
    uint32_t kind, argument_count, column_count, volatility, flags, reserved;
};

enum glue_import_role { GLUE_TRAP = 1, GLUE_NOTICE, GLUE_ERROR };
enum glue_table_flags { GLUE_REUSES_BUFFERS = 1 };

struct glue_table {
    const struct smelt_library_module *library;
    const char *name;
    const struct glue_function *functions;
    const struct glue_call *starts;
    const struct glue_call *allocate, *release;  // null for none
    const uint8_t *import_roles;                 // enum glue_import_role, one for each import
    uint64_t maximum_memory, stack_size;
    uint64_t deadline;  // milliseconds that a call may take; 0 for no such limit
    uint32_t function_count, start_count;
    uint32_t memory;  // the index of that which pointers are into, or UINT32_MAX
    uint32_t flags;   // of enum glue_table_flags
};

#endif
