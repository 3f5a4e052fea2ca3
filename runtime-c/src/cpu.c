// The CPU check: without it a program compiled for a newer CPU dies of an illegal instruction
// and nobody is told why.
#include "cpu.h"

#include <string.h>
#include <unistd.h>

#include "message.h"

#if defined(__x86_64__)

#include <cpuid.h>

// What the operating system saves on a context switch: XCR0, zero when XGETBV is not enabled.
static uint32_t saved_state(void) {
    const uint32_t osxsave = 1u << 27;
    uint32_t eax, ebx, ecx, edx;
    if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || (ecx & osxsave) == 0) return 0;
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

static bool is_present(const struct smelt_cpu_feature *feature) {
    // CPUID leaves a virtual machine, which takes microseconds: rows of one leaf share a call.
    static uint32_t leaf, subleaf, words[4];
    static bool is_valid;
    if (!is_valid || leaf != feature->leaf || subleaf != feature->subleaf) {
        leaf = feature->leaf;
        subleaf = feature->subleaf;
        is_valid = true;
        if (!__get_cpuid_count(leaf, subleaf, &words[0], &words[1], &words[2], &words[3])) {
            words[0] = words[1] = words[2] = words[3] = 0;
        }
    }
    if ((words[feature->word] & feature->mask) != feature->mask) return false;
    if (feature->os_state == SMELT_OS_STATE_NONE) return true;
    return (saved_state() & feature->os_state) == feature->os_state;
}

bool smelt_cpu_check_can_wait(const struct smelt_cpu_feature *needed, size_t count) {
    // LZCNT and TZCNT are BSR and BSF with a prefix that older CPUs ignore.
    for (size_t index = 0; index < count; index++) {
        const char *name = needed[index].name;
        if (strcmp(name, "lzcnt") == 0 || strcmp(name, "bmi") == 0) {
            return false;
        }
    }
    return true;
}

#elif defined(__aarch64__)

#include <sys/auxv.h>

static bool is_present(const struct smelt_cpu_feature *feature) {
    uint64_t word = getauxval(feature->word == 0 ? AT_HWCAP : AT_HWCAP2);
    return (word & feature->mask) == feature->mask;
}

// The auxiliary vector costs nothing to read.
bool smelt_cpu_check_can_wait(const struct smelt_cpu_feature *needed, size_t count) {
    (void)needed;
    return count == 0;
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
