// Whatever a module calls its functions, nothing is linked by it, and nothing that shows it is led
// astray.

import Compiler
import Foundation
import Testing

@Suite struct HostileNamesTests {
    /// Names and what stands for them in a symbol table. Each is one kind of what linkers, LLVM,
    /// assemblers, debuggers or terminals give a meaning, or gave one to earlier.
    static let names: [(name: String, shown: String)] = [
        ("main", "main"), ("malloc", "malloc"), ("memcpy", "memcpy"), ("_start", "_start"),
        ("smelt_memory_grow", "smelt_memory_grow"), ("smelt_code_begin", "smelt_code_begin"),
        ("smelt_program", "smelt_program"), ("wasm.f1", "wasm.f1"),
        ("wasm.f2.cold", "wasm.f2.cold"),
        ("foo", "foo"), ("foo", "foo"), ("foo#10", "foo#10"),
        ("version@V1", "version@V1"), ("default@@V1", "default@@V1"),
        ("llvm.memcpy.p0.p0.i64", "llvm.memcpy.p0.p0.i64"), ("copy.llvm.123", "copy"),
        ("part.cold", "part.cold"), (".Ltmp0", ".Ltmp0"),
        ("$x", "\\u{24}x"), ("$d.7", "\\u{24}d.7"), ("$value", "$value"),
        ("a\0b", "a\\u{0}b"), ("line\nnext: ret", "line\\u{a}next: ret"), ("\u{1}raw", "\\u{1}raw"),
        ("\u{9b}31mred", "\\u{9b}31mred"), ("\u{202e}txt.exe", "\\u{202e}txt.exe"),
        ("zero\u{200b}width", "zero\\u{200b}width"), ("\u{2028}", "\\u{2028}"),
        ("back\\", "back\\"), ("\"quoted\" */", "\"quoted\" */"), ("%s%n", "%s%n"),
        ("größe", "größe"), ("_ZN4test3fooEv", "_ZN4test3fooEv"), ("", "wasm-function[33]"),
    ]

    /// A module with all of them, each called once.
    private func module() throws -> URL {
        var text = "(module (memory (export \"memory\") 1)\n"
        for (index, item) in Self.names.enumerated() {
            text +=
                "(func $f\(index) (@name \"\(Self.escaped(item.name))\") (result i32)"
                + " (i32.const \(index)))\n"
        }
        text += "(func (export \"_start\")\n"
        for index in Self.names.indices {
            text += "(if (i32.ne (call $f\(index)) (i32.const \(index))) (then unreachable))\n"
        }
        return try Self.binary(text + "))")
    }

    /// A module of the text format, in a folder of its own.
    private static func binary(_ text: String) throws -> URL {
        let folder = try Project.freshFolder("names")
        let source = folder.appending(path: "names.wat")
        try text.write(to: source, atomically: true, encoding: .utf8)
        let module = folder.appending(path: "names.wasm")
        try Command.tool([Project.wasmTools, "parse", source.path, "-o", module.path])
        return module
    }

    private static func escaped(_ name: String) -> String {
        name.utf8.map { "\\" + String(0x100 + Int($0), radix: 16).suffix(2) }.joined()
    }

    private func compile(
        _ module: URL, _ target: Target, _ options: [String], to name: String
    ) throws -> URL {
        let file = module.deletingLastPathComponent().appending(path: name)
        try Command.tool(
            [Project.smelt, "compile", module.path, "-o", file.path, "--target", target.triple]
                + options)
        return file
    }

    /// The names of local functions according to `nm`.
    private func localFunctions(of file: URL) throws -> [String] {
        try Command.tool(["llvm-nm-22", file.path]).text.split(separator: "\n")
            .map { $0.dropFirst(17) }.filter { $0.hasPrefix("t ") }.map { String($0.dropFirst(2)) }
    }

    private func expectNames(in file: URL) throws {
        var found = try localFunctions(of: file)
        for (_, shown) in Self.names {
            let index = found.firstIndex(of: shown)
            #expect(index != nil, "\(shown) is not in \(file.lastPathComponent)")
            if let index { found.remove(at: index) }
        }
        // Other tools read the tables, too.
        let listing = try Command.tool(["readelf", "-sSW", file.path])
        #expect(listing.errors.isEmpty)
    }

    @Test(arguments: Target.allCases)
    func executables(target: Target) throws {
        let module = try module()
        for level in ["-O0", "-O1", "-O2", "-O3", "-Os"] {
            let program = try compile(module, target, [level], to: "program\(level)")
            let result = try Command(target.emulator + [program.path]).run()
            #expect(result.status == 0, "\(level): \(result.errors)")
            if level == "-O0" { try expectNames(in: program) }
        }
    }

    @Test(arguments: Target.allCases, [[], ["-g"]])
    func objects(target: Target, options: [String]) throws {
        let object = try compile(
            try module(), target, ["-O0", "--emit", "obj"] + options, to: "names.o")
        try expectNames(in: object)
    }

