// With -g, debuggers show the source that a module was made from: lines, calls and variables, also
// of functions that were inlined.

import Compiler
import Foundation
import Testing

@Suite struct DebuggerTests {
    private static let source = Project.root.appending(
        path: "Tests/EndToEndTests/debugging/ledger.c")

    /// The number of the line with a mark.
    private static func line(_ mark: String) throws -> Int {
        let text = try String(contentsOf: source, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return try #require(lines.firstIndex { $0.hasSuffix("// mark: \(mark)") }) + 1
    }

    private func program(
        _ target: Target, source options: [String], _ smeltOptions: [String]
    ) async throws -> URL {
        let module = try await Artifacts.shared.module(Self.source, options: ["-g"] + options)
        return try await Artifacts.shared.program(
            module, for: target, options: ["-g"] + smeltOptions)
    }

    @Test(arguments: Target.allCases)
    func stopsAtALineAndShowsVariables(target: Target) async throws {
        try Debugger.require(for: target)
        let debugger = Debugger(
            target: target, program: try await program(target, source: ["-O0"], ["-O0"]))
        let inner = try Self.line("inner")
        let text = try debugger.run([
            "break ledger.c:\(inner)", "continue", "backtrace", "print sum", "print times",
            "print book", "print sizeof(entry)", "up", "print entry", "print second.kind",
            "print second.label", "print/d (int)second.next == (int)&entry - 0x10000000", "up",
            "print times",
        ])
        for expected in [
            "Breakpoint 1, add (entry=0x", "times=3) at ledger.c:\(inner)",
            "in fill (amount=20, times=3) at ledger.c:\(try Self.line("middle"))",
            "in main (argc=1, argv=0x", ") at ledger.c:\(try Self.line("outer"))",
            "$1 = 60\n", "$2 = 3\n", "$3 = {flags = 5, count = 0, total = 160}\n", "$4 = 4\n",
            #"$5 = {amount = 20, kind = WITHDRAWAL, rate = 0.25, label = "first\000\000", next = 0x0}"#,
            "$6 = DEPOSIT\n", #"$7 = "second\000""#, "$8 = 1\n", "$9 = 3\n",
        ] {
            #expect(text.contains(expected), "\(expected) is not in:\n\(text)")
        }
    }

    /// Pointers are offsets in the module's memory; the installed script follows them.
    @Test(arguments: Target.allCases)
    func followsPointers(target: Target) async throws {
        try Debugger.require(for: target)
        let debugger = Debugger(
            target: target, program: try await program(target, source: ["-O0"], ["-O0"]))
        let text = try debugger.run([
            "source \(Project.stage.path)/lib/smelt/smelt.py",
            "break ledger.c:\(try Self.line("inner"))", "continue", "print $at(entry)->amount",
            "up", "print *$at(second.next)",
        ])
        #expect(text.contains("$1 = 20\n"), "\(text)")
        #expect(text.contains("$2 = {amount = 20, kind = WITHDRAWAL, rate = 0.25"), "\(text)")
    }

    /// A breakpoint on a function is behind its prologue, so that the arguments can be shown.
    @Test(arguments: Target.allCases)
    func stopsInAFunction(target: Target) async throws {
        try Debugger.require(for: target)
        let debugger = Debugger(
            target: target, program: try await program(target, source: ["-O0"], ["-O0"]))
        let text = try debugger.run(["break fill", "continue", "next", "next", "info args"])
        #expect(text.contains("Breakpoint 1, fill (amount=20, times=3) at ledger.c:"), "\(text)")
        #expect(text.contains("amount = 20\ntimes = 3\n"), "\(text)")
    }

    /// The optimiser inlines everything into one function; the calls are shown all the same.
    @Test(arguments: Target.allCases, ["-O0", "-O2"])
    func findsTheLineOfATrap(target: Target, sourceLevel: String) async throws {
        try Debugger.require(for: target)
        let program = try await program(target, source: [sourceLevel], ["-O2"])
        var debugger = Debugger(target: target, program: program)
        debugger.arguments = [""]  // an empty word: a division by its length
        let text = try debugger.run(["continue", "backtrace"])
        let frames = text.split(separator: "\n").filter { $0.hasPrefix("#") }.prefix(4)
        let expected = [
            ("share", try Self.line("trap")), ("add", try Self.line("inner") + 1),
            ("fill", try Self.line("middle")), ("main", try Self.line("outer")),
        ]
        try #require(frames.count == expected.count, "\(text)")
        for (frame, (name, line)) in zip(frames, expected) {
            #expect(frame.contains("\(name) ("), "\(text)")
            #expect(frame.hasSuffix("ledger.c:\(line)"), "\(text)")
        }
    }

    /// Other tools agree, and find nothing to complain about.
    @Test(arguments: Target.allCases, ["-O0", "-O2"])
    func debugInformationIsValid(target: Target, level: String) async throws {
        let program = try await program(target, source: ["-O2"], [level])
        let verdict = try Command.tool(["llvm-dwarfdump-22", "--verify", program.path]).text
        #expect(verdict.hasSuffix("No errors.\n"), "\(verdict)")
    }

    @Test func strippingRemovesIt() async throws {
        let program = try await program(.host, source: ["-O0"], ["--strip"])
        let sections = try Command.tool(["llvm-readelf-22", "-SW", program.path]).text
        #expect(!sections.contains(".debug_"))
    }

    @Test func threadsDoNotShowInTheOutput() async throws {
        let one = try await program(.host, source: ["-O2"], ["-j1"])
        let two = try await program(.host, source: ["-O2"], ["-j2"])
        #expect(try Data(contentsOf: one) == Data(contentsOf: two))
    }

    @Test func modulesWithoutDebugInformationAreCompiled() async throws {
        let module = try await Artifacts.shared.module(
            Self.source, options: ["-O2", "-Wl,--strip-debug"])
        let output = try Project.freshFolder("no-debug").appending(path: "app")
        let result = try Command.tool([
            Project.smelt, "compile", "-g", module.path, "-o", output.path,
        ])
        #expect(result.errors.contains("has no debug information"))
        #expect(try Command([output.path]).run().text == "22 160\n")
    }
}
