// What follows an opcode (WebAssembly 3.0, section 5.4).

import WasmTypes

extension InstructionReader {
    @inline(__always)
    mutating func readImmediates(of form: ImmediateForm) throws(ModuleError) -> Instruction {
        switch form {
        case .plain(let instruction): return instruction
        case .index(let make): return make(try reader.readU32())
        case .memory(_, let make): return make(try readMemoryArgument())
        case .i32Const: return .i32Const(try reader.readS32())
        case .block(let make):
            try open()
            return make(try reader.readBlockType())
        case .end:
            depth &-= 1
            return .end
        case .closingIndex(let make):
            depth &-= 1
            return make(try reader.readU32())
        case .i64Const: return .i64Const(try reader.readS64())
        case .f32Const: return .f32Const(try reader.readFixed32())
        case .f64Const: return .f64Const(try reader.readFixed64())
        case .lane(let make): return make(try reader.readByte())
        case .bytes(let make):
            let low = try reader.readFixed64()
            return make(VectorBytes(low: low, high: try reader.readFixed64()))
        case .memoryLane(_, let make):
            let argument = try readMemoryArgument()
            return make(argument, try reader.readByte())
        case .twoIndices, .typeAndTable, .memoryIndex, .twoMemories, .dataAndMemory:
            return try readIndices(of: form)
        case .branchTable, .selectTypes, .heapType, .castBranch, .tryTable, .zeroByte:
            return try readRareImmediates(of: form)
        }
    }

    /// The order of the indices is that of the encoding; the rows name them.
    @inline(never)
    private mutating func readIndices(of form: ImmediateForm) throws(ModuleError) -> Instruction {
        switch form {
        case .twoIndices(let make):
            let first = try reader.readU32()
            return make(first, try reader.readU32())
        case .typeAndTable(let make):
            let type = try reader.readU32()
            return make(type, try readIndex(orZeroWithout: .referenceTypes))
        case .memoryIndex(let make):
            return make(try readIndex(orZeroWithout: .multipleMemories))
        case .twoMemories(let make):
            let first = try readIndex(orZeroWithout: .multipleMemories)
            return make(first, try readIndex(orZeroWithout: .multipleMemories))
        case .dataAndMemory(let make):
            let segment = try reader.readU32()
            return make(segment, try readIndex(orZeroWithout: .multipleMemories))
        default: preconditionFailure("readImmediates comes here for the forms above")
        }
    }

    @inline(never)
    private mutating func readRareImmediates(
        of form: ImmediateForm
    ) throws(ModuleError) -> Instruction {
        switch form {
        case .branchTable: return .branchTable(try readBranchTable())
        case .selectTypes: return try readSelectTypes()
        case .heapType(let make): return make(try reader.readHeapType())
        case .castBranch(let make): return make(try readCastBranch())
        case .tryTable: return try readTryTable()
        case .zeroByte(let instruction):
            let start = reader.position
            guard try reader.readByte() == 0 else {
                throw reader.malformed("zero byte expected", at: start)
            }
            return instruction
        default: preconditionFailure("readImmediates comes here for the forms above")
        }
    }

    private mutating func open() throws(ModuleError) {
        guard depth < ImplementationLimits.controlDepth else {
            throw reader.error(.limitExceeded, "blocks are nested too deeply", at: reader.position)
        }
        depth &+= 1
    }

    /// An index that had to be a zero byte before a feature gave it a meaning.
    private mutating func readIndex(
        orZeroWithout feature: Feature
    ) throws(ModuleError) -> UInt32 {
        let start = reader.position
        if reader.features.contains(feature) {
            let index = try reader.readU32()
            if index != 0 { reader.usedFeatures.insert(feature) }
            return index
        }
        guard try reader.readByte() == 0 else {
            throw reader.malformed(
                "zero byte expected (the \(feature.name) proposal is disabled)", at: start)
        }
        return 0
    }

    /// A memory argument (section 5.4.7). Bit 6 of the alignment says that an index follows.
    @inline(__always)
    private mutating func readMemoryArgument() throws(ModuleError) -> MemoryArgument {
        let start = reader.position
        let flags = try reader.readU32()
        var memory: MemoryIndex = 0
        if flags >= 64 {
            guard flags < 128 else { throw reader.malformed("malformed memop flags", at: start) }
            try reader.require(.multipleMemories, for: "a memory index", at: start)
            memory = try reader.readU32()
        }
        let offset =
            reader.features.contains(.memory64)
            ? try reader.readU64() : UInt64(try reader.readU32())
        return MemoryArgument(
            offset: offset, memory: memory, alignmentLog2: UInt8(truncatingIfNeeded: flags & 63))
    }

    private mutating func readBranchTable() throws(ModuleError) -> BranchTable {
        let count = try reader.readCount(
            limit: ImplementationLimits.branchTableLabels, of: "labels of a br_table")
        let table = BranchTable(
            count: UInt32(truncatingIfNeeded: count), labelsOffset: reader.position)
        for _ in 0...count { _ = try reader.readU32() }
        return table
    }

    private mutating func readSelectTypes() throws(ModuleError) -> Instruction {
        let start = reader.position
        let count = try reader.readCount()
        guard count == 1 else {
            throw reader.error(
                .invalid, "invalid result arity: select names \(count) types", at: start)
        }
        return .selectTyped(try reader.readValueType())
    }

    /// The immediates of br_on_cast: which of the types are nullable, a label and the two types.
    private mutating func readCastBranch() throws(ModuleError) -> CastBranch {
        let start = reader.position
        let flags = try reader.readByte()
        guard flags < 4 else { throw reader.malformed("malformed br_on_cast flags", at: start) }
        let label = try reader.readU32()
        let source = try reader.readHeapType()
        let target = try reader.readHeapType()
        return CastBranch(
            label: label,
            source: ReferenceType(isNullable: flags & 1 != 0, heapType: source),
            target: ReferenceType(isNullable: flags & 2 != 0, heapType: target))
    }

    private mutating func readTryTable() throws(ModuleError) -> Instruction {
        try open()
        let type = try reader.readBlockType()
        let count = try reader.readCount()
        let clauses = CatchClauses(
            count: UInt32(truncatingIfNeeded: count), clausesOffset: reader.position)
        for _ in 0..<count { _ = try reader.readCatchClause() }
        return .tryTable(type, clauses)
    }
}

extension BinaryReader {
    /// A clause of try_table (section 5.4.1).
    mutating func readCatchClause() throws(ModuleError) -> CatchClause {
        let start = position
        switch try readByte() {
        case 0:
            let tag = try readU32()
            return .one(tag, try readU32())
        case 1:
            let tag = try readU32()
            return .oneReference(tag, try readU32())
        case 2: return .all(try readU32())
        case 3: return .allReference(try readU32())
        default: throw malformed("malformed catch clause", at: start)
        }
    }
}