    /// Text for an assembler or for LLVM means what it meant without the names.
    @Test(arguments: Target.allCases)
    func texts(target: Target) throws {
        let module = try module()
        let assembly = try compile(module, target, ["-O0", "--emit", "asm"], to: "names.s")
        let object = assembly.deletingPathExtension().appendingPathExtension("assembled.o")
        try Command.tool(
            ["clang-22", "--target=\(target.triple)", "-c", assembly.path, "-o", object.path])
        let functions = try localFunctions(of: object)
        for index in Self.names.indices { #expect(functions.contains("wasm.f\(index)")) }
        let text = try String(contentsOf: assembly, encoding: .utf8)
        #expect(text.contains(" wasm.f0 is \"main\"\n"))
        #expect(text.contains(" wasm.f22 is \"line\\u{a}next: ret\"\n"))

        let ir = try compile(module, target, ["-O0", "--emit", "llvm-ir"], to: "names.ll")
        let checked = try Command.tool(["opt-22", "-passes=verify", "-S", ir.path]).text
        #expect(checked.contains("!{!\"wasm.f0\", !\"main\"}"))
        for (name, _) in Self.names
        where !name.isEmpty && !name.hasPrefix("smelt_") && !name.hasPrefix("wasm.") {
            #expect(!checked.contains("@\(name)(") && !checked.contains("@\"\(name)\""))
        }
    }

    /// Copies that LLVM makes of functions keep their names, and a backtrace is fit for terminals.
    @Test(arguments: Target.allCases)
    func backtraces(target: Target) throws {
        let names = ["\u{9b}31mRED\u{202e}evil", "a\0b", "_ZN4core3fooE.llvm.77", Self.endless]
        var text = "(module (memory (export \"memory\") 1)\n"
        for (index, name) in names.enumerated() {
            let body = index == 0 ? "unreachable" : "call $f\(index - 1) nop"
            text += "(func $f\(index) (@name \"\(Self.escaped(name))\") \(body))\n"
        }
        text += "(func (export \"_start\") (call $f\(names.count - 1))))"
        let program = try compile(try Self.binary(text), target, ["-O0"], to: "trace")
        let result = try Command(target.emulator + [program.path]).run()
        let lines = result.errors.split(separator: "\n").map(String.init)
        #expect(
            lines.dropFirst() == [
                "  0: \\u{9b}31mRED\\u{202e}evil", "  1: a\\u{0}b", "  2: core::foo",
                "  3: \(Self.endless)", "  4: wasm-function[4]",
            ], "\(result.errors)")
    }

    /// Names of imports and exports, in messages and descriptions.
    @Test func messagesAndDescriptions() throws {
        let text = """
            (module (import "e\\0avil\\c2\\9b" "x\\00\\e2\\80\\ae" (func))
              (memory (export "a\\0ab\\c2\\85") 1) (func (export "_start")))
            """
        let file = try Self.binary(text)
        func run(_ words: [String]) throws -> Command.Result {
            try Command([Project.smelt] + words).run()
        }
        let output = file.deletingPathExtension().path
        let failed = try run(["compile", file.path, "-o", output])
        #expect(failed.status == 1)
        let shown = "e\\u{a}vil\\u{9b}.x\\u{0}\\u{202e}"
        #expect(failed.errors.contains("nobody provides the import \(shown)\n"))
        let description = try run(["inspect", file.path]).text
        #expect(description.contains("  \(shown) function"))
        #expect(description.contains("  a\\u{a}b\\u{85} memory"))
        let json = try run(["inspect", "--json", file.path])
        #expect(json.text.contains(#""module" : "e\nvil\u009b""#))
        #expect(json.text.contains(#""name" : "x\u0000\u202e""#))
        let object = try JSONSerialization.jsonObject(with: json.output) as? [String: Any]
        let exports = try #require(object?["exports"] as? [[String: Any]])
        #expect(exports[0]["name"] as? String == "a\nb\u{85}")
    }

    /// A mangled name of a few hundred bytes that stands for terabytes: each part names the one
    /// before it twice.
    static let endless: String = {
        let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ").map(String.init)
        func reference(_ number: Int) -> String {
            if number == 0 { return "S_" }
            let rest = number - 1
            return "S" + (rest >= 36 ? digits[rest / 36] : "") + digits[rest % 36] + "_"
        }
        return (0..<40).reduce("_Z1f1AIiiE") { name, level in
            let argument = reference(1 + 2 * level)
            return name + "2B\(digits[level % 36])I\(argument)\(argument)E"
        }
    }()

    // Across units ---------------------------------------------------------------------------

    /// Functions of one name and different types in different units, and one that is called what
    /// was once made of such a name: the call goes to the function that it means, and not to one
    /// that takes the guest's number for a reference.
    @Test(arguments: Target.allCases, ["-O0", "-O1", "-O2", "-O3", "-Os"])
    func equalNamesInSeveralUnits(target: Target, level: String) throws {
        // A function of so much code has a unit of its own.
        let filler = String(repeating: "nop ", count: 256 * 1024 + 1)
        let text = """
            (module
              (type $nothing (func))
              (memory (export "memory") 1)
              (func $start (export "_start") (local $r (ref null $nothing))
                ;; what a reference would point to
                (i64.store (i32.const 64) (i64.const 0x4142434445))
                (i64.store (i32.const 80) (i64.const 1))
                (local.set $r (call $evil (i64.const 0x10000040)))
                (call_ref $nothing (local.get $r)))
              (func (export "filler0") \(filler))
              (func $a (@name "foo") (export "a") (param i64) (result i64) (i64.const 5))
              (func $b (@name "foo") (export "b") (param i64) (result i64) (local.get 0))
              (func (export "filler1") \(filler))
              (func $evil (@name "foo#3") (param i64) (result (ref null $nothing))
                (ref.null $nothing))
              (func $c (@name "foo#5") (export "c") (param i64) (result i64) (local.get 0)))
            """
        let program = try compile(try Self.binary(text), target, [level], to: "units")
        let result = try Command(target.emulator + [program.path]).run()
        #expect(result.errors.hasPrefix("wasm trap: null function reference"), "\(result.errors)")
        #expect(result.status == 134)
    }
}
