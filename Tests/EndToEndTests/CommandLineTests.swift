// The command line: what it writes and where, what it says when something is wrong, and how it
// ends.

import Compiler
import Foundation
import Testing

@Suite struct CommandLineTests {
    // Output ----------------------------------------------------------------------------------

    @Test func outputGetsTheInputsName() async throws {
        let folder = try await folderWithHello()
        let result = try smelt(["hello.wasm"], in: folder)
        #expect(result == Command.Result(output: Data(), errors: "", status: 0))
        #expect(try names(in: folder) == ["hello", "hello.wasm"])
        let program = folder.appending(path: "hello").path
        #expect(try Command([program]).run().text == "Hello, world! 42\n")
    }

    @Test func standardInputIsAModuleToo() async throws {
        let folder = try await folderWithHello()
        let bytes = try Data(contentsOf: folder.appending(path: "hello.wasm"))
        #expect(try smelt(["compile", "-", "-o", "piped"], input: bytes, in: folder).status == 0)
        #expect(try Command([folder.appending(path: "piped").path]).run().status == 0)
    }

    @Test(arguments: [("obj", "o"), ("asm", "s"), ("llvm-ir", "ll"), ("llvm-bc", "bc")])
    func otherKindsOfOutput(kind: String, suffix: String) async throws {
        let folder = try await folderWithHello()
        for target in Target.allCases {
            let words = ["hello.wasm", "--emit", kind, "--target", target.triple]
            #expect(try smelt(words, in: folder).status == 0)
            let file = try Data(contentsOf: folder.appending(path: "hello.\(suffix)"))
            let streamed = try smelt(words + ["-o", "-"], in: folder)
            #expect(streamed.output == file)
        }
    }

    /// Three partitions, one of them a function that is too large to be optimised.
    @Test func outputDoesNotDependOnThreadsOrFolders() async throws {
        let text = """
            (module
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (func $twice (param i32) (result i32) \(nops(200 << 10))
                (i32.mul (local.get 0) (i32.const 2)))
              (func $big (param i32) (result i32) \(nops(300 << 10))
                (i32.add (call $twice (local.get 0)) (i32.const 1)))
              (func (export "_start") \(nops(200 << 10))
                (call $exit (call $big (i32.const 20)))))
            """
        let folder = try Project.freshFolder("parts")
        let other = try Project.freshFolder("other")
        let file = folder.appending(path: "parts.wasm")
        try Data(text.utf8).write(to: folder.appending(path: "parts.wat"))
        try Command.tool(
            [Project.wasmTools, "parse", "parts.wat", "-o", "parts.wasm"], folder: folder)
        let one = try smelt([file.path, "-j1", "-o", "one", "--time-report"], in: folder)
        #expect(one.status == 0)
        let parts = ["validation", "lowering", "optimization", "machine code", "linking"]
        for part in parts { #expect(one.errors.contains(" \(part)"), "\(one.errors)") }
        #expect(one.errors.contains("note: big has 30"), "\(one.errors)")
        #expect(try smelt([file.path, "-j", "2", "-o", "two"], in: other).status == 0)
        let program = folder.appending(path: "one")
        #expect(
            try Data(contentsOf: program) == Data(contentsOf: other.appending(path: "two")))
        #expect(try Command([program.path]).run().status == 41)
    }

    private func nops(_ count: Int) -> String { String(repeating: "nop ", count: count) }

    @Test func aFailedCompileTouchesNothing() throws {
        let folder = try Project.freshFolder("failed")
        try Data("(module)".utf8).write(to: folder.appending(path: "a.wasm"))
        try Data("old".utf8).write(to: folder.appending(path: "a"))
        #expect(try smelt(["a.wasm"], in: folder).status == 1)
        #expect(try names(in: folder) == ["a", "a.wasm"])
        #expect(try Data(contentsOf: folder.appending(path: "a")) == Data("old".utf8))
    }

    @Test func aFolderIsNoOutput() async throws {
        let folder = try await folderWithHello()
        let result = try smelt(["hello.wasm", "-o", "."], in: folder)
        #expect(result.status == 1)
        #expect(result.errors.contains("is a directory"))
    }

    @Test func devicesAreWrittenToAndNotReplaced() async throws {
        let folder = try await folderWithHello()
        #expect(try smelt(["hello.wasm", "-o", "/dev/null"], in: folder).status == 0)
        let attributes = try FileManager.default.attributesOfItem(atPath: "/dev/null")
        #expect(attributes[.type] as? FileAttributeType == .typeCharacterSpecial)
    }

