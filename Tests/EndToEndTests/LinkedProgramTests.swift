// Programs of several modules and instances, and functions that the command line calls: what one module
// exports another one uses, in one executable.

import Compiler
import Foundation
import Testing

@Suite struct LinkedProgramTests {
    private static let folder = Project.root.appending(path: "Tests/EndToEndTests/linking")
    private static let levels = ["-O0", "-O1", "-O2", "-O3", "-Os"]

    private func module(_ name: String) async throws -> URL {
        try await Artifacts.shared.module(text: Self.folder.appending(path: name))
    }

    private func compile(
        _ module: URL, _ options: [String], for target: Target = .host
    ) throws -> URL {
        let folder = try Project.freshFolder("linked")
        let program = folder.appending(path: "program")
        let flags = ["compile", module.path, "-o", program.path, "--target", target.triple]
        try Command.tool([Project.smelt] + flags + options)
        return program
    }

    private func run(
        _ program: URL, _ arguments: [String] = [], for target: Target = .host
    ) throws -> Command.Result {
        try Command(target.emulator + [program.path] + arguments).run()
    }

    /// Memory, table, globals, tag and functions of one module in another one, which has a memory of its
    /// own. Every access stays in its memory, as far as the proof can tell.
    @Test(arguments: Target.allCases, levels)
    func twoModulesShareWhatOneExports(target: Target, level: String) async throws {
        let calls = [
            "sum", "peek", "indirect", "indirect", "indirect", "count", "say", "grow", "throw",
            "out",
        ]
        let program = try compile(
            try await module("main.wat"),
            [
                level, "--access-proof", "report", "--import",
                "library=\(try await module("library.wat").path)",
            ] + calls.flatMap { ["--invoke", $0] }, for: target)
        let result = try run(program, ["3", "4", "0", "2", "3"], for: target)
        let lines = [
            "7", "1145258561", "1145258561", "560887663", "10", "4", "10", "8", "library", "2", "5",
            "99", "",
        ]
        #expect(result.text == lines.joined(separator: "\n"))
        #expect(result.status == 134)
        #expect(result.errors.contains("read of 4 bytes at address 0x61a80 of memory 0"))
    }

    /// What is called across modules becomes a part of the caller.
    @Test func callsAcrossModulesAreInlined() async throws {
        let module = try await module("main.wat")
        let library = try await self.module("library.wat")
        let ir = try Command.tool([
            Project.smelt, "compile", module.path, "-o", "-", "--emit", "llvm-ir", "--invoke",
            "sum", "--import", "library=\(library.path)",
        ])
        let sum = try #require(ir.text.firstRange(of: "@wasm.f4("))
        let body = ir.text[sum.lowerBound...].prefix { $0 != "}" }
        #expect(body.contains("i1.smelt_global_0"))
        #expect(!body.contains("call"))
    }

    /// Two instances of one module have state of their own, and start functions come in the order of
    /// imports.
    @Test(arguments: Target.allCases)
    func instancesOfOneModuleAreApart(target: Target) async throws {
        let counter = try await module("counter.wat").path
        let program = try compile(
            try await module("two_counters.wat"),
            ["--import", "one=\(counter)", "--import", "two=\(counter)", "--invoke", "run"],
            for: target)
        let result = try run(program, for: target)
        #expect(result.text == "103\n201\n17\n34\n", "\(result.errors)")
    }

    /// Only one memory is where code knows it; the bounds of all others hold as well.
    @Test(arguments: Target.allCases, levels)
    func everyMemoryKeepsItsBounds(target: Target, level: String) async throws {
        let counter = try await module("counter.wat").path
        let program = try compile(
            try await module("two_counters.wat"),
            [
                level, "--access-proof", "report", "--import", "one=\(counter)", "--import",
                "two=\(counter)", "--invoke", "outside",
            ], for: target)
        for (index, status) in [(0, 0), (1, 0), (2, 134), (3, 134), (4, 134)] {
            let result = try run(program, ["\(index)"], for: target)
            #expect(result.status == Int32(status), "\(index): \(result.errors)")
        }
    }

