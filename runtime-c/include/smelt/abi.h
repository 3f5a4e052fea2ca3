// What compiled code and the runtime agree on: trap codes, the layout of everything that both
// sides touch, and the symbols that each side provides to the other.
//
// This header is the one source for both: the runtime includes it, and the compiler imports it
// as the Swift module RuntimeABI. A test pins every size and offset (Tests/RuntimeABITests).
// It must stay plain C11 with fixed-width types, free of anything that only one side can read.
//
// Instance forms. A *static* instance (executables) keeps its state in LLVM globals of the
// program; a *dynamic* instance (libraries, test scripts) keeps it in memory that it is given a
// pointer to. The structs below are the same in both forms.
#ifndef SMELT_ABI_H
#define SMELT_ABI_H

#include <stdint.h>

// Sections of a program, which the compiler fills, the linker script places and the runtime knows.
#define SMELT_SECTION_CODE ".text.smelt"        // compiled code; behind it a dot and what it is
#define SMELT_SECTION_MEMORY ".smelt.memory0"   // contents of memory 0; behind it a dot and where
#define SMELT_SECTION_STACK ".smelt.stack"      // the guest's stack
#define SMELT_SECTION_NOTE ".note.smelt"        // what an executable says about itself
#define SMELT_SECTION_CALLS "smelt_calls"       // the system calls of the runtime that is linked

// Traps ------------------------------------------------------------------------------------

// Why a program trapped. The value is the 8-bit operand of LLVM's llvm.ubsantrap, so on x86-64 a
// trap is `ud1 code(%eax), %eax` (SIGILL) and on AArch64 `brk #(0x5500 | code)` (SIGTRAP); the
// signal handler reads the code back from the instruction. Zero is never used.
//
// Each row is a name and the reason as the specification's test suite spells it, in the order of
// the codes. Nothing else lists them.
#define SMELT_TRAP_CODES(X)                                              \
    X(UNREACHABLE, "unreachable")                                        \
    X(INTEGER_DIVIDE_BY_ZERO, "integer divide by zero")                  \
    X(INTEGER_OVERFLOW, "integer overflow")                              \
    X(INVALID_CONVERSION_TO_INTEGER, "invalid conversion to integer")    \
    X(OUT_OF_BOUNDS_MEMORY_ACCESS, "out of bounds memory access")        \
    X(OUT_OF_BOUNDS_TABLE_ACCESS, "out of bounds table access")          \
    X(UNDEFINED_ELEMENT, "undefined element")                            \
    X(UNINITIALIZED_ELEMENT, "uninitialized element")                    \
    X(INDIRECT_CALL_TYPE_MISMATCH, "indirect call type mismatch")        \
    X(CALL_STACK_EXHAUSTED, "call stack exhausted")                      \
    X(NULL_REFERENCE, "null reference")                                  \
    X(NULL_FUNCTION_REFERENCE, "null function reference")                \
    X(UNALIGNED_ATOMIC, "unaligned atomic")                              \
    X(EXPECTED_SHARED_MEMORY, "expected shared memory")                  \
    X(CAST_FAILURE, "cast failure")                                      \
    X(UNCAUGHT_EXCEPTION, "uncaught exception")                          \
    X(OUT_OF_MEMORY, "out of memory")                                    \
    X(OUT_OF_BOUNDS_ARRAY_ACCESS, "out of bounds array access")          \
    X(NULL_STRUCTURE_REFERENCE, "null structure reference")              \
    X(NULL_ARRAY_REFERENCE, "null array reference")                      \
    X(NULL_I31_REFERENCE, "null i31 reference")                          \
    X(INTERRUPTED, "interrupted")                                        \
    X(OUT_OF_FUEL, "out of fuel")

enum smelt_trap_code {
    SMELT_TRAP_NONE = 0,
#define SMELT_ROW(name, reason) SMELT_TRAP_##name,
    SMELT_TRAP_CODES(SMELT_ROW)
#undef SMELT_ROW
    SMELT_TRAP_CODE_COUNT
};

// The reason of a trap; null if there is none of that code.
static inline const char *smelt_trap_reason(uint32_t code) {
    switch (code) {
#define SMELT_ROW(name, reason) \
    case SMELT_TRAP_##name: return reason;
        SMELT_TRAP_CODES(SMELT_ROW)
#undef SMELT_ROW
    default: return 0;
    }
}

// Memories, tables, functions ----------------------------------------------------------------

