import Testing
import WasmBinary
import WasmTypes

/// Each section well-formed, and what can be wrong with it (WebAssembly 3.0, section 5.5).
@Suite struct SectionTests {
    private typealias Builder = BinaryBuilder

    private func decode(_ sections: (UInt8, [UInt8])...) throws -> Module {
        var builder = BinaryBuilder()
        for (id, contents) in sections { builder.section(id, contents) }
        return try Module.decode(builder.bytes)
    }

    /// The message of the error in a module of these sections.
    private func message(_ sections: (UInt8, [UInt8])...) -> String? {
        var builder = BinaryBuilder()
        for (id, contents) in sections { builder.section(id, contents) }
        return complaint(builder.bytes)?.message
    }

    private func message(of bytes: [UInt8]) -> String? { complaint(bytes)?.message }

    // The module as a whole ---------------------------------------------------------------

    @Test func header() throws {
        #expect(message(of: []) == "unexpected end")
        #expect(message(of: [0, 0x61, 0x73]) == "unexpected end")
        #expect(message(of: [0x61, 0x73, 0x6D, 0]) == "magic header not detected")
        #expect(message(of: [0, 0x61, 0x73, 0x6D, 1, 0, 0]) == "unexpected end")
        #expect(message(of: [0, 0x61, 0x73, 0x6D, 2, 0, 0, 0]) == "unknown binary version")
        #expect(
            message(of: [0, 0x61, 0x73, 0x6D, 0x0D, 0, 1, 0])
                == "this is a component, not a core module")
        #expect(try Module.decode([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0]).sections.isEmpty)
    }

    @Test func sectionsHaveAnOrder() {
        let order: [UInt8] = [1, 2, 3, 4, 5, 13, 6, 7, 9, 12, 10, 11]
        for (index, id) in order.enumerated() {
            // In order two are fine, but for the start section, which cannot be empty.
            for other in order[(index + 1)...] {
                #expect(message((id, [0]), (other, [0])) == nil, "\(id) \(other)")
                let reversed = message((other, [0]), (id, [0]))
                #expect(reversed?.hasPrefix("unexpected content after last section") == true)
            }
            let twice = message((id, [0]), (id, [0]))
            #expect(twice?.hasPrefix("unexpected content after last section") == true)
        }
        #expect(message((14, [])) == "malformed section id 14")
    }

    @Test func sizes() throws {
        #expect(message((1, [0, 0])) == "section size mismatch")
        #expect(message((1, []))?.hasPrefix("unexpected end of section") == true)
        var builder = BinaryBuilder()
        builder.section(1, [0])
        #expect(message(of: builder.bytes + [3, 5, 0])?.hasPrefix("length out of bounds") == true)
        #expect(message(of: builder.bytes + [3])?.hasPrefix("unexpected end") == true)
        let module = try decode((1, [0]), (7, [0]))
        #expect(module.sections.map(\.id) == [1, 7])
        #expect(module.sections[1].range == 13..<14)
    }

    @Test func countsAgree() {
        let inconsistent = "function and code section have inconsistent lengths"
        let type: (UInt8, [UInt8]) = (1, [1, 0x60, 0, 0])
        #expect(message(type, (3, [1, 0])) == inconsistent)
        #expect(message(type, (10, [1, 2, 0, 0x0B])) == inconsistent)
        #expect(message(type, (3, [1, 0]), (10, [1, 2, 0, 0x0B])) == nil)
        let data = "data count and data section have inconsistent lengths"
        #expect(message((12, [1])) == data)
        #expect(message((12, [0]), (11, [1, 1, 0])) == data)
        #expect(message((12, [1]), (11, [1, 1, 0])) == nil)
    }

    // Types ----------------------------------------------------------------------------------

    @Test func types() throws {
        let module = try decode(
            (
                1,
                [
                    3, 0x60, 2, 0x7F, 0x63, 0x00, 1, 0x7B,
                    0x4E, 2, 0x50, 0, 0x5F, 2, 0x78, 0, 0x6E, 1, 0x4F, 1, 1, 0x5E, 0x77, 1,
                    0x4E, 0,
                ]
            ))
        #expect(module.recursionGroups == [0..<1, 1..<3, 3..<3])
        let parameter = ReferenceType(isNullable: true, heapType: .concrete(0))
        #expect(
            module.functionTypeOfType(0)
                == FunctionType(parameters: [.i32, .reference(parameter)], results: [.v128]))
        let fields = [
            FieldType(storage: .i8, isMutable: false),
            FieldType(storage: .value(.reference(ReferenceType(nullable: .any))), isMutable: true),
        ]
        #expect(
            module.types[1] == SubType(isFinal: false, composite: .structure(fields)))
        #expect(
            module.types[2]
                == SubType(
                    supertypes: [1], composite: .array(FieldType(storage: .i16, isMutable: true))))
        #expect(module.usedFeatures.contains(.garbageCollection))
    }

    @Test func malformedTypes() {
        #expect(message((1, [1, 0x61])) == "malformed definition type")
        #expect(message((1, [1, 0x60, 1, 0x79, 0])) == "malformed value type")
        #expect(message((1, [1, 0x5E, 0x50, 0])) == "malformed value type")
        #expect(message((1, [1, 0x5E, 0x00, 0])) == "malformed storage type")
        #expect(message((1, [1, 0x5E, 0x78, 2])) == "malformed mutability")
        #expect(message((1, [1, 0x60, 1, 0x63, 0x40, 0])) == "malformed heap type")
        #expect(message((1, [5, 0x60]))?.hasPrefix("unexpected end of section") == true)
        let many = Builder.number(1_001) + Array(repeating: 0x7F, count: 1_001)
        #expect(
            complaint(BinaryBuilder.module((1, [1, 0x60] + many + [0])))?.kind == .limitExceeded)
    }

    // Imports and exports ----------------------------------------------------------------

    @Test func imports() throws {
        let module = try Module.decode(RobustnessTests.everything)
        #expect(module.imports.map(\.name) == ["f", "t", "m", "g", "e"])
        #expect(module.importedFunctionCount == 1 && module.functions.count == 3)
        #expect(module.importedTableCount == 1 && module.tables.count == 3)
        #expect(module.importedMemoryCount == 1 && module.memories.count == 2)
        #expect(module.importedGlobalCount == 1 && module.globals.count == 2)
        #expect(module.importedTagCount == 1 && module.tags.count == 2)
        #expect(module.memories[0].isShared)
        #expect(module.globals[0] == GlobalType(valueType: .i64, isMutable: true))
        #expect(message((2, [1, 0, 0, 5])) == "malformed import kind")
        #expect(message((2, [1, 1, 0xFF, 0, 0, 0])) == "malformed UTF-8 encoding")
        #expect(message((2, [1, 0, 0, 4, 1, 0])) == "malformed tag attribute")
    }

    @Test func exports() throws {
        let module = try Module.decode(RobustnessTests.everything)
        #expect(module.exports.map(\.name) == ["x", "y"])
        #expect(module.exports[1].kind == .tag)
        #expect(message((7, [1, 0, 5, 0])) == "malformed export kind")
    }

    // Definitions -----------------------------------------------------------------------------

    @Test func limits() throws {
        func memory(_ bytes: UInt8...) throws -> MemoryType? {
            try decode((5, [1] + bytes)).memories.first
        }
        #expect(try memory(0, 3)?.limits == Limits(minimum: 3))
        #expect(try memory(1, 3, 4)?.limits == Limits(minimum: 3, maximum: 4))
        #expect(try memory(4, 3)?.addressType == .i64)
        #expect(try memory(2, 3)?.isShared == true)
        #expect(try memory(8, 3, 0)?.pageSizeLog2 == 0)
        #expect(try memory(15, 3, 4, 16)?.pageSizeLog2 == 16)
        #expect(message((5, [1, 16, 0])) == "malformed limits flags")
        #expect(message((5, [1, 8, 0, 17])) == "invalid custom page size")
        #expect(message((4, [1, 0x70, 2, 0])) == "malformed limits flags")
        #expect(message((4, [1, 0x70, 8, 0, 0])) == "malformed limits flags")
        #expect(message((4, [1, 0x7F, 0, 0])) == "malformed reference type")
        #expect(message((4, [1, 0x40, 1, 0x70, 0, 0, 0xD0, 0x70, 0x0B])) == "zero byte expected")
    }

    @Test func initializers() throws {
        let module = try Module.decode(RobustnessTests.everything)
        #expect(module.tableInitializers.map { $0 == nil } == [true, false])
        #expect(module.globalInitializers.count == 1)
        let range = module.globalInitializers[0].range
        #expect(Array(module.bytes[range]) == [0x41, 0xC0, 0, 0x0B])
        #expect(module.start?.function == 0)
        #expect(message((6, [1, 0x7F, 2, 0x0B])) == "malformed mutability")
        #expect(message((6, [1, 0x7F, 0, 0x41, 0]))?.hasPrefix("unexpected end") == true)
        #expect(message((6, [1, 0x7F, 0, 0xFF, 0x0B])) == "illegal opcode ff")
    }

    // Code ---------------------------------------------------------------------------------

    private func body(_ bytes: [UInt8]) -> [UInt8] {
        BinaryBuilder.module(
            (1, [1, 0x60, 0, 0]), (3, [1, 0]),
            (10, [1] + Builder.number(UInt64(bytes.count)) + bytes))
    }

    @Test func locals() throws {
        let module = try Module.decode(body([2, 3, 0x7F, 0, 0x70, 0x0B]))
        #expect(
            module.bodies[0].locals
                == [
                    FunctionBody.LocalGroup(count: 3, type: .i32),
                    FunctionBody.LocalGroup(count: 0, type: .funcref),
                ])
        #expect(module.bodies[0].code.count == 1)
        let most: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x7F]
        #expect(complaint(body([2] + most + [1, 0x7F, 0x0B]))?.message == "too many locals")
        #expect(complaint(body([2] + most + [1, 0x7F, 0x0B]))?.kind == .malformed)
        #expect(complaint(body([2] + most + [0, 0x7F, 0x0B]))?.kind == .limitExceeded)
    }

    @Test func bodiesMustEnd() {
        #expect(complaint(body([0]))?.message.hasPrefix("unexpected end") == true)
        #expect(
            complaint(body([0, 0x02, 0x40, 0x0B]))?.message.hasPrefix("unexpected end") == true)
        #expect(complaint(body([0, 0x0B, 0x0B]))?.message.hasPrefix("END opcode expected") == true)
        #expect(complaint(body([0, 0x16, 0x40, 0x0B]))?.message == "illegal opcode 16")
        #expect(complaint(body([0, 0x16]))?.function == 0)
    }

    // Segments -----------------------------------------------------------------------------

    @Test func elementSegments() throws {
        let module = try Module.decode(RobustnessTests.everything)
        let segments = module.elements
        #expect(segments.map(\.count) == [2, 1, 1, 1])
        #expect(Array(module.functionIndices(of: segments[0])) == [0, 1])
        #expect(Array(module.functionIndices(of: segments[2])) == [])
        #expect(Array(module.expressions(of: segments[2])).count == 1)
        #expect(segments[1].mode == .passive && segments[3].mode == .declarative)
        #expect(segments[2].type == .function && !segments[0].type.isNullable)
        #expect(message((9, [1, 8])) == "malformed elements segment kind")
        #expect(message((9, [1, 1, 1, 0])) == "malformed element kind")
        #expect(message((9, [1, 5, 0x7F, 0])) == "malformed reference type")
    }

    @Test func dataSegments() throws {
        let module = try Module.decode(RobustnessTests.everything)
        #expect(
            module.dataSegments.map { Array(module.bytes[$0.range]) } == [
                [0x68, 0x69], [1, 2, 3],
            ])
        #expect(module.dataSegments[1].mode == .passive)
        #expect(message((11, [1, 3])) == "malformed data segment kind")
        #expect(message((11, [1, 1, 9, 0]))?.hasPrefix("length out of bounds") == true)
    }

    // Custom sections -----------------------------------------------------------------------

    @Test func names() throws {
        let module = try Module.decode(RobustnessTests.everything)
        #expect(module.names.module == "m")
        #expect(module.functionName(1) == "ff")
        #expect(module.functionName(2) == "wasm-function[2]")
        #expect(module.customSections.map(\.name) == ["other"])
        var builder = BinaryBuilder()
        builder.functions([[0x0B], [0x0B]])
        // A function that does not exist; then broken UTF-8; what stands before it counts.
        builder.custom("name", [1, 9, 3, 9, 1, 0x61, 0, 1, 0x62, 1, 1, 0xFF])
        let broken = try Module.decode(builder.bytes)
        #expect(broken.names.functions == [0: "b"])
    }

    @Test func localNames() throws {
        var builder = BinaryBuilder()
        builder.functions([[0x0B]])
        builder.custom("name", [2, 6, 1, 0, 1, 3, 1, 0x78])
        #expect(try Module.decode(builder.bytes).names.locals == [0: [3: "x"]])
    }

    @Test func customSections() throws {
        #expect(message((0, [])) == "unexpected end of section or function")
        #expect(message((0, [1, 0xFF])) == "malformed UTF-8 encoding")
        #expect(message((0, [2, 0x61]))?.hasPrefix("length out of bounds") == true)
        let module = try decode((0, [1, 0x61, 7, 8]), (1, [0]), (0, [0]))
        #expect(module.customSections.map(\.name) == ["a", ""])
        #expect(Array(module.bytes[module.customSections[0].range]) == [7, 8])
    }
}

extension Module {
    fileprivate func functionTypeOfType(_ index: Int) -> FunctionType? { types[index].functionType }
}
