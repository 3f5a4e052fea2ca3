// What passes know of the guest's memory.
//
// sandbox: rests on `lacksLastPage` and `hasSegment` being what `MemoryPlan` and the program say. All other
// numbers of the guard are those of `UncheckedAccess`.

internal import LLVMKit

/// Where the guest's memory 0 is, and how large.
public struct GuestMemory: Sendable {
    /// Where functions find something of the memory's.
    public enum Place: Sendable {
        /// It has this symbol.
        case symbol(String)
        /// Its address stands so many bytes behind the function's first parameter, and never changes.
        case slot(offset: Int)
    }

    /// The place of the memory's first byte.
    public var base: Place
    /// The place of a structure that holds the memory's size, and where in there, in bytes. Nil if
    /// it is not known.
    public var byteSize: (structure: Place, offset: Int)?
    /// Whether accesses are not checked, because there is nothing but guard behind its end, and it
    /// always ends before the last 64 KiB that 32 bits can address.
    public var lacksLastPage: Bool
    /// Whether the memory may be looked at when a trap has ended the guest's code.
    public var outlivesTraps: Bool
    /// Whether the program sets the segment register gs to the memory's first byte. All of its units
    /// agree.
    public var hasSegment: Bool

    public init(
        base: Place, byteSize: (structure: Place, offset: Int)?, lacksLastPage: Bool,
        outlivesTraps: Bool, hasSegment: Bool = false
    ) {
        self.base = base
        self.byteSize = byteSize
        self.lacksLastPage = lacksLastPage
        self.outlivesTraps = outlivesTraps
        self.hasSegment = hasSegment
    }

    /// The address of the first byte, if it is a symbol that the module uses.
    func symbol(in module: borrowing IRModule) -> IRValue? {
        guard case .symbol(let name) = base else { return nil }
        return module.global(named: name)?.value
    }
}

/// Recognises a memory's first byte.
struct MemoryBase {
    private let place: GuestMemory.Place
    private let symbol: IRValue?

    init(_ memory: GuestMemory, in module: borrowing IRModule) {
        place = memory.base
        symbol = memory.symbol(in: module)
    }

    func matches(_ pointer: IRValue, in function: IRFunction) -> Bool {
        guard case .slot(let offset) = place else { return pointer == symbol }
        guard let load = IRInstruction(pointer), load.opcode == .load,
            let (instance, distance) = load.operand(0).byteOffset
        else { return false }
        return function.parameterCount > 0 && instance == function.parameter(0)
            && distance.constantInteger == UInt64(offset)
    }
}
