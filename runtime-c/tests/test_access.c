// What faulting instructions were about to do. The encodings are an assembler's.
#include "trap/access.h"

#include <stdlib.h>

#include "support.h"

// Register number n, as DWARF counts, holds this.
#define R(n) ((uint64_t)((n) + 1) << 20)

static uint64_t registers[32];

static int set_registers(void **state) {
    (void)state;
    for (unsigned number = 0; number < 32; number++) registers[number] = R(number);
    return 0;
}

enum { RAX, RDX, RCX, RBX, RSI, RDI, RBP, RSP, R8, R9, R12 = 12, R13 = 13, RIP = 16 };

static void knows_instructions_of_x86_64(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint8_t code[12];
        unsigned size;
        uint64_t address;
    } cases[] = {
        {"movl %eax, 0x10000000(%rcx)", {0x89, 0x81, 0, 0, 0, 0x10}, 4, R(RCX) + 0x10000000},
        {"movq 8(%rdi,%rsi,4), %rax", {0x48, 0x8b, 0x44, 0xb7, 8}, 8, R(RDI) + R(RSI) * 4 + 8},
        {"movb $1, (%r12)", {0x41, 0xc6, 0x04, 0x24, 1}, 1, R(R12)},
        {"movw %ax, -4(%rbp,%r13,8)", {0x66, 0x42, 0x89, 0x44, 0xed, 0xfc}, 2,
         R(RBP) + R(R13) * 8 - 4},
        {"movzbl 0x10000004(%rax), %ecx", {0x0f, 0xb6, 0x88, 4, 0, 0, 0x10}, 1,
         R(RAX) + 0x10000004},
        {"movswq (%r9), %rdx", {0x49, 0x0f, 0xbf, 0x11}, 2, R(R9)},
        {"movslq (%rsi), %rax", {0x48, 0x63, 0x06}, 4, R(RSI)},
        {"movl $7, 0x10020000(%rip)", {0xc7, 0x05, 0, 0, 2, 0x10, 7, 0, 0, 0}, 4,
         R(RIP) + 10 + 0x10020000},
        {"movl 0x10020000, %eax", {0x8b, 0x04, 0x25, 0, 0, 2, 0x10}, 4, 0x10020000},
        {"addq $1, 16(%rbx)", {0x48, 0x83, 0x43, 0x10, 1}, 8, R(RBX) + 16},
        {"addl %eax, (%r8)", {0x41, 0x01, 0}, 4, R(R8)},
        {"movups (%rdi), %xmm3", {0x0f, 0x10, 0x1f}, 16, R(RDI)},
        {"movups %xmm3, 0x20(%rdi,%r9)", {0x42, 0x0f, 0x11, 0x5c, 0x0f, 0x20}, 16,
         R(RDI) + R(R9) + 0x20},
        {"movss 4(%rax), %xmm0", {0xf3, 0x0f, 0x10, 0x40, 4}, 4, R(RAX) + 4},
        {"movsd %xmm0, (%rax)", {0xf2, 0x0f, 0x11, 0}, 8, R(RAX)},
        {"addsd (%rcx), %xmm9", {0xf2, 0x44, 0x0f, 0x58, 9}, 8, R(RCX)},
        {"cvtsi2sdl (%rcx), %xmm0", {0xf2, 0x0f, 0x2a, 1}, 4, R(RCX)},
        {"ucomisd (%rdx), %xmm1", {0x66, 0x0f, 0x2e, 0x0a}, 8, R(RDX)},
        {"movq (%rax), %xmm0", {0xf3, 0x0f, 0x7e, 0}, 8, R(RAX)},
        {"movd (%rax), %xmm0", {0x66, 0x0f, 0x6e, 0}, 4, R(RAX)},
        {"pmovsxbw (%rax), %xmm0", {0x66, 0x0f, 0x38, 0x20, 0}, 8, R(RAX)},
        {"pinsrb $3, (%rax), %xmm0", {0x66, 0x0f, 0x3a, 0x20, 0, 3}, 1, R(RAX)},
        {"pextrq $1, %xmm0, 8(%rax)", {0x66, 0x48, 0x0f, 0x3a, 0x16, 0x40, 8, 1}, 8, R(RAX) + 8},
        {"vmovups (%rax), %ymm0", {0xc5, 0xfc, 0x10, 0}, 32, R(RAX)},
        {"vmovdqu64 64(%rax), %zmm1", {0x62, 0xf1, 0xfe, 0x48, 0x6f, 0x48, 1}, 64, R(RAX) + 64},
        {"vfmadd231sd (%rax), %xmm1, %xmm2", {0xc4, 0xe2, 0xf1, 0xb9, 0x10}, 8, R(RAX)},
        {"vpbroadcastd (%rax), %ymm1", {0xc4, 0xe2, 0x7d, 0x58, 8}, 4, R(RAX)},
        {"movl %gs:8(%rax), %ecx", {0x65, 0x8b, 0x48, 8}, 4, R(RAX) + 8},
        {"movq %gs:56(%r14), %xmm0", {0x65, 0xf3, 0x41, 0x0f, 0x7e, 0x46, 56}, 8, R(14) + 56},
        {"lock cmpxchgl %ecx, (%rdi)", {0xf0, 0x0f, 0xb1, 0x0f}, 4, R(RDI)},
        {"lock cmpxchg16b (%rdi)", {0xf0, 0x48, 0x0f, 0xc7, 0x0f}, 16, R(RDI)},
        {"testb $1, 3(%rax)", {0xf6, 0x40, 3, 1}, 1, R(RAX) + 3},
        {"cmpl $5, (%rsp,%rax)", {0x83, 0x3c, 0x04, 5}, 4, R(RSP) + R(RAX)},
        {"movbel (%rax), %ecx", {0x0f, 0x38, 0xf0, 8}, 4, R(RAX)},
        {"incl (%rax)", {0xff, 0}, 4, R(RAX)},
    };
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        struct memory_access access = {0};
        bool is_known = access_decode_x86_64(cases[index].code, sizeof cases[index].code,
                                             registers, &access);
        if (!is_known || !access.has_address || access.size != cases[index].size ||
            access.address != cases[index].address) {
            fail_msg("%s: %u bytes at %#llx", cases[index].text, access.size,
                     (unsigned long long)access.address);
        }
    }
}

