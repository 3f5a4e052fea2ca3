// A bytecode interpreter: one large switch whose branches the processor has to guess.
#include "benchmark.h"

enum opcode { PUSH, LOAD, STORE, FETCH, PUT, ADD, SUBTRACT, MULTIPLY, REMAINDER, LESS, EQUAL, JUMP,
              JUMP_IF_ZERO, DUPLICATE, HALT };
struct instruction { uint16_t opcode; int16_t operand; };

// Finds the primes below variable 0 with a sieve, and adds up the Collatz path from each of them.
static const struct instruction program[] = {
    {PUSH, 2}, {STORE, 1}, {PUSH, 0}, {STORE, 2},                              // 0: i = 2, sum = 0
    {LOAD, 1}, {LOAD, 0}, {LESS, 0}, {JUMP_IF_ZERO, 62},                       // 4: while i < n
    {LOAD, 1}, {FETCH, 0}, {JUMP_IF_ZERO, 16},                                 // 8: if !marked[i]
    {LOAD, 1}, {PUSH, 1}, {ADD, 0}, {STORE, 1}, {JUMP, 4},                     // 11: else i++
    {LOAD, 1}, {DUPLICATE, 0}, {ADD, 0}, {STORE, 3},                           // 16: k = 2 i
    {LOAD, 3}, {LOAD, 0}, {LESS, 0}, {JUMP_IF_ZERO, 32},                       // 20: while k < n
    {PUSH, 1}, {LOAD, 3}, {PUT, 0}, {LOAD, 3}, {LOAD, 1}, {ADD, 0}, {STORE, 3}, {JUMP, 20},
    {LOAD, 1}, {STORE, 4},                                                     // 32: x = i
    {LOAD, 4}, {PUSH, 1}, {EQUAL, 0}, {PUSH, 0}, {EQUAL, 0}, {JUMP_IF_ZERO, 11},
    {LOAD, 2}, {LOAD, 4}, {ADD, 0}, {STORE, 2},                                // 40: sum += x
    {LOAD, 4}, {PUSH, 2}, {REMAINDER, 0}, {JUMP_IF_ZERO, 55},                  // 44: if x odd
    {LOAD, 4}, {PUSH, 3}, {MULTIPLY, 0}, {PUSH, 1}, {ADD, 0}, {STORE, 4}, {JUMP, 34},
    {LOAD, 4}, {PUSH, -1}, {REMAINDER, 0}, {STORE, 5},                         // 55: x / 2
    {LOAD, 5}, {STORE, 4}, {JUMP, 34},
    {LOAD, 2}, {HALT, 0},                                                      // 62
};

static int64_t stack[64], variables[8];
static int64_t *cells;

static int64_t run(int64_t limit) {
    const struct instruction *next = program;
    int64_t *top = stack;
    variables[0] = limit;
    for (;;) {
        struct instruction i = *next++;
        switch ((enum opcode)i.opcode) {
        case PUSH: *++top = i.operand; break;
        case LOAD: *++top = variables[i.operand]; break;
        case STORE: variables[i.operand] = *top--; break;
        case FETCH: *top = cells[*top]; break;
        case PUT: cells[top[0]] = top[-1]; top -= 2; break;
        case ADD: top--; top[0] += top[1]; break;
        case SUBTRACT: top--; top[0] -= top[1]; break;
        case MULTIPLY: top--; top[0] *= top[1]; break;
        // By minus one it halves: the program needs no other division.
        case REMAINDER: top--; top[0] = top[1] == -1 ? top[0] >> 1 : top[0] % top[1]; break;
        case LESS: top--; top[0] = top[0] < top[1]; break;
        case EQUAL: top--; top[0] = top[0] == top[1]; break;
        case JUMP: next = program + i.operand; break;
        case JUMP_IF_ZERO: if (*top-- == 0) next = program + i.operand; break;
        case DUPLICATE: top[1] = top[0]; top++; break;
        case HALT: return *top;
        }
    }
}

int main(int argc, char **argv) {
    int limit = size_for(argc, argv, 80000, 800000, 3000000);
    cells = calloc((size_t)limit + 1, sizeof *cells);
    print_checksum((uint64_t)run(limit));
    return 0;
}
