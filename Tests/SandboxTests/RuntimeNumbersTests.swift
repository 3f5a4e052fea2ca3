// The numbers that compiler and runtime both have.

import RuntimeABI
import Sandbox
import Testing

@Suite struct RuntimeNumbersTests {
    @Test func agree() {
        #expect(UInt64(SMELT_MEMORY_SIZE_MAXIMUM) == MemoryPlan.largestSize)
        #expect(UInt64(SMELT_GUARDED_RESERVATION) == UncheckedAccess.reservedBytes)
        #expect(UInt64(SMELT_TABLE_SIZE_MAXIMUM) == TableLimits.largestTable)
    }

    /// Each memory alone fits below the end of the address space, from the highest address on.
    @Test func fitIntoTheAddressSpace() {
        let end = MemoryPlacement.highestAddress + MemoryPlan.largestSize
        #expect(end <= MemoryPlacement.addressSpaceEnd)
        #expect(MemoryPlacement.highestAddress + (16 << 20) <= 1 << 31)
        #expect(MemoryPlacement.defaultAddress % MemoryPlan.hostPageLimit == 0)
        #expect(UncheckedAccess.reservedBytes <= MemoryPlan.largestSize)
    }
}
