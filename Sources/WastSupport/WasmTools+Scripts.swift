// Scripts as wasm-tools reads them: JSON and binaries.

package import Compiler
internal import FoundationEssentials
package import SystemPackage

extension WasmTools {
    /// Reads a script.
    package func script(_ file: FilePath) async throws(CompilerError) -> WastScript {
        let folder = try ScratchTree()
        let json = folder.path.appending("script.json")
        try await run(
            ["json-from-wast", file.string, "-o", json.string, "--wasm-dir", folder.path.string],
            about: file)
        var script = try WastScript(name: file.string, json: json, folder: folder.path)
        try await translateTexts(in: &script, folder: folder.path)
        return script
    }

    /// Translates the texts that must be malformed, which are the only ones that come as texts.
    /// Those that can be translated are a matter for the decoder.
    ///
    /// It takes one run of the tool: in a script of its own in which the same texts must be
    /// invalid, so that they are translated where possible.
    private func translateTexts(
        in script: inout WastScript, folder: FilePath
    ) async throws(CompilerError) {
        var places: [Int] = []
        var copy: [UInt8] = []
        for (index, command) in script.commands.enumerated() {
            guard case .assertMalformed(.text(let source, _), _) = command.kind else { continue }
            places.append(index)
            let escaped = try Files.read(source).map { byte in
                "\\" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
            copy += Array("(assert_invalid (module quote \"\(escaped.joined())\") \"\")\n".utf8)
        }
        if places.isEmpty { return }
        let file = folder.appending("texts.wast")
        let json = folder.appending("texts.json")
        try Files.write(copy, to: file)
        try await run(
            ["json-from-wast", file.string, "-o", json.string, "--wasm-dir", folder.string],
            about: file)
        let translated = try WastScript(name: file.string, json: json, folder: folder)
        for (place, command) in zip(places, translated.commands) {
            guard
                case .assertMalformed(.text(let source, _), let text) = script.commands[place].kind,
                case .assertInvalid(.binary(let bytes), _) = command.kind
            else { continue }
            script.commands[place].kind = .assertMalformed(
                .text(source, binary: bytes), text: text)
        }
    }

    /// Runs the tool, which has to succeed.
    private func run(_ arguments: [String], about file: FilePath) async throws(CompilerError) {
        if let complaint = try await run(arguments) {
            throw CompilerError(.file(file, reason: "wasm-tools refuses it: \(complaint)"))
        }
    }
}

/// A folder that is removed with whatever others have put into it.
final class ScratchTree {
    let path: FilePath
    private let folder: ScratchFolder

    init() throws(CompilerError) {
        folder = try ScratchFolder(in: ScratchFolder.parent)
        path = folder.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }
}
