// Golden tests of passes: each file of the folder Golden holds functions in LLVM's
// textual form and what becomes of them; a comment like `; pass: loop-versions` names the passes.
// `SMELT_UPDATE_GOLDEN=1 swift test` rewrites them.

import Foundation
import LLVMKit
import Optimization
import TargetModel
import TestSupport
import Testing

@Suite struct PassGoldenTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "Golden")

    /// Stands between what goes in and what comes out.
    static let separator = "\n; What becomes of it:\n"

    static var files: [String] { GoldenFile.names(in: folder, withExtension: "ll") }

    @Test func thereAreFiles() {
        #expect(!Self.files.isEmpty)
    }

    @Test(arguments: files)
    func changesAsRecorded(_ file: String) throws {
        let golden = try GoldenFile(Self.folder.appending(path: file), separator: Self.separator)
        let output = try Self.output(for: golden.input)
        #expect(try golden.difference(from: output) == nil)
    }

    /// Whoever asks for a pass by its name gets that one.
    @Test func namesAreUnique() {
        for level in OptimizationLevel.allCases {
            let names = PassList(level).passes.map(\.name)
            #expect(Set(names).count == names.count)
        }
        #expect(Set(PassList.ours.map(\.name)).count == PassList.ours.count)
    }

    /// The functions after the change, and the alias scopes and loop properties that they name.
    static func output(for text: String) throws -> String {
        // A comment may ask for another processor.
        let cpu = text.firstMatch(of: /; cpu: (\S+)/).map { String($0.1) } ?? "x86-64-v2"
        let machine = try TargetMachine(
            triple: "x86_64-linux-musl", cpu: cpu, features: "", level: .standard)
        let module = try IRModule(parsing: text, for: machine)
        try module.verify()
        let context = PassContext(machine, level: .aggressive, memory: memory(of: text))
        for pass in try passes(of: text) { try pass.run(on: module, for: machine, context) }
        try module.verify()
        let lines = module.text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = lines.firstIndex { $0.hasPrefix("define") } ?? 0
        return lines[start...].filter { !$0.hasPrefix("; Function Attrs") }
            .joined(separator: "\n")
    }

    /// Those that a comment names, in their order.
    private static func passes(of text: String) throws -> [Pass] {
        let names = try #require(text.firstMatch(of: /; pass(?:es)?: (.+)/), "no pass is named").1
        return try names.split(separator: ", ").map { name in
            try #require(PassList.ours.first { $0.name == name }, "there is no pass \(name)")
        }
    }

    /// That of a program if it has a name, and that of an instance otherwise.
    private static func memory(of text: String) -> GuestMemory {
        let isProgram = text.contains("@memory")
        return GuestMemory(
            base: isProgram ? .symbol("memory") : .slot(offset: 16), byteSize: nil,
            lacksLastPage: true, outlivesTraps: !isProgram)
    }
}
