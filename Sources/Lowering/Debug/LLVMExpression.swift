// Where variables are, translated from DWARF's expressions about WebAssembly into expressions
// about values of LLVM IR (DIExpression): the value of a local becomes an SSA value, and an
// address in the guest's memory an address of the host.

internal import DWARF

/// A part of a variable, or all of it, as what an expression makes of a value.
struct VariablePart: Equatable {
    /// What the expression is about.
    enum Base: Hashable {
        case wasm(WasmLocation)
        case constant(UInt64)
    }

    var base: Base
    var operations: [UInt64]
    /// The part's place in the variable, in bits; nil for the whole variable.
    var fragment: (offset: UInt64, size: UInt64)?

    static func == (a: VariablePart, b: VariablePart) -> Bool {
        a.base == b.base && a.operations == b.operations && a.fragment?.offset == b.fragment?.offset
            && a.fragment?.size == b.fragment?.size
    }

    /// The expression with its fragment.
    var expression: [UInt64] {
        guard let fragment else { return operations }
        return operations + [LLVMExpression.fragment, fragment.offset, fragment.size]
    }
}

extension VariablePart {
    /// For a variable that depends on one local: the local, and what leads from the address of a
    /// slot with the local's value to the variable's address.
    var throughSlot: (local: UInt32, expression: [UInt64])? {
        guard case .wasm(.local(let local)) = base, fragment == nil else { return nil }
        if operations.isEmpty { return (local, []) }
        guard operations.last == LLVMExpression.dereference else { return nil }
        return (local, [LLVMExpression.dereference] + operations.dropLast())
    }
}

/// The numbers of operations, DWARF's and LLVM's own.
enum LLVMExpression {
    static let dereference: UInt64 = 0x06
    static let constantUnsigned: UInt64 = 0x10
    static let and: UInt64 = 0x1a
    static let minus: UInt64 = 0x1c
    static let plusConstant: UInt64 = 0x23
    static let stackValue: UInt64 = 0x9f
    static let fragment: UInt64 = 0x1000

    static func constant(_ value: UInt64) -> [UInt64] { [constantUnsigned, value, stackValue] }

    static func offset(_ distance: UInt64) -> [UInt64] {
        distance == 0 ? [] : [plusConstant, distance]
    }

    static func offset(_ distance: Int64) -> [UInt64] {
        distance >= 0
            ? offset(UInt64(distance)) : [constantUnsigned, distance.magnitude, minus]
    }

    /// From an address of a 32-bit memory, in any of the lower bits of a value, to the host's.
    static func hostAddress(memoryBase: UInt64, is64Bit: Bool) -> [UInt64] {
        (is64Bit ? [] : [constantUnsigned, 0xffff_ffff, and]) + [plusConstant, memoryBase]
    }

    /// The operations without operands that LLVM accepts: dup, and, div, minus, mod, mul, not, or,
    /// plus, shl, shr, shra, xor.
    static let accepted: Set<UInt8> = [
        0x12, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x20, 0x21, 0x22, 0x24, 0x25, 0x26, 0x27,
    ]
}

/// Translates locations.
struct LocationTranslator {
    /// Where memory 0 is.
    var memoryBase: UInt64
    var is64Bit: Bool
    /// What the function's frame base is.
    var frameBase: WasmLocation?

    /// The frame base that an expression names.
    static func frameBase(_ operations: [ExpressionOperation]) -> WasmLocation? {
        guard case .wasm(let location)? = operations.first, operations.count <= 2,
            operations.count == 1 || operations[1] == .stackValue
        else { return nil }
        return location
    }

    /// The parts of a variable; none when it is not known where it is.
    func parts(of operations: [ExpressionOperation]) -> [VariablePart] {
        var parts: [VariablePart] = []
        var current = Partial()
        var offset: UInt64 = 0
        for operation in operations {
            switch operation {
            case .wasm(let location):
                current.begin(.wasm(location))
            case .frameBase(let distance):
                guard let frameBase else { return [] }
                current.begin(.wasm(frameBase))
                current.append(LLVMExpression.offset(distance))
            case .constant(let value):
                if current.base == nil {
                    current.begin(.constant(value))
                } else {
                    current.append([LLVMExpression.constantUnsigned, value])
                }
            case .add(let distance): current.append(LLVMExpression.offset(distance))
            case .dereference, .dereferenceSize(4):
                current.append(hostAddress + [LLVMExpression.dereference])
                if !is64Bit {
                    current.append([
                        LLVMExpression.constantUnsigned, 0xffff_ffff, LLVMExpression.and,
                    ])
                }
            case .simple(let code) where LLVMExpression.accepted.contains(code):
                current.append([UInt64(code)])
            case .stackValue: current.isValue = true
            case .piece(let size):
                guard size < 1 << 32 else { return [] }
                if var part = finish(current) {
                    part.fragment = (offset * 8, size * 8)
                    parts.append(part)
                }
                offset += size
                current = Partial()
            case .address, .dereferenceSize, .simple, .unknown: current.isUnknown = true
            }
        }
        if offset == 0, let part = finish(current) { parts.append(part) }
        return parts
    }

    private var hostAddress: [UInt64] {
        LLVMExpression.hostAddress(memoryBase: memoryBase, is64Bit: is64Bit)
    }

    private func finish(_ partial: Partial) -> VariablePart? {
        guard let base = partial.base, !partial.isUnknown else { return nil }
        if !partial.isValue {
            // A constant address has no register to start from.
            if case .constant = base { return nil }
            return VariablePart(
                base: base,
                operations: partial.operations + hostAddress + [LLVMExpression.dereference])
        }
        let isPlain = partial.operations.isEmpty
        return VariablePart(
            base: base,
            operations: partial.operations + (isPlain ? [] : [LLVMExpression.stackValue]))
    }

    /// An expression that is being translated.
    private struct Partial {
        var base: VariablePart.Base?
        var operations: [UInt64] = []
        var isValue = false
        var isUnknown = false

        /// An expression about two values cannot be told to LLVM.
        mutating func begin(_ base: VariablePart.Base) {
            if self.base != nil { isUnknown = true }
            self.base = base
        }

        mutating func append(_ more: [UInt64]) {
            if base == nil { isUnknown = true }
            operations += more
        }
    }
}
