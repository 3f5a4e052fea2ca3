import Testing
import WasmBinary
import WasmTypes

/// Instructions with their immediates (WebAssembly 3.0, section 5.4).
@Suite struct InstructionReaderTests {
    private func read(_ bytes: UInt8..., features: FeatureSet = .all) throws -> Instruction {
        try read(bytes, features: features)
    }

    private func read(_ bytes: [UInt8], features: FeatureSet = .all) throws -> Instruction {
        var reader = InstructionReader(bytes: bytes, range: 0..<bytes.count, features: features)
        let instruction = try reader.next().instruction
        #expect(reader.isAtEnd)
        return instruction
    }

    private func error(_ bytes: UInt8..., features: FeatureSet = .all) -> ModuleError? {
        do {
            _ = try read(bytes, features: features)
            return nil
        } catch {
            return error as? ModuleError
        }
    }

    @Test func constants() throws {
        #expect(try read(0x41, 0x7F) == .i32Const(-1))
        #expect(try read(0x42, 0x80, 0x7F) == .i64Const(-128))
        #expect(try read(0x43, 1, 0, 0xA0, 0x7F) == .f32Const(0x7FA0_0001))
        #expect(try read(0x44, 1, 2, 3, 4, 5, 6, 7, 8) == .f64Const(0x0807_0605_0403_0201))
        let vector = try read([0xFD, 0x0C] + Array(0..<16))
        #expect(
            vector
                == .vector(
                    .constant(
                        VectorBytes(low: 0x0706_0504_0302_0100, high: 0x0F0E_0D0C_0B0A_0908))))
        #expect(error(0x43, 0, 0, 0)?.message == "unexpected end of section or function")
    }

    @Test func memoryArguments() throws {
        let load = LoadOperation.integer(.i32)
        #expect(try read(0x28, 2, 5) == .load(load, MemoryArgument(offset: 5, alignmentLog2: 2)))
        #expect(
            try read(0x28, 0x42, 7, 5)
                == .load(load, MemoryArgument(offset: 5, memory: 7, alignmentLog2: 2)))
        let large: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]
        #expect(
            try read([0x28, 0] + large)
                == .load(load, MemoryArgument(offset: .max, alignmentLog2: 0)))
        #expect(error(0x28, 0x80, 0x01, 0)?.message == "malformed memop flags")
        #expect(
            try read(0xFD, 0x54, 0, 9, 3)
                == .vector(
                    .loadLane(.bits8, MemoryArgument(offset: 9, alignmentLog2: 0), lane: 3)))
    }

    @Test func indicesComeInTheOrderOfTheEncoding() throws {
        #expect(try read(0x11, 1, 2) == .callIndirect(type: 1, table: 2))
        #expect(try read(0xFC, 10, 1, 2) == .memoryCopy(destination: 1, source: 2))
        #expect(try read(0xFC, 14, 1, 2) == .tableCopy(destination: 1, source: 2))
        #expect(try read(0xFC, 8, 1, 2) == .memoryInit(1, memory: 2))
        #expect(try read(0xFC, 12, 1, 2) == .tableInit(1, table: 2))
        #expect(
            try read(0xFB, 2, 1, 2) == .aggregate(.structGet(.plain, type: 1, field: 2)))
        #expect(
            try read(0xFB, 17, 1, 2) == .aggregate(.arrayCopy(destination: 1, source: 2)))
        #expect(try read(0xFB, 8, 1, 2) == .aggregate(.arrayNewFixed(1, count: 2)))
    }

    @Test func opcodesMayBeLongerThanNeeded() throws {
        #expect(try read(0xFC, 0x89, 0x80, 0x00, 1) == .dataDrop(1))
        #expect(
            error(0xFC, 0x83, 0x80, 0x80, 0x80, 0x80, 0x00)?.message.hasPrefix("integer") == true)
    }

    @Test func blockTypes() throws {
        #expect(try read(0x02, 0x40) == .block(.empty))
        #expect(try read(0x03, 0x7E) == .loop(.value(.i64)))
        #expect(try read(0x04, 0x6F) == .if(.value(.externref)))
        #expect(try read(0x02, 0xC0, 0x00) == .block(.function(64)))
        let reference = ReferenceType(isNullable: false, heapType: .concrete(5))
        #expect(try read(0x02, 0x64, 5) == .block(.value(.reference(reference))))
        #expect(error(0x02, 0x41)?.message == "malformed value type")
        #expect(error(0x02, 0xC0, 0x7F)?.message == "malformed block type")
    }

    @Test func references() throws {
        #expect(try read(0xD0, 0x70) == .refNull(.abstract(.function)))
        #expect(try read(0xD0, 0xF0, 0x00) == .refNull(.concrete(0x70)))
        #expect(
            try read(0xFB, 23, 0x6C)
                == .refCast(ReferenceType(isNullable: true, heapType: .abstract(.i31))))
        #expect(
            try read(0xFB, 24, 2, 7, 0x6E, 0x6B)
                == .branchOnCast(
                    CastBranch(
                        label: 7,
                        source: ReferenceType(isNullable: false, heapType: .abstract(.any)),
                        target: ReferenceType(isNullable: true, heapType: .abstract(.structure)))))
        #expect(error(0xFB, 24, 4, 0, 0x6E, 0x6B)?.message == "malformed br_on_cast flags")
        #expect(error(0xD0, 0x7F)?.message == "malformed heap type")
    }

    @Test func selectNamesOneType() throws {
        #expect(try read(0x1C, 1, 0x7D) == .selectTyped(.f32))
        #expect(error(0x1C, 0)?.kind == .invalid)
        #expect(error(0x1C, 2, 0x7F, 0x7F)?.message.hasPrefix("invalid result arity") == true)
    }

    @Test func branchTables() throws {
        let bytes: [UInt8] = [0x0E, 2, 5, 0x80, 0x01, 7]
        guard case .branchTable(let table) = try read(bytes) else {
            Issue.record("not a br_table")
            return
        }
        #expect(table == BranchTable(count: 2, labelsOffset: 2))
        #expect(Array(InstructionReader.labels(of: table, in: bytes)) == [5, 128, 7])
        #expect(error(0x0E, 2, 0, 0)?.kind == .malformed)
        #expect(error(0x0E, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F)?.kind == .malformed)
        let many = BinaryBuilder.number(70_000) + Array(repeating: 0, count: 70_001)
        #expect(throws: ModuleError.self) { try read([0x0E] + many) }
    }

    @Test func catchClauses() throws {
        let bytes: [UInt8] = [0x1F, 0x7F, 4, 0, 1, 2, 1, 3, 4, 2, 5, 3, 6]
        guard case .tryTable(let type, let clauses) = try read(bytes) else {
            Issue.record("not a try_table")
            return
        }
        #expect(type == .value(.i32))
        #expect(
            Array(InstructionReader.clauses(of: clauses, in: bytes))
                == [.one(1, 2), .oneReference(3, 4), .all(5), .allReference(6)])
        #expect(error(0x1F, 0x40, 1, 4, 0)?.message == "malformed catch clause")
    }

    @Test func depthCountsOpenBlocks() throws {
        let bytes: [UInt8] = [0x02, 0x40, 0x1F, 0x40, 0, 0x0B, 0x0B, 0x0B, 0x01]
        var reader = InstructionReader(bytes: bytes, range: 0..<bytes.count)
        var depths: [Int] = []
        while reader.depth > 0 {
            _ = try reader.next()
            depths.append(reader.depth)
        }
        #expect(depths == [2, 3, 2, 1, 0])
        #expect(!reader.isAtEnd)
        #expect(throws: ModuleError.self) { try reader.next() }
    }

    // Features ------------------------------------------------------------------------------

    @Test func disabledFeaturesAreNamed() {
        func without(_ feature: Feature) -> FeatureSet {
            var features = FeatureSet.all
            features.remove(feature)
            return features
        }
        let tail = error(0x12, 0, features: without(.tailCalls))
        #expect(tail?.kind == .unsupported)
        #expect(tail?.message == "return_call needs the tail-call proposal, which is disabled")
        // Every opcode is refused without its feature.
        for opcode in Opcode.all where opcode.feature != .minimumViableProduct {
            let number = BinaryBuilder.number(UInt64(opcode.code))
            let start = opcode.prefix.map { [$0] + number } ?? [UInt8(opcode.code)]
            let bytes = start + Array(repeating: 0, count: 20)
            var reader = InstructionReader(
                bytes: bytes, range: 0..<bytes.count, features: without(opcode.feature))
            let error = #expect(throws: ModuleError.self) { try reader.next() }
            #expect(error?.message.contains(opcode.feature.name) == true)
        }
        #expect(
            error(0x3F, 1, features: without(.multipleMemories))?.message
                .hasPrefix("zero byte expected") == true)
        #expect(error(0x28, 0x40, 0, 0, features: without(.multipleMemories))?.kind == .unsupported)
        #expect(error(0x02, 0, features: without(.multiValue))?.kind == .unsupported)
        #expect(error(0x02, 0x7B, features: without(.vectors))?.kind == .unsupported)
        #expect(error(0xD0, 0x6E, features: without(.garbageCollection))?.kind == .unsupported)
        let offset: [UInt8] = [0x28, 0, 0x80, 0x80, 0x80, 0x80, 0x10]
        #expect(throws: ModuleError.self) { try read(offset, features: without(.memory64)) }
    }
}
