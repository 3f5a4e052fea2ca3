// The numbers that stand for large positions in directories: a ring of the latest ones.
#include "directory_positions.h"

#include <stddef.h>
#include <sys/mman.h>

#include "core/system_calls.h"

// The number of a cookie, which says its lowest 30 bits; false if it is not among those in the ring.
static bool number_of(const struct directory_positions *positions, uint64_t cookie,
                      uint64_t *number) {
    if (cookie < DIRECTORY_NUMBERS || cookie >= 2 * DIRECTORY_NUMBERS || positions == NULL) {
        return false;
    }
    uint64_t age = (positions->count - 1 - cookie) % DIRECTORY_NUMBERS;
    if (age >= positions->count || age >= DIRECTORY_POSITIONS) return false;
    *number = positions->count - 1 - age;
    return true;
}

bool directory_cookie(struct directory_positions **place, uint64_t previous, uint64_t position,
                      uint64_t *cookie) {
    SMELT_CALLS_IF(mmap, SMELT_CALL_NOT_CODE);
    *cookie = position;
    if (position < DIRECTORY_NUMBERS) return true;
    struct directory_positions *positions = *place;
    if (positions == NULL) {
        // Pages that are never written take no memory.
        positions = mmap(NULL, sizeof *positions, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (positions == MAP_FAILED) return false;
        *place = positions;
    }
    // When entries are read again, this one follows the one before it as it did then.
    uint64_t number, count = positions->count;
    uint64_t oldest = count < DIRECTORY_POSITIONS ? 0 : count - DIRECTORY_POSITIONS;
    number = number_of(positions, previous, &number) ? number + 1 : oldest;
    if (number >= count || positions->positions[number % DIRECTORY_POSITIONS] != position) {
        number = positions->count++;
        positions->positions[number % DIRECTORY_POSITIONS] = position;
    }
    *cookie = DIRECTORY_NUMBERS + number % DIRECTORY_NUMBERS;
    return true;
}

bool directory_position(const struct directory_positions *positions, uint64_t cookie,
                        uint64_t *position) {
    uint64_t number;
    *position = cookie;
    if (cookie < DIRECTORY_NUMBERS) return true;
    if (!number_of(positions, cookie, &number)) return false;
    *position = positions->positions[number % DIRECTORY_POSITIONS];
    return true;
}

void directory_positions_free(struct directory_positions *positions) {
    SMELT_CALLS(munmap);
    munmap(positions, sizeof *positions);
}
