// Traps say what happened and where, and end the program with status 134. Each module of the
// folder `traps` says in its first comments what is expected of it:
//
//     ;; trap: integer divide by zero
//     ;; access: read of 4 bytes at ...  for accesses of memory that the MMU refuses
//     ;; frame: divide                   innermost first; several lines, one per frame

import Compiler
import Foundation
import Testing

/// A module that traps.
struct TrapExample: Sendable, CustomTestStringConvertible {
    var file: URL
    var reason: String
    var access: String?
    var frames: [String]

    var testDescription: String { file.lastPathComponent }

    init(_ file: URL) throws {
        self.file = file
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        func values(_ key: String) -> [String] {
            lines.filter { $0.hasPrefix(";; \(key): ") }
                .map { String($0.dropFirst(key.count + 5)) }
        }
        reason = values("trap").first ?? ""
        access = values("access").first
        frames = values("frame")
    }

    static let all = examples(in: Project.traps)

    /// Those of which something is lost without `--exact-traps`.
    static let exact = examples(in: Project.exactTraps)

    private static func examples(in folder: URL) -> [TrapExample] {
        let files = try! FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil)
        return files.filter { $0.pathExtension == "wat" }
            .sorted { $0.path < $1.path }.map { try! TrapExample($0) }
    }
}

@Suite struct TrapTests {
    /// Without optimisation every frame is there.
    @Test(arguments: TrapExample.all, Target.allCases)
    func reasonAndBacktrace(example: TrapExample, target: Target) async throws {
        let result = try await run(example, target: target, options: ["-O0"])
        #expect(result.status == 134)
        let access = example.access.map { "  \($0)\n" } ?? ""
        #expect(
            result.errors.hasPrefix("wasm trap: \(example.reason)\n" + access),
            "\(result.errors)")
        let frames = Self.frames(in: result.errors)
        #expect(Array(frames.prefix(example.frames.count)) == example.frames, "\(result.errors)")
    }

    /// With optimisation functions may have been inlined into others; the reason stays.
    @Test(arguments: TrapExample.all, Target.allCases)
    func reasonWithOptimization(example: TrapExample, target: Target) async throws {
        let result = try await run(example, target: target, options: ["-O2"])
        #expect(result.status == 134)
        let access = example.access.map { "  \($0)\n" } ?? ""
        #expect(
            result.errors.hasPrefix("wasm trap: \(example.reason)\n" + access),
            "\(result.errors)")
        #expect(!Self.frames(in: result.errors).isEmpty, "\(result.errors)")
    }

    /// Stripped programs tell the reason and the address, and nothing that needs tables.
    @Test(arguments: TrapExample.all, Target.allCases)
    func reasonWithoutBacktrace(example: TrapExample, target: Target) async throws {
        let result = try await run(example, target: target, options: ["-Os", "--strip"])
        #expect(result.status == 134)
        let lines = result.errors.split(separator: "\n")
        #expect(lines.first == "wasm trap: \(example.reason)")
        #expect(lines.count <= 2 && (example.access == nil || lines.count == 2), "\(result.errors)")
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("  at address 0x") })
    }

    /// With `--exact-traps` no level loses an access, nor lets another trap come before it.
    @Test(arguments: TrapExample.exact, Target.allCases)
    func exactTraps(example: TrapExample, target: Target) async throws {
        for level in OptimizationLevel.allCases {
            let result = try await run(
                example, target: target, options: ["-\(level.rawValue)", "--exact-traps"])
            #expect(result.status == 134)
            let access = example.access.map { "  \($0)\n" } ?? ""
            #expect(
                result.errors.hasPrefix("wasm trap: \(example.reason)\n" + access),
                "\(level): \(result.errors)")
        }
    }

    private func run(
        _ example: TrapExample, target: Target, options: [String]
    ) async throws -> Command.Result {
        let module = try await Artifacts.shared.module(text: example.file)
        let program = try await Artifacts.shared.program(module, for: target, options: options)
        return try Command(target.emulator + [program.path]).run()
    }

    /// The names in lines such as `  0: divide`.
    private static func frames(in text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, Int(parts[0].trimmingPrefix { $0 == " " }) != nil else {
                return nil
            }
            return String(parts[1].dropFirst())
        }
    }
}
