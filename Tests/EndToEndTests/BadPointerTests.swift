// Every function that a program can import, called with numbers that make no sense as addresses,
// lengths or descriptors: the answer is an errno, never a signal. The calls are generated from the
// runtime's table of functions.

import Compiler
import Foundation
import RuntimeABI
import Testing

@Suite struct BadPointerTests {
    /// In a memory of one page: its last byte, its end, and what overflows when something is added;
    /// 3 is also the descriptor of a directory.
    private static let values: [UInt32] = [
        3, 65_535, 65_536, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
    ]

    @Test(arguments: Target.allCases)
    func answersWithAnErrno(target: Target) async throws {
        let file = Project.output.appending(path: "bad-pointers-\(target.triple).wat")
        try Self.module().write(to: file, atomically: true, encoding: .utf8)
        let folder = try Project.freshFolder("bad-pointers")
        let program = try await Artifacts.shared.program(
            Artifacts.shared.module(text: file), for: target,
            options: ["-O0", "--dir", "\(folder.path)::/"])
        let result = try Command(target.emulator + [program.path]).run()
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.text == "done\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    private static func module() -> String {
        var count = 0
        let rows = UnsafeBufferPointer(start: smelt_host_functions(&count), count: count)
        var imports: [String] = []
        var calls: [String] = []
        for (index, row) in rows.enumerated() {
            let name = String(cString: row.name)
            let halves = String(cString: row.signature).split(
                separator: ":", omittingEmptySubsequences: false)
            func types(_ letters: Substring) -> [String] {
                letters.map { $0 == "I" ? "i64" : "i32" }
            }
            let parameters = types(halves[0])
            imports.append(
                "(import \"\(String(cString: row.module))\" \"\(name)\" (func $f\(index) "
                    + "(param \(parameters.joined(separator: " ")))"
                    + (halves[1].isEmpty ? "))" : " (result i32)))"))
            // These end the program, as they should.
            if name == "proc_exit" || name == "proc_raise" { continue }
            calls += self.calls(of: index, parameters)
        }
        return """
            (module
            \(imports.joined(separator: "\n"))
            (memory (export "memory") 1)
            (data (i32.const 0) "\\10\\00\\00\\00\\05\\00\\00\\00")
            (data (i32.const 16) "done\\n")
            (func (export "_start")
            \(calls.joined(separator: "\n"))
            (memory.init $text (i32.const 0) (i32.const 0) (i32.const 32))
            (drop (call $f\(index(of: "fd_write", in: rows)) \
            (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
            (data $text "\\10\\00\\00\\00\\05\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00done\\n\
            \\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00"))
            """
    }

    /// All parameters bad at once, and each by itself among threes.
    private static func calls(of function: Int, _ parameters: [String]) -> [String] {
        values.flatMap { value -> [String] in
            let positions = [nil] + parameters.indices.map(Optional.some)
            return positions.map { bad in
                let arguments = parameters.enumerated().map { index, type in
                    "(\(type).const \(bad == nil || bad == index ? value : 3))"
                }
                return "(drop (call $f\(function) \(arguments.joined(separator: " "))))"
            }
        }
    }

    private static func index(
        of name: String, in rows: UnsafeBufferPointer<smelt_host_function>
    ) -> Int {
        rows.firstIndex { String(cString: $0.name) == name }!
    }
}
