// Instructions whose types the opcode table knows.

import WasmBinary
import WasmTypes

extension BodyValidator {
    /// Takes and leaves what the opcode table says. For accesses to memory the address lies
    /// below the operands, with the memory's address type.
    @inline(__always)
    mutating func applySignature(above address: OperandType? = nil) throws(ModuleError) {
        guard let signature = opcode?.signature else {
            preconditionFailure("only for opcodes with a signature")
        }
        var index = signature.operands.count - 1
        while index >= 0 {
            try pop(OperandType(signature.operands.code(index)))
            index -= 1
        }
        if let address { try pop(address) }
        for index in 0..<signature.results.count {
            push(OperandType(signature.results.code(index)))
        }
    }
}

extension OperandType {
    /// The operand type of a type that the opcode table mentions.
    @inline(__always)
    init(_ code: OperandCode) {
        self =
            switch code {
            case .i32: .i32
            case .i64: .i64
            case .f32: .f32
            case .f64: .f64
            case .v128: .v128
            case .eqref: OperandType(isNullable: true, abstract: .eq)
            case .arrayref: OperandType(isNullable: true, abstract: .array)
            case .i31ref: OperandType(isNullable: true, abstract: .i31)
            case .i31: OperandType(isNullable: false, abstract: .i31)
            }
    }
}
