// What an instruction takes from the operand stack and leaves on it, for all instructions whose
// types do not depend on the module (WebAssembly 3.0, section 3.4).
//
// Four operands are the most that any of them has, so a list of types is two bytes of codes and
// a count: the validator looks at one per instruction, and that must not touch the heap.

public import WasmTypes

/// Operand and result types of an instruction.
public struct Signature: Hashable, Sendable {
    /// The deepest operand first. The address of a memory access is not among them: it lies below
    /// and has the address type of the memory.
    public let operands: OperandTypes
    public let results: OperandTypes
}

/// A type that the signature of an instruction can mention.
public enum OperandCode: UInt8, Hashable, Sendable, CaseIterable {
    case i32, i64, f32, f64, v128
    /// `(ref null eq)`
    case eqref
    /// `(ref null array)`
    case arrayref
    /// `(ref null i31)`
    case i31ref
    /// `(ref i31)`
    case i31

    public var valueType: ValueType {
        switch self {
        case .i32: .i32
        case .i64: .i64
        case .f32: .f32
        case .f64: .f64
        case .v128: .v128
        case .eqref: .reference(ReferenceType(nullable: .eq))
        case .arrayref: .reference(ReferenceType(nullable: .array))
        case .i31ref: .reference(ReferenceType(nullable: .i31))
        case .i31: .reference(ReferenceType(isNullable: false, heapType: .abstract(.i31)))
        }
    }
}

/// Up to four types, without storage of their own.
public struct OperandTypes: RandomAccessCollection, Hashable, Sendable {
    /// Four bits for each type, the first one lowest.
    private var codes: UInt16 = 0
    private var length: UInt8 = 0

    init(_ types: [OperandCode]) {
        precondition(types.count <= 4, "no instruction has more than four operands")
        for type in types.reversed() { codes = codes << 4 | UInt16(type.rawValue) }
        length = UInt8(types.count)
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { Int(length) }
    public subscript(index: Int) -> ValueType { code(index).valueType }

    /// The same type as a code, for those who keep a table of their own by it.
    public func code(_ index: Int) -> OperandCode {
        precondition(index >= 0 && index < Int(length))
        let raw = UInt8(truncatingIfNeeded: codes >> UInt16(4 * index)) & 15
        guard let code = OperandCode(rawValue: raw) else {
            preconditionFailure("only codes are packed")
        }
        return code
    }
}

extension Signature: CustomStringConvertible {
    /// `[i32 i32] -> [i32]`
    public var description: String {
        func list(_ types: OperandTypes) -> String {
            "[" + types.map(\.description).joined(separator: " ") + "]"
        }
        return list(operands) + " -> " + list(results)
    }
}

// The shapes that the opcode table is written in.
extension Signature {
    private init(_ operands: [OperandCode], _ results: [OperandCode]) {
        self.operands = OperandTypes(operands)
        self.results = OperandTypes(results)
    }

    static let nothing = Signature([], [])
    /// Moves a vector's lanes by an i32.
    static let shift = Signature([.v128, .i32], [.v128])

    static func unary(_ type: OperandCode) -> Signature { Signature([type], [type]) }
    static func binary(_ type: OperandCode) -> Signature { Signature([type, type], [type]) }
    static func ternary(_ type: OperandCode) -> Signature { Signature([type, type, type], [type]) }
    static func compare(_ type: OperandCode) -> Signature { Signature([type, type], [.i32]) }
    static func convert(_ from: OperandCode, to: OperandCode) -> Signature {
        Signature([from], [to])
    }
    static func gives(_ type: OperandCode) -> Signature { Signature([], [type]) }
    static func takes(_ operand: OperandCode) -> Signature { Signature([operand], []) }
    static func takes(_ operands: OperandCode..., gives results: OperandCode...) -> Signature {
        Signature(operands, results)
    }
}
