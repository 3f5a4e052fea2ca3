// Scripts as `wasm-tools` converts them: JSON, and a file for each module or component.

public import Foundation

/// A script, converted.
public enum ConvertedScript {
    private struct Document: Decodable {
        struct Command: Decodable {
            var type: String
            var line: Int
            var text: String?
            var filename: String?
            var binary_filename: String?
        }
        var commands: [Command]
    }

    /// The binaries of a script, in order. What is quoted as text is left out where the text is what is tested.
    public static func modules(of script: String, in file: URL) throws -> [SpecificationModule] {
        guard let tool = TestEnvironment.tool("wasm-tools") else { return [] }
        let directory = try TemporaryDirectory()
        let arguments = ["json-from-wast", file.path, "--wasm-dir", directory.url.path]
        guard let json = try output(of: tool, arguments) else {
            throw SpecificationSuiteError(description: "wasm-tools cannot read \(script)")
        }
        let document = try JSONDecoder().decode(Document.self, from: json)
        return try document.commands.compactMap { command in
            guard let name = command.binary_filename ?? command.filename, name.hasSuffix(".wasm")
            else { return nil }
            let data = try Data(contentsOf: directory.url.appendingPathComponent(name))
            return SpecificationModule(
                script: script, line: command.line, command: command.type, bytes: [UInt8](data),
                text: command.text)
        }
    }
}
