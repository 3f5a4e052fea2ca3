// clock_gettime without a system call: the kernel maps a small library into every program, the
// vDSO, whose function reads the clock. It is looked up once.
#include <elf.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)
static const char function_name[] = "__vdso_clock_gettime";
#else
static const char function_name[] = "__kernel_clock_gettime";
#endif

typedef int clock_function(clockid_t clock, struct timespec *time);

static int ask_kernel(clockid_t clock, struct timespec *time) {
    return (int)syscall(SYS_clock_gettime, clock, time);
}

// The tables of the vDSO's dynamic section that are needed here.
struct dynamic_tables {
    const char *strings;
    const Elf64_Sym *symbols;
    uint64_t string_size;
};

// Where a table is; its address is relative to where the library was meant to be.
static const void *table(uintptr_t shift, const Elf64_Dyn *entry) {
    return (const void *)(shift + entry->d_un.d_ptr);
}

static bool find_tables(const Elf64_Ehdr *library, uintptr_t *shift,
                        struct dynamic_tables *tables) {
    const Elf64_Phdr *header = (const void *)((uintptr_t)library + library->e_phoff);
    const Elf64_Phdr *dynamic = NULL;
    *shift = (uintptr_t)library;
    for (unsigned index = 0; index < library->e_phnum; index++, header++) {
        if (header->p_type == PT_LOAD) {
            *shift = (uintptr_t)library + header->p_offset - header->p_vaddr;
        }
        if (header->p_type == PT_DYNAMIC) dynamic = header;
    }
    if (dynamic == NULL) return false;
    const Elf64_Dyn *entry = (const void *)((uintptr_t)library + dynamic->p_offset);
    for (; entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_STRTAB) tables->strings = table(*shift, entry);
        if (entry->d_tag == DT_SYMTAB) tables->symbols = table(*shift, entry);
        if (entry->d_tag == DT_STRSZ) tables->string_size = entry->d_un.d_val;
    }
    return tables->strings != NULL && tables->symbols != NULL;
}

static clock_function *find_function(void) {
    uintptr_t library = getauxval(AT_SYSINFO_EHDR), shift;
    struct dynamic_tables tables = {NULL, NULL, 0};
    if (library == 0 || !find_tables((const void *)library, &shift, &tables)) return ask_kernel;
    // Nothing tells how many symbols there are, but names come behind them.
    const Elf64_Sym *symbol = tables.symbols;
    for (; (uintptr_t)(symbol + 1) <= (uintptr_t)tables.strings; symbol++) {
        if (symbol->st_shndx != SHN_UNDEF && symbol->st_name < tables.string_size &&
            strcmp(tables.strings + symbol->st_name, function_name) == 0) {
            return (clock_function *)(shift + symbol->st_value);
        }
    }
    return ask_kernel;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    static clock_function *function;
    if (function == NULL) function = find_function();
    // The vDSO hands what it does not know on to the kernel, and so returns the kernel's errors.
    return function(clock, time) == 0 ? 0 : ask_kernel(clock, time);
}