// The largest linear memory, at the start and later, and the most address space that one has, in
// bytes: arithmetic on sizes up to there, and on twice as much, does not wrap.
#define SMELT_MEMORY_SIZE_MAXIMUM 70368744177664
// What a guarded memory owns from its base on: all that an access without a check can reach. The
// compiler's MemoryPlan.swift says how it is made up.
#define SMELT_GUARDED_RESERVATION 6442582016
// The most elements of a table, at the start and later: the implementation limit of the WebAssembly
// JavaScript API. A table of 2^32 elements would take 32 GiB.
#define SMELT_TABLE_SIZE_MAXIMUM 10000000

enum smelt_memory_flags {
    SMELT_MEMORY_GUARDED = 1  // compiled code does not check its accesses
};

// A linear memory. `base` never changes after creation: growing commits more of a reservation.
struct smelt_memory {
    uint8_t *base;
    uint64_t byte_size;       // current size in bytes, a multiple of the page size
    uint64_t maximum_pages;   // what memory.grow must not exceed, in pages
    uint64_t reserved_bytes;  // address space owned from base on, guard region included
    uint32_t page_size_log2;  // 16, or less with the custom-page-sizes proposal
    uint32_t flags;           // of enum smelt_memory_flags
};

// A function as a first-class value: what a funcref points to. A null reference is a null pointer.
struct smelt_function {
    const void *code;      // the compiled function, in the compiler's internal calling convention
    void *instance;        // its instance in the dynamic form, null in the static form
    uint32_t type;         // canonical type number, never zero; equal types have equal numbers
    uint32_t reserved;
};

// A table of references (pointers to smelt_function, or opaque external pointers; null is null).
struct smelt_table {
    void **elements;
    uint64_t size;      // current size in elements
    uint64_t maximum;   // what table.grow must not exceed, in elements
    uint64_t capacity;  // elements that `elements` has room for; 0 when it lies in static storage
};

// The identity of a tag is its address. Instances that are made at run time have their own.
struct smelt_tag {
    const char *name;  // for messages, zero-terminated, as the module has it
};

// Objects --------------------------------------------------------------------------------------

// References are 64 bits wide wherever they are kept. Null is zero. A reference to an object is the
// address of its header, a multiple of 16; an i31 is its value times two plus one; a reference that
// the host made up has bit 1 set and bit 0 clear, and is nobody's address. Converting between
// anyref and externref changes nothing. Functions (`smelt_function`) are in a hierarchy of their own.
struct smelt_object {
    uint32_t type;    // its number, or SMELT_TYPE_EXCEPTION
    uint32_t length;  // arrays: in elements; exceptions: bytes of their arguments; structures: fields
};

#define SMELT_TYPE_EXCEPTION UINT32_MAX

enum smelt_type_kind {
    SMELT_TYPE_FUNCTION = 0,
    SMELT_TYPE_STRUCTURE = 1,
    SMELT_TYPE_ARRAY = 2
};

enum { SMELT_TYPE_DISPLAY = 10 };

// What a type number stands for, for the collector and for casts.
struct smelt_type {
    uint32_t kind;             // enum smelt_type_kind
    uint32_t size;             // structures: bytes, with the header; arrays: bytes of an element
    uint32_t elements;         // arrays: where the first element is, in bytes from the header
    uint32_t reference_count;  // structures: how many fields may refer to objects; arrays: 1 if elements do
    const uint32_t *references;  // structures: where these fields are, in bytes, ascending
    // The type that is so far below the root of its hierarchy, as long as it is this one or a supertype
    // of it; 0 behind it. Deeper ones are found by smelt_type_parents only.
    uint32_t ancestors[SMELT_TYPE_DISPLAY];
};

// By type number, smelt_type_count of them; number 0 is nobody's. Compiled code has them if it has
// objects.
extern const struct smelt_type smelt_types[];
extern const uint32_t smelt_type_count;

// Where the next objects are made. Compiled code may do what smelt_object_new begins with: take
// `size` bytes (with the header, a multiple of 16) at `position` if that leaves it at or below `end`;
// mark their first granule as SMELT_MARK_YOUNG and their last one as SMELT_MARK_END (both are in one
// byte for an object of 16 bytes; marks of unused granules are zero, so a wider store may set several,
// up to 8 bytes); and write the header. The rest is zero. If they do not fit it calls the function.
struct smelt_allocation {
    uint8_t *position, *end;
    uint64_t marks;  // the mark of what is at an address is the byte at marks + address / 16
};
extern struct smelt_allocation smelt_allocation;

enum smelt_mark {
    SMELT_MARK_YOUNG = 1,
    SMELT_MARK_UNLOGGED = 64,
    SMELT_MARK_END = 128
};

