// Faults that tests of the fuzzers plant into the runtime: 1 in a build with the fault, which is
// asked for by `make PLANTED=-DSMELT_PLANTED_...=1`, and 0 in every other. Those of the compiler are in
// Sources/PlantedFaults.
#ifndef SMELT_PLANTED_FAULT_H
#define SMELT_PLANTED_FAULT_H

// table.fill, copy and init may begin one element too late.
#ifndef SMELT_PLANTED_TABLE_BULK
#define SMELT_PLANTED_TABLE_BULK 0
#endif

// A host function may be given a range that ends one byte behind the memory.
#ifndef SMELT_PLANTED_GUEST_RANGE
#define SMELT_PLANTED_GUEST_RANGE 0
#endif

// The system calls that the program gives up stay allowed.
#ifndef SMELT_PLANTED_LOCKDOWN
#define SMELT_PLANTED_LOCKDOWN 0
#endif

// A program that may map memory may make it executable.
#ifndef SMELT_PLANTED_EXECUTABLE_MEMORY
#define SMELT_PLANTED_EXECUTABLE_MEMORY 0
#endif

#endif
