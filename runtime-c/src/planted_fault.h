// Faults that tests of the fuzzers plant into the runtime: 1 in a build with the fault, which is
// asked for by `make PLANTED=-DSMELT_PLANTED_...=1`, and 0 in every other. Those of the compiler are in
// Sources/PlantedFaults.
#ifndef SMELT_PLANTED_FAULT_H
#define SMELT_PLANTED_FAULT_H

// table.fill, copy and init may begin one element too late.
#ifndef SMELT_PLANTED_TABLE_BULK
#define SMELT_PLANTED_TABLE_BULK 0
#endif

#endif
