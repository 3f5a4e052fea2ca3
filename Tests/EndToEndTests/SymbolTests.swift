// Ordinary tools find the module's functions by their own names in an executable's symbol table.

import Compiler
import Foundation
import Testing

@Suite struct SymbolTests {
    /// The functions of the C source that call themselves stay functions at every level.
    @Test(arguments: Target.allCases)
    func functionsKeepTheirNames(target: Target) async throws {
        let symbols = try await symbols(of: "recursion.c", for: target, options: ["-O2"])
        for name in ["ackermann", "queens", "hanoi"] {
            #expect(symbols.contains { $0.hasSuffix(" t \(name)") }, "\(name)")
        }
        #expect(!symbols.contains { $0.contains("wasm.") })
    }

    /// `main` is the module's; perf and gdb would not know which of two is meant.
    @Test func theRuntimesEntryPointIsNotCalledMain() async throws {
        let symbols = try await symbols(of: "recursion.c", for: .host, options: ["-O0"])
        #expect(symbols.contains { $0.hasSuffix(" T smelt_main") })
        #expect(!symbols.contains { $0.hasSuffix(" T main") })
    }

    /// A global symbol at a function's address would hide its name from profilers.
    @Test func boundsAreLocal() async throws {
        let symbols = try await symbols(of: "recursion.c", for: .host, options: ["-O0"])
        #expect(symbols.contains { $0.hasSuffix(" t smelt_code_begin") })
        #expect(!symbols.contains { $0.hasSuffix(" T smelt_code_begin") })
    }

    @Test func strippedExecutablesHaveNone() async throws {
        let symbols = try await symbols(of: "recursion.c", for: .host, options: ["--strip"])
        #expect(symbols.isEmpty)
    }

    /// Lines of `nm`: address, kind, name.
    private func symbols(
        of source: String, for target: Target, options: [String]
    ) async throws -> [String] {
        let module = try await Artifacts.shared.module(source)
        let program = try await Artifacts.shared.program(module, for: target, options: options)
        let output = try Command.tool(["llvm-nm-22", program.path]).text
        return output.split(separator: "\n").map(String.init)
    }
}
