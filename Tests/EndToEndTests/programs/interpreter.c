// An interpreter: a stack machine with a large switch, running a sieve and a sum.
#include <stdint.h>
#include <stdio.h>

enum op { PUSH, LOAD, STORE, LOADX, STOREX, ADD, SUB, MUL, MOD, LESS, JUMP, JUMPZ, DUP, DROP, PRINT, HALT };

static int64_t memory[20000];
static int64_t stack[64];

static int64_t run(const int32_t *code) {
    int pc = 0, sp = 0;
    int64_t steps = 0, a, b;
    for (;;) {
        steps++;
        switch ((enum op)code[pc++]) {
        case PUSH: stack[sp++] = code[pc++]; break;
        case LOAD: stack[sp++] = memory[code[pc++]]; break;
        case STORE: memory[code[pc++]] = stack[--sp]; break;
        case LOADX: stack[sp - 1] = memory[100 + stack[sp - 1]]; break;
        case STOREX: a = stack[--sp]; b = stack[--sp]; memory[100 + a] = b; break;
        case ADD: b = stack[--sp]; stack[sp - 1] += b; break;
        case SUB: b = stack[--sp]; stack[sp - 1] -= b; break;
        case MUL: b = stack[--sp]; stack[sp - 1] *= b; break;
        case MOD: b = stack[--sp]; stack[sp - 1] %= b; break;
        case LESS: b = stack[--sp]; stack[sp - 1] = stack[sp - 1] < b; break;
        case JUMP: pc = code[pc]; break;
        case JUMPZ: if (stack[--sp] == 0) pc = code[pc]; else pc++; break;
        case DUP: stack[sp] = stack[sp - 1]; sp++; break;
        case DROP: sp--; break;
        case PRINT: printf("%lld\n", (long long)stack[--sp]); break;
        case HALT: return steps;
        }
    }
}

int main(void) {
    static const int32_t sieve[] = {
        PUSH, 2, STORE, 0,                                           // 0: i = 2
        LOAD, 0, PUSH, 15000, LESS, JUMPZ, 57,                       // 4: while i < 15000
        LOAD, 0, LOADX, JUMPZ, 23,                                   // 11: if marked
        LOAD, 0, PUSH, 1, ADD, JUMP, 53,                             // 16:   skip
        LOAD, 2, PUSH, 1, ADD, STORE, 2,                             // 23: count += 1
        LOAD, 0, LOAD, 0, ADD, STORE, 1,                             // 30: j = i + i
        LOAD, 1, PUSH, 15000, LESS, JUMPZ, 57 + 5,                   // 37: while j < 15000
        PUSH, 1, LOAD, 1, STOREX, JUMP, 57 + 12, HALT, HALT,         // 44: mark j
        STORE, 0, JUMP, 4,                                           // 53: i = top
        LOAD, 2, PRINT, HALT, HALT,                                  // 57: print count
        LOAD, 0, PUSH, 1, ADD, JUMP, 53,                             // 62: i + 1
        LOAD, 1, LOAD, 0, ADD, STORE, 1, JUMP, 37,                   // 69: j += i
    };
    static const int32_t sum[] = {
        PUSH, 0, STORE, 0, PUSH, 0, STORE, 1,
        LOAD, 0, PUSH, 300000, LESS, JUMPZ, 37,
        LOAD, 1, PUSH, 31, MUL, LOAD, 0, ADD, PUSH, 1000003, MOD, STORE, 1,
        LOAD, 0, PUSH, 1, ADD, STORE, 0, JUMP, 8,
        LOAD, 1, PRINT, HALT,
    };
    printf("%lld\n", (long long)run(sieve));
    printf("%lld\n", (long long)run(sum));
    return 0;
}