// What may refer to objects besides the guest's stack, of a static instance.
struct smelt_root_range {
    void *const *first;
    uint64_t count;
};
struct smelt_roots {
    uint64_t range_count, table_count;
    const struct smelt_root_range *ranges;  // globals, and the contents of element segments
    struct smelt_table *const *tables;
};
// Defined by static programs with objects or exceptions, if there is anything of the kind.
extern const struct smelt_roots smelt_roots;

// An exception that has been thrown, or what an exnref points to; null is null. It moves nowhere, and
// lives as long as it is referred to. The arguments lie behind it in their order, each at a multiple of
// its size (a reference's is 8 bytes), rounded up to a multiple of 16 bytes.
struct smelt_exception {
    struct smelt_object header;
    const struct smelt_tag *tag;
    uint8_t arguments[] __attribute__((aligned(16)));
};

// A value as it crosses the border of compiled code: one per parameter or result.
union smelt_value {
    uint32_t i32;
    uint64_t i64;
    uint32_t f32;      // the bit pattern
    uint64_t f64;      // the bit pattern
    uint8_t v128[16];
    void *reference;
};

// A function that a program is to call with words of its command line (--invoke).
struct smelt_invocation {
    const char *name;           // as the module has it, zero-terminated
    // A letter per parameter, then a colon, then a letter per result: i, I, f, F and v for i32, i64, f32,
    // f64 and v128; of results also e, u, a and x for references in the hierarchy of extern, func, any
    // and exn.
    const char *signature;
    union smelt_value *values;  // its arguments, then its results
};

// What every host function gets as its first argument: the state that belongs to one guest.
struct smelt_context {
    struct smelt_memory *memory;  // the guest's exported memory "memory", null if it has none
    void *wasi;                   // the runtime's own state for WASI
};

// The program ------------------------------------------------------------------------------

// Names for backtraces: one entry per compiled function, in the section "smelt_symbols", whose
// bounds the linker script gives as smelt_symbols_begin and smelt_symbols_end. Both offsets are
// relative to the address of the field itself. Entries are in no particular order. Code that is
// not to be shown has an empty name.
struct smelt_symbol {
    int32_t code;  // to the function's first instruction
    int32_t name;  // to its zero-terminated UTF-8 name
};

// Places in the source, for backtraces of programs that were compiled with -g. Behind the header
// come the ranges of code, by ascending address, each up to the next one, then the frames, then
// strings. Strings are told by their offset from the first one; 0 stands for none.
struct smelt_source_table {
    uint32_t range_count;
    uint32_t frame_count;
};
struct smelt_source_range {
    uint32_t code;   // where it begins, from smelt_code_begin on
    uint32_t frame;  // its index; 0 for no place
};
struct smelt_source_frame {
    uint32_t name;    // of the function, for one that was inlined
    uint32_t file;
    uint32_t line;    // 0 if it is not known
    uint32_t column;
    uint32_t caller;  // for a function that was inlined, the frame of the call
};

// What the compiler tells the runtime about a static executable. Exactly one, named smelt_program.
struct smelt_embedded;
struct smelt_cpu_feature;

struct smelt_program {
    struct smelt_memory *memory;    // for host functions: the exported memory, or null
    uint64_t stack_size;            // bytes of native stack for guest code
    uint64_t cpu_feature_count;     // the number of cpu_features
    uint64_t memory_count;
    struct smelt_memory *const *memories;  // every memory of the module, memory_count of them
    const char *cpu_name;           // what --cpu was, for the message when a feature is missing
    const char *grants;             // grant words, each zero-terminated, ended by an empty word
    void (*start)(void);            // finishes instantiation and calls the guest's _start
    uint64_t maximum_memory;        // bytes that no memory may grow beyond; UINT64_MAX: no limit
    uint64_t flags;                 // of enum smelt_program_flags
    const struct smelt_embedded *embedded;  // files inside the executable, or null
    const struct smelt_cpu_feature *cpu_features;  // what the CPU must have
    uint64_t heap_limit;            // bytes that objects may take; 0: as smelt_heap_limit
};

enum smelt_program_flags {
    SMELT_PROGRAM_LOCKS_DOWN = 1,  // gives up system calls that it does not need
    SMELT_PROGRAM_HAS_SEGMENT = 2, // x86-64: its code expects memory 0 where the register gs points
    // Asks the CPU before guest code runs, and not when it meets an illegal instruction.
    SMELT_PROGRAM_CHECKS_CPU = 4,
    // All its stores of references into objects have a write barrier (smelt_write_barrier).
    SMELT_PROGRAM_HAS_WRITE_BARRIER = 8
};