static void leaves_other_instructions_of_x86_64_alone(void **state) {
    (void)state;
    static const uint8_t codes[][12] = {
        {0x89, 0xc8},                                      // movl %ecx, %eax
        {0x48, 0x8d, 0x04, 0x08},                          // leaq (%rax,%rcx), %rax
        {0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0},        // movq %fs:0, %rax
        {0xc4, 0xe2, 0x75, 0x92, 0x04, 0x10},              // vgatherdps
        {0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66},
    };
    for (size_t index = 0; index < sizeof codes / sizeof codes[0]; index++) {
        struct memory_access access = {0};
        assert_false(
            access_decode_x86_64(codes[index], sizeof codes[index], registers, &access));
    }
}

static void reads_no_further_than_it_may(void **state) {
    (void)state;
    static const uint8_t code[] = {0x66, 0x48, 0x0f, 0x3a, 0x16, 0x84, 0x08, 1, 2, 3, 4, 1};
    for (size_t length = 0; length < sizeof code; length++) {
        uint8_t *copy = malloc(length + 1);
        memcpy(copy, code, length);
        struct memory_access access = {0};
        if (access_decode_x86_64(copy, length, registers, &access)) {
            assert_int_equal(access.has_address, length == sizeof code - 1);
        }
        free(copy);
    }
}

static void knows_instructions_of_aarch64(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint32_t code;
        unsigned size;
        bool is_write;
        uint64_t address;
    } cases[] = {
        {"ldr w0, [x1, #8]", 0xb9400820, 4, false, R(1) + 8},
        {"str x2, [x3]", 0xf9000062, 8, true, R(3)},
        {"ldrb w0, [x1, w2, uxtw]", 0x38624820, 1, false, R(1) + R(2)},
        {"ldr x0, [x1, x2, lsl #3]", 0xf8627820, 8, false, R(1) + R(2) * 8},
        {"ldr q0, [x1, w2, uxtw #4]", 0x3ce25820, 16, false, R(1) + R(2) * 16},
        {"strh w5, [x6], #2", 0x780024c5, 2, true, R(6)},
        {"ldur w0, [x1, #-4]", 0xb85fc020, 4, false, R(1) - 4},
        {"ldp x0, x1, [x2, #-16]", 0xa97f0440, 16, false, R(2) - 16},
        {"stp q0, q1, [x3, #32]", 0xad010460, 32, true, R(3) + 32},
        {"ldpsw x0, x1, [x2]", 0x69400440, 8, false, R(2)},
        {"ldr d0, [x1, #16]", 0xfd400820, 8, false, R(1) + 16},
        {"ldar w0, [x1]", 0x88dffc20, 4, false, R(1)},
        {"stlxr w3, w0, [x1]", 0x8803fc20, 4, true, R(1)},
        {"ldxp x0, x1, [x2]", 0xc87f0440, 16, false, R(2)},
        {"casal w0, w1, [x2]", 0x88e0fc41, 4, true, R(2)},
        {"ldaddal x0, x1, [x2]", 0xf8e00041, 8, true, R(2)},
        {"ld1 {v0.b}[3], [x1]", 0x0d400c20, 1, false, R(1)},
        {"ld1r {v0.4s}, [x1]", 0x4d40c820, 4, false, R(1)},
        {"ld1 {v0.16b, v1.16b}, [x2]", 0x4c40a040, 32, false, R(2)},
        {"st1 {v0.d}[1], [x1]", 0x4d008420, 8, true, R(1)},
        {"ldrsw x0, [x1, #4]", 0xb9800420, 4, false, R(1) + 4},
        {"str b0, [x1, x2]", 0x3c226820, 1, true, R(1) + R(2)},
        {"ldr s1, [sp, #12]", 0xbd400fe1, 4, false, R(31) + 12},
    };
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        struct memory_access access = {0};
        bool is_known = access_decode_aarch64(cases[index].code, registers, &access);
        if (!is_known || access.size != cases[index].size ||
            access.is_write != cases[index].is_write || access.address != cases[index].address) {
            fail_msg("%s: %u bytes at %#llx", cases[index].text, access.size,
                     (unsigned long long)access.address);
        }
    }
    struct memory_access access;
    assert_false(access_decode_aarch64(0x8b020020, registers, &access));  // add x0, x1, x2
    assert_false(access_decode_aarch64(0x58000040, registers, &access));  // ldr x0, 8
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_instructions_of_x86_64),
        cmocka_unit_test(leaves_other_instructions_of_x86_64_alone),
        cmocka_unit_test(reads_no_further_than_it_may),
        cmocka_unit_test(knows_instructions_of_aarch64),
    };
    return cmocka_run_group_tests_name("access", tests, set_registers, NULL);
}
