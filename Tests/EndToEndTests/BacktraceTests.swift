// What a program that traps says about where: with -g the places in the source, also of functions
// that were inlined, and without it the names.

import Compiler
import Foundation
import Testing

@Suite struct BacktraceTests {
    private static let source = Project.root.appending(
        path: "Tests/EndToEndTests/debugging/ledger.c")

    /// The place of a word in the line with a mark, as backtraces show it.
    private static func place(_ mark: String, _ word: String) throws -> String {
        let text = try String(contentsOf: source, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let index = try #require(lines.firstIndex { $0.hasSuffix("// mark: \(mark)") })
        // The call of `share` is in the line behind its mark.
        let line = lines[index].contains(word) ? index : index + 1
        let column = try #require(lines[line].range(of: word)).lowerBound
        let number = lines[line].distance(from: lines[line].startIndex, to: column) + 1
        return "ledger.c:\(line + 1):\(number)"
    }

    /// Runs the program into its division by zero.
    private func run(
        _ target: Target, sourceLevel: String, options: [String],
        environment: [String: String] = [:]
    ) async throws -> Command.Result {
        let module = try await Artifacts.shared.module(Self.source, options: ["-g", sourceLevel])
        let program = try await Artifacts.shared.program(module, for: target, options: options)
        var command = Command(target.emulator + [program.path, ""])
        command.environment = environment
        return try command.run()
    }

    @Test(
        arguments: Target.allCases,
        [["-O0", "-O0"], ["-O0", "-O2"], ["-O2", "-O0"], ["-O2", "-O2"], ["-O2", "--strip"]])
    func placesInTheSource(target: Target, levels: [String]) async throws {
        let result = try await run(target, sourceLevel: levels[0], options: ["-g", levels[1]])
        let expected = [
            "  0: share at \(try Self.place("trap", "/"))",
            "  1: add at \(try Self.place("inner", "share"))",
            "  2: fill at \(try Self.place("middle", "add"))",
            "  3: main at \(try Self.place("outer", "fill"))",
        ]
        let lines = result.errors.split(separator: "\n").map(String.init)
        #expect(lines.first == "wasm trap: integer divide by zero")
        #expect(Array(lines.dropFirst().prefix(4)) == expected, "\(result.errors)")
        #expect(result.status == 134)
    }

    @Test func namesWithoutDebugInformation() async throws {
        let result = try await run(.host, sourceLevel: "-O0", options: ["-O0"])
        #expect(
            result.errors.hasPrefix(
                "wasm trap: integer divide by zero\n  0: share\n  1: add\n  2: fill\n  3: main\n"),
            "\(result.errors)")
    }

    @Test(arguments: [["-O0"], ["-g"]])
    func canBeTurnedOff(options: [String]) async throws {
        let result = try await run(
            .host, sourceLevel: "-O0", options: options, environment: ["SMELT_BACKTRACE": "0"])
        #expect(result.errors == "wasm trap: integer divide by zero\n")
    }

    @Test(arguments: Target.allCases, [["-O0"], ["-O0", "-g"]])
    func stopsAfter32Frames(target: Target, options: [String]) async throws {
        let module = try await Artifacts.shared.module(
            text: Project.traps.appending(path: "endless_recursion.wat"))
        let program = try await Artifacts.shared.program(module, for: target, options: options)
        let result = try Command(target.emulator + [program.path]).run()
        let lines = result.errors.split(separator: "\n")
        #expect(lines.count == 34, "\(result.errors)")
        #expect(lines.last == "  ... and more")
    }
}
