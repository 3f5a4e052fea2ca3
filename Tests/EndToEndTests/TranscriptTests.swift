// What a person types and sees, word for word. Each file of the folder `transcripts` is a session
// in a fresh folder:
//
//     # a remark
//     $ smelt gone.wasm
//     error: gone.wasm: cannot read: No such file or directory
//     [1]
//
// A line `$` is given to bash, lines `>` continue it, and what follows is all that it must write,
// on both streams, ending with its status if that is not zero. SMELT_UPDATE_GOLDEN=1 rewrites the
// files with what is really written.

import Foundation
import TestSupport
import Testing

/// A file of commands with what they write.
struct Transcript: Sendable, CustomTestStringConvertible {
    /// A command and the lines that it writes, the status last.
    struct Step: Equatable {
        /// Remarks and empty lines above the command.
        var remarks: [String] = []
        var command: [String] = []
        var output: [String] = []

        var lines: [String] {
            remarks + command.enumerated().map { ($0.offset == 0 ? "$ " : "> ") + $0.element }
                + output
        }
    }

    var file: URL
    var steps: [Step] = []

    var testDescription: String { file.lastPathComponent }

    static let folder = Project.root.appending(path: "Tests/EndToEndTests/transcripts")

    static let all: [Transcript] = {
        let files = try! FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil)
        return files.filter { $0.pathExtension == "txt" }
            .sorted { $0.path < $1.path }.map { try! Transcript($0) }
    }()

    init(_ file: URL) throws {
        self.file = file
        var remarks: [String] = []
        for line in try String(contentsOf: file, encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        {
            if line.hasPrefix("$ ") {
                steps.append(Step(remarks: remarks, command: [String(line.dropFirst(2))]))
                remarks = []
            } else if line.hasPrefix("> "), !steps.isEmpty, steps.last!.output.isEmpty {
                steps[steps.count - 1].command.append(String(line.dropFirst(2)))
            } else if line.isEmpty || line.hasPrefix("# ") {
                remarks.append(line)
            } else if !steps.isEmpty {
                // An empty line above was part of the output.
                steps[steps.count - 1].output += remarks + [line]
                remarks = []
            }
        }
    }

    /// Runs the commands, one shell for all of them, and returns them with what they wrote.
    func run() throws -> [Step] {
        let folder = try Project.freshFolder("transcript")
        let record = try Project.freshFolder("record")
        let script = steps.enumerated().map { index, step in
            let command = step.command.joined(separator: "\n")
            let output = record.appending(path: "\(index)").path
            return "{\n\(command)\n} >'\(output)' 2>&1 </dev/null; echo $? >'\(output).status'\n"
        }
        var bash = Command(["/bin/bash", "-c", script.joined()])
        bash.folder = folder
        let tools = [Project.smelt, Project.wasmTools].map {
            URL(filePath: $0).deletingLastPathComponent().path
        }
        bash.environment = [
            "PATH": (tools + ["/usr/bin", "/bin"]).joined(separator: ":"), "HOME": folder.path,
            "SMELT": Project.smelt, "LC_ALL": "C",
        ]
        _ = try bash.run()
        return try steps.enumerated().map { index, step in
            func read(_ suffix: String) throws -> String {
                let file = record.appending(path: "\(index)\(suffix)")
                return String(decoding: try Data(contentsOf: file), as: UTF8.self)
            }
            var step = step
            var text = try read("")
            while text.hasSuffix("\n") { text.removeLast() }
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            step.output = text.isEmpty ? [] : lines.map(String.init)
            let status = try read(".status").trimmingCharacters(in: .newlines)
            if status != "0" { step.output.append("[\(status)]") }
            return step
        }
    }
}

@Suite struct TranscriptTests {
    @Test(arguments: Transcript.all)
    func session(transcript: Transcript) throws {
        let steps = try transcript.run()
        let text = steps.flatMap(\.lines).joined(separator: "\n") + "\n"
        #expect(try GoldenFile(transcript.file).difference(from: text) == nil)
    }
}
