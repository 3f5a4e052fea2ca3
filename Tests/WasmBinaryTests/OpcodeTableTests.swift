import Foundation
import TestSupport
import Testing
import WasmBinary
import WasmTypes

/// The opcode table: complete, without duplicates, and in agreement with others.
@Suite struct OpcodeTableTests {
    /// The opcode's bytes and the least immediates that it can have, a block's `end` included.
    private func encoding(of opcode: Opcode) -> [UInt8] {
        let code = BinaryBuilder.number(UInt64(opcode.code))
        let start = opcode.prefix.map { [$0] + code } ?? [UInt8(opcode.code)]
        // The typed select wants one type; for all others zeros are immediates.
        if start == [0x1C] { return start + [1, 0x7F] }
        let bytes = start + Array(repeating: 0, count: 16)
        var reader = InstructionReader(bytes: bytes, range: 0..<bytes.count)
        guard (try? reader.next()) != nil else { return [] }
        let end: [UInt8] = reader.depth > 1 ? [0x0B] : []
        return bytes[..<reader.position] + end
    }

    @Test func everyOpcodeDecodesAsItself() throws {
        for opcode in Opcode.all {
            let bytes = encoding(of: opcode)
            #expect(!bytes.isEmpty, "\(opcode)")
            var reader = InstructionReader(bytes: bytes, range: 0..<bytes.count)
            let decoded = try reader.next()
            #expect(decoded.opcode == opcode)
            #expect(decoded.offset == 0)
        }
    }

    @Test func countsAreThoseOfTheSpecification() {
        let byPrefix = Dictionary(grouping: Opcode.all, by: \.prefix)
        // 172 of the first version; sign extension 5, references 5, branches on null 2, tail
        // calls 3, call_ref, typed select, elements of tables 2, exceptions 3, and 5 of
        // their older encoding.
        let withoutPrefix: Int = 172 + 5 + 5 + 2 + 3 + 1 + 1 + 2 + 3 + 5
        #expect(byPrefix[nil]?.count == withoutPrefix)
        #expect(byPrefix[0xFB]?.count == 31)
        #expect(byPrefix[0xFC]?.count == 22)
        #expect(byPrefix[0xFD]?.count == 256)
        #expect(byPrefix[0xFE]?.count == 67)
        #expect(Set(Opcode.all).count == Opcode.all.count)
    }

    /// Instructions must differ in more than their opcode: two rows that make the same one are
    /// one row copied badly.
    @Test func everyOpcodeMakesAnotherInstruction() throws {
        var seen: [Instruction: Opcode] = [:]
        for opcode in Opcode.all {
            let bytes = encoding(of: opcode)
            var reader = InstructionReader(bytes: bytes, range: 0..<bytes.count)
            let instruction = try reader.next().instruction
            #expect(seen[instruction] == nil, "\(opcode), \(seen[instruction]?.name ?? "")")
            seen[instruction] = opcode
        }
    }

    /// Nothing that a consumer must handle is without an opcode.
    @Test func everyInstructionOccurs() throws {
        var cases: Set<String> = []
        for opcode in Opcode.all {
            let bytes = encoding(of: opcode)
            var reader = InstructionReader(bytes: bytes, range: 0..<bytes.count)
            let text = String(describing: try reader.next().instruction)
            cases.insert(String(text.prefix { $0 != "(" }))
        }
        let expected = """
            unreachable nop block loop if else end branch branchIf branchTable return
            call callIndirect callReference returnCall returnCallIndirect
            returnCallReference branchOnNull branchOnNonNull branchOnCast
            branchOnCastFail throw throwReference tryTable try catch catchAll rethrow
            delegate drop select selectTyped
            localGet localSet localTee globalGet globalSet tableGet tableSet tableSize
            tableGrow tableFill tableCopy tableInit elementDrop load store memorySize
            memoryGrow memoryFill memoryCopy memoryInit dataDrop atomic i32Const
            i64Const f32Const f64Const integerUnary integerBinary integerTestZero
            integerCompare floatUnary floatBinary floatCompare convert wideArithmetic
            vector refNull refIsNull refFunction refAsNonNull refEqual refTest refCast
            aggregate
            """
        #expect(cases == Set(expected.split(whereSeparator: \.isWhitespace).map(String.init)))
    }

