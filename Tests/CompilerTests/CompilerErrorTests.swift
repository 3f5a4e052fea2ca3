// Messages: one line that names the input, and what to do about it.

import Compiler
import Linking
import SystemPackage
import Testing

@Suite struct CompilerErrorTests {
    private func inspect(_ bytes: [UInt8]) async -> String {
        do {
            let input = CompilerInput(name: "app.wasm", bytes: bytes)
            let toolchain = Toolchain(libraryFolder: "/nowhere", searchFolders: ["/nowhere"])
            return try await Inspection(of: input, toolchain: toolchain).text
        } catch {
            return "\(error)"
        }
    }

    @Test func textNeedsATool() async {
        let lines = await inspect(Array("(module)".utf8)).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("error: app.wasm: the text format is translated by wasm-tools"))
        #expect(lines[1].hasPrefix("note: "))
    }

    @Test func componentsAreRecognised() async {
        #expect(await inspect([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]).contains("component"))
    }

    @Test func emptyModulesAreModules() async {
        #expect(await inspect([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]).hasPrefix("library, 8 bytes"))
    }

    @Test func errorsHaveAPlace() async {
        #expect(await inspect([0, 0x61, 0x73]).contains("at 0x3"))
    }

    @Test func missingLinkersAreNamed() {
        #expect(
            CompilerError(.link(.linkerNotFound(found: nil))).description == """
                error: no linker found: neither ld.lld-22 nor ld.lld is in PATH
                note: install the package lld-22 (apt-get install lld-22)
                """)
        #expect(
            CompilerError(.link(.linkerNotFound(found: "/bin/ld.lld (version 14)"))).description
                == """
                error: no linker found: /bin/ld.lld (version 14) is older than version 17
                note: install the package lld-22 (apt-get install lld-22)
                """)
        #expect(CompilerError(.link(.linkerNotFound(found: nil))).exitCode == 1)
    }

    @Test func linkersThatFailAreOurBug() {
        let failure = LinkError.linkerFailed(
            path: "/usr/bin/ld.lld", status: "exited(1)", output: "ld.lld: error: something")
        let lines = CompilerError(.link(failure)).description.split(separator: "\n")
        #expect(lines[0] == "error: the linker /usr/bin/ld.lld failed (exited(1)):")
        #expect(lines[1] == "ld.lld: error: something")
        #expect(lines[2] == "note: this is a bug in smelt, not in the module")
        #expect(lines[3].hasPrefix("note: please report it with the module, the command line, "))
    }

    @Test func warningsAreNotErrors() {
        var problem = CompilerError(.file("/cache", reason: "cannot write"))
        problem.isWarning = true
        #expect(problem.description == "warning: /cache: cannot write")
        #expect(problem.json.contains("\"severity\":\"warning\""))
        #expect(!problem.json.contains("exitCode"))
    }

    @Test func exitCodesTellWhoIsAtFault() {
        #expect(CompilerError(.wasmToolsMissing).exitCode == 1)
        #expect(CompilerError(.runtimeMissing(.host, searched: [])).exitCode == 1)
        #expect(CompilerError(.bug("?")).exitCode == 70)
    }

    @Test func importsAreListed() {
        let error = CompilerError(
            .unknownImports([
                .init(module: "env", name: "f", reason: ""),
                .init(module: "a", name: "b", reason: "a memory", similar: "c.d"),
            ]), input: "x.wasm")
        #expect(
            error.description == """
                error: x.wasm: nobody provides these 2 imports
                    env.f
                    a.b (a memory)
                note: a.b: did you mean c.d?
                note: Smelt provides WASI preview 1 and nothing else; build the module for it, \
                such as with clang --target=wasm32-wasi or cargo build --target wasm32-wasip1
                note: --import MODULE=FILE links a module that provides what this one imports; \
                with --stub-imports functions that nobody provides trap when they are called
                """)
    }
}
