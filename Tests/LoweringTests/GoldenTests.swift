// Golden tests of the lowering: each file of the folder Golden holds a module in the text format
// and the IR of its functions before any pass. `SMELT_UPDATE_GOLDEN=1 swift test` rewrites them.

import Foundation
import Lowering
import TestSupport
import Testing
import WasmBinary
import WasmValidation

@Suite struct GoldenTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "Golden")

    /// Stands between the module and the IR.
    static let separator = "\n;;; IR\n"

    static var files: [String] { GoldenFile.names(in: folder, withExtension: "wat") }

    @Test func thereAreFiles() {
        #expect(!Self.files.isEmpty)
    }

    @Test(arguments: files)
    func lowersAsRecorded(_ file: String) throws {
        let golden = try GoldenFile(Self.folder.appending(path: file), separator: Self.separator)
        let ir = try Self.lower(try WasmTools.parse(golden.input))
        #expect(try golden.difference(from: ir) == nil)
    }

    /// The IR of a module's own functions, without attributes and metadata.
    static func lower(_ bytes: [UInt8]) throws -> String {
        let module = try validate(Module.decode(bytes))
        let options = CodeGenerationOptions(triple: "x86_64-linux-musl", cpu: "x86-64-v2")
        let text = try CodeGenerator.unoptimizedIR(
            ProgramPlan(module), partition: 0, options: options)
        var functions: [String] = []
        var isInside = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("define"), line.contains("@wasm.") || line.contains("@\"wasm.") {
                isInside = true
            }
            if isInside { functions.append(withoutAttributes(line)) }
            if line == "}" {
                if isInside { functions.append("") }
                isInside = false
            }
        }
        return functions.joined(separator: "\n")
    }

    private static func withoutAttributes(_ line: Substring) -> String {
        guard line.hasPrefix("define"), let end = line.range(of: ") #") else {
            return String(line)
        }
        return line[..<end.lowerBound] + ") {"
    }
}

/// The assembler of the text format.
enum WasmTools {
    /// Assembles a module.
    static func parse(_ text: String) throws -> [UInt8] {
        let tool = try #require(
            TestEnvironment.tool("wasm-tools"), "wasm-tools is missing: run .ci/install --test")
        let folder = try TemporaryDirectory()
        let source = folder.url.appending(path: "module.wat")
        try text.write(to: source, atomically: true, encoding: .utf8)
        return [UInt8](try #require(try output(of: tool, ["parse", source.path])))
    }
}
