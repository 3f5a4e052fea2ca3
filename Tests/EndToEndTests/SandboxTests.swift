// Modules at the edges of the sandbox. Each file of the folder `sandbox` says in its first comments what
// is expected of it, on both targets and at every level:
//
//     ;; error: memory 1 begins with     the compiler refuses it, with this in its message
//     ;; trap: out of bounds memory access
//     ;; status: 3                       it runs and ends with this status

import Compiler
import Foundation
import Testing

/// A module that must not get out.
struct SandboxExample: Sendable, CustomTestStringConvertible {
    enum Expectation: Sendable {
        case error(String)
        case trap(String)
        case status(Int32)
    }

    var file: URL
    var expectation: Expectation

    var testDescription: String { file.lastPathComponent }

    init(_ file: URL) throws {
        self.file = file
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        func value(_ key: String) -> String? {
            let prefix = ";; \(key): "
            return lines.first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        }
        if let message = value("error") {
            expectation = .error(message)
        } else if let reason = value("trap") {
            expectation = .trap(reason)
        } else {
            expectation = .status(Int32(value("status")!)!)
        }
    }

    static let all: [SandboxExample] = {
        let files = try! FileManager.default.contentsOfDirectory(
            at: Project.sandbox, includingPropertiesForKeys: nil)
        return files.filter { $0.pathExtension == "wat" }
            .sorted { $0.path < $1.path }.map { try! SandboxExample($0) }
    }()
}

@Suite struct SandboxTests {
    static let levels = ["-O0", "-O1", "-O2", "-O3", "-Os"]

    @Test(arguments: SandboxExample.all, Target.allCases)
    func stays(example: SandboxExample, on target: Target) async throws {
        let module = try await Artifacts.shared.module(text: example.file)
        for level in Self.levels {
            let comment = Comment(rawValue: "\(target.triple) \(level)")
            if case .error(let message) = example.expectation {
                let result = try compile(module, level, for: target)
                #expect(result.status == 1, comment)
                #expect(result.errors.contains(message), "\(comment): \(result.errors)")
                #expect(result.errors.contains("implementation limit exceeded at 0x"), comment)
                continue
            }
            let program = try await Artifacts.shared.program(module, for: target, options: [level])
            let result = try Command(target.emulator + [program.path, "argument"]).run()
            switch example.expectation {
            case .trap(let reason):
                #expect(result.status == 134, "\(comment): \(result.errors)")
                #expect(result.errors.hasPrefix("wasm trap: \(reason)\n"), comment)
            case .status(let status):
                #expect(result.status == status, "\(comment): \(result.errors)")
            case .error: break
            }
        }
    }

    private func compile(
        _ module: URL, _ level: String, for target: Target
    ) throws -> Command.Result {
        try Command([
            Project.smelt, "compile", module.path, "-o", "program", level, "--target",
            target.triple,
        ]).run()
    }

    /// The first unit of the program is one function that is too large to be optimised, and the others are
    /// optimised for size, for which they take memory 0's address from a segment register.
    @Test func oversizedFirstFunction() async throws {
        let folder = try Project.freshFolder("oversized")
        let text = folder.appending(path: "oversized.wat")
        try Self.oversizedModule.write(to: text, atomically: true, encoding: .utf8)
        let module = try await Artifacts.shared.module(text: text)
        // Code for AArch64 has no such register.
        let target = Target.x86_64LinuxMusl
        for level in ["-O2", "-Os"] {
            let program = try await Artifacts.shared.program(module, for: target, options: [level])
            let result = try Command(target.emulator + [program.path]).run()
            #expect(result.status == 3, "\(level): \(result.errors)")
        }
    }

    /// Reads through a function where an executable begins, which is not what the memory has there.
    private static let oversizedModule: String = {
        let steps = (0..<22_000).map { step in
            "(local.set 1 (i32.add (local.get 1) (i32.xor (local.get 0)"
                + " (i32.const \(step * 7919 + 1_000_003)))))"
        }
        return """
            (module
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (memory (export "memory") 65)
              (func $large (export "large") (param i32) (result i32) (local i32)
                \(steps.joined(separator: "\n    "))
                (local.get 1))
              (func $peek (export "peek") (param i32) (result i32) (i32.load (local.get 0)))
              (func $poke (export "poke") (param i32 i32)
                (i32.store (local.get 0) (local.get 1)))
              (func (export "_start")
                (call $poke (i32.const 0x400004) (i32.const 77))
                (if (call $peek (i32.const 0x400000)) (then (unreachable)))
                (if (i32.ne (call $peek (i32.const 0x400004)) (i32.const 77))
                  (then (unreachable)))
                (call $exit (i32.const 3))))
            """
    }()
}
