// The official test suite of WASI preview 1: every program, on both targets, in the surroundings
// that its manifest asks for. A program without a manifest just has to end with status 0.
//
// `SMELT_TEST_DATA` or the folder `shared` beside the project has the suite, below
// `wasi-testsuite/wasip1`; without it these tests say so and do nothing.

import Compiler
import Foundation
import TestSupport
import Testing

/// A program of the suite.
struct WASISuiteProgram: Sendable, CustomTestStringConvertible {
    /// What a manifest says; everything may be missing.
    struct Manifest: Decodable, Sendable {
        var args: [String]?
        var env: [String: String]?
        /// The folder, beside the program, that it sees as `/`.
        var root: String?
        var exit_code: Int32?
        var stdout: String?
        var stderr: String?
    }

    var module: URL
    var manifest: Manifest

    var testDescription: String {
        module.deletingLastPathComponent().lastPathComponent + "/" + module.lastPathComponent
    }

    init(_ module: URL) throws {
        self.module = module
        let file = module.deletingPathExtension().appendingPathExtension("json")
        let data = FileManager.default.contents(atPath: file.path) ?? Data("{}".utf8)
        manifest = try JSONDecoder().decode(Manifest.self, from: data)
    }

    static let folder = TestEnvironment.data.appending(path: "wasi-testsuite/wasip1")

    static let all: [WASISuiteProgram] = {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        let modules = (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "wasm" }
        return modules.sorted { $0.path < $1.path }.map { try! WASISuiteProgram($0) }
    }()
}

@Suite struct WASISuiteTests {
    /// The official suite had this many programs when it was copied; fewer would go unnoticed.
    @Test func theSuiteIsWhole() throws {
        guard !WASISuiteProgram.all.isEmpty else {
            try Test.cancel("no WASI test suite at \(WASISuiteProgram.folder.path)")
        }
        #expect(WASISuiteProgram.all.count >= 60)
    }

    @Test(arguments: WASISuiteProgram.all, Target.allCases)
    func behavesAsItsManifestSays(example: WASISuiteProgram, target: Target) async throws {
        let manifest = example.manifest
        var grants: [String] = []
        if let root = manifest.root {
            let folder = try Project.freshFolder("wasi-root")
            let copy = folder.appending(path: "root")
            let original = example.module.deletingLastPathComponent().appending(path: root)
            try Command.tool(["cp", "-R", original.path, copy.path])
            grants += ["--dir", "\(copy.path)::/"]
        }
        for (name, value) in manifest.env ?? [:] { grants += ["--env", "\(name)=\(value)"] }

        let program = try await Artifacts.shared.program(
            example.module, for: target, options: ["-O1"])
        var command = Command(target.emulator + [program.path] + (manifest.args ?? []))
        command.environment = ["SMELT_GRANTS": "\(try Grants(words: grants).environmentValue)"]
        let result = try command.run()
        #expect(result.status == manifest.exit_code ?? 0, "\(result.errors)")
        if let stdout = manifest.stdout { #expect(result.text == stdout) }
        if let stderr = manifest.stderr { #expect(result.errors == stderr) }
    }
}
