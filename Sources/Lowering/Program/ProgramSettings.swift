// What an executable is told about itself, besides its code: limits, grants, files. The code
// generator writes it down for the runtime and does not look at it.

/// The contents of `smelt_program` that do not follow from the module.
public struct ProgramSettings: Sendable {
    /// Native stack for guest code, in bytes.
    public var stackSize: UInt64 = Self.defaultStackSize
    /// Bytes that no memory may grow beyond; nil for no limit.
    public var maximumMemory: UInt64?
    /// Bytes that objects may take; nil for what the machine has.
    public var heapSize: UInt64?
    /// Whether the program gives up the system calls that it does not need.
    public var locksDown = true
    /// Grant words, each zero-terminated, ended by an empty one.
    public var grants: [UInt8] = [0]
    /// The image of the files inside the executable; nil for none.
    public var embeddedFiles: [UInt8]?
    /// A note in the executable, for those who look at the finished file.
    public var note: [UInt8] = []

    public init() {}

    /// What a native program's main thread has by default.
    public static let defaultStackSize: UInt64 = 8 << 20
}
