// The CPU features that a program can need beyond its architecture's baseline, and how a running machine is asked for them. The names are LLVM's
// ("avx2", "lse"): a program carries the rows of those features that its CPU has.
// Features of LLVM without a row here (tuning hints, what every machine of the architecture has,
// what only kernels execute) need no check.
#ifndef SMELT_CPU_FEATURES_H
#define SMELT_CPU_FEATURES_H

#include <stddef.h>
#include <stdint.h>

// What the operating system must save on a context switch for a feature to be usable: bits of
// XCR0 on x86-64.
enum smelt_os_state {
    SMELT_OS_STATE_NONE = 0,
    SMELT_OS_STATE_AVX = 0x06,
    SMELT_OS_STATE_AVX512 = 0xe6,
};

struct smelt_cpu_feature {
    const char *name;  // LLVM's spelling
    uint64_t mask;     // all of these bits of the word must be set
    uint32_t leaf;     // x86-64: CPUID leaf
    uint8_t bit;       // stands for the feature in sets
    uint8_t subleaf;   // x86-64: CPUID subleaf
    uint8_t word;      // x86-64: 0 to 3 for EAX, EBX, ECX, EDX; AArch64: 0 AT_HWCAP, 1 AT_HWCAP2
    uint8_t os_state;  // x86-64: enum smelt_os_state
};

