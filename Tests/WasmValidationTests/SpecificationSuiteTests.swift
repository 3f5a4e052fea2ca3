import Foundation
import Testing
import WasmBinary
import WasmTypes
import WasmValidation

/// The official test suite: which modules are valid.
@Suite struct SpecificationSuiteTests {
    @Test(arguments: SpecificationScript.all)
    func script(_ script: SpecificationScript) throws {
        guard let tool = WasmTools.path else {
            print("skipped: no wasm-tools, the official test suite is not validated")
            return
        }
        let directory = try TemporaryDirectory()
        for command in try script.commands(tool, in: directory.url) {
            guard let module = command.module else { continue }
            let error = verdict(module, features: script.features)
            switch command.type {
            case "assert_invalid":
                #expect(
                    error?.kind == .invalid || error?.kind == .malformed,
                    "\(script.name):\(command.line) accepted: \(command.text ?? "")")
            case "assert_malformed":
                #expect(
                    error?.kind == .malformed || error?.kind == .invalid,
                    "\(script.name):\(command.line) accepted: \(command.text ?? "")")
            default:
                #expect(error == nil, "\(script.name):\(command.line)")
            }
        }
    }

    @Test func everyScriptIsThere() {
        let count = SpecificationScript.all.count
        #expect(count == 0 || count >= 257 + 4 + 1 + 5)
        if count == 0 { print("skipped: no official test suite, set SMELT_TEST_DATA") }
    }

    private func verdict(_ bytes: [UInt8], features: FeatureSet) -> ModuleError? {
        do throws(ModuleError) {
            _ = try validate(try Module.decode(bytes, features: features), features: features)
            return nil
        } catch {
            return error
        }
    }
}

/// One script of the official test suite.
struct SpecificationScript: Sendable, CustomTestStringConvertible {
    /// One command with the module it is about, if it is about a binary one.
    struct Command {
        var type: String
        var line: Int
        var text: String?
        var module: [UInt8]?
    }

    private struct Document: Decodable {
        struct Command: Decodable {
            var type: String
            var line: Int
            var text: String?
            var filename: String?
            var module_type: String?
            /// The binary form of a module that the script quotes as text.
            var binary_filename: String?
        }
        var commands: [Command]
    }

    /// Relative to the suite, without the extension.
    var name: String
    var url: URL

    var testDescription: String { name }

    /// The threads proposal is based on a version of the language without these.
    var features: FeatureSet {
        var features = FeatureSet.all
        if name.hasPrefix("proposals/threads/") {
            features.remove(.multipleMemories)
            features.remove(.referenceTypes)
        }
        return features
    }

    /// Every script that Smelt should agree with.
    static let all: [SpecificationScript] = {
        let data =
            ProcessInfo.processInfo.environment["SMELT_TEST_DATA"].map(URL.init(fileURLWithPath:))
            ?? projectRoot.deletingLastPathComponent().appendingPathComponent("shared")
        let suite = data.appendingPathComponent("spec-testsuite")
        let folders = [
            "", "proposals/threads/", "proposals/wide-arithmetic/", "proposals/custom-page-sizes/",
        ]
        return folders.flatMap { folder in
            let url = suite.appendingPathComponent(folder)
            let files = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
            return files.filter { $0.hasSuffix(".wast") }.sorted().map {
                SpecificationScript(
                    name: folder + $0.dropLast(5), url: url.appendingPathComponent($0))
            }
        }
    }()

    /// Converts the script and reads its modules.
    func commands(_ tool: String, in directory: URL) throws -> [Command] {
        let output = directory.appendingPathComponent("script.json")
        let status = try run(
            tool,
            ["json-from-wast", url.path, "-o", output.path, "--wasm-dir", directory.path])
        try #require(status == 0, "\(name) does not convert")
        let document = try JSONDecoder().decode(
            Document.self, from: try Data(contentsOf: output))
        return try document.commands.map { command in
            var module: [UInt8]?
            let binary = command.module_type == "binary" ? command.filename : nil
            if let file = command.binary_filename ?? binary {
                module = [UInt8](try Data(contentsOf: directory.appendingPathComponent(file)))
            }
            return Command(
                type: command.type, line: command.line, text: command.text, module: module)
        }
    }
}
