import ComponentLinking
import Testing
import WasmBinary
import WasmTypes

/// What components come to.
@Suite struct LinkingTests {
    /// Two components without handles, memories and anything that could see a flag.
    private static let scalar = """
        (component
          (component $C
            (core module $m (func (export "f") (param i32) (result i32) (local.get 0)))
            (core instance $m (instantiate $m))
            (func (export "f") (param "x" u32) (result u32) (canon lift (core func $m "f"))))
          (component $D
            (import "c" (instance $c (export "f" (func (param "x" u32) (result u32)))))
            (core func $f (canon lower (func $c "f")))
            (core module $user (import "c" "f" (func (param i32) (result i32))) (memory 1))
            (core instance (instantiate $user (with "c" (instance (export "f" (func $f)))))))
          (instance $c (instantiate $C))
          (instance (instantiate $D (with "c" (instance $c)))))
        """

    @Test func scalarCallsAreCallsAndNothingElse() throws {
        let graph = try ComponentText.link(Self.scalar)
        #expect(graph.names == ["test.wasm/C/m", "adapters", "test.wasm/D/user"])
        let adapters = try #require(graph.instance("adapters"))
        #expect(adapters.imports == [.export(instance: 0, name: "f")])
        #expect(graph.instances[2].imports == [.export(instance: 1, name: "0")])
    }

    @Test func aModuleInstantiatedTwiceIsTwoInstancesOfOneModule() throws {
        let graph = try ComponentText.link(
            """
            (component
              (core module $m (memory (export "memory") 1))
              (core instance (instantiate $m))
              (core instance (instantiate $m)))
            """)
        #expect(graph.instances.count == 2)
        #expect(graph.modules.count == 1)
    }

    @Test func resourceTypesAreNewForEachInstance() throws {
        let graph = try ComponentText.link(
            """
            (component
              (component $C
                (type $r (resource (rep i32)))
                (core func $new (canon resource.new $r))
                (core module $m (import "" "new" (func (param i32) (result i32))) (memory 1))
                (core instance (instantiate $m (with "" (instance (export "new" (func $new)))))))
              (instance (instantiate $C))
              (instance (instantiate $C)))
            """)
        #expect(graph.names.filter { $0.hasSuffix("handles") }.count == 2)
        #expect(graph.names.filter { $0 == "adapters" }.count == 2)
        // The two adapters hand different types of resources to the same code.
        let adapters = graph.instances.filter { $0.name == "adapters" }
        #expect(adapters[0].module != adapters[1].module)
    }

    // Functions in front of tables -----------------------------------------------------------------

    /// As tools make them: `front` goes through a table that the last instance fills.
    private static func shim(start: String = "", entry: String = "0", code: String = "") -> String {
        """
        (component
          (import "host" (func $host))
          (core module $shim
            (type $t (func))
            (table (export "table") 1 funcref)
            (func (export "front") (call_indirect (type $t) (i32.const \(entry))))
            (func (export "other") \(code)))
          (core module $main (import "" "front" (func $front)) (memory (export "memory") 1)
            (func (export "run") (call $front)) \(start))
          (core module $fill (import "" "f" (func)) (import "" "table" (table 1 funcref))
            (elem (i32.const 0) func 0))
          (core instance $shim (instantiate $shim))
          (core instance $main (instantiate $main (with "" (instance $shim))))
          (core func $f (canon lower (func $host)))
          (core instance (instantiate $fill (with "" (instance
            (export "f" (func $f)) (export "table" (table $shim "table")))))))
        """
    }

    @Test func constantTablesAreLeftOut() throws {
        let graph = try ComponentText.link(Self.shim())
        #expect(!graph.names.contains("test.wasm/shim"))
        #expect(!graph.names.contains("test.wasm/fill"))
        let main = try #require(graph.instance("main"))
        let adapters = try #require(graph.names.firstIndex(of: "adapters"))
        #expect(main.imports == [.export(instance: adapters, name: "0")])
    }

    @Test(
        "A table stays if it is not known to be constant",
        arguments: [
            shim(start: "(func $s (call $front)) (start $s)"), shim(entry: "1"),
            shim(code: "(table.set 0 (i32.const 0) (ref.null func))"),
        ])
    func tablesStay(_ text: String) throws {
        let graph = try ComponentText.link(text)
        let shim = try #require(graph.names.firstIndex(of: "test.wasm/shim"))
        let main = try #require(graph.instance("main"))
        #expect(main.imports == [.export(instance: shim, name: "front")])
        #expect(graph.names.contains("test.wasm/fill"))
    }

