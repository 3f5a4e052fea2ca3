// What vector instructions become on each machine: the folder MachineCode holds modules with the
// assembly of their functions. Most are one or two instructions; a change of LLVM or of the
// lowering that loses this shows here. `SMELT_UPDATE_GOLDEN=1 swift test` rewrites the files.

import Foundation
import Lowering
import TestSupport
import Testing
import WasmBinary
import WasmValidation

@Suite struct MachineCodeTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "MachineCode")

    /// Stands between the module and the assembly.
    static let separator = "\n;;; Assembly\n"

    static let targets = [
        ("x86_64-linux-musl", "x86-64-v2"), ("aarch64-linux-musl", "generic"),
    ]

    static var files: [String] { GoldenFile.names(in: folder, withExtension: "wat") }

    @Test func thereAreFiles() {
        #expect(!Self.files.isEmpty)
    }

    @Test(arguments: files)
    func compilesAsRecorded(_ file: String) throws {
        let golden = try GoldenFile(Self.folder.appending(path: file), separator: Self.separator)
        let module = try validate(Module.decode(try WasmTools.parse(golden.input)))
        var assembly = ""
        for (triple, cpu) in Self.targets {
            assembly += "\(triple)\n" + (try Self.compile(module, triple: triple, cpu: cpu))
        }
        #expect(try golden.difference(from: assembly) == nil)
    }

    /// The instructions of a module's functions. In the dynamic form all functions are kept.
    private static func compile(
        _ module: ValidatedModule, triple: String, cpu: String
    ) throws -> String {
        let plan = try Program(module, form: .scriptModule(name: "m", types: TypeStore()))
        let options = CodeGenerationOptions(triple: triple, cpu: cpu, form: .assembly)
        let bytes = try CodeGenerator.compile(plan, partition: 0, options: options).bytes
        var lines: [String] = []
        var isInside = false
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            if line.hasPrefix("m.wasm."), let end = line.firstIndex(of: ":") {
                isInside = true
                lines.append("  " + line[..<end].dropFirst("m.wasm.".count))
            } else if line.hasPrefix(".Lfunc_end") {
                isInside = false
            } else if isInside, line.hasPrefix("\t"), !line.hasPrefix("\t.") {
                lines.append("    " + instruction(line))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A line of assembly without comments, and with blanks instead of tabs.
    private static func instruction(_ line: Substring) -> String {
        let code = line.components(separatedBy: "# ")[0].components(separatedBy: "//")[0]
        return code.replacingOccurrences(of: "\t", with: " ")
            .trimmingCharacters(in: .whitespaces)
    }
}