// Rows of x86-64: F(bit, name, leaf, subleaf, register, position, state). Sources: Intel SDM
// volume 2A, CPUID; AMD APM volume 3, appendix E.
#define SMELT_X86_64_CPU_FEATURES(F)                     \
    F(0, "sse3", 1, 0, ECX, 0, NONE)                     \
    F(1, "ssse3", 1, 0, ECX, 9, NONE)                    \
    F(2, "sse4.1", 1, 0, ECX, 19, NONE)                  \
    F(3, "sse4.2", 1, 0, ECX, 20, NONE)                  \
    F(4, "crc32", 1, 0, ECX, 20, NONE)                   \
    F(5, "popcnt", 1, 0, ECX, 23, NONE)                  \
    F(6, "cx16", 1, 0, ECX, 13, NONE)                    \
    F(7, "sahf", 0x80000001, 0, ECX, 0, NONE)            \
    F(8, "movbe", 1, 0, ECX, 22, NONE)                   \
    F(9, "lzcnt", 0x80000001, 0, ECX, 5, NONE)           \
    F(10, "bmi", 7, 0, EBX, 3, NONE)                     \
    F(11, "bmi2", 7, 0, EBX, 8, NONE)                    \
    F(12, "avx", 1, 0, ECX, 28, AVX)                     \
    F(13, "avx2", 7, 0, EBX, 5, AVX)                     \
    F(14, "f16c", 1, 0, ECX, 29, AVX)                    \
    F(15, "fma", 1, 0, ECX, 12, AVX)                     \
    F(16, "avx512f", 7, 0, EBX, 16, AVX512)              \
    F(17, "avx512bw", 7, 0, EBX, 30, AVX512)             \
    F(18, "avx512cd", 7, 0, EBX, 28, AVX512)             \
    F(19, "avx512dq", 7, 0, EBX, 17, AVX512)             \
    F(20, "avx512vl", 7, 0, EBX, 31, AVX512)             \
    F(21, "avx512ifma", 7, 0, EBX, 21, AVX512)           \
    F(22, "avx512vbmi", 7, 0, ECX, 1, AVX512)            \
    F(23, "avx512vbmi2", 7, 0, ECX, 6, AVX512)           \
    F(24, "avx512vnni", 7, 0, ECX, 11, AVX512)           \
    F(25, "avx512bitalg", 7, 0, ECX, 12, AVX512)         \
    F(26, "avx512vpopcntdq", 7, 0, ECX, 14, AVX512)      \
    F(27, "avx512bf16", 7, 1, EAX, 5, AVX512)            \
    F(28, "avx512fp16", 7, 0, EDX, 23, AVX512)           \
    F(29, "avx512vp2intersect", 7, 0, EDX, 8, AVX512)    \
    F(30, "aes", 1, 0, ECX, 25, NONE)                    \
    F(31, "pclmul", 1, 0, ECX, 1, NONE)                  \
    F(32, "vaes", 7, 0, ECX, 9, AVX)                     \
    F(33, "vpclmulqdq", 7, 0, ECX, 10, AVX)              \
    F(34, "gfni", 7, 0, ECX, 8, NONE)                    \
    F(35, "sha", 7, 0, EBX, 29, NONE)                    \
    F(36, "adx", 7, 0, EBX, 19, NONE)                    \
    F(37, "rdrnd", 1, 0, ECX, 30, NONE)                  \
    F(38, "rdseed", 7, 0, EBX, 18, NONE)                 \
    F(39, "prfchw", 0x80000001, 0, ECX, 8, NONE)         \
    F(40, "xsave", 1, 0, ECX, 26, NONE)                  \
    F(41, "xsaveopt", 0xd, 1, EAX, 0, NONE)              \
    F(42, "xsavec", 0xd, 1, EAX, 1, NONE)                \
    F(43, "sse4a", 0x80000001, 0, ECX, 6, NONE)          \
    F(44, "fma4", 0x80000001, 0, ECX, 16, AVX)           \
    F(45, "xop", 0x80000001, 0, ECX, 11, AVX)            \
    F(46, "tbm", 0x80000001, 0, ECX, 21, NONE)           \
    F(47, "avxvnni", 7, 1, EAX, 4, AVX)                  \
    F(48, "avxifma", 7, 1, EAX, 23, AVX)                 \
    F(49, "avxneconvert", 7, 1, EDX, 5, AVX)             \
    F(50, "avxvnniint8", 7, 1, EDX, 4, AVX)              \
    F(51, "avxvnniint16", 7, 1, EDX, 10, AVX)            \
    F(52, "sha512", 7, 1, EAX, 0, AVX)                   \
    F(53, "sm3", 7, 1, EAX, 1, AVX)                      \
    F(54, "sm4", 7, 1, EAX, 2, AVX)                      \
    F(55, "rdpid", 7, 0, ECX, 22, NONE)                  \
    F(56, "movdiri", 7, 0, ECX, 27, NONE)                \
    F(57, "movdir64b", 7, 0, ECX, 28, NONE)              \
    F(58, "clflushopt", 7, 0, EBX, 23, NONE)             \
    F(59, "clwb", 7, 0, EBX, 24, NONE)                   \
    F(60, "waitpkg", 7, 0, ECX, 5, NONE)                 \
    F(61, "serialize", 7, 0, EDX, 14, NONE)              \
    F(62, "fsgsbase", 7, 0, EBX, 0, NONE)

