// What passes are told of the guest's memory.

internal import LLVMKit

/// Where the guest's memory 0 is, and how large.
public struct GuestMemory: Sendable {
    /// Where functions find the memory's first byte.
    public enum Base: Sendable {
        /// It has this symbol.
        case symbol(String)
        /// Its address stands so many bytes behind the function's first parameter.
        case slot(offset: Int)
    }

    public var base: Base
    /// The symbol of a structure that holds its size, and where in there, in bytes. Nil if it has
    /// none.
    public var byteSize: (symbol: String, offset: Int)?
    /// Whether accesses are not checked, because there is nothing but guard behind its end, and it
    /// always ends before the last 64 KiB that 32 bits can address.
    public var lacksLastPage: Bool
    /// Whether somebody may look at what is in the memory when a trap has ended the guest's code.
    public var outlivesTraps: Bool
    /// So far above what a program asks for passes may form the address of an access, in bytes. A
    /// guard region has that much in addition.
    public static let largestDistance: Int64 = 1 << 16

    public init(
        base: Base, byteSize: (symbol: String, offset: Int)?, lacksLastPage: Bool,
        outlivesTraps: Bool
    ) {
        self.base = base
        self.byteSize = byteSize
        self.lacksLastPage = lacksLastPage
        self.outlivesTraps = outlivesTraps
    }

    /// The address of the first byte, if it is a symbol that the module uses.
    func symbol(in module: borrowing IRModule) -> IRValue? {
        guard case .symbol(let name) = base else { return nil }
        return module.global(named: name)?.value
    }
}
