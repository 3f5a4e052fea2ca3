import ComponentLinking
import ComponentModel
import Foundation
import TestSupport
import Testing
import WasmBinary
import WasmValidation

/// Makes components of their text.
enum ComponentText {
    /// The test ends as skipped without the tool that reads text.
    static func file(_ text: String, name: String = "test.wasm") throws -> ComponentFile {
        guard let tool = TestEnvironment.tool("wasm-tools") else {
            try Test.cancel("wasm-tools is not installed")
        }
        let folder = try TemporaryDirectory()
        let source = folder.url.appendingPathComponent("text.wat")
        try Data(text.utf8).write(to: source)
        let bytes = try #require(try output(of: tool, ["parse", source.path]))
        return ComponentFile(
            component: try Component.decode(Array(bytes)), bytes: Array(bytes), name: name)
    }

    static func link(_ text: String, with others: [String] = []) throws -> CoreGraph {
        let files = try others.enumerated().map {
            try file($0.element, name: "other \($0.offset).wasm")
        }
        return try ComponentProgram(try file(text), with: files).link().graph
    }

    /// What linking says about components that do not fit.
    static func problem(_ text: String, with others: [String] = []) throws -> String? {
        do {
            _ = try link(text, with: others)
            return nil
        } catch let error as LinkingError {
            return error.message
        }
    }
}

extension CoreGraph {
    var names: [String] { instances.map(\.name) }

    func instance(_ name: String) -> Instance? { instances.first { $0.name.hasSuffix(name) } }

    func module(of instance: Instance) -> Module { modules[instance.module].module }
}