// Rows of AArch64: F(bit, name, word, mask). Source: Linux, arch/arm64 elf_hwcaps.
#define SMELT_AARCH64_CPU_FEATURES(F)                                     \
    F(0, "aes", 0, UINT64_C(1) << 3 | UINT64_C(1) << 4)                   \
    F(1, "sha2", 0, UINT64_C(1) << 5 | UINT64_C(1) << 6)                  \
    F(2, "crc", 0, UINT64_C(1) << 7)                                      \
    F(3, "lse", 0, UINT64_C(1) << 8)                                      \
    F(4, "fullfp16", 0, UINT64_C(1) << 9 | UINT64_C(1) << 10)             \
    F(5, "rdm", 0, UINT64_C(1) << 12)                                     \
    F(6, "jsconv", 0, UINT64_C(1) << 13)                                  \
    F(7, "complxnum", 0, UINT64_C(1) << 14)                               \
    F(8, "rcpc", 0, UINT64_C(1) << 15)                                    \
    F(9, "ccpp", 0, UINT64_C(1) << 16)                                    \
    F(10, "sha3", 0, UINT64_C(1) << 17 | UINT64_C(1) << 21)               \
    F(11, "sm4", 0, UINT64_C(1) << 18 | UINT64_C(1) << 19)                \
    F(12, "dotprod", 0, UINT64_C(1) << 20)                                \
    F(13, "sve", 0, UINT64_C(1) << 22)                                    \
    F(14, "fp16fml", 0, UINT64_C(1) << 23)                                \
    F(15, "dit", 0, UINT64_C(1) << 24)                                    \
    F(16, "lse2", 0, UINT64_C(1) << 25)                                   \
    F(17, "rcpc-immo", 0, UINT64_C(1) << 26)                              \
    F(18, "flagm", 0, UINT64_C(1) << 27)                                  \
    F(19, "ssbs", 0, UINT64_C(1) << 28)                                   \
    F(20, "sb", 0, UINT64_C(1) << 29)                                     \
    F(21, "pauth", 0, UINT64_C(1) << 30 | UINT64_C(1) << 31)              \
    F(22, "ccdp", 1, UINT64_C(1) << 0)                                    \
    F(23, "sve2", 1, UINT64_C(1) << 1)                                    \
    F(24, "sve-aes", 1, UINT64_C(1) << 2 | UINT64_C(1) << 3)              \
    F(25, "sve-bitperm", 1, UINT64_C(1) << 4)                             \
    F(26, "sve-sha3", 1, UINT64_C(1) << 5)                                \
    F(27, "sve-sm4", 1, UINT64_C(1) << 6)                                 \
    F(28, "altnzcv", 1, UINT64_C(1) << 7)                                 \
    F(29, "fptoint", 1, UINT64_C(1) << 8)                                 \
    F(30, "f32mm", 1, UINT64_C(1) << 10)                                  \
    F(31, "f64mm", 1, UINT64_C(1) << 11)                                  \
    F(32, "i8mm", 1, UINT64_C(1) << 13)                                   \
    F(33, "bf16", 1, UINT64_C(1) << 14)                                   \
    F(34, "rand", 1, UINT64_C(1) << 16)                                   \
    F(35, "wfxt", 1, UINT64_C(1) << 31)                                   \
    F(36, "cssc", 1, UINT64_C(1) << 34)                                   \
    F(37, "sve2p1", 1, UINT64_C(1) << 36)                                 \
    F(38, "mops", 1, UINT64_C(1) << 43)                                   \
    F(39, "sve-b16b16", 1, UINT64_C(1) << 45)                             \
    F(40, "rcpc3", 1, UINT64_C(1) << 46)                                  \
    F(41, "lse128", 1, UINT64_C(1) << 47)

// The features of x86-64, on any host; `count` receives their number, at most 64.
static inline const struct smelt_cpu_feature *smelt_x86_64_cpu_features(size_t *count) {
    enum { EAX, EBX, ECX, EDX };
#define SMELT_ROW(bit, name, leaf, subleaf, reg, position, state) \
    {name, UINT64_C(1) << position, leaf, bit, subleaf, reg, SMELT_OS_STATE_##state},
    static const struct smelt_cpu_feature features[] = {SMELT_X86_64_CPU_FEATURES(SMELT_ROW)};
#undef SMELT_ROW
    *count = sizeof features / sizeof features[0];
    return features;
}

// The features of AArch64, on any host; `count` receives their number, at most 64.
static inline const struct smelt_cpu_feature *smelt_aarch64_cpu_features(size_t *count) {
#define SMELT_ROW(bit, name, word, mask) {name, mask, 0, bit, 0, word, SMELT_OS_STATE_NONE},
    static const struct smelt_cpu_feature features[] = {SMELT_AARCH64_CPU_FEATURES(SMELT_ROW)};
#undef SMELT_ROW
    *count = sizeof features / sizeof features[0];
    return features;
}

#endif
