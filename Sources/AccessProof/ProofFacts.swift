// What the proof knows about a program: where its memories and tables are, and how large.

/// The ground truth of a proof. It comes from the plan of a program.
public struct ProofFacts: Sendable {
    /// A linear memory.
    public struct Memory: Sendable {
        /// How many bytes from the base on an access may touch without a check: what is reserved
        /// and faults unless it belongs to the memory. Nil if accesses must be below the size.
        public var reachableBytes: UInt64?
        /// So many bytes it has from the start.
        public var minimumBytes: UInt64
        /// More than that it never has.
        public var maximumBytes: UInt64

        public init(reachableBytes: UInt64?, minimumBytes: UInt64, maximumBytes: UInt64) {
            self.reachableBytes = reachableBytes
            self.minimumBytes = minimumBytes
            self.maximumBytes = maximumBytes
        }
    }

    /// What a symbol, or the pointer in a slot of an instance, stands for.
    public enum Meaning: Sendable, Hashable {
        /// The first byte of a memory.
        case memoryBase(Int)
        /// The runtime's description of a memory or a table.
        case memory(Int), table(Int)
        /// So many bytes that belong to the program.
        case bytes(UInt64)
    }

    /// All memories, by index.
    public var memories: [Memory] = []
    /// What symbols mean. Others are as large as their type says.
    public var symbols: [String: Meaning] = [:]
    /// What the pointers in an instance mean, by their offset in bytes; others are references.
    public var slots: [Int: Meaning] = [:]
    /// The largest values that 64-bit symbols, or fields of an instance, ever have.
    public var largestValues: [String: UInt64] = [:]
    public var largestSlotValues: [Int: UInt64] = [:]
    /// The memory whose base the segment register gs has.
    public var segmentMemory: Int?
    /// Offsets of fields in the runtime's structures, and the size of those in bytes.
    public var memoryLayout = Layout(pointer: 0, size: 8, bytes: 40)
    public var tableLayout = Layout(pointer: 0, size: 8, bytes: 32)
    /// How many bytes a function reference leads to.
    public var functionBytes: UInt64 = 24
    /// The bytes of the largest structure or exception; 0 if references lead to functions only.
    public var objectBytes: UInt64 = 0
    /// Whether there are objects, which are trusted: what compares an index with the length of an array
    /// is not looked for, nor what the write barrier reads.
    public var hasObjects = false
    /// Functions of the runtime that get addresses in memories: how many bytes they touch there, by
    /// the position of the argument.
    public var runtimeAccesses: [String: [Int: UInt64]] = [:]

    /// Where a structure has a pointer to the first byte or element, and the number of them.
    public struct Layout: Sendable {
        public var pointer: Int
        public var size: Int
        public var bytes: UInt64

        public init(pointer: Int, size: Int, bytes: UInt64) {
            self.pointer = pointer
            self.size = size
            self.bytes = bytes
        }
    }

    /// The name of the attribute of parameters that are an instance.
    public static let instanceAttribute = "smelt-instance"

    public init() {}
}