// The native stacks that a program may ask for, in bytes.
#define SMELT_STACK_SIZE_MINIMUM 65536
#define SMELT_STACK_SIZE_MAXIMUM 1073741824

// What objects may take, in bytes. More than that cannot be asked for.
#define SMELT_HEAP_SIZE_MINIMUM 1048576
#define SMELT_HEAP_SIZE_MAXIMUM 68719476736

// Files inside the executable --------------------------------------------------------------

enum smelt_embedded_type {
    SMELT_EMBEDDED_DIRECTORY = 0,
    SMELT_EMBEDDED_FILE = 1,
    SMELT_EMBEDDED_LINK = 2
};

// A file, a directory or a symbolic link. Offsets are from the start of the image.
struct smelt_embedded_node {
    uint64_t contents;     // offset of the bytes; directories: index of the first child
    uint64_t size;         // in bytes; directories: number of children
    uint32_t name;         // offset; roots: the guest's name of the directory
    uint32_t name_length;
    uint32_t parent;       // index; roots: their own
    uint32_t type;         // enum smelt_embedded_type
};

// The image: this header, the nodes, names and contents. The roots, each of them a directory that
// the guest finds open, are the first nodes. The children of a directory follow one another,
// sorted by the bytes of their names.
struct smelt_embedded_image {
    uint64_t root_count;
    struct smelt_embedded_node nodes[];
};

struct smelt_embedded_operations;

// What a program with embedded files points to. The code comes with the data, so that programs
// without embedded files contain none of it.
struct smelt_embedded {
    const struct smelt_embedded_operations *operations;  // smelt_embedded_operations
    const struct smelt_embedded_image *image;
};

// Symbols that a compiled program defines.
extern const struct smelt_program smelt_program;
extern const struct smelt_source_table smelt_source_table __attribute__((weak));  // with -g

// Symbols that the linker script defines.
extern const struct smelt_symbol smelt_symbols_begin[], smelt_symbols_end[];
extern const uint8_t smelt_code_begin[], smelt_code_end[];  // compiled guest code, and only that
extern const uint8_t smelt_libc_begin[];  // leaves that guest code may call, and all of libc
// How much of memory 0 the kernel has mapped: its size at the start in whole pages of any kernel.
extern const uint64_t smelt_memory_0_mapped;
// The guest's stack, or less than a page where it is to be mapped; below, down to the guard's
// beginning, there is nothing.
extern uint8_t smelt_stack_guard[], smelt_stack_bottom[], smelt_stack_top[];
extern const uint8_t smelt_eh_frame_begin[], smelt_eh_frame_end[];  // all unwind information

// The functions of the runtime that compiled code calls, which are declared below: their names
// without `smelt_`, and their types. p is a pointer, i a 32-bit and I a 64-bit integer; the result
// is behind the colon, if there is one.
#define SMELT_RUNTIME_FUNCTIONS(X)    \
    X(memory_grow, "pI:I")            \
    X(table_grow, "pIp:I")            \
    X(table_fill, "pIpI:i")           \
    X(table_copy, "ppIII:i")          \
    X(table_init, "ppIIII:i")         \
    X(type_is_subtype, "ii:i")        \
    X(atomic_wait32, "piI:i")         \
    X(atomic_wait64, "pII:i")         \
    X(atomic_notify, "pi:i")          \
    X(object_new, "II:p")             \
    X(write_barrier, "ppI:")          \
    X(exception_new, "pI:p")          \
    X(throw, "p:")                \
    X(invocations_read, "pI:")    \
    X(invocation_print, "p:")     \
    X(import_missing, "pp:")

enum smelt_runtime_function {
#define SMELT_ROW(name, signature) SMELT_RUNTIME_##name,
    SMELT_RUNTIME_FUNCTIONS(SMELT_ROW)
#undef SMELT_ROW
    SMELT_RUNTIME_FUNCTION_COUNT
};

// The symbol and the types of such a function; null for any other number.
static inline const char *smelt_runtime_symbol(uint32_t function) {
    switch (function) {
#define SMELT_ROW(name, signature) \
    case SMELT_RUNTIME_##name: return "smelt_" #name;
        SMELT_RUNTIME_FUNCTIONS(SMELT_ROW)
#undef SMELT_ROW
    default: return 0;
    }
}
static inline const char *smelt_runtime_signature(uint32_t function) {
    switch (function) {
#define SMELT_ROW(name, signature) \
    case SMELT_RUNTIME_##name: return signature;
        SMELT_RUNTIME_FUNCTIONS(SMELT_ROW)
#undef SMELT_ROW
    default: return 0;
    }
}