    /// The type that is called has the form of the entry's and is another one: calling it traps.
    @Test func entriesOfOtherTypesStay() throws {
        let text = Self.shim().replacing(
            "(type $t (func))", with: "(rec (type $t (func)) (type (func (param i32))))"
        ).replacing("(func $front))", with: "(func $front (type $t)))").replacing(
            "(core module $main",
            with: "(core module $main (rec (type $t (func)) (type (func (param i32))))")
        let graph = try ComponentText.link(text)
        #expect(graph.names.contains("test.wasm/shim"))
    }

    @Test func namesThatOnlyLookTheSameAreTwo() throws {
        let graph = try ComponentText.link(
            """
            (component
              (core module $m (func (export "\\u{e9}")) (func (export "e\\u{301}")))
              (core instance $i (instantiate $m))
              (core instance $b (export "a" (func $i "\\u{e9}")) (export "b" (func $i "e\\u{301}")))
              (core module $n (import "" "a" (func)) (import "" "b" (func)) (memory 1))
              (core instance (instantiate $n (with "" (instance $b)))))
            """)
        let user = try #require(graph.instance("n"))
        #expect(
            user.imports == [
                .export(instance: 0, name: "\u{e9}"), .export(instance: 0, name: "e\u{301}"),
            ])
    }

    /// Some kilobytes of a component whose adapters would have gigabytes.
    @Test func adaptersHaveALimit() throws {
        var lines = ["(type $t0 (option u32))"]
        for level in 1...3 {
            var cases: [String] = []
            for number in 0..<20 {
                let inner = number == 0 ? "$t\(level - 1)" : "$w\(level)x\(number - 1)"
                lines.append("(type $w\(level)x\(number) (tuple \(inner)))")
                cases.append("(case \"c\(number)\" $w\(level)x\(number))")
            }
            lines.append("(type $v\(level) (variant \(cases.joined(separator: " "))))")
            lines.append("(import \"v\(level)\" (type $t\(level) (eq $v\(level))))")
        }
        lines.append("(import \"f\" (func $f (param \"x\" $t3)))")
        lines += Array(repeating: "(core func (canon lower (func $f)))", count: 500)
        let problem = try ComponentText.problem("(component \(lines.joined(separator: "\n")))")
        #expect(problem?.contains("MiB of code") == true)
    }

    @Test func startFunctionsThatDoNotCallDoNoHarm() throws {
        let graph = try ComponentText.link(Self.shim(start: "(func $s) (start $s)"))
        #expect(!graph.names.contains("test.wasm/shim"))
    }

    // Commands -------------------------------------------------------------------------------------

    @Test func theNewestRunIsTheCommand() throws {
        let exports = ["0.2.3", "0.2.12", "0.2.0"].map {
            """
            (instance $i\($0) (export "run" (func $f))) (export "wasi:cli/run@\($0)" (instance $i\($0)))
            """
        }
        let file = try ComponentText.file(
            """
            (component
              (core module $m (func (export "run") (result i32) (i32.const 0)))
              (core instance $m (instantiate $m))
              (func $f (result (result)) (canon lift (core func $m "run")))
              \(exports.joined(separator: "\n")))
            """)
        var program = try ComponentProgram(file)
        let command = try #require(program.command)
        #expect(command.path == ["wasi:cli/run@0.2.12", "run"])
        try program.addStart(command)
        let result = try program.link()
        let start = try #require(result.drivers.first)
        let module = result.graph.module(of: result.graph.instances[start])
        #expect(module.exports.map(\.name) == [ComponentProgram.startName])
    }

    @Test func valuesOfScriptsHaveToFit() throws {
        let file = try ComponentText.file(
            """
            (component
              (core module $m (func (export "f") (param i32)))
              (core instance $m (instantiate $m))
              (func (export "f") (param "x" u8) (canon lift (core func $m "f"))))
            """)
        var program = try ComponentProgram(file)
        let export = try #require(program.exports.first)
        #expect(throws: LinkingError.self) {
            try program.addScript([ScriptCommand(export: export, arguments: [])])
        }
        #expect(throws: LinkingError.self) {
            try program.addScript([ScriptCommand(export: export, arguments: [.tuple([])])])
        }
        try program.addScript([ScriptCommand(export: export, arguments: [.integer(7)])])
        #expect(try program.link().drivers.count == 2)
    }
}
