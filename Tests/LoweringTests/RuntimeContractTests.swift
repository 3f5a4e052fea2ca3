// The contract with the runtime, seen from both sides: what clang makes of the ABI headers, and
// what the compiler itself emits. Sizes and offsets follow from the types for each target.

import Foundation
import Lowering
import RuntimeABI
import TestSupport
import Testing
import WasmBinary
import WasmValidation

@Suite struct RuntimeContractTests {
    static let triples = ["x86_64-linux-musl", "aarch64-linux-musl"]

    /// Definitions of one variable of each structure, and the address of each function.
    private static let source = """
        #include "smelt/abi.h"
        #include "smelt/cpu_features.h"
        #include "smelt/instance.h"
        #define VARIABLE(name) struct smelt_##name the_##name;
        VARIABLE(memory) VARIABLE(table) VARIABLE(function) VARIABLE(program)
        VARIABLE(embedded) VARIABLE(cpu_feature)
        VARIABLE(module) VARIABLE(memory_type) VARIABLE(table_type) VARIABLE(definition)
        VARIABLE(export)
        #define ADDRESS(name, signature) (void *)smelt_##name,
        void *functions[] = {SMELT_RUNTIME_FUNCTIONS(ADDRESS)};
        """

    private static func headers(for triple: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let folder = try TemporaryDirectory()
        let file = folder.url.appending(path: "contract.c")
        try source.write(to: file, atomically: true, encoding: .utf8)
        let clang = try #require(TestEnvironment.tool("clang-22"), "clang-22 is missing")
        let text = try output(
            of: clang,
            [
                "--target=\(triple)", "-ffreestanding", "-nostdlibinc", "-S", "-emit-llvm", "-O0",
                "-o", "-", "-I",
                root.appending(path: "runtime-c/include").path, file.path,
            ])
        return String(decoding: try #require(text), as: UTF8.self)
    }

    /// `{ ptr, i64 }`, from the line that begins with a text.
    private static func structure(in text: String, after start: String) -> String? {
        for line in text.split(separator: "\n") where line.hasPrefix(start) {
            guard let open = line.firstIndex(of: "{"),
                let close = line[open...].firstIndex(of: "}")
            else { continue }
            return String(line[open...close])
        }
        return nil
    }

    @Test(arguments: triples)
    func functions(triple: String) throws {
        let text = try Self.headers(for: triple)
        let types: [Character: String] = ["p": "ptr", "i": "i32", "I": "i64"]
        for function in 0..<SMELT_RUNTIME_FUNCTION_COUNT.rawValue {
            let symbol = String(cString: try #require(smelt_runtime_symbol(function)))
            let signature = String(cString: try #require(smelt_runtime_signature(function)))
            let halves = signature.split(separator: ":", omittingEmptySubsequences: false)
            let parameters = halves[0].map { "\(types[$0] ?? "?") noundef" }
                .joined(separator: ", ")
            let result = halves[1].first.flatMap { types[$0] } ?? "void"
            // Slow paths that keep nearly all registers have a convention of their own.
            let isDeclared = ["", "preserve_mostcc "].contains {
                text.contains("declare \($0)\(result) @\(symbol)(\(parameters))")
            }
            #expect(isDeclared, "\(symbol)")
        }
        #expect(smelt_runtime_symbol(SMELT_RUNTIME_FUNCTION_COUNT.rawValue) == nil)
    }

    /// Of a static instance.
    @Test(arguments: triples)
    func structuresOfPrograms(triple: String) throws {
        let headers = try Self.headers(for: triple)
        let validated = try validate(Module.decode(try WasmTools.parse(PartitionTests.module)))
        var options = CodeGenerationOptions(triple: triple, cpu: "")
        options.program.embeddedFiles = [0, 0, 0, 0, 0, 0, 0, 0]
        options.cpu = triple.hasPrefix("x86") ? "x86-64-v3" : "neoverse-n1"
        options.requiredCPUFeatures = .max
        let ir = try CodeGenerator.unoptimizedIR(
            try Program(validated), partition: 0, options: options)
        let pairs = [
            ("memory_0", "memory"), ("table_1", "table"), ("function_0", "function"),
            ("program", "program"), ("embedded", "embedded"), ("cpu_features", "cpu_feature"),
        ]
        for (symbol, type) in pairs {
            let header = Self.structure(in: headers, after: "%struct.smelt_\(type) =")
            #expect(header != nil, "\(type)")
            #expect(Self.structure(in: ir, after: "@smelt_\(symbol) =") == header, "\(type)")
        }
    }

    /// Of a module for dynamic instances: the description, and the arrays that it points to, in the
    /// order in which they are made.
    @Test(arguments: triples)
    func structuresOfModules(triple: String) throws {
        let headers = try Self.headers(for: triple)
        let text = """
            (module (memory 1) (table 1 funcref) (func (export "f")))
            """
        let validated = try validate(Module.decode(try WasmTools.parse(text)))
        let ir = try CodeGenerator.unoptimizedIR(
            try Program(validated, form: .scriptModule(name: "m0", types: TypeStore())),
            partition: 0, options: CodeGenerationOptions(triple: triple, cpu: ""))
        let description = Self.structure(in: headers, after: "%struct.smelt_module =")
        #expect(description != nil)
        #expect(Self.structure(in: ir, after: "@smelt_module_m0 =") == description)
        for type in ["memory_type", "table_type", "definition", "export"] {
            let header = try #require(Self.structure(in: headers, after: "%struct.smelt_\(type) ="))
            #expect(
                ir.split(separator: "\n").contains {
                    $0.hasPrefix("@") && $0.contains(" = private constant [1 x \(header)]")
                }, "\(type)")
        }
    }
}
