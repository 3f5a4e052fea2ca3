import TestSupport
import Testing
import WasmBinary
import WasmTypes

/// Any bytes give a module or an error: nothing here may trap, hang or eat memory.
@Suite struct RobustnessTests {
    /// A module with something in every section.
    static let everything: [UInt8] = {
        var builder = BinaryBuilder()
        builder.section(
            1, [[0x60, 0, 0], [0x4E, 2, 0x50, 0, 0x5F, 1, 0x78, 1, 0x5E, 0x64, 1, 0]])
        let name = BinaryBuilder.name
        builder.section(
            2,
            [
                name("a") + name("f") + [0, 0],
                name("a") + name("t") + [1, 0x70, 1, 1, 2],
                name("a") + name("m") + [2, 0x03, 1, 2],
                name("a") + name("g") + [3, 0x7E, 1],
                name("a") + name("e") + [4, 0, 0],
            ])
        builder.section(3, [[0], [0]])
        builder.section(4, [[0x6F, 0, 1], [0x40, 0, 0x70, 0, 1, 0xD0, 0x70, 0x0B]])
        builder.section(5, [[0x0D, 1, 2, 0]])
        builder.section(13, [[0, 0]])
        builder.section(6, [[0x7F, 0, 0x41, 0xC0, 0, 0x0B]])
        builder.section(7, [name("x") + [0, 1], name("y") + [4, 0]])
        builder.section(8, [0])
        builder.section(
            9,
            [
                [0, 0x41, 0, 0x0B, 2, 0, 1], [1, 0, 1, 0],
                [6, 0, 0x41, 0, 0x0B, 0x70, 1, 0xD2, 0, 0x0B],
                [7, 0x70, 1, 0xD0, 0x70, 0x0B],
            ])
        builder.section(12, [2])
        let bodies: [[UInt8]] = [
            [2, 2, 0x7F, 1, 0x7B, 0x02, 0x40, 0x41, 0, 0x0E, 1, 0, 1, 0x0B, 0x0B],
            [
                0, 0x1F, 0x40, 2, 0, 0, 0, 3, 0, 0x0B, 0x41, 0, 0x28, 0x42, 1, 0x80, 1, 0x1A, 0xFD,
                0x0C, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0x1A, 0xFB, 0x18, 1, 0,
                0x6E, 0x6B, 0xFC, 8, 0, 0, 0xFE, 3, 0, 0x0B,
            ],
        ]
        builder.section(10, bodies.map { BinaryBuilder.number(UInt64($0.count)) + $0 })
        builder.section(11, [[0, 0x41, 0, 0x0B, 2, 0x68, 0x69], [1, 3, 1, 2, 3]])
        builder.custom("name", [0, 2, 1, 0x6D, 1, 5, 1, 1, 2, 0x66, 0x66])
        builder.custom("other", [1, 2, 3])
        return builder.bytes
    }()

    /// That module, and the first sizeable ones of some official scripts.
    private func modules() throws -> [[UInt8]] {
        var modules = [Self.everything]
        // Tests of the suite itself are skipped then, and say why.
        guard SpecificationSuite.missing == nil else { return modules }
        for script in ["func", "br_table", "try_table", "struct", "array_init_elem", "simd_lane"] {
            guard SpecificationSuite.scripts.contains(script) else { continue }
            let valid = try SpecificationSuite.modules(of: script).filter(\.isValid)
            if let largest = valid.max(by: { $0.bytes.count < $1.bytes.count }) {
                modules.append(Array(largest.bytes))
            }
        }
        return modules
    }

    @Test func theModuleItselfIsAccepted() {
        #expect(complaint(Self.everything) == nil)
    }

    @Test func truncation() throws {
        for module in try modules() {
            #expect(complaint(module) == nil)
            for length in 0..<module.count {
                let error = complaint(Array(module.prefix(length)))
                if let error { #expect(error.kind == .malformed && error.offset <= length) }
                // Between two sections a shorter module may be whole.
                if error == nil { #expect(length >= 8) }
            }
        }
    }

    @Test func flippedBytes() throws {
        for module in try modules() {
            var copy = module
            for index in module.indices {
                for value: UInt8 in [0x01, 0x02, 0x08, 0x40, 0x7F, 0x80, 0xFF] {
                    copy[index] = module[index] ^ value
                    if let error = complaint(copy) {
                        #expect(error.offset >= 0 && error.offset <= module.count)
                    }
                }
                copy[index] = module[index]
            }
        }
    }

    @Test func insertedLargeNumbers() throws {
        let large: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0x0F]
        for index in 8..<Self.everything.count {
            var copy = Self.everything
            copy.replaceSubrange(index...index, with: large)
            _ = complaint(copy)
        }
    }

    @Test func noise() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let count = Int.random(in: 0..<200, using: &generator)
            let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            _ = complaint([0x00, 0x61, 0x73, 0x6D, 1, 0, 0, 0] + noise)
            _ = complaint(BinaryBuilder.module((1, [1, 0x60, 0, 0]), (3, [1, 0]), (10, noise)))
            var reader = InstructionReader(bytes: noise, range: 0..<noise.count)
            while (try? reader.next()) != nil {}
        }
    }

    @Test func deepNestingIsALimit() {
        var builder = BinaryBuilder()
        builder.functions([Array(repeating: [0x02, 0x40], count: 60_000).flatMap { $0 }])
        #expect(complaint(builder.bytes)?.kind == .limitExceeded)
        // In a constant expression as well.
        let nested = Array(repeating: [0x02, 0x40] as [UInt8], count: 60_000).flatMap { $0 }
        let global: [UInt8] = [1, 0x7F, 0] + nested
        #expect(complaint(BinaryBuilder.module((6, global)))?.kind == .limitExceeded)
    }

    /// Counts that the file cannot hold are refused before anything is made room for.
    @Test func largeCountsOfNothing() {
        let large: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0x0F]
        for id: UInt8 in [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 13] {
            let error = complaint(BinaryBuilder.module((id, large)))
            #expect(error?.kind == .malformed, "section \(id)")
        }
        for type: [UInt8] in [[0x60], [0x60, 0], [0x5F], [0x4E], [0x50]] {
            #expect(complaint(BinaryBuilder.module((1, [1] + type + large)))?.kind == .malformed)
        }
    }

    @Test func iteratorsOfForeignBytesEnd() {
        let table = BranchTable(count: .max, labelsOffset: .max)
        #expect(Array(InstructionReader.labels(of: table, in: [1, 2])).isEmpty)
        let clauses = CatchClauses(count: .max, clausesOffset: -5)
        #expect(Array(InstructionReader.clauses(of: clauses, in: [9])).isEmpty)
    }
}
