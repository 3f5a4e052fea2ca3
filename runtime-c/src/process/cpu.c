// The CPU check: without it a program compiled for a newer CPU dies of an illegal instruction
// without a reason.
#include "cpu.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "core/message.h"

#if defined(__x86_64__)

#include <cpuid.h>

// A function, since compilers write out the instruction and what is around it for each use.
static __attribute__((noinline)) void ask(uint32_t leaf, uint32_t subleaf, uint32_t words[4]) {
    __cpuid_count(leaf, subleaf, words[0], words[1], words[2], words[3]);
}

// What the operating system saves on a context switch: XCR0, zero when XGETBV is not enabled.
static uint32_t saved_state(void) {
    const uint32_t osxsave = 1u << 27;
    uint32_t words[4];
    ask(1, 0, words);
    if ((words[2] & osxsave) == 0) return 0;
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

static bool is_present(const struct smelt_cpu_feature *feature) {
    // CPUID leaves a virtual machine, which takes microseconds: rows of one leaf share a call. No
    // row has leaf 0.
    static uint32_t leaf, subleaf, words[4];
    if (leaf != feature->leaf || subleaf != feature->subleaf) {
        leaf = feature->leaf;
        subleaf = feature->subleaf;
        ask(leaf & 0x80000000, 0, words);  // the largest of its kind
        if (words[0] >= leaf) {
            ask(leaf, subleaf, words);
        } else {
            memset(words, 0, sizeof words);
        }
    }
    if ((words[feature->word] & feature->mask) != feature->mask) return false;
    if (feature->os_state == SMELT_OS_STATE_NONE) return true;
    return (saved_state() & feature->os_state) == feature->os_state;
}

#elif defined(__aarch64__)

#include <sys/auxv.h>

static bool is_present(const struct smelt_cpu_feature *feature) {
    uint64_t word = getauxval(feature->word == 0 ? AT_HWCAP : AT_HWCAP2);
    return (word & feature->mask) == feature->mask;
}

#endif

uint64_t smelt_cpu_missing_features(const struct smelt_cpu_feature *needed, size_t count) {
    uint64_t missing = 0;
    for (size_t index = 0; index < count; index++) {
        if (!is_present(&needed[index])) missing |= UINT64_C(1) << needed[index].bit;
    }
    return missing;
}

_Noreturn void smelt_cpu_fail(const char *cpu_name, const struct smelt_cpu_feature *needed,
                              size_t count, uint64_t missing) {
    struct smelt_message message;
    message.length = 0;
    smelt_message_text(&message, "error: this program was compiled for the CPU '");
    smelt_message_text(&message, cpu_name);
    smelt_message_text(&message, "' and needs ");
    const char *separator = "";
    for (size_t index = 0; index < count; index++) {
        if ((missing >> needed[index].bit & 1) == 0) continue;
        smelt_message_text(&message, separator);
        smelt_message_text(&message, needed[index].name);
        separator = ", ";
    }
    smelt_message_text(&message,
                       ", which this machine does not have; compile with an older --cpu\n");
    smelt_message_flush(&message);
    _exit(1);
}
