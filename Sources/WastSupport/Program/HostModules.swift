// The module `spectest` that scripts import from. It is made of ordinary modules, compiled like
// all others, so no host function is ever called; those that print do nothing. It comes in
// pieces, one for each proposal that it needs, and a script gets those that it imports from.

package import Compiler

/// The pieces of `spectest`, translated.
package struct HostModules: Sendable {
    /// The name that scripts import from.
    static let name = WastName("spectest")

    let binaries: [[UInt8]]
    /// Has what components trap with, and remembers why.
    let componentTraps: [UInt8]

    package init(using tools: WasmTools) async throws(CompilerError) {
        var binaries: [[UInt8]] = []
        for text in Self.texts {
            binaries.append(try await tools.module(text: Array(text.utf8), name: "a host module"))
        }
        self.binaries = binaries
        componentTraps = try await tools.module(
            text: Array(Self.componentTrapText.utf8), name: "a host module")
    }

    private static let componentTrapText = """
        (module
          (global $code (export "code") (mut i32) (i32.const -1))
          (global $detail (export "detail") (mut i32) (i32.const -1))
          (func (export "reset")
            (global.set $code (i32.const -1)) (global.set $detail (i32.const -1)))
          (func (export "trap") (param i32 i32)
            (global.set $code (local.get 0)) (global.set $detail (local.get 1)) (unreachable)))
        """

    private static let texts = [
        """
        (module $spectest
          (func (export "print"))
          (func (export "print_i32") (param i32))
          (func (export "print_i64") (param i64))
          (func (export "print_f32") (param f32))
          (func (export "print_f64") (param f64))
          (func (export "print_i32_f32") (param i32 f32))
          (func (export "print_f64_f64") (param f64 f64))
          (global (export "global_i32") i32 (i32.const 666))
          (global (export "global_i64") i64 (i64.const 666))
          (global (export "global_f32") f32 (f32.const 666.6))
          (global (export "global_f64") f64 (f64.const 666.6))
          (table (export "table") 10 20 funcref)
          (memory (export "memory") 1 2))
        """,
        "(module $spectest_table64 (table (export \"table64\") i64 10 20 funcref))",
        "(module $spectest_shared (memory (export \"shared_memory\") 1 2 shared))",
    ]
}
