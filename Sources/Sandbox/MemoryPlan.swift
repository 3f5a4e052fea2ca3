// REVIEWERS: the sandbox rests on the numbers in this file. Lowering, passes, linker script and
// runtime take them from here and have none of their own.
//
// There are two kinds of memories.
//
// A *guarded* memory has 32-bit addresses and pages that the MMU can protect. From its base on it
// owns `UncheckedAccess.reservedBytes` of address space, of which only its current size is accessible.
// Loads and stores of it are not checked, because everything that they can form lies in there:
//
//     base + index + constant ... + size        index    < 2^32, a zero-extended 32-bit value
//                                               constant <= UncheckedAccess.largestConstant
//                                               size     <= UncheckedAccess.largestSize
//
// Why this holds for what LLVM makes of an access: the lowering adds constants up to
// `largestOffset`. LLVM may take the sum apart otherwise (it moves a summand of the index behind the
// extension where it does not wrap, and merges constants), but keeps its value, which was below
// `2^32 + largestOffset`; constants alone may then be larger than any in the module. A pass of ours
// that does not keep the value (`NearbyAddresses` lets another, close index stand for one, which may
// wrap where that one does not) therefore looks at the whole constant that the access has then, its
// distance included, and leaves the access alone unless `UncheckedAccess.allows` it. So the guard
// depends neither on the offsets of the module nor on what passes did before.
//
// All modules have the same reservation, so those that share a memory need not know each other.
//
// Every other memory is *checked*: the lowering compares each access with the current size, with
// arithmetic that cannot wrap, and passes compare whatever they access in its place. What they
// may assume is that the size is at most `MemoryPlan.largestSize`.

internal import PlantedFaults
public import WasmTypes

/// What a load or a store may be that is not checked.
public struct UncheckedAccess: Sendable, Hashable {
    /// Above every index, which is a 32-bit value.
    public static let indexLimit: UInt64 = 1 << 32

    /// The largest constant offset of an instruction that is not checked.
    public static let largestOffset: UInt64 = 1 << 31

    /// How far a pass may move an access away from the index that the program computes.
    public static let largestDistance: UInt64 = 1 << 16

    /// The most that constants add to an index, all of them together.
    public static let largestConstant = largestOffset + largestDistance

    /// The most bytes that one access takes. The widest one in a module has 16; vectors of loops are made
    /// of several, each of which is in the reservation.
    public static let largestSize: UInt64 = 1 << 16

    /// The address space that a guarded memory owns, from its base on.
    public static let reservedBytes = indexLimit + largestConstant + largestSize

    /// Whether an access of `size` bytes may be at `base + index + constant` for any 32-bit index.
    public static func allows(constant: Int64, size: UInt64) -> Bool {
        constant >= 0 && UInt64(constant) <= largestConstant && size <= largestSize
    }
}

/// Where memory 0 of an executable lies.
public enum MemoryPlacement {
    /// Unless the program's code and data reach that far.
    public static let defaultAddress: UInt64 = 0x1000_0000

    /// The largest constant that LLVM adds to the base within an instruction, in bytes.
    public static let foldedConstantLimit: UInt64 = 1 << 24

    /// The highest address. Compiled code reaches the base with signed displacements of 32 bits, into
    /// which such constants are folded.
    public static let highestAddress: UInt64 = 0x7e00_0000

    /// So much of the memory the kernel maps when it starts the program, in bytes. It ends a program
    /// for which it has no room without a word, so what a large memory begins with beyond this is
    /// asked for by the runtime.
    public static let mappedLimit: UInt64 = 1 << 28

    /// Kernels before 4.20 refuse executables whose program headers take more than a page: 73 of
    /// them. Beyond this many segments of memory 0 the smallest gaps are written out as zeros.
    public static let maximumSegments = 32

    /// So many bytes of zeros an executable may contain for the gaps between the data of memory 0, and
    /// as many as there are data. What would need more is copied when the program starts.
    public static let writtenZeros: UInt64 = 1 << 20

    /// The end of what a process can use: the smaller one of the two targets', with 47 bits.
    public static let addressSpaceEnd: UInt64 = 1 << 47
}

/// The numbers of one memory.
public struct MemoryPlan: Sendable, Hashable {
    /// Why there can be no instance with the memory.
    public enum Refusal: Error, Sendable, Hashable {
        /// So many pages of `2^pageSizeLog2` bytes are more than any machine has.
        case minimum(pages: UInt64, pageSizeLog2: UInt8)
    }

    /// What the module says.
    public let type: MemoryType
    /// The size at the start, in bytes. For a memory that is refused the most that 64 bits can say,
    /// which no machine has either.
    public let initialBytes: UInt64
    /// The most pages that `memory.grow` may lead to.
    public let maximumPages: UInt64
    /// Address space from the base on that belongs to the memory: whole pages of every host.
    public let reservedBytes: UInt64
    /// Set if the memory cannot exist.
    public let refusal: Refusal?

    /// The size of the largest memory, in bytes, on machines of both targets with room for one.
    public static let largestSize: UInt64 = 1 << 46

