// Debug information may be damaged in any way. Reading it, and compiling with it, always ends, never
// crashes, and never stops a compilation.

import Compiler
import DWARF
import Foundation
import TestSupport
import Testing

@Suite struct DamageTests {
    /// Modules with debug information of both versions, optimised and not.
    static let modules: [[UInt8]] = {
        let source = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "shapes.cpp")
        return ["-gdwarf-4", "-gdwarf-5"].flatMap { version in
            ["-O0", "-O2"].compactMap { level in module(source, [version, level]) }
        }
    }()

    private static func module(_ source: URL, _ options: [String]) -> [UInt8]? {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "smelt-\(UUID().uuidString).wasm")
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/clang++-22")
        process.arguments =
            [
                "--target=wasm32-wasi", "-Wno-deprecated", "-nostdlib", "-fno-exceptions",
                source.path, "-o", file.path,
            ] + options
        guard (try? process.run()) != nil else { return nil }
        process.waitUntilExit()
        return (try? Data(contentsOf: file)).map { [UInt8]($0) }
    }

    /// The places of debug sections in a module.
    private static func debugSections(of module: [UInt8]) -> [String: Range<Int>] {
        func number(_ position: inout Int) -> Int {
            var value = 0
            var shift = 0
            while true {
                let byte = module[position]
                position += 1
                value |= Int(byte & 0x7f) << shift
                shift += 7
                if byte < 0x80 { return value }
            }
        }
        var sections: [String: Range<Int>] = [:]
        var position = 8
        while position < module.count {
            let isCustom = module[position] == 0
            position += 1
            let end = number(&position) + position
            if isCustom {
                let start = number(&position) + position
                let name = String(decoding: module[position..<start], as: UTF8.self)
                if name.hasPrefix(".debug_") { sections[name] = start..<end }
            }
            position = end
        }
        return sections
    }

    private func damaged(_ module: [UInt8], by random: inout some RandomNumberGenerator) -> [UInt8]
    {
        var module = module
        let sections = Self.debugSections(of: module).sorted { $0.key < $1.key }.map(\.value)
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            let section = sections.randomElement(using: &random)!
            guard let position = section.randomElement(using: &random) else { continue }
            switch Int.random(in: 0..<3, using: &random) {
            case 0: module[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: module[position] = [0, 1, 0x7f, 0x80, 0xff].randomElement(using: &random)!
            default:
                for place in position..<min(section.upperBound, position + 8) {
                    module[place] = module[section.randomElement(using: &random)!]
                }
            }
        }
        return module
    }

    /// Asks everything that there is to ask.
    private func readAll(_ module: [UInt8], _ sections: [String: Range<Int>]) {
        let information = DebugInformation(DWARFSections(bytes: module) { sections[$0] })
        var budget = ReadingBudget(for: information)
        for unit in 0..<information.unitCount {
            _ = try? information.lineTable(ofUnit: unit)
            for entry in information.entries(ofUnit: unit) {
                _ = information.qualifiedName(of: entry)
                _ = information.reference(.type, of: entry)
                _ = try? information.ranges(of: entry, budget: &budget)
                for location in (try? information.locations(of: entry, budget: &budget)) ?? [] {
                    _ = information.operations(of: location.expression, unit: unit)
                }
            }
        }
    }

    @Test func readsWhatIsThere() throws {
        try #require(Self.modules.count == 4)
        for module in Self.modules {
            let sections = Self.debugSections(of: module)
            let information = DebugInformation(DWARFSections(bytes: module) { sections[$0] })
            #expect(information.problem == nil)
            let names = (0..<information.unitCount).flatMap { unit in
                information.entries(ofUnit: unit).filter { information.tag($0) == .subprogram }
                    .map { information.qualifiedName(of: $0) }
            }
            #expect(names.contains("work"))
            #expect(names.contains("shapes::Box<int>::get"))
            let files = try (0..<information.unitCount).flatMap { unit in
                try information.lineTable(ofUnit: unit)!.files.values.map(\.path)
            }
            #expect(files.contains { $0.hasSuffix("shapes.cpp") })
        }
    }

    @Test func everyTruncation() throws {
        for module in Self.modules {
            let sections = Self.debugSections(of: module)
            for (name, range) in sections {
                for length in stride(from: 0, to: range.count, by: 7) {
                    var shorter = sections
                    shorter[name] = range.lowerBound..<range.lowerBound + length
                    readAll(module, shorter)
                }
            }
        }
    }

    @Test func flippedBytes() throws {
        var random = SeededGenerator(seed: 1)
        for round in 0..<2000 {
            let module = damaged(Self.modules[round % Self.modules.count], by: &random)
            readAll(module, Self.debugSections(of: module))
        }
    }

    @Test func compilationNeverFails() async throws {
        var random = SeededGenerator(seed: 2)
        var pipeline = Pipeline()
        pipeline.options.debugInformation = true
        pipeline.options.emit = .object
        for round in 0..<120 {
            let module = damaged(Self.modules[round % Self.modules.count], by: &random)
            pipeline.options.optimization = round % 3 == 0 ? .standard : .none
            pipeline.options.target = Target.allCases[round % Target.allCases.count]
            let object = try await pipeline.compile(CompilerInput(name: "damaged", bytes: module))
            #expect(!object.isEmpty)
        }
    }
}

/// The same numbers in every run (SplitMix64).
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
