// DWARF expressions (section 7.7.1), as a list of operations. WebAssembly adds one that names a
// local, a global or an operand (DWARF for WebAssembly, section "Locations").

/// What holds a value in WebAssembly.
public enum WasmLocation: Hashable, Sendable {
    case local(UInt32)
    case global(UInt32)
    /// A place on the operand stack, counted from the function's bottom.
    case operand(UInt32)
}

/// An operation of an expression.
public enum ExpressionOperation: Hashable, Sendable {
    case wasm(WasmLocation)
    case address(UInt64)
    case frameBase(Int64)
    case constant(UInt64)
    case add(UInt64)
    /// An operation without operands, such as an addition: its code.
    case simple(UInt8)
    case dereference
    case dereferenceSize(UInt8)
    case stackValue
    /// The part of a variable, in bytes, that what stands before describes.
    case piece(UInt64)
    /// What is not read here.
    case unknown(UInt8)
}

extension DebugInformation {
    /// The operations of an expression, up to the first one that is not known.
    public func operations(of expression: Range<Int>, unit: Int) -> [ExpressionOperation] {
        var reader = DataReader(
            bytes: sections.bytes, position: expression.lowerBound, end: expression.upperBound)
        var operations: [ExpressionOperation] = []
        while !reader.isAtEnd {
            guard let operation = try? reader.readOperation(units[unit], sections) else {
                operations.append(.unknown(0))
                break
            }
            operations.append(operation)
            if case .unknown = operation { break }
        }
        return operations
    }
}

extension DataReader {
    fileprivate mutating func readOperation(
        _ unit: Unit, _ sections: DWARFSections
    ) throws(DWARFError) -> ExpressionOperation {
        let code = try readByte()
        switch code {
        case 0x03: return .address(try readUnsigned(unit.encoding.addressSize))
        case 0xa1: return .address(try unit.address(try readULEB(), in: sections))
        case 0x06: return .dereference
        case 0x94: return .dereferenceSize(try readByte())
        case 0x08: return .constant(try readUnsigned(1))
        case 0x09: return .constant(try readSigned(1))
        case 0x0a: return .constant(try readUnsigned(2))
        case 0x0b: return .constant(try readSigned(2))
        case 0x0c: return .constant(try readUnsigned(4))
        case 0x0d: return .constant(try readSigned(4))
        case 0x0e, 0x0f: return .constant(try readUnsigned(8))
        case 0x10: return .constant(try readULEB())
        case 0x11: return .constant(UInt64(bitPattern: try readSLEB()))
        case 0x30...0x4f: return .constant(UInt64(code - 0x30))
        case 0x23: return .add(try readULEB())
        case 0x91: return .frameBase(try readSLEB())
        case 0x93: return .piece(try readULEB())
        case 0x9f: return .stackValue
        // dup, drop, swap, abs, and, div, minus, mod, mul, neg, not, or, plus, shl, shr, shra, xor
        case 0x12, 0x13, 0x16, 0x19...0x22, 0x24...0x27: return .simple(code)
        case 0xed: return try readWasmLocation()
        default: return .unknown(code)
        }
    }

    private mutating func readSigned(_ size: Int) throws(DWARFError) -> UInt64 {
        let value = try readUnsigned(size)
        let sign = UInt64(1) << UInt64(8 * size - 1)
        return (value ^ sign) &- sign
    }

    private mutating func readWasmLocation() throws(DWARFError) -> ExpressionOperation {
        switch try readByte() {
        case 0: .wasm(.local(UInt32(clamping: try readULEB())))
        case 1: .wasm(.global(UInt32(clamping: try readULEB())))
        case 2: .wasm(.operand(UInt32(clamping: try readULEB())))
        case 3: .wasm(.global(try readU32()))
        default: .unknown(0xed)
        }
    }
}
