// The sandbox's numbers for memories of every size, where arithmetic could wrap.

import Sandbox
import Testing
import WasmTypes

@Suite struct MemoryPlanTests {
    /// Numbers around every power of two.
    static let edges: [UInt64] = {
        var edges: Set<UInt64> = [.max, .max - 1]
        for exponent: UInt64 in 0..<64 {
            let power: UInt64 = 1 << exponent
            edges.formUnion([power - 1, power, power + 1])
        }
        return edges.sorted()
    }()

    static func plan(
        _ minimum: UInt64, maximum: UInt64? = nil, _ address: AddressType, pageSizeLog2: UInt8
    ) -> MemoryPlan {
        MemoryPlan(
            MemoryType(
                limits: Limits(minimum: minimum, maximum: maximum), addressType: address,
                pageSizeLog2: pageSizeLog2))
    }

    /// The size of so many pages, computed with twice as many bits.
    static func bytes(_ pages: UInt64, _ pageSizeLog2: UInt8) -> UInt64? {
        let (high, low) = pages.multipliedFullWidth(by: 1 << UInt64(pageSizeLog2))
        return high == 0 ? low : nil
    }

    @Test(arguments: [AddressType.i32, .i64], [UInt8(0), 16])
    func minimum(_ address: AddressType, _ pageSizeLog2: UInt8) {
        let addressable: UInt64 =
            address == .i32
            ? min(1 << (32 - UInt64(pageSizeLog2)), UInt64(UInt32.max))
            : .max >> UInt64(pageSizeLog2)
        for minimum in Self.edges where minimum <= addressable {
            let plan = Self.plan(minimum, address, pageSizeLog2: pageSizeLog2)
            let bytes = Self.bytes(minimum, pageSizeLog2)
            #expect((plan.refusal == nil) == ((bytes ?? .max) <= MemoryPlan.largestSize))
            #expect(plan.maximumPages >= minimum && plan.maximumPages <= addressable)
            guard plan.refusal == nil, let bytes else {
                #expect(plan.initialBytes == .max && plan.reservedBytes == .max)
                continue
            }
            #expect(plan.initialBytes == bytes)
            #expect(plan.reservedBytes >= bytes)
            #expect(plan.reservedBytes % MemoryPlan.hostPageLimit == 0)
            #expect(plan.reservedBytes <= MemoryPlan.largestSize)
        }
    }

    @Test(arguments: [AddressType.i32, .i64], [UInt8(0), 16])
    func maximum(_ address: AddressType, _ pageSizeLog2: UInt8) {
        for maximum in Self.edges {
            let plan = Self.plan(0, maximum: maximum, address, pageSizeLog2: pageSizeLog2)
            #expect(plan.refusal == nil && plan.initialBytes == 0)
            #expect(plan.maximumPages <= maximum)
            #expect(address == .i64 || plan.maximumPages <= UInt32.max)
            #expect(plan.reservedBytes > 0 && plan.reservedBytes <= MemoryPlan.checkedReservation)
            let bytes = Self.bytes(plan.maximumPages, pageSizeLog2) ?? .max
            #expect(plan.reservedBytes >= min(bytes, 1 << 32))
        }
    }

    @Test func onlyOrdinaryMemoriesAreGuarded() {
        #expect(Self.plan(1, .i32, pageSizeLog2: 16).isGuarded)
        #expect(!Self.plan(1, .i32, pageSizeLog2: 0).isGuarded)
        #expect(!Self.plan(1, .i64, pageSizeLog2: 16).isGuarded)
        #expect(!Self.plan(1, .i64, pageSizeLog2: 0).isGuarded)
    }

    /// All of a guarded memory's accesses end in its reservation.
    @Test func reservationHoldsWhatIsNotChecked() {
        let largestIndex = UncheckedAccess.indexLimit - 1
        let end =
            largestIndex + UncheckedAccess.largestConstant + UncheckedAccess.largestSize
        for (minimum, maximum) in [(0, nil), (1, 1), (65536, nil), (65536, 65536)]
            as [(UInt64, UInt64?)]
        {
            let plan = Self.plan(minimum, maximum: maximum, .i32, pageSizeLog2: 16)
            #expect(plan.reservedBytes >= end)
            #expect(plan.reservedBytes % MemoryPlan.hostPageLimit == 0)
            #expect(plan.initialBytes <= UncheckedAccess.indexLimit)
            #expect(!plan.isChecked(offset: UncheckedAccess.largestOffset))
            #expect(plan.isChecked(offset: UncheckedAccess.largestOffset + 1))
            #expect(plan.isChecked(offset: .max))
        }
        #expect(Self.plan(1, .i64, pageSizeLog2: 16).isChecked(offset: 0))
        #expect(Self.plan(1, .i32, pageSizeLog2: 0).isChecked(offset: 0))
    }

