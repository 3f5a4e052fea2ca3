// wasm-tools, which reads the text format for us.

internal import Subprocess
package import SystemPackage

/// The installed wasm-tools.
package struct WasmTools: Sendable {
    /// The executable.
    package var path: FilePath

    package init(path: FilePath) { self.path = path }

    /// Finds wasm-tools.
    ///
    /// - Parameter searchPath: Folders separated by colons, as in `PATH`.
    package init(searchPath: String) throws(CompilerError) {
        let candidates = searchPath.split(separator: ":").map {
            FilePath(String($0)).appending("wasm-tools")
        }
        guard let path = candidates.first(where: Files.isExecutable) else {
            throw CompilerError(.wasmToolsMissing)
        }
        self.init(path: path)
    }

    /// Translates a module from the text format.
    package func module(text: [UInt8], name: String) async throws(CompilerError) -> [UInt8] {
        // Files, because a pipe to a process that ends early would end this one.
        let scratch = try ScratchFolder(in: ScratchFolder.parent)
        let source = scratch.file("module.wat")
        let binary = scratch.file("module.wasm")
        try Files.write(text, to: source)
        guard let complaint = try await run(["parse", source.string, "-o", binary.string]) else {
            return try Files.read(binary)
        }
        if complaint.hasPrefix("error: failed to write") {
            let reason = complaint.split(separator: ": ").last.map { $0.prefix { $0 != "(" } }
            throw CompilerError(.file(binary, reason: "cannot write: \(reason ?? "?")"))
        }
        throw CompilerError(
            .malformedText(.init(complaint: complaint.replacing(source.string, with: name))))
    }

    /// Runs the tool.
    ///
    /// - Returns: What it has to complain about, or nil when it succeeded.
    package func run(_ arguments: [String]) async throws(CompilerError) -> String? {
        let result: ExecutionResult<Void, DiscardedOutput, StringOutput<UTF8>>
        do {
            result = try await Subprocess.run(
                .path(path), arguments: Arguments(arguments), output: .discarded,
                error: .string(limit: 1 << 20))
        } catch {
            throw CompilerError(.file(path, reason: "cannot be started: \(error)"))
        }
        return result.terminationStatus.isSuccess ? nil : result.standardError
    }
}

extension CompilerError.TextProblem {
    /// Takes apart what wasm-tools wrote: a line `error: ...`, then the place.
    fileprivate init(complaint: String) {
        let lines = complaint.split(separator: "\n").map(String.init)
        let first = lines.first ?? "wasm-tools gives no reason"
        message = first.hasPrefix("error: ") ? String(first.dropFirst(7)) : first
        excerpt = Array(lines.dropFirst())
    }
}