    @Test func namesRepeatOnlyWhereTheTextFormatHasOneForTwo() {
        let repeated = Dictionary(grouping: Opcode.all, by: \.name).filter { $0.value.count > 1 }
        #expect(Set(repeated.keys) == ["select", "ref.test", "ref.cast"])
    }

    @Test func unassignedCodesAreRefused() {
        for prefix: [UInt8] in [[], [0xFB], [0xFC], [0xFD], [0xFE]] {
            let known = Set(
                Opcode.all.filter { $0.prefix == prefix.first }.map(\.code))
            for code in 0..<UInt32(prefix.isEmpty ? 256 : 700) where !known.contains(code) {
                if prefix.isEmpty && (0xFB...0xFE).contains(code) { continue }
                let number = prefix.isEmpty ? [UInt8(code)] : BinaryBuilder.number(UInt64(code))
                let bytes = prefix + number + Array(repeating: 0, count: 20)
                var reader = InstructionReader(bytes: bytes, range: 0..<bytes.count)
                #expect(throws: ModuleError.self, "\(prefix) \(code)") { try reader.next() }
            }
        }
    }

    @Test func memoryAccessesAreRecognised() throws {
        for opcode in Opcode.all {
            guard let alignment = opcode.naturalAlignmentLog2 else { continue }
            #expect(alignment <= 4)
            #expect(opcode.signature != nil, "\(opcode)")
        }
    }

    /// The names of all instructions, as another tool prints them.
    @Test func namesAgreeWithAnotherPrinter() throws {
        guard let tool = TestEnvironment.tool("wasm-tools") else {
            try Test.cancel("no wasm-tools")
        }
        // These belong to other instructions.
        let parts: Set = ["end", "else", "catch", "catch_all", "delegate", "rethrow"]
        let opcodes = Opcode.all.filter { !parts.contains($0.name) }
        var builder = BinaryBuilder()
        builder.functions(opcodes.map { encoding(of: $0) + [0x0B] })
        let directory = try TemporaryDirectory()
        let file = directory.url.appendingPathComponent("all.wasm")
        try Data(builder.bytes).write(to: file)
        let data = try #require(try output(of: tool, ["print", file.path]))
        let text = String(decoding: data, as: UTF8.self)
        let functions = text.components(separatedBy: "(func (;").dropFirst()
        #expect(functions.count == opcodes.count)
        for (opcode, function) in zip(opcodes, functions) {
            let lines = function.split(separator: "\n").dropFirst()
            let name = lines.first?.split(whereSeparator: { " )".contains($0) }).first
            #expect(name.map(String.init) == opcode.name)
        }
    }

    @Test func signaturesReadAsExpected() throws {
        let byName = Dictionary(Opcode.all.map { ($0.name, $0) }) { first, _ in first }
        func signature(_ name: String) -> String? { byName[name]?.signature?.description }
        #expect(signature("i32.add") == "[i32 i32] -> [i32]")
        #expect(signature("i64.store32") == "[i64] -> []")
        #expect(signature("f64.promote_f32") == "[f32] -> [f64]")
        #expect(signature("i64.add128") == "[i64 i64 i64 i64] -> [i64 i64]")
        #expect(signature("i64x2.replace_lane") == "[v128 i64] -> [v128]")
        #expect(signature("v128.bitselect") == "[v128 v128 v128] -> [v128]")
        #expect(signature("memory.atomic.wait64") == "[i64 i64] -> [i32]")
        #expect(signature("ref.i31") == "[i32] -> [(ref i31)]")
        #expect(signature("select") == nil)
        #expect(signature("call") == nil)
    }
}