    /// Instantiation in the order of the specification: what an instance copies into another one's memory
    /// is not there before, and not over what the other one's start function writes.
    @Test(arguments: Target.allCases)
    func segmentsComeBehindStartFunctions(target: Target) async throws {
        let program = try compile(
            try await module("late_main.wat"),
            ["--import", "early=\(try await module("early.wat").path)", "--invoke", "result"],
            for: target)
        #expect(try run(program, for: target).text == "0\n66\n7\n1\n")
    }

    /// Objects go from one module to the other; both know their types, and the collector finds what refers
    /// to them.
    @Test(arguments: Target.allCases, ["-O0", "-O2"])
    func modulesShareObjects(target: Target, level: String) async throws {
        let program = try compile(
            try await module("lists_main.wat"),
            [
                level, "--access-proof", "report", "--invoke", "sum", "--invoke", "casts",
                "--import", "lists=\(try await module("lists.wat").path)",
            ], for: target)
        let result = try run(program, ["1000"], for: target)
        #expect(result.text == "501500\n1\n0\n1\n1\n", "\(result.errors)")
    }

    /// A program of modules that is divided into many units.
    @Test(arguments: ["-O0", "-O2"])
    func manyUnitsShareInstances(level: String) async throws {
        let folder = try Project.freshFolder("large")
        let file = folder.appending(path: "large.wat")
        var text = "(module (import \"counter\" \"next\" (func $next (result i32)))\n"
        for index in 0..<3000 {
            let work = String(
                repeating: "(i32.xor (i32.const 5)) (i32.rotl (i32.const 3)) ", count: 60)
            text += "(func $f\(index) (param i32) (result i32) (local.get 0) \(work))\n"
        }
        text += "(func (export \"all\") (result i32) (call $next) drop (call $next)\n"
        for index in stride(from: 0, to: 3000, by: 500) { text += "(call $f\(index)) " }
        try (text + "))").write(to: file, atomically: true, encoding: .utf8)
        let counter = try await module("counter.wat").path
        let options = ["--import", "counter=\(counter)", "--invoke", "all", level]
        let module = try await Artifacts.shared.module(text: file)
        let large = try run(try compile(module, options))
        var value: UInt32 = 102
        for _ in 0..<6 * 60 {
            value ^= 5
            value = value << 3 | value >> 29
        }
        #expect(large.text == "\(Int32(bitPattern: value))\n", "\(large.errors)")
    }

    /// A module between a program and the runtime: it provides a function of WASI and calls the runtime's.
    @Test(arguments: Target.allCases)
    func aModuleStandsBetweenProgramAndRuntime(target: Target) async throws {
        let program = try compile(
            try await module("writer.wat"),
            ["--import", "wasi_snapshot_preview1=\(try await module("shim.wat").path)"],
            for: target)
        #expect(try run(program, for: target).text == "shim\n")
    }

    /// An object of a module that no runtime of ours is the host of.
    @Test(arguments: levels)
    func objectsTakeImportsAsSymbols(level: String) async throws {
        let folder = try Project.freshFolder("object")
        let object = folder.appending(path: "module.o").path
        let module = try await module("object.wat")
        try Command.tool([
            Project.smelt, "compile", module.path, "-o", object, "--emit", "obj", level,
        ])
        let runtime = Project.stage.appending(path: "lib/smelt/\(Target.host.triple)/libsmelt.a")
        let host = folder.appending(path: "host")
        try Command.tool([
            "clang-22", "-no-pie", "-O1", "-I\(Project.root.path)/runtime-c/include",
            Self.folder.appending(path: "object_host.c").path, object, runtime.path, "-o",
            host.path,
        ])
        let result = try Command([host.path]).run()
        #expect(result.text == "o w 0 1\nlog 104 1\n210 4080 105\n3.5 7\n", "\(result.errors)")
    }
}
