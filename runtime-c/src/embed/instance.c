// Instances: one mapping holds the instance that compiled code sees, and behind it the records of
// what the instance owns. Memories and the elements of tables are mappings of their own.
#include "instance.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "core/host_page.h"

// What an instance owns, in the same mapping behind the part that compiled code sees.
struct owned {
    struct smelt_instance *instance;
    uint64_t mapping_size;
    uint32_t memory_count, table_count;
    struct smelt_memory *memories;
    struct smelt_table *tables;
    struct smelt_function *functions;
    void *extra;
};

static struct owned *owned_by(const struct smelt_instance *instance) {
    uint64_t offset = (instance->module->instance_size + 15) & ~UINT64_C(15);
    return (struct owned *)((uint8_t *)(uintptr_t)instance + offset);
}

static void **slots_at(const struct smelt_instance *instance, uint32_t offset) {
    return (void **)((uint8_t *)(uintptr_t)instance + offset);
}

static void *map(uint64_t size, int protection) {
    void *start = mmap(NULL, size, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return start == MAP_FAILED ? NULL : start;
}

// Creation -----------------------------------------------------------------------------------

// The mapping with all its parts laid out, and nothing in them.
static struct owned *allocate(const struct smelt_module *module, uint64_t extra_size) {
    uint32_t memories = module->memory_count - module->imported_memory_count;
    uint32_t tables = module->table_count - module->imported_table_count;
    uint32_t functions = module->function_count - module->imported_function_count;
    uint64_t records = (module->instance_size + 15) & ~UINT64_C(15);
    uint64_t size = smelt_host_page_round_up(
        records + sizeof(struct owned) + memories * sizeof(struct smelt_memory) +
        tables * sizeof(struct smelt_table) + functions * sizeof(struct smelt_function) +
        extra_size);
    struct smelt_instance *instance = map(size, PROT_READ | PROT_WRITE);
    if (instance == NULL) return NULL;
    instance->module = module;
    struct owned *owned = owned_by(instance);
    owned->instance = instance;
    owned->mapping_size = size;
    owned->memories = (struct smelt_memory *)(owned + 1);
    owned->tables = (struct smelt_table *)(owned->memories + memories);
    owned->functions = (struct smelt_function *)(owned->tables + tables);
    owned->extra = owned->functions + functions;
    return owned;
}

// Reserves the address space of a memory and commits its initial size.
static bool create_memory(struct smelt_memory *memory, const struct smelt_memory_type *type) {
    const uint64_t largest = SMELT_MEMORY_SIZE_MAXIMUM;
    if (type->page_size_log2 > 16 || type->reserved_bytes > largest) return false;
    if (type->minimum_pages > largest >> type->page_size_log2) return false;
    bool is_guarded = (type->flags & SMELT_MEMORY_GUARDED) != 0;
    if (is_guarded && type->reserved_bytes != SMELT_GUARDED_RESERVATION) return false;
    uint64_t committed =
        smelt_host_page_round_up(type->minimum_pages << type->page_size_log2);
    uint64_t length = smelt_host_page_round_up(type->reserved_bytes);
    if (length < committed) length = committed;
    if (length == 0) length = smelt_host_page_size();  // a base that is not null, and faults
    uint8_t *base = map(length, PROT_NONE);
    if (base == NULL) return false;
    if (committed > 0 && mprotect(base, committed, PROT_READ | PROT_WRITE) != 0) {
        munmap(base, length);
        return false;
    }
    memory->base = base;
    memory->byte_size = type->minimum_pages << type->page_size_log2;
    memory->maximum_pages = type->maximum_pages;
    memory->reserved_bytes = length;
    memory->page_size_log2 = type->page_size_log2;
    memory->flags = type->flags;
    return true;
}

static bool create_table(struct smelt_table *table, const struct smelt_table_type *type) {
    table->maximum = type->maximum;
    if (type->minimum == 0) return true;
    uint64_t bytes = smelt_host_page_round_up(type->minimum * sizeof(void *));
    void **elements = map(bytes, PROT_READ | PROT_WRITE);
    if (elements == NULL) return false;
    table->elements = elements;
    table->size = type->minimum;
    table->capacity = bytes / sizeof(void *);
    return true;
}

static enum smelt_instance_error create_parts(struct owned *owned) {
    const struct smelt_module *module = owned->instance->module;
    uint32_t memories = module->memory_count - module->imported_memory_count;
    uint32_t tables = module->table_count - module->imported_table_count;
    for (; owned->table_count < tables; owned->table_count++) {
        const struct smelt_table_type *type = &module->tables[owned->table_count];
        if (type->minimum > SMELT_TABLE_SIZE_MAXIMUM) return SMELT_INSTANCE_TABLE_TOO_LARGE;
        if (!create_table(&owned->tables[owned->table_count], type)) {
            return SMELT_INSTANCE_NO_MEMORY;
        }
    }
    for (; owned->memory_count < memories; owned->memory_count++) {
        if (!create_memory(&owned->memories[owned->memory_count],
                           &module->memories[owned->memory_count])) {
            return SMELT_INSTANCE_NO_MEMORY;
        }
    }
    uint32_t functions = module->function_count - module->imported_function_count;
    for (uint32_t index = 0; index < functions; index++) {
        owned->functions[index].code = module->functions[index].code;
        owned->functions[index].type = module->functions[index].type;
        owned->functions[index].instance = owned->instance;
    }
    return SMELT_INSTANCE_OK;
}

// Fills the slots that compiled code reads.
static void connect(struct owned *owned, const struct smelt_imports *imports) {
    struct smelt_instance *instance = owned->instance;
    const struct smelt_module *module = instance->module;
    void **slots = slots_at(instance, module->memory_slots);
    for (uint32_t index = 0; index < module->memory_count; index++) {
        uint32_t imported = module->imported_memory_count;
        struct smelt_memory *memory = index < imported ? imports->memories[index]
                                                       : &owned->memories[index - imported];
        slots[2 * index] = memory;
        slots[2 * index + 1] = memory->base;
    }
    slots = slots_at(instance, module->table_slots);
    for (uint32_t index = 0; index < module->table_count; index++) {
        uint32_t imported = module->imported_table_count;
        slots[index] =
            index < imported ? imports->tables[index] : &owned->tables[index - imported];
    }
    slots = slots_at(instance, module->global_slots);
    uint8_t *storage = (uint8_t *)instance + module->global_storage;
    for (uint32_t index = 0; index < module->global_count; index++) {
        uint32_t imported = module->imported_global_count;
        slots[index] = index < imported ? imports->globals[index]
                                        : storage + 16 * (uint64_t)(index - imported);
    }
    slots = slots_at(instance, module->function_slots);
    for (uint32_t index = 0; index < module->function_count; index++) {
        uint32_t imported = module->imported_function_count;
        slots[index] =
            index < imported ? imports->functions[index] : &owned->functions[index - imported];
    }
    slots = slots_at(instance, module->tag_slots);
    struct smelt_tag *tags = (struct smelt_tag *)slots_at(instance, module->tag_storage);
    for (uint32_t index = 0; index < module->tag_count; index++) {
        uint32_t imported = module->imported_tag_count;
        slots[index] = index < imported ? imports->tags[index] : &tags[index - imported];
        if (index >= imported) tags[index - imported] = module->tags[index - imported];
    }
}

enum smelt_instance_error smelt_instance_create(const struct smelt_module *module,
                                                const struct smelt_imports *imports,
                                                struct smelt_context *context, uint64_t extra_size,
                                                struct smelt_instance **result) {
    struct owned *owned = allocate(module, extra_size);
    if (owned == NULL) return SMELT_INSTANCE_NO_MEMORY;
    owned->instance->context = context;
    enum smelt_instance_error error = create_parts(owned);
    if (error != SMELT_INSTANCE_OK) {
        smelt_instance_destroy(owned->instance);
        return error;
    }
    connect(owned, imports);
    *result = owned->instance;
    return SMELT_INSTANCE_OK;
}

static bool clear_memory(struct smelt_memory *memory, const struct smelt_memory_type *type) {
    uint64_t size = type->minimum_pages << type->page_size_log2;
    uint64_t kept = smelt_host_page_round_up(size);
    uint64_t committed = smelt_host_page_round_up(memory->byte_size);
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;
    if (committed > kept &&
        mmap(memory->base + kept, committed - kept, PROT_NONE, flags, -1, 0) == MAP_FAILED) {
        return false;
    }
    memory->byte_size = size;
    return kept == 0 || madvise(memory->base, kept, MADV_DONTNEED) == 0;
}

bool smelt_instance_clear(struct smelt_instance *instance) {
    const struct owned *owned = owned_by(instance);
    for (uint32_t index = 0; index < owned->memory_count; index++) {
        if (!clear_memory(&owned->memories[index], &instance->module->memories[index])) {
            return false;
        }
    }
    for (uint32_t index = 0; index < owned->table_count; index++) {
        struct smelt_table *table = &owned->tables[index];
        if (table->capacity == 0) continue;
        // What is beyond the size is written before it is seen.
        table->size = instance->module->tables[index].minimum;
        memset(table->elements, 0, table->size * sizeof(void *));
    }
    return true;
}

void smelt_instance_destroy(struct smelt_instance *instance) {
    struct owned *owned = owned_by(instance);
    for (uint32_t index = 0; index < owned->memory_count; index++) {
        munmap(owned->memories[index].base, owned->memories[index].reserved_bytes);
    }
    for (uint32_t index = 0; index < owned->table_count; index++) {
        const struct smelt_table *table = &owned->tables[index];
        if (table->capacity > 0) munmap(table->elements, table->capacity * sizeof(void *));
    }
    munmap(instance, owned->mapping_size);
}

// Queries ------------------------------------------------------------------------------------

struct smelt_function *smelt_instance_function(const struct smelt_instance *instance,
                                               uint32_t index) {
    return slots_at(instance, instance->module->function_slots)[index];
}

bool smelt_instance_owns_function(const struct smelt_instance *instance, const void *reference) {
    const struct smelt_module *module = instance->module;
    uint64_t count = module->function_count - module->imported_function_count;
    const struct smelt_function *first = owned_by(instance)->functions;
    uint64_t offset = (uint64_t)(uintptr_t)reference - (uint64_t)(uintptr_t)first;
    return offset < count * sizeof *first && offset % sizeof *first == 0;
}

struct smelt_table *smelt_instance_table(const struct smelt_instance *instance, uint32_t index) {
    return slots_at(instance, instance->module->table_slots)[index];
}

struct smelt_memory *smelt_instance_memory(const struct smelt_instance *instance,
                                           uint32_t index) {
    return slots_at(instance, instance->module->memory_slots)[2 * index];
}

void *smelt_instance_global(const struct smelt_instance *instance, uint32_t index) {
    return slots_at(instance, instance->module->global_slots)[index];
}

struct smelt_tag *smelt_instance_tag(const struct smelt_instance *instance, uint32_t index) {
    return slots_at(instance, instance->module->tag_slots)[index];
}

const struct smelt_export *smelt_instance_find_export(const struct smelt_instance *instance,
                                                      const char *name, uint64_t name_length) {
    for (uint32_t index = 0; index < instance->module->export_count; index++) {
        const struct smelt_export *export = &instance->module->exports[index];
        if (export->name_length != name_length) continue;
        if (name_length == 0 || memcmp(export->name, name, name_length) == 0) return export;
    }
    return NULL;
}

void *smelt_instance_extra(const struct smelt_instance *instance) {
    return owned_by(instance)->extra;
}

void smelt_instance_visit_words(const struct smelt_instance *instance,
                                void (*visit)(void *argument, const uint64_t *first,
                                              uint64_t count),
                                void *argument) {
    const struct owned *owned = owned_by(instance);
    uint64_t size = instance->module->instance_size;
    visit(argument, (const uint64_t *)(const void *)instance, size / sizeof(uint64_t));
    for (uint32_t index = 0; index < owned->table_count; index++) {
        const struct smelt_table *table = &owned->tables[index];
        visit(argument, (const uint64_t *)(const void *)table->elements, table->size);
    }
}

const struct smelt_memory *smelt_instance_memory_at(const struct smelt_instance *instance,
                                                    uint64_t address) {
    uint32_t count = instance->module->memory_count;
    for (uint32_t index = 0; index < count; index++) {
        const struct smelt_memory *memory = smelt_instance_memory(instance, index);
        uint64_t offset = address - (uint64_t)(uintptr_t)memory->base;
        if (offset < memory->reserved_bytes) return memory;
    }
    return NULL;
}
