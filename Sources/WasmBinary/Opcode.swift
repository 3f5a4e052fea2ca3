// A name for an operation that fits in two bytes.

public import WasmTypes

/// One row of the opcode table (WebAssembly 3.0, section 5.4 and appendix A.6).
public struct Opcode: Hashable, Sendable {
    /// The row's number.
    let row: UInt16

    init(row: UInt16) { self.row = row }

    /// The name in the text format. The two encodings of `select`, `ref.test` and `ref.cast`
    /// share theirs.
    public var name: String { OpcodeTable.shared.rows[Int(row)].name }

    /// The proposal that brought it.
    public var feature: Feature { OpcodeTable.shared.features[Int(row)] }

    /// What it takes and leaves, without the address of a memory access; nil if that depends on
    /// the module, on the immediates, or on what is on the operand stack.
    public var signature: Signature? { OpcodeTable.shared.signatures[Int(row)] }

    /// The prefix byte, nil if there is none.
    public var prefix: UInt8? {
        let prefix = OpcodeTable.shared.prefixes[Int(row)]
        return prefix == .none ? nil : prefix.rawValue
    }

    /// The code behind the prefix.
    public var code: UInt32 { OpcodeTable.shared.rows[Int(row)].code }

    /// For an access to memory log2 of its width in bytes, nil for other instructions.
    public var naturalAlignmentLog2: UInt8? {
        switch OpcodeTable.shared.rows[Int(row)].form {
        case .memory(let alignment, _), .memoryLane(let alignment, _): alignment
        default: nil
        }
    }

    /// Whether nothing follows the opcode.
    public var isPlain: Bool {
        if case .plain = OpcodeTable.shared.rows[Int(row)].form { true } else { false }
    }

    /// Every opcode, in the order of the table.
    public static var all: some RandomAccessCollection<Opcode> {
        OpcodeTable.shared.rows.indices.map { Opcode(row: UInt16($0)) }
    }
}

extension Opcode: CustomStringConvertible {
    public var description: String { name }
}
