// Reads instructions one after the other (WebAssembly 3.0, section 5.4).
//
// This is the inner loop of everything that looks at code. It allocates nothing: an instruction
// is plain data, and its variable-length immediates stay in the module's bytes, checked when the
// instruction was read, so that those who iterate them later need not handle errors.

public import WasmTypes

/// An instruction with what is known about where it came from.
public struct DecodedInstruction: Hashable, Sendable {
    public let instruction: Instruction
    public let opcode: Opcode
    /// Of its first byte, counted from the module's start.
    public let offset: Int
}

/// Reads the instructions of a function body or a constant expression, up to the `end` that
/// closes it.
public struct InstructionReader: Sendable {
    var reader: BinaryReader
    let table = OpcodeTable.shared

    /// How many blocks are open, the expression itself being the first; zero when its `end` has
    /// been read.
    public internal(set) var depth = 1

    /// - Parameters:
    ///   - bytes: The whole module.
    ///   - range: The expression, its final `end` included.
    ///   - features: An instruction of another feature is an error that names its proposal.
    ///   - function: What errors shall name as their place.
    public init(
        bytes: [UInt8], range: Range<Int>, features: FeatureSet = .all,
        function: FunctionIndex? = nil
    ) {
        reader = BinaryReader(bytes: bytes, range: range, features: features, function: function)
    }

    init(_ reader: BinaryReader) { self.reader = reader }

    /// The next byte to read, counted from the module's start.
    public var position: Int { reader.position }

    /// Whether the range has been read. The expression was complete if `depth` is zero as well.
    public var isAtEnd: Bool { reader.isAtEnd }

    /// Everything that was read needs these features.
    public var usedFeatures: FeatureSet { reader.usedFeatures }

    /// Reads an instruction.
    ///
    /// Fails at the end of the range, behind the `end` that closes the expression, when an opcode
    /// or an immediate is malformed, and when the feature is disabled.
    public mutating func next() throws(ModuleError) -> DecodedInstruction {
        let offset = reader.position
        guard depth > 0 else {
            throw reader.malformed("END opcode expected at the end of the code", at: offset)
        }
        let byte = try reader.readByte()
        var row = table.row(byte)
        if row == OpcodeTable.unassigned { row = try readPrefixed(byte, at: offset) }
        let index = Int(row)
        try reader.require(table.features[index], for: table.rows[index].name, at: offset)
        return DecodedInstruction(
            instruction: try readImmediates(of: table.forms[index]),
            opcode: Opcode(row: row), offset: offset)
    }

    @inline(never)
    private mutating func readPrefixed(
        _ byte: UInt8, at offset: Int
    ) throws(ModuleError) -> UInt16 {
        let hex = String(byte, radix: 16)
        guard let prefix = OpcodePrefix(rawValue: byte), prefix != .none else {
            throw reader.malformed("illegal opcode \(hex)", at: offset)
        }
        let code = try reader.readU32()
        let row = table.row(prefix, code)
        guard row != OpcodeTable.unassigned else {
            throw reader.malformed(
                "illegal opcode \(hex) \(String(code, radix: 16))", at: offset)
        }
        return row
    }

    /// Goes past a constant expression, which may be anything that ends (section 5.4.10).
    mutating func skipExpression() throws(ModuleError) {
        while depth > 0 { _ = try next() }
    }
}

// Immediates of variable length ---------------------------------------------------------------

extension InstructionReader {
    /// The labels of a br_table that has been read from these bytes, the default one last.
    public static func labels(
        of table: BranchTable, in bytes: [UInt8]
    ) -> BranchTableLabels {
        BranchTableLabels(table, in: bytes)
    }

    /// The clauses of a try_table that has been read from these bytes.
    public static func clauses(
        of clauses: CatchClauses, in bytes: [UInt8]
    ) -> CatchClauseSequence {
        CatchClauseSequence(clauses, in: bytes)
    }
}

/// The labels of a br_table, the default one last.
public struct BranchTableLabels: Sequence, IteratorProtocol, Sendable {
    private var reader: BinaryReader
    private var left: Int

    init(_ table: BranchTable, in bytes: [UInt8]) {
        let start = Swift.min(Swift.max(table.labelsOffset, 0), bytes.count)
        reader = BinaryReader(bytes: bytes, range: start..<bytes.count)
        left = Int(table.count) + 1
    }

    public mutating func next() -> LabelIndex? {
        guard left > 0 else { return nil }
        left -= 1
        return try? reader.readU32()
    }
}

/// The clauses of a try_table.
public struct CatchClauseSequence: Sequence, IteratorProtocol, Sendable {
    private var reader: BinaryReader
    private var left: Int

    init(_ clauses: CatchClauses, in bytes: [UInt8]) {
        let start = Swift.min(Swift.max(clauses.clausesOffset, 0), bytes.count)
        reader = BinaryReader(bytes: bytes, range: start..<bytes.count)
        left = Int(clauses.count)
    }

    public mutating func next() -> CatchClause? {
        guard left > 0 else { return nil }
        left -= 1
        return try? reader.readCatchClause()
    }
}
