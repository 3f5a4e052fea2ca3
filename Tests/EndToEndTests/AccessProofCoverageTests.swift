// The proof of accesses finds what compiled code does to be right: no more is reported than is known
// here. A worse result fails; a better one asks for smaller numbers.

import Compiler
import Foundation
import TestSupport
import Testing

/// A program, and how many accesses of it are not proved at the levels where there are any, behind
/// the passes for loops and at the end together, on the target that has more. All of them are in
/// versions of loops, where no rule of the proof shows that the offset in memory is bounded.
struct ProvedProgram: Sendable, CustomTestStringConvertible {
    var source: String
    var unproved: [OptimizationLevel: Int] = [:]

    var testDescription: String { source }

    static let all = [
        ProvedProgram(source: "base64.c", unproved: [.standard: 6, .aggressive: 6]),
        ProvedProgram(source: "searches.c", unproved: [.standard: 18, .aggressive: 18, .size: 8]),
        ProvedProgram(source: "sha256.c", unproved: [.standard: 2, .aggressive: 2]),
        ProvedProgram(source: "sorting.c", unproved: [.standard: 2, .aggressive: 2]),
    ]
}

@Suite struct AccessProofCoverageTests {
    static let levels: [OptimizationLevel] = [.none, .standard, .aggressive, .size]

    @Test(arguments: ProvedProgram.all, Target.allCases)
    func programs(program: ProvedProgram, target: Target) async throws {
        let module = try await Artifacts.shared.module(program.source)
        for level in Self.levels {
            let output = try Project.freshFolder("proof").appending(path: "program.o")
            let result = try Command([
                Project.smelt, "compile", module.path, "-\(level.rawValue)", "-c",
                "--target", target.triple, "--access-proof=report", "-o", output.path,
            ]).run()
            let lines = result.errors.split(separator: "\n").filter { $0.hasPrefix("unproved") }
            #expect(result.errors.contains("end: "), "\(result.errors)")
            #expect((result.status == 0) == lines.isEmpty)
            let known = program.unproved[level] ?? 0
            #expect(lines.count <= known, "\(level): \(lines.joined(separator: "\n"))")
            let reason = "its offset in memory is not bounded"
            #expect(lines.allSatisfy { $0.hasSuffix(reason) }, "\(lines)")
        }
    }

    /// Scripts that use what the accesses are about: tables, several memories, wide addresses,
    /// arguments without registers. Nothing in them is unproved.
    static let scripts = [
        "call_indirect", "table64", "memory_fill64", "memory_copy64", "load64", "elem",
        "return_call_indirect", "simd_load", "memory-multi", "proposals/threads/atomic",
    ]

    @Test(arguments: scripts, Target.allCases)
    func officialSuite(script: String, target: Target) throws {
        if let missing = SpecificationSuite.missing { try Test.cancel("\(missing)") }
        let file = SpecificationSuite.folder.appending(path: "\(script).wast")
        for level in [OptimizationLevel.none, .standard] {
            var command = Command([
                Project.smelt, "wast", file.path, "-\(level.rawValue)", "--target", target.triple,
                "--access-proof=report",
            ])
            let tools = URL(filePath: Project.wasmTools).deletingLastPathComponent().path
            command.environment = ["PATH": "\(tools):/usr/bin:/bin"]
            let result = try command.run()
            let lines = result.text.split(separator: "\n").filter { $0.hasPrefix("unproved") }
            #expect(result.text.contains("end: "), "\(result.text)\(result.errors)")
            #expect(lines.isEmpty, "\(level): \(lines.joined(separator: "\n"))")
        }
    }

    /// What is not proved is checked; the program does the same.
    @Test(arguments: Target.allCases) func whatIsNotProvedIsChecked(target: Target) async throws {
        let module = try await Artifacts.shared.module("searches.c")
        let output = try Project.freshFolder("checked").appending(path: "searches")
        let result = try Command([
            Project.smelt, "compile", module.path, "--target", target.triple,
            "-o", output.path,
        ]).run()
        #expect(result.status == 0, "\(result.errors)")
        let native = try await Artifacts.shared.native("searches.c")
        let expected = try Command([native.path]).run()
        let found = try Command(target.emulator + [output.path]).run()
        #expect(found.output == expected.output)
        #expect(found.status == expected.status)
    }
}