    @Test func theInstalledTreeCanBeMoved() async throws {
        let folder = try await folderWithHello()
        let tree = folder.appending(path: "moved")
        try Command.tool(["cp", "-R", Project.stage.path, tree.path])
        var command = Command([tree.appending(path: "bin/smelt").path, "hello.wasm"])
        command.folder = folder
        command.environment = ["PATH": "/usr/bin"]
        #expect(try command.run().status == 0)
    }

    // What goes wrong --------------------------------------------------------------------------

    @Test(arguments: [
        (["a.wasm", "--nonsense"], "unknown option"), (["a.wasm", "--target", "z80"], "z80"),
        (["a.wasm", "--emit", "pdf"], "pdf"), (["a.wasm", "--env", "NAME"], "--inherit-env=NAME"),
        (["a.wasm", "--dir", "::x"], "no directory"), (["a.wasm", "-j", "0"], "-j"),
        ([], "in.wasm"),
    ])
    func wrongUsage(words: [String], part: String) throws {
        let result = try smelt(words, in: try Project.freshFolder("usage"))
        #expect(result.status == 2)
        #expect(result.errors.contains(part), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test(arguments: Target.allCases)
    func unknownProcessors(target: Target) async throws {
        let folder = try await folderWithHello()
        for (name, part) in [
            ("cortex-a53x", "did you mean cortex-a53?"), ("?", "smelt help targets"),
        ]
        where target == .aarch64LinuxMusl || name == "?" {
            let words = ["hello.wasm", "--cpu", name, "--target", target.triple]
            let result = try smelt(words, in: folder)
            #expect(result.status == 2)
            #expect(result.errors.contains(part), "\(result.errors)")
        }
    }

    @Test(arguments: [
        ("(module)", "text format"), ("  ;; hello\n(module)", "wasm-tools"),
        ("\0asm\u{d}\0\u{1}\0", "component"), ("GIF89a", "not a WebAssembly module"),
        ("\0asm\u{1}\0\0", "malformed"), ("", "an empty file"), ("\0asm\u{1}\0\0\0", "_start"),
    ])
    func wrongInput(contents: String, part: String) throws {
        let folder = try Project.freshFolder("input")
        try Data(contents.utf8).write(to: folder.appending(path: "a.wasm"))
        let result = try smelt(["a.wasm"], in: folder)
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("error: a.wasm: "), "\(result.errors)")
        #expect(result.errors.contains(part), "\(result.errors)")
    }

    @Test func missingFilesAreNamed() throws {
        let result = try smelt(["gone.wasm"], in: try Project.freshFolder("missing"))
        #expect(result.status == 1)
        #expect(result.errors == "error: gone.wasm: cannot read: No such file or directory\n")
    }

    @Test func unknownImportsAreListedTogether() throws {
        let errors = try errorsOfCompiling(
            """
            (module
              (import "env" "callback" (func))
              (import "wasi_snapshot_preview1" "fd_wriite" (func (param i32) (result i32)))
              (import "wasi_snapshot_preview1" "sched_yield" (func (param i32)))
              (import "env" "memory" (memory 1))
              (func (export "_start")))
            """)
        #expect(errors.contains("    env.callback\n"))
        #expect(errors.contains("env.memory (a memory)"))
        #expect(errors.contains("sched_yield (provided as () -> (i32), imported as (i32) -> ()"))
        #expect(errors.contains("did you mean wasi_snapshot_preview1.fd_write?"))
    }

    @Test func reactorsAreCalledThat() throws {
        let errors = try errorsOfCompiling("(module (func (export \"_initialize\")))")
        #expect(errors.contains("reactor"))
    }

    // smelt run --------------------------------------------------------------------------------

    @Test func runCompilesOnceAndBecomesTheProgram() async throws {
        let folder = try await folder(with: ["exits.c", "arguments.c"])
        let first = try smelt(["run", "exits.wasm"], in: folder)
        #expect(first.status == 42)
        #expect(first.text == "no newline yet\nsecond\nfirst\n")
        #expect(first.errors == "to standard error\n")
        let entries = try cacheEntries(in: folder)
        #expect(entries.count == 1)
        #expect(try smelt(["run", "exits.wasm"], in: folder) == first)

        let arguments = ["run", "arguments.wasm", "--env", "GREETING=hi", "a", "--env"]
        let second = try smelt(arguments, in: folder)
        #expect(second.status == 3)
        #expect(second.text.hasPrefix("3\n[a]\n[--env]\nGREETING=hi\n"), "\(second.text)")
        #expect(try smelt(["run", "arguments.wasm", "--", "--dir"], in: folder).status == 2)
        #expect(try cacheEntries(in: folder).count == 2)
    }