    /// The largest page of a host, in bytes. Others divide it.
    public static let hostPageLimit: UInt64 = 1 << 16

    /// What a checked memory has room to grow to, if it may. Reserving more costs nothing on a
    /// kernel, but seconds under an emulator.
    public static let checkedReservation: UInt64 = 1 << 34

    public init(_ type: MemoryType) {
        self.type = type
        let isGuarded = Self.isGuarded(type)
        let initial = Self.bytes(pages: type.limits.minimum, of: type)
        let isPossible = (initial ?? .max) <= Self.largestSize
        refusal =
            isPossible
            ? nil : .minimum(pages: type.limits.minimum, pageSizeLog2: type.pageSizeLog2)
        initialBytes = isPossible ? initial ?? .max : .max
        maximumPages =
            Self.maximumPages(of: type, isGuarded: isGuarded)
            + (PlantedFault.memoryLimit.isPlanted ? 1 : 0)
        if isGuarded {
            reservedBytes = UncheckedAccess.reservedBytes
        } else if isPossible {
            let largest = Self.bytes(pages: maximumPages, of: type) ?? .max
            reservedBytes = Self.wholePages(
                max(initialBytes, min(largest, Self.checkedReservation)))
        } else {
            reservedBytes = .max
        }
    }

    /// Whether accesses need no check because everything that they can reach belongs to the
    /// memory. Pages smaller than the MMU's cannot be told apart by it, and 64-bit addresses
    /// reach everywhere.
    public var isGuarded: Bool { Self.isGuarded(type) }

    /// Whether a guarded memory never has the last page that its addresses can name, so that addresses
    /// near one another can be computed together (the optimizer's `NearbyAddresses`).
    public var lacksLastPage: Bool {
        isGuarded
            && maximumPages << 16 <= UncheckedAccess.indexLimit - UncheckedAccess.largestDistance
    }

    /// Whether an access with a constant offset needs a comparison with the memory's size.
    public func isChecked(offset: UInt64) -> Bool {
        !isGuarded || offset > UncheckedAccess.largestOffset
    }

    /// Whether code that was compiled for one memory may be given this one: with the same addresses and
    /// pages it is checked or not checked in the same way, and whatever is not checked stays in what
    /// this one owns.
    public func mayStand(for other: MemoryPlan) -> Bool {
        refusal == nil && isGuarded == other.isGuarded
            && type.addressType == other.type.addressType
            && type.pageSizeLog2 == other.type.pageSizeLog2
            && type.isShared == other.type.isShared
            && (!isGuarded || reservedBytes >= UncheckedAccess.reservedBytes)
            && initialBytes >= other.initialBytes
            && other.type.limits.maximum.map { maximum in
                type.limits.maximum.map { $0 <= maximum } ?? false
            } ?? true
    }

    private static func isGuarded(_ type: MemoryType) -> Bool {
        type.addressType == .i32 && type.pageSizeLog2 == 16
    }

    /// The memory's own limit or what its addresses can name, but no more pages than `memory.size` can
    /// tell. A guarded memory without a limit never gets the last of these, unless it begins with it.
    private static func maximumPages(of type: MemoryType, isGuarded: Bool) -> UInt64 {
        let addressable: UInt64 =
            type.addressType == .i32
            ? min(UncheckedAccess.indexLimit >> UInt64(type.pageSizeLog2), UInt64(UInt32.max))
            : .max >> UInt64(type.pageSizeLog2)
        let maximum = min(type.limits.maximum ?? .max, addressable)
        guard isGuarded, type.limits.maximum == nil else { return maximum }
        return max(maximum - 1, type.limits.minimum)
    }

    /// Nil if 64 bits are not enough.
    private static func bytes(pages: UInt64, of type: MemoryType) -> UInt64? {
        if PlantedFault.memoryPlan.isPlanted { return pages << UInt64(type.pageSizeLog2) }
        let (bytes, overflow) = pages.multipliedReportingOverflow(
            by: 1 << UInt64(type.pageSizeLog2))
        return overflow ? nil : bytes
    }

    /// `bytes`, which is no more than ``largestSize`` or ``checkedReservation``, in whole pages of any
    /// host; never none, so that the base of an empty memory is the memory's own.
    private static func wholePages(_ bytes: UInt64) -> UInt64 {
        max(hostPageLimit, (bytes + (hostPageLimit - 1)) / hostPageLimit * hostPageLimit)
    }
}

extension MemoryPlan.Refusal: CustomStringConvertible {
    /// What is wrong, as the rest of a sentence that begins with the memory, and what helps.
    public var description: String {
        switch self {
        case .minimum(let pages, let pageSizeLog2):
            let unit = pageSizeLog2 == 0 ? "pages of one byte" : "pages of 64 KiB"
            let limit = MemoryPlan.largestSize >> UInt64(pageSizeLog2)
            return "begins with \(pages) \(unit), which no machine has room for:"
                + " declare a minimum of at most \(limit) pages and let memory.grow ask for more"
        }
    }
}
