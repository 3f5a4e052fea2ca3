// Messages: one line that names the input, and what to do about it.

import Compiler
import Testing

@Suite struct CompilerErrorTests {
    private func inspect(_ bytes: [UInt8]) -> String {
        do {
            return try Inspection(of: CompilerInput(name: "app.wasm", bytes: bytes)).text
        } catch {
            return "\(error)"
        }
    }

    @Test func textHasARemedy() {
        let lines = inspect(Array("(module)".utf8)).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0].hasPrefix("error: app.wasm: this is WebAssembly's text format"))
        #expect(lines[1].hasPrefix("note: "))
    }

    @Test func componentsAreRecognised() {
        #expect(inspect([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]).contains("component"))
    }

    @Test func emptyModulesAreModules() {
        #expect(inspect([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]).hasPrefix("library, 8 bytes"))
    }

    @Test func errorsHaveAPlace() {
        #expect(inspect([0, 0x61, 0x73]).contains("at 0x3"))
    }

    @Test func exitCodesTellWhoIsAtFault() {
        #expect(CompilerError(.textFormat).exitCode == 1)
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
                error: x.wasm: nobody provides these imports: env.f, a.b (a memory)
                note: a.b: did you mean c.d?
                """)
    }
}
