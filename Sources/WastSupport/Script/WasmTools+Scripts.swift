// Scripts as wasm-tools reads them: JSON and binaries.

package import Compiler
internal import Linking
package import SystemPackage

extension WasmTools {
    /// Reads a script.
    package func script(_ file: FilePath) async throws(CompilerError) -> WastScript {
        let folder = try withFiles(ScratchFolder.init)
        try await run(
            ["json-from-wast", Files.absolute(file), "-o", "script.json", "--wasm-dir", "."],
            in: folder.path, about: file)
        var script = try WastScript(
            name: file.readable, json: folder.file("script.json"), folder: folder.path)
        try await translateTexts(in: &script, folder)
        return script
    }

    /// Translates the texts that must be malformed, which are the only ones that come as texts.
    /// Those that can be translated are a matter for the decoder.
    ///
    /// It takes one run of the tool: in a script of its own in which the same texts must be
    /// invalid, so that they are translated where possible.
    private func translateTexts(
        in script: inout WastScript, _ folder: borrowing ScratchFolder
    ) async throws(CompilerError) {
        var places: [Int] = []
        var copy: [UInt8] = []
        for (index, command) in script.commands.enumerated() {
            guard case .assertMalformed(.text(let source, _), _) = command.kind else { continue }
            places.append(index)
            let text = try withFiles { () throws(FileError) in try Files.read(source) }
            let escaped = text.map { byte in
                "\\" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
            copy += Array("(assert_invalid (module quote \"\(escaped.joined())\") \"\")\n".utf8)
        }
        if places.isEmpty { return }
        do throws(FileError) {
            try folder.write(copy, to: "texts.wast")
        } catch {
            throw CompilerError(error)
        }
        try await run(
            ["json-from-wast", "texts.wast", "-o", "texts.json", "--wasm-dir", "."],
            in: folder.path, about: "texts.wast")
        let translated = try WastScript(
            name: "texts.wast", json: folder.file("texts.json"), folder: folder.path)
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
    private func run(
        _ arguments: [FilePath], in folder: FilePath, about file: FilePath
    ) async throws(CompilerError) {
        if let complaint = try await run(arguments, in: folder) {
            throw CompilerError(.file(file, reason: "wasm-tools refuses it: \(complaint)"))
        }
    }
}
