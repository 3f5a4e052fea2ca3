// Golden tests of what is done to loops: each file of the folder Golden holds functions in LLVM's
// textual form and what becomes of them; a comment like `; pass: loads` asks for another pass.
// `SMELT_UPDATE_GOLDEN=1 swift test` rewrites them.

import Foundation
import LLVMKit
import Optimization
import Testing

@Suite struct LoopGoldenTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "Golden")

    /// Stands between what goes in and what comes out.
    static let separator = "\n; What becomes of it:\n"

    static var files: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".ll") }.sorted()
    }

    @Test func thereAreFiles() {
        #expect(!Self.files.isEmpty)
    }

    @Test(arguments: files)
    func changesAsRecorded(_ file: String) throws {
        let url = Self.folder.appending(path: file)
        let text = try String(contentsOf: url, encoding: .utf8)
        let parts = text.components(separatedBy: Self.separator)
        let output = try Self.output(for: parts[0])
        if ProcessInfo.processInfo.environment["SMELT_UPDATE_GOLDEN"] != nil {
            try (parts[0] + Self.separator + output).write(
                to: url, atomically: true, encoding: .utf8)
            return
        }
        #expect(parts.count == 2, "the file has no output; run with SMELT_UPDATE_GOLDEN=1")
        #expect(parts.last == output)
    }

    /// The functions after the change, and the alias scopes and loop properties that they name.
    static func output(for text: String) throws -> String {
        // A comment may ask for another processor.
        let cpu = text.firstMatch(of: /; cpu: (\S+)/).map { String($0.1) } ?? "x86-64-v2"
        let machine = try TargetMachine(
            triple: "x86_64-linux-musl", cpu: cpu, features: "", level: .standard)
        let module = try IRModule(parsing: text, for: machine)
        try module.verify()
        if text.contains("; pass: loads\n") {
            Optimizer.splitWaitingLoads(of: module)
        } else if text.contains("; pass: selects\n") {
            Optimizer.markUnpredictableSelects(of: module)
        } else if text.contains("; pass: zeros\n") {
            Optimizer.countTrailingZeros(in: module)
        } else if text.contains("; pass: switches\n") {
            Optimizer.makeSwitchTables(in: module)
        } else if text.contains("; pass: indices\n") {
            Optimizer.widenIndices(in: module)
        } else if text.contains("; pass: addresses\n") {
            Optimizer.joinAddresses(of: module, memory: memory(of: text))
        } else if text.contains("; pass: pointers\n") {
            Optimizer.keepLoopPointers(of: module, memory: memory(of: text))
        } else {
            Optimizer.changeLoops(of: module, for: machine, level: .aggressive)
        }
        try module.verify()
        let lines = module.text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = lines.firstIndex { $0.hasPrefix("define") } ?? 0
        return lines[start...].filter { !$0.hasPrefix("; Function Attrs") }
            .joined(separator: "\n")
    }

    /// That of a program if it has a name, and that of an instance otherwise.
    private static func memory(of text: String) -> GuestMemory {
        let isProgram = text.contains("@memory")
        return GuestMemory(
            base: isProgram ? .symbol("memory") : .slot(offset: 16), byteSize: nil,
            lacksLastPage: true, outlivesTraps: !isProgram)
    }
}