// Symbols that the runtime defines for compiled code.
extern struct smelt_context smelt_context;  // of the static instance

// memory.grow: the old size in pages, or UINT64_MAX when the memory cannot grow so far.
uint64_t smelt_memory_grow(struct smelt_memory *memory, uint64_t delta_pages);

// table.grow: the old size, or UINT64_MAX. New elements are `value`.
uint64_t smelt_table_grow(struct smelt_table *table, uint64_t delta, void *value);

// table.fill, table.copy, table.init: 1, or 0 when a range is out of bounds (then nothing was
// written, and the compiled code traps). A dropped segment has size 0.
uint32_t smelt_table_fill(struct smelt_table *table, uint64_t start, void *value, uint64_t count);
uint32_t smelt_table_copy(struct smelt_table *destination, const struct smelt_table *source,
                          uint64_t destination_start, uint64_t source_start, uint64_t count);
uint32_t smelt_table_init(struct smelt_table *table, void *const *segment, uint64_t segment_size,
                          uint64_t table_start, uint64_t segment_start, uint64_t count);

// The declared supertype of each type number, 0 for types without one. The compiler emits it, or
// whoever links modules that share type numbers.
extern const uint32_t smelt_type_parents[];

// Whether a function of one type may stand for one of another type: 1 if they are the same, or the
// second is among the first one's supertypes.
uint32_t smelt_type_is_subtype(uint32_t type, uint32_t supertype);

// memory.atomic.wait32 and wait64: 0 woken, 1 not the expected value, 2 timed out. The timeout is
// in nanoseconds, negative for ever. memory.atomic.notify: how many were woken. Addresses are
// those of the host, checked by compiled code.
uint32_t smelt_atomic_wait32(const uint32_t *address, uint32_t expected, int64_t timeout);
uint32_t smelt_atomic_wait64(const uint64_t *address, uint64_t expected, int64_t timeout);
uint32_t smelt_atomic_notify(const void *address, uint32_t count);

// Functions that keep nearly all registers, as they are called where compiled code rarely goes.
#define SMELT_RARELY_CALLED __attribute__((preserve_most))

// A new object, all zeros behind its header; null if there is no memory for it. The header is that of the
// type and the length, which is in the upper half; `size` is a multiple of 16 with room for a structure and
// the header, or for an array and one byte more.
struct smelt_object *smelt_object_new(uint64_t header, uint64_t size) SMELT_RARELY_CALLED;

// The write barrier: collections that look at young objects only have to know which old ones may refer
// to them. Before a reference is stored into an object, compiled code executes
//
//     mark = *(uint8_t *)(smelt_allocation.marks + object / 16);
//     if (mark & SMELT_MARK_UNLOGGED) smelt_write_barrier(object, place, bytes);
//
// (or leaves the test to the function), where `bytes` bytes at `place` are going to be written: 8 for a field or an element, more for a range
// that array.copy, fill or init writes (which may be empty). Neither is needed if what is stored is
// null or an i31 or a function, nor for what initializes an object while nothing else is allocated.
// No collection may come between the barrier and the store.
void smelt_write_barrier(struct smelt_object *object, const void *place, uint64_t bytes)
    SMELT_RARELY_CALLED;

// The arguments of invocations, from the words of the command line, in their order. Ends the program
// with a message unless these are as many as there are parameters, and values of their types.
void smelt_invocations_read(const struct smelt_invocation *invocations, uint64_t count);

// Writes the results to standard output, one on a line.
void smelt_invocation_print(const struct smelt_invocation *invocation);

// What a stub of an import that nobody provides calls before it traps.
void smelt_import_missing(const char *module, const char *name);

// Bytes that objects may take, for whoever runs a program to lower; 0 for half of the machine's memory.
// It is asked for when the first object is made.
extern uint64_t smelt_heap_limit;

// A new exception, whose arguments are for the caller to set. `argument_bytes` is a multiple of 16.
struct smelt_exception *smelt_exception_new(const struct smelt_tag *tag, uint64_t argument_bytes);

// Throws an exception: goes on in the nearest frame whose code has a landing pad for the place that
// it is in, with the exception in the register that landing pads have it in; without one, it
// ends as a trap does. A landing pad that is not for this exception throws it again.
_Noreturn void smelt_throw(struct smelt_exception *exception);

#endif
