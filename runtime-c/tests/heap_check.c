#include "heap_check.h"

#include "support.h"

static const struct smelt_object *object_at(const struct heap *heap, uint64_t granule) {
    return (const struct smelt_object *)(const void *)(heap->begin + granule * HEAP_GRANULE);
}

static bool is_alive(const struct heap *heap, uint64_t block, uint8_t mark) {
    bool is_swept = heap->states[block] == BLOCK_SWEPT || heap->states[block] == BLOCK_LARGE;
    return (mark & heap->mark) != 0 || (is_swept && (mark & MARK_YOUNG) != 0);
}

static void check_reference(const struct heap *heap, uint64_t reference) {
    uint64_t offset = reference - (uint64_t)(uintptr_t)heap->begin;
    if ((reference & 3) != 0 || offset >= heap->committed) return;
    assert_int_equal(offset % HEAP_GRANULE, 0);
    assert_true(is_alive(heap, offset / HEAP_BLOCK, heap->marks[offset / HEAP_GRANULE]));
}

static void check_references(const struct heap *heap, const struct smelt_object *object) {
    if (object->type == SMELT_TYPE_EXCEPTION) return;
    const struct smelt_type *type = &heap->types[object->type];
    const uint8_t *bytes = (const uint8_t *)object;
    uint64_t count = type->kind == SMELT_TYPE_ARRAY && type->reference_count != 0
                         ? object->length : type->reference_count;
    for (uint64_t index = 0; index < count; index++) {
        uint64_t place = type->kind == SMELT_TYPE_ARRAY ? type->elements + 8 * index
                                                        : type->references[index];
        uint64_t reference;
        memcpy(&reference, bytes + place, sizeof reference);
        check_reference(heap, reference);
    }
}

// An object in a block with others; returns the granule behind it.
static uint64_t check_object(const struct heap *heap, uint64_t block, uint64_t granule) {
    const uint8_t *marks = heap->marks;
    uint8_t mark = marks[granule];
    assert_int_equal(__builtin_popcount(mark & MARK_BEGIN), 1);
    if (heap->states[block] == BLOCK_FULL) assert_true((mark & heap->mark) != 0);
    if (heap->states[block] == BLOCK_SWEPT) assert_true((mark & (heap->mark | MARK_YOUNG)) != 0);
    if ((mark & MARK_UNLOGGED) != 0) assert_true((mark & MARK_YOUNG) == 0);
    uint64_t end = granule;
    while ((marks[end] & MARK_END) == 0) {
        end++;
        assert_true(end < (block + 1) * HEAP_BLOCK_GRANULES);
        assert_int_equal(marks[end] & ~MARK_END, 0);
    }
    end++;
    if (!is_alive(heap, block, mark)) return end;
    const struct smelt_object *object = object_at(heap, granule);
    assert_int_equal(heap_object_size(heap, object), (end - granule) * HEAP_GRANULE);
    if ((mark & heap->mark) != 0) assert_int_equal(heap->reached[block], 1);
    check_references(heap, object);
    return end;
}

static void check_small(const struct heap *heap, uint64_t block) {
    uint64_t granule = block * HEAP_BLOCK_GRANULES, end = granule + HEAP_BLOCK_GRANULES;
    while (granule < end) {
        if (heap->marks[granule] != 0) {
            granule = check_object(heap, block, granule);
        } else {
            granule++;
        }
    }
}

static uint64_t check_large(const struct heap *heap, uint64_t block) {
    uint64_t count = heap->spans[block];
    assert_true(count > 0 && count <= heap->blocks - block);
    for (uint64_t index = 1; index < count; index++) {
        assert_int_equal(heap->states[block + index], BLOCK_LARGE_REST);
        assert_int_equal(heap->spans[block + index], index);
    }
    uint64_t granule = block * HEAP_BLOCK_GRANULES;
    assert_true(is_alive(heap, block, heap->marks[granule]));
    uint64_t size = heap_object_size(heap, object_at(heap, granule));
    assert_true(size > (count - 1) * HEAP_BLOCK && size <= count * HEAP_BLOCK);
    check_references(heap, object_at(heap, granule));
    return block + count;
}

static void check_clean(const struct heap *heap, uint64_t block) {
    for (uint64_t index = 0; index < HEAP_BLOCK_GRANULES; index++) {
        assert_int_equal(heap_block_marks(heap, block)[index], 0);
    }
    for (uint64_t index = 0; index < HEAP_BLOCK; index++) {
        assert_int_equal(heap_block_at(heap, block)[index], 0);
    }
}

// Where the window and the holes are, there are no objects, and what is handed out is zero.
static void check_hole(const struct heap *heap, const uint8_t *begin, const uint8_t *end,
                       bool is_zero) {
    if (begin == end) return;
    uint64_t granule = (uint64_t)(begin - heap->begin) / HEAP_GRANULE;
    assert_int_equal(heap->states[granule / HEAP_BLOCK_GRANULES], BLOCK_SWEPT);
    for (; begin < end; begin += HEAP_GRANULE, granule++) {
        assert_int_equal(heap->marks[granule], 0);
        for (unsigned index = 0; is_zero && index < HEAP_GRANULE; index++) {
            assert_int_equal(begin[index], 0);
        }
    }
}

void check_heap(const struct heap *heap) {
    for (uint64_t block = 0; block < heap->blocks;) {
        switch (heap->states[block]) {
        case BLOCK_CLEAN: check_clean(heap, block++); break;
        case BLOCK_FREE: block++; break;
        case BLOCK_UNSWEPT:
        case BLOCK_SWEPT:
        case BLOCK_FULL: check_small(heap, block++); break;
        case BLOCK_LARGE: block = check_large(heap, block); break;
        default: fail_msg("block %lu has the state %u", block, heap->states[block]);
        }
    }
    check_hole(heap, heap->window->position, heap->window->end, true);
    check_hole(heap, heap->spare, heap->spare_end, true);
    for (const struct heap_hole *hole = heap->holes; hole != NULL; hole = hole->next) {
        check_hole(heap, (const uint8_t *)hole, (const uint8_t *)hole + hole->size, false);
    }
}
