// What the opcode table is made of: rows, and groups of rows that share a prefix.

import WasmTypes

/// The byte in front of an opcode, if there is one (WebAssembly 3.0, section 5.4). Behind a
/// prefix the code is a LEB128 number.
enum OpcodePrefix: UInt8, Hashable, Sendable, CaseIterable {
    case none = 0
    case aggregate = 0xFB
    case miscellaneous = 0xFC
    case vector = 0xFD
    case atomic = 0xFE
}

/// Which immediates follow an opcode, and which instruction they make.
enum ImmediateForm: Sendable {
    typealias Make<each Immediate> = @Sendable (repeat each Immediate) -> Instruction

    /// Nothing follows.
    case plain(Instruction)
    /// Opens a block.
    case block(Make<BlockType>)
    /// Opens a block with clauses.
    case tryTable
    /// Closes a block.
    case end
    /// Closes a block, with an index.
    case closingIndex(Make<UInt32>)
    /// Any index.
    case index(Make<UInt32>)
    case twoIndices(Make<UInt32, UInt32>)
    /// Where reference types are disabled the table is a zero byte.
    case typeAndTable(Make<TypeIndex, TableIndex>)
    /// Where multiple memories are disabled these are zero bytes.
    case memoryIndex(Make<MemoryIndex>)
    case twoMemories(Make<MemoryIndex, MemoryIndex>)
    case dataAndMemory(Make<DataIndex, MemoryIndex>)
    case branchTable
    case selectTypes
    case heapType(Make<HeapType>)
    case castBranch(Make<CastBranch>)
    /// With log2 of the natural alignment.
    case memory(UInt8, Make<MemoryArgument>)
    case memoryLane(UInt8, Make<MemoryArgument, UInt8>)
    case lane(Make<UInt8>)
    /// Sixteen bytes.
    case bytes(Make<VectorBytes>)
    case i32Const, i64Const, f32Const, f64Const
    /// One byte that must be zero.
    case zeroByte(Instruction)
}

/// All that there is to know about one opcode.
struct OpcodeRow: Sendable {
    /// Behind the prefix.
    let code: UInt32
    /// In the text format.
    let name: String
    let form: ImmediateForm
    /// Nil if the types depend on the module or on what is on the stack.
    let signature: Signature?
    /// Nil if it is the group's.
    let feature: Feature?

    init(
        _ code: UInt32, _ name: String, _ form: ImmediateForm, _ signature: Signature? = nil,
        feature: Feature? = nil
    ) {
        self.code = code
        self.name = name
        self.form = form
        self.signature = signature
        self.feature = feature
    }
}

/// Rows that have the prefix in common, and most of them the feature.
struct OpcodeGroup: Sendable {
    let prefix: OpcodePrefix
    let feature: Feature
    let rows: [OpcodeRow]
}