    @Test func damagedCacheEntriesAreRebuilt() async throws {
        let folder = try await folder(with: ["exits.c"])
        #expect(try smelt(["run", "exits.wasm"], in: folder).status == 42)
        let entry = try #require(try cacheEntries(in: folder).first)
        let bytes = try Data(contentsOf: entry)
        for damaged in [Data(), bytes.dropLast(100), Data(bytes.reversed())] {
            try damaged.write(to: entry)
            #expect(try smelt(["run", "exits.wasm"], in: folder).status == 42)
            #expect(try Data(contentsOf: entry) == bytes)
        }
    }

    @Test func trapsKeepTheirStatus() async throws {
        let text = Project.traps.appending(path: "unreachable.wat")
        let module = try await Artifacts.shared.module(text: text)
        let result = try smelt(["run", module.path], in: try Project.freshFolder("trap"))
        #expect(result.status == 134)
    }

    // Grants -----------------------------------------------------------------------------------

    @Test func nothingIsGrantedByItself() async throws {
        let folder = try await folder(with: ["files.c", "arguments.c"])
        let denied = try smelt(["run", "files.wasm"], in: folder)
        #expect(denied.status != 0)
        #expect(try names(in: folder).contains("data") == false)
        let program = try await Artifacts.shared.program(
            folder.appending(path: "arguments.wasm"), for: .host)
        var command = Command([program.path])
        command.environment = ["GREETING": "seen?"]
        #expect(try command.run().text.contains("GREETING=(none)"))
    }

    @Test func grantsAtRunTime() async throws {
        let folder = try await folder(with: ["arguments.c"])
        let program = try await Artifacts.shared.program(
            folder.appending(path: "arguments.wasm"), for: .host)
        var command = Command([program.path])
        command.environment = [
            "SMELT_GRANTS": "--inherit-env=GREETING --env SPACES=a\\ b\\\\c", "GREETING": "hello",
            "PATH": "/nowhere",
        ]
        let text = try command.run().text
        #expect(text.contains("GREETING=hello\n"))
        #expect(text.contains("SPACES=a b\\c\n"))
        #expect(text.contains("PATH=(none)\n"))
    }

    // Other subcommands ------------------------------------------------------------------------

    @Test func inspectTellsWhatIsInside() async throws {
        let folder = try await folderWithHello()
        let text = try smelt(["inspect", "hello.wasm"], in: folder)
        #expect(text.status == 0)
        #expect(text.text.contains("wasi_snapshot_preview1.fd_write"))
        let json = try smelt(["inspect", "--json", "hello.wasm"], in: folder)
        let object = try JSONSerialization.jsonObject(with: json.output) as? [String: Any]
        #expect(object?["kind"] as? String == "command")
        #expect((object?["memories"] as? [Any])?.count == 1)
    }

    @Test func versionAndTargets() throws {
        let folder = try Project.freshFolder("version")
        #expect(try smelt(["--version"], in: folder).text.contains("(LLVM 22."))
        let targets = try smelt(["targets"], in: folder).text
        for target in Target.allCases { #expect(targets.contains(target.triple)) }
        #expect(!targets.contains("not installed"))
    }

    // What the tests share ---------------------------------------------------------------------

    /// Runs the compiler with a cache of its own below the folder.
    private func smelt(
        _ words: [String], input: Data = Data(), in folder: URL
    ) throws -> Command.Result {
        var command = Command([Project.smelt] + words)
        command.environment = [
            "PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": folder.appending(path: ".cache").path,
        ]
        command.input = input
        command.folder = folder
        return try command.run()
    }

    private func folder(with sources: [String]) async throws -> URL {
        let folder = try Project.freshFolder("cli")
        for source in sources {
            let name = source.split(separator: ".")[0] + ".wasm"
            try FileManager.default.copyItem(
                at: try await Artifacts.shared.module(source),
                to: folder.appending(path: String(name)))
        }
        return folder
    }

    private func folderWithHello() async throws -> URL { try await folder(with: ["hello.c"]) }

    /// Everything in a folder but hidden files that are the tests' own.
    private func names(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0 != ".cache" }.sorted()
    }

    private func cacheEntries(in folder: URL) throws -> [URL] {
        let cache = folder.appending(path: ".cache/smelt")
        return try FileManager.default.subpathsOfDirectory(atPath: cache.path)
            .map { cache.appending(path: $0) }
            .filter {
                try FileManager.default.attributesOfItem(atPath: $0.path)[.type]
                    as? FileAttributeType == .typeRegular
            }
    }

    private func errorsOfCompiling(_ text: String) throws -> String {
        let folder = try Project.freshFolder("errors")
        try Data(text.utf8).write(to: folder.appending(path: "a.wat"))
        try Command.tool([Project.wasmTools, "parse", "a.wat", "-o", "a.wasm"], folder: folder)
        let result = try smelt(["a.wasm"], in: folder)
        #expect(result.status == 1)
        return result.errors
    }
}
