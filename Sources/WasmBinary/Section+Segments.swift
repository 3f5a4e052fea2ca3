// The element and data sections (WebAssembly 3.0, sections 5.5.12 and 5.5.14).
//
// The numbers in front of a segment began as a table index that had to be zero; what is bits now
// was chosen so that old modules stay readable.

public import WasmTypes

extension ModuleDecoder {
    mutating func readElementSection(_ section: inout BinaryReader) throws(ModuleError) {
        let count = try section.readCount(
            limit: ImplementationLimits.elementSegments, of: "element segments")
        for _ in 0..<count { module.elements.append(try section.readElementSegment()) }
    }

    mutating func readDataSection(_ section: inout BinaryReader) throws(ModuleError) {
        let start = section.position
        let count = try section.readCount(
            limit: ImplementationLimits.dataSegments, of: "data segments")
        if let expected = module.dataCount, Int(expected) != count {
            throw section.malformed(
                "data count and data section have inconsistent lengths", at: start)
        }
        for _ in 0..<count { module.dataSegments.append(try section.readDataSegment()) }
    }
}

extension BinaryReader {
    /// An element segment. Of its number, bit 0 says "not active", bit 1 "has an explicit table"
    /// or else "declarative", bit 2 "expressions, not function indices".
    fileprivate mutating func readElementSegment() throws(ModuleError) -> ElementSegment {
        let start = position
        let flags = try readU32()
        guard flags < 8 else { throw malformed("malformed elements segment kind", at: start) }
        if flags != 0 { try require(.bulkMemory, for: "this element segment", at: start) }
        let mode: SegmentMode
        if flags & 1 == 0 {
            let table = flags & 2 != 0 ? try readU32() : 0
            mode = .active(index: table, offset: try readConstantExpression())
        } else {
            mode = flags & 2 != 0 ? .declarative : .passive
        }
        let hasType = flags & 3 != 0
        let type: ReferenceType
        let items: ElementSegment.Items
        if flags & 4 != 0 {
            type = hasType ? try readReferenceType() : .function
            let count = try readCount()
            items = .expressions(offset: position, count: count)
            for _ in 0..<count { _ = try readConstantExpression() }
        } else {
            if hasType {
                let kindStart = position
                guard try readByte() == 0 else {
                    throw malformed("malformed element kind", at: kindStart)
                }
            }
            type = ReferenceType(isNullable: false, heapType: .abstract(.function))
            let count = try readCount()
            items = .functions(offset: position, count: count)
            for _ in 0..<count { _ = try readU32() }
        }
        return ElementSegment(type: type, items: items, mode: mode, offset: start)
    }

    fileprivate mutating func readDataSegment() throws(ModuleError) -> DataSegment {
        let start = position
        let mode: SegmentMode
        switch try readU32() {
        case 0: mode = .active(index: 0, offset: try readConstantExpression())
        case 1:
            try require(.bulkMemory, for: "a passive data segment", at: start)
            mode = .passive
        case 2:
            let memory = try readU32()
            if memory != 0 {
                try require(.multipleMemories, for: "data for memory \(memory)", at: start)
            }
            mode = .active(index: memory, offset: try readConstantExpression())
        default: throw malformed("malformed data segment kind", at: start)
        }
        let range = try readBytes(try readLength())
        return DataSegment(range: range, mode: mode, offset: start)
    }
}

// Contents ------------------------------------------------------------------------------------

extension Module {
    /// The functions that a segment of function indices lists; empty for one of expressions.
    public func functionIndices(of segment: ElementSegment) -> FunctionIndexSequence {
        guard case .functions(let offset, let count) = segment.items else {
            return FunctionIndexSequence(bytes: bytes, offset: 0, count: 0)
        }
        return FunctionIndexSequence(bytes: bytes, offset: offset, count: count)
    }

    /// The expressions that a segment of expressions lists; empty for one of function indices.
    public func expressions(of segment: ElementSegment) -> ConstantExpressionSequence {
        guard case .expressions(let offset, let count) = segment.items else {
            return ConstantExpressionSequence(bytes: bytes, offset: 0, count: 0)
        }
        return ConstantExpressionSequence(bytes: bytes, offset: offset, count: count)
    }
}

/// Function indices that stand one behind the other in a module that has been decoded.
public struct FunctionIndexSequence: Sequence, IteratorProtocol, Sendable {
    private var reader: BinaryReader
    private var left: Int

    fileprivate init(bytes: [UInt8], offset: Int, count: Int) {
        let start = Swift.min(Swift.max(offset, 0), bytes.count)
        reader = BinaryReader(bytes: bytes, range: start..<bytes.count)
        left = count
    }

    public mutating func next() -> FunctionIndex? {
        guard left > 0 else { return nil }
        left -= 1
        return try? reader.readU32()
    }
}

/// Constant expressions that stand one behind the other in a module that has been decoded.
public struct ConstantExpressionSequence: Sequence, IteratorProtocol, Sendable {
    private var reader: BinaryReader
    private var left: Int

    fileprivate init(bytes: [UInt8], offset: Int, count: Int) {
        let start = Swift.min(Swift.max(offset, 0), bytes.count)
        reader = BinaryReader(bytes: bytes, range: start..<bytes.count)
        left = count
    }

    public mutating func next() -> ConstantExpression? {
        guard left > 0 else { return nil }
        left -= 1
        return try? reader.readConstantExpression()
    }
}