    @Test func constants() {
        let largest = Int64(UncheckedAccess.largestConstant)
        #expect(UncheckedAccess.allows(constant: 0, size: 1))
        #expect(UncheckedAccess.allows(constant: largest, size: UncheckedAccess.largestSize))
        #expect(!UncheckedAccess.allows(constant: largest + 1, size: 1))
        #expect(!UncheckedAccess.allows(constant: -1, size: 1))
        #expect(!UncheckedAccess.allows(constant: .min, size: 1))
        #expect(!UncheckedAccess.allows(constant: .max, size: 1))
        #expect(!UncheckedAccess.allows(constant: 0, size: UncheckedAccess.largestSize + 1))
    }

    /// A distance that is added to a place in the memory does not reach 2^32.
    @Test func lastPage() {
        #expect(Self.plan(1, .i32, pageSizeLog2: 16).lacksLastPage)
        #expect(Self.plan(1, maximum: 65535, .i32, pageSizeLog2: 16).lacksLastPage)
        #expect(Self.plan(65535, .i32, pageSizeLog2: 16).lacksLastPage)
        #expect(!Self.plan(65536, .i32, pageSizeLog2: 16).lacksLastPage)
        #expect(!Self.plan(1, maximum: 65536, .i32, pageSizeLog2: 16).lacksLastPage)
        #expect(!Self.plan(1, .i32, pageSizeLog2: 0).lacksLastPage)
        #expect(!Self.plan(1, .i64, pageSizeLog2: 16).lacksLastPage)
        #expect(!Self.plan(1, maximum: 2, .i64, pageSizeLog2: 16).lacksLastPage)
    }
}

@Suite struct TableLimitsTests {
    private static func limits(
        _ minimum: UInt64, _ maximum: UInt64? = nil, _ address: AddressType = .i32
    ) -> TableLimits {
        TableLimits(
            TableType(
                element: ReferenceType(isNullable: true, heapType: .abstract(.function)),
                limits: Limits(minimum: minimum, maximum: maximum), addressType: address))
    }

    @Test func single() {
        for minimum in MemoryPlanTests.edges {
            let limits = Self.limits(minimum, nil, .i64)
            #expect(limits.minimum == minimum && limits.maximum == .max)
            #expect(limits.isPossible == (minimum <= 10_000_000))
        }
        #expect(Self.limits(0).maximum == UInt64(UInt32.max))
        #expect(Self.limits(0, 7).maximum == 7)
    }

    @Test func several() {
        let large = Self.limits(TableLimits.largestTable)
        #expect(TableLimits.firstExcess([]) == nil)
        #expect(TableLimits.firstExcess(Array(repeating: large, count: 4)) == nil)
        #expect(TableLimits.firstExcess(Array(repeating: large, count: 5)) == 4)
        #expect(TableLimits.firstExcess([large, Self.limits(.max, nil, .i64), large]) == 1)
    }

    /// One memory may stand for another one only if what is compiled for that stays inside of it.
    @Test func whatMayStandForWhat() {
        func plan(_ minimum: UInt64, _ maximum: UInt64? = nil) -> MemoryPlan {
            MemoryPlanTests.plan(minimum, maximum: maximum, .i32, pageSizeLog2: 16)
        }
        #expect(plan(2, 4).mayStand(for: plan(1, 4)))
        #expect(plan(2, 4).mayStand(for: plan(2)))
        #expect(!plan(2, 4).mayStand(for: plan(3, 4)))
        #expect(!plan(2, 4).mayStand(for: plan(1, 3)))
        #expect(!plan(2).mayStand(for: plan(1, 65536)))
        let others = [
            MemoryPlanTests.plan(2, .i64, pageSizeLog2: 16),
            MemoryPlanTests.plan(2 << 16, .i32, pageSizeLog2: 0),
            MemoryPlan(
                MemoryType(limits: Limits(minimum: 2, maximum: 4), isShared: true)),
        ]
        for other in others {
            #expect(!other.mayStand(for: plan(1)))
            #expect(!plan(2).mayStand(for: other))
        }
        // What does not exist stands for nothing.
        #expect(
            !MemoryPlanTests.plan(1 << 40, .i64, pageSizeLog2: 16).mayStand(
                for: MemoryPlanTests.plan(1, .i64, pageSizeLog2: 16)))
    }

    @Test func tablesThatMayStandForOthers() {
        func limits(_ minimum: UInt64, _ maximum: UInt64? = nil) -> TableLimits {
            TableLimits(
                TableType(
                    element: ReferenceType(isNullable: true, heapType: .abstract(.function)),
                    limits: Limits(minimum: minimum, maximum: maximum)))
        }
        #expect(limits(2, 4).mayStand(for: limits(1, 4)))
        #expect(limits(2).mayStand(for: limits(2)))
        #expect(!limits(2, 4).mayStand(for: limits(3, 4)))
        #expect(!limits(2, 4).mayStand(for: limits(1, 3)))
        #expect(!limits(2).mayStand(for: limits(1, 3)))
    }
}
