// Frame descriptions in whatever the library has been linked into: by the table that linkers make for
// exceptions (--eh-frame-hdr). Without one there are no backtraces.
#include <elf.h>
#include <stddef.h>
#include <string.h>

#include "description.h"
#include "exceptions/description_table.h"

// The header of the file that this code is in, by the linker.
extern const Elf64_Ehdr __ehdr_start __attribute__((weak, visibility("hidden")));

static const uint8_t *table_begin, *table_end;

static const Elf64_Phdr *program_header(uint32_t type, uint64_t address) {
    const Elf64_Phdr *headers =
        (const Elf64_Phdr *)(const void *)((const uint8_t *)&__ehdr_start + __ehdr_start.e_phoff);
    for (size_t index = 0; index < __ehdr_start.e_phnum; index++) {
        if (headers[index].p_type != type) continue;
        if (type != PT_LOAD || address - headers[index].p_vaddr < headers[index].p_memsz) {
            return &headers[index];
        }
    }
    return NULL;
}

void embed_find_descriptions(struct smelt_unwind_bounds *bounds) {
    bounds->eh_frame_begin = bounds->eh_frame_end = NULL;
    if (&__ehdr_start == NULL) return;
    const Elf64_Phdr *first = program_header(PT_LOAD, 0);
    for (uint64_t index = 0; first == NULL && index < __ehdr_start.e_phnum; index++) {
        const Elf64_Phdr *header =
            (const Elf64_Phdr *)(const void *)((const uint8_t *)&__ehdr_start +
                                               __ehdr_start.e_phoff) + index;
        if (header->p_type == PT_LOAD && header->p_offset == 0) first = header;
    }
    const Elf64_Phdr *table = program_header(PT_GNU_EH_FRAME, 0);
    if (first == NULL || table == NULL || table->p_memsz < 8) return;
    // Addresses are relative to where the file is loaded, or not at all.
    uint64_t bias = (uint64_t)(uintptr_t)&__ehdr_start - (first->p_vaddr - first->p_offset);
    const Elf64_Phdr *segment = program_header(PT_LOAD, table->p_vaddr);
    if (segment == NULL) return;
    table_begin = (const uint8_t *)(uintptr_t)(bias + table->p_vaddr);
    table_end = table_begin + table->p_memsz;
    int32_t distance;
    memcpy(&distance, table_begin + 4, sizeof distance);
    uint64_t frames = (uint64_t)(uintptr_t)table_begin + 4 + (uint64_t)(int64_t)distance;
    const Elf64_Phdr *holder = program_header(PT_LOAD, frames - bias);
    if (holder == NULL) return;
    bounds->eh_frame_begin = (const uint8_t *)(uintptr_t)frames;
    bounds->eh_frame_end =
        (const uint8_t *)(uintptr_t)(bias + holder->p_vaddr + holder->p_memsz);
}

bool unwind_find_description(const struct smelt_unwind_bounds *bounds, uint64_t pc,
                             struct unwind_description *description) {
    if (bounds->eh_frame_begin == NULL) return false;
    return unwind_search_descriptions(table_begin, table_end, bounds, pc, description);
}
