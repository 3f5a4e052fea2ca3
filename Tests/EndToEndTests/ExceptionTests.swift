// Throws in code that LLVM makes of invoke and landingpad, linked as programs with exceptions are:
// every kind of frame that an exception goes through or lands in, and what happens to those that
// nobody catches. The folder `exceptions` has the code, and a program around it in place of a module.

import Compiler
import Foundation
import Linking
import SystemPackage
import Testing

@Suite struct ExceptionTests {
    static let levels = ["-O0", "-O2"]

    @Test(arguments: Target.allCases, levels)
    func landInTheRightFrame(target: Target, level: String) async throws {
        let result = try await run(["catches"], target: target, level: level)
        #expect(result.text == "done\n", "\(result.errors)")
        #expect(result.status == 0)
    }

    /// Unwind tables are no part of what --strip takes away.
    @Test(arguments: Target.allCases)
    func landWithoutSymbols(target: Target) async throws {
        let result = try await run(["catches"], target: target, level: "-O2", isStripped: true)
        #expect(result.text == "done\n", "\(result.errors)")
        let uncaught = try await run(["uncaught"], target: target, level: "-O2", isStripped: true)
        #expect(
            uncaught.errors == "wasm trap: uncaught exception\n  of the tag the tag\\u{1b}\n")
        #expect(uncaught.status == 134)
    }

    @Test(arguments: Target.allCases, levels)
    func endProgramsLikeTraps(target: Target, level: String) async throws {
        let result = try await run(["uncaught"], target: target, level: level)
        let lines = result.errors.split(separator: "\n")
        #expect(lines.prefix(2) == ["wasm trap: uncaught exception", "  of the tag the tag\\u{1b}"])
        // The thrower, four frames of the recursion, the test and whoever started it.
        #expect(lines.count == 2 + 7, "\(result.errors)")
        #expect(lines.dropFirst(2).allSatisfy { $0.contains(": 0x") })
        #expect(result.text == "")
        #expect(result.status == 134)
    }

    @Test(arguments: Target.allCases, levels)
    func trapsAreNotCaught(target: Target, level: String) async throws {
        let trap = try await run(["trap"], target: target, level: level)
        #expect(trap.errors.hasPrefix("wasm trap: unreachable\n"))
        #expect(trap.status == 134)
        let exhaustion = try await run(["exhaustion"], target: target, level: level)
        #expect(exhaustion.errors.hasPrefix("wasm trap: call stack exhausted\n"))
        #expect(exhaustion.status == 134)
    }

    /// Far more exceptions than there is memory for, while others are in use.
    @Test(arguments: Target.allCases, levels)
    func memoryIsUsedAgain(target: Target, level: String) async throws {
        let result = try await run(["memory", "3000000"], target: target, level: level)
        #expect(result.text == "done\n", "\(result.errors)")
        let limited = try await run(
            ["throws", "3", "3000000"], target: target, level: level, addressSpace: 1 << 17)
        #expect(limited.text == "done\n", "\(limited.errors)")
    }

    @Test(arguments: Target.allCases)
    func memoryHasAnEnd(target: Target) async throws {
        let result = try await run(["full"], target: target, level: "-O2")
        #expect(result.errors.hasPrefix("wasm trap: out of memory\n"), "\(result.errors)")
        #expect(result.status == 134)
    }

    /// With an unwind table of no function at all the linker makes no sorted one, and the program still
    /// links.
    @Test(arguments: Target.allCases)
    func tablesMayBeEmpty(target: Target) async throws {
        let folder = try Project.freshFolder("no tables")
        let source = folder.appending(path: "main.s")
        try Data(".globl _start\n.section .text._start,\"ax\"\n_start:\nnop\n".utf8).write(to: source)
        try Command.tool(
            ["clang-22", "--target=\(target.triple)", "-c", source.path, "-o", "main.o"],
            folder: folder)
        let plan = LinkPlan(
            architecture: Self.architecture(target), inputs: ["main.o"], output: "app", memory: nil)
        try await Self.link(plan, in: folder, hasBacktraces: false)
        #expect(FileManager.default.fileExists(atPath: folder.appending(path: "app").path))
    }

    // What the tests share -------------------------------------------------------------------------

    private static func architecture(_ target: Target) -> Architecture {
        target == .x86_64LinuxMusl ? .x86_64 : .aarch64
    }

    private static func link(
        _ plan: LinkPlan, in folder: URL, hasBacktraces: Bool
    ) async throws {
        var plan = plan
        plan.hasExceptions = true
        plan.hasBacktraces = hasBacktraces
        plan.stripsSymbols = !hasBacktraces
        plan.stackSize = 8 << 20
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let linker = try await LinkerLookup(
            folders: path.split(separator: ":").map { FilePath(String($0)) }
        ).find()
        try await Linker(path: linker).link(
            plan, scriptPath: "app.ld", in: FilePath(folder.path))
    }

    /// The program, made once of each kind.
    private func program(target: Target, level: String, isStripped: Bool) async throws -> URL {
        let name = "exceptions \(target.triple) \(level)\(isStripped ? " stripped" : "")"
        return try await Artifacts.shared.file(name) { app in
            let folder = try Project.freshFolder("exceptions")
            let sources = Project.root.appending(path: "Tests/EndToEndTests/exceptions")
            let runtime = Project.root.appending(path: "runtime-c")
            let clang = ["clang-22", "--target=\(target.triple)", "-fno-pie", "-ffunction-sections"]
            // The instruction selector is the one that the compiler has, too: see TargetMachine.
            try Command.tool(
                clang + [
                    level, "-mllvm", "-global-isel=0", "-Wno-override-module", "-x", "ir", "-c",
                    sources.appending(path: "guest.ll").path, "-o", "guest.o",
                ], folder: folder)
            let resources = try Command.tool(["clang-22", "-print-resource-dir"]).text
                .trimmingCharacters(in: .newlines)
            try Command.tool(
                clang + [
                    "-std=c11", "-D_GNU_SOURCE", "-O1", "-Wall", "-Werror", "-fno-stack-protector",
                    "-nostdinc", "-isystem", "/usr/include/\(target.triple)",
                    "-isystem", "\(resources)/include", "-DFLAGS=1",
                    "-I\(runtime.appending(path: "include").path)",
                    "-I\(runtime.appending(path: "src").path)", "-c",
                    sources.appending(path: "main.c").path, "-o", "main.o",
                ], folder: folder)
            let plan = LinkPlan.program(
                architecture: Self.architecture(target), objects: ["guest.o", "main.o"],
                runtimeFolder: FilePath(
                    Project.stage.appending(path: "lib/smelt/\(target.triple)").path),
                output: "app", memory: nil)
            try await Self.link(plan, in: folder, hasBacktraces: !isStripped)
            try FileManager.default.moveItem(at: folder.appending(path: "app"), to: app)
        }
    }

    /// - Parameter addressSpace: how much the program may have, in KiB.
    private func run(
        _ arguments: [String], target: Target, level: String, isStripped: Bool = false,
        addressSpace: Int? = nil
    ) async throws -> Command.Result {
        let program = try await program(target: target, level: level, isStripped: isStripped)
        var words = target.emulator + [program.path] + arguments
        // Emulators need more themselves.
        if let addressSpace, target == .host {
            words = ["/usr/bin/prlimit", "--as=\(addressSpace << 10)"] + words
        }
        return try Command(words).run()
    }
}
