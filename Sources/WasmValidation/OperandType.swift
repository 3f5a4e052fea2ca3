// The type of a value on the operand stack, as the body validator keeps it.
//
// A ValueType is a nested enum of nine bytes that names a defined type by its index in the
// module. The stack needs two things more: the bottom types of unreachable code, and an equality
// that is equality of types, so that the common case of a check is one comparison. So operand
// types are packed into 32 bits and name defined types by their canonical number
// (WebAssembly 3.0, sections 3.1.1 and 3.1.2).

import WasmTypes

/// A value type, or one of the bottom types that stand for operands of unreachable code.
struct OperandType: Equatable, Sendable {
    /// Bits 0 to 3: the kind. Bit 4: nullable. Bit 5: a defined type. From bit 8 on: the
    /// abstract heap type, or the canonical number of the defined one.
    let bits: UInt32

    private static let nullableFlag: UInt32 = 1 << 4
    private static let concreteFlag: UInt32 = 1 << 5
    private static let payloadShift: UInt32 = 8
    private static let kindMask: UInt32 = 15
    private static let referenceKind: UInt32 = 6

    /// From the bits of another operand type.
    init(bits: UInt32) { self.bits = bits }

    /// Any type at all: an operand that unreachable code takes from nowhere.
    static let unknown = OperandType(bits: 0)
    static let i32 = OperandType(bits: 1)
    static let i64 = OperandType(bits: 2)
    static let f32 = OperandType(bits: 3)
    static let f64 = OperandType(bits: 4)
    static let v128 = OperandType(bits: 5)
    /// A reference that is not null, to anything: `(ref bot)`.
    static let unknownReference = OperandType(bits: 7)

    /// A reference to a heap type of the specification.
    init(isNullable: Bool, abstract: AbstractHeapType) {
        bits =
            Self.referenceKind | (isNullable ? Self.nullableFlag : 0)
            | UInt32(abstract.rawValue) << Self.payloadShift
    }

    /// A reference to a type that the module defines, by canonical number.
    init(isNullable: Bool, canonical: Int) {
        bits =
            Self.referenceKind | (isNullable ? Self.nullableFlag : 0) | Self.concreteFlag
            | UInt32(canonical) << Self.payloadShift
    }

    /// Whether this is a reference, `(ref bot)` included. `unknown` is not.
    var isReference: Bool { bits & Self.kindMask >= Self.referenceKind }
    var isNumber: Bool { bits >= 1 && bits <= 4 }
    var isVector: Bool { self == .v128 }
    var isNullable: Bool { bits & Self.nullableFlag != 0 }

    /// Whether a local of this type has a value before it is set.
    var isDefaultable: Bool { !isReference || isNullable }

    /// The same reference without null. Only for references.
    var nonNull: OperandType { OperandType(bits: bits & ~Self.nullableFlag) }

    /// The same reference with null. Only for references other than `unknownReference`, which
    /// already stands for all of them.
    var nullable: OperandType {
        self == .unknownReference ? self : OperandType(bits: bits | Self.nullableFlag)
    }

    /// The heap type of a proper reference.
    var heap: OperandHeapType? {
        guard bits & Self.kindMask == Self.referenceKind else { return nil }
        let payload = bits >> Self.payloadShift
        if bits & Self.concreteFlag != 0 { return .canonical(Int(payload)) }
        return AbstractHeapType(rawValue: UInt8(payload)).map(OperandHeapType.abstract)
    }
}

/// A heap type whose defined types are canonical numbers.
enum OperandHeapType {
    case abstract(AbstractHeapType)
    case canonical(Int)
}
