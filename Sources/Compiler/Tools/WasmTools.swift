// wasm-tools, which reads the text format for us.

internal import Linking
internal import Subprocess
package import SystemPackage

/// The installed wasm-tools.
package struct WasmTools: Sendable {
    /// The executable.
    package var path: FilePath

    package init(path: FilePath) { self.path = path }

    /// Finds wasm-tools.
    ///
    /// - Parameter folders: The folders to look in, as in `PATH`.
    package init(folders: [FilePath]) throws(CompilerError) {
        let candidates = folders.map { Files.absolute($0).appending("wasm-tools") }
        guard let path = candidates.first(where: Files.isExecutable) else {
            throw CompilerError(.wasmToolsMissing)
        }
        self.init(path: path)
    }

    /// Translates a module from the text format.
    package func module(text: [UInt8], name: String) async throws(CompilerError) -> [UInt8] {
        // Files, because a pipe to a process that ends early would end this one.
        let source = try withFiles(Files.unnamed)
        defer { try? source.close() }
        let binary = try withFiles(Files.unnamed)
        defer { try? binary.close() }
        let complaint: String?
        do {
            try source.writeAll(text)
            try source.seek(offset: 0, from: .start)
            complaint = try await run(
                ["parse", "-"].map { Array($0.utf8) },
                input: .fileDescriptor(source, closeAfterSpawningProcess: false),
                output: .fileDescriptor(binary, closeAfterSpawningProcess: false))
            if complaint == nil {
                try binary.seek(offset: 0, from: .start)
                return try Files.readAll(binary)
            }
        } catch let error as CompilerError {
            throw error
        } catch {
            throw CompilerError(.file("a temporary file", reason: "\(error)"))
        }
        throw CompilerError(
            .malformedText(
                .init(complaint: (complaint ?? "").replacing("<stdin>", with: name))))
    }

    /// Runs the tool.
    ///
    /// - Parameter folder: Where relative paths in the arguments are taken from.
    /// - Returns: What it has to complain about, or nil when it succeeded.
    package func run(
        _ arguments: [FilePath], in folder: FilePath? = nil
    ) async throws(CompilerError) -> String? {
        try await run(arguments.map(\.bytes), in: folder, input: .none, output: .discarded)
    }

    private func run(
        _ arguments: [[UInt8]], in folder: FilePath? = nil, input: some InputProtocol,
        output: some OutputProtocol
    ) async throws(CompilerError) -> String? {
        try CompilerError.checkDescriptors()
        do {
            let result = try await Subprocess.run(
                .path(path), arguments: Arguments(arguments.map { $0 + [0] }),
                workingDirectory: folder,
                input: input, output: output, error: .string(limit: 1 << 20))
            return result.terminationStatus.isSuccess ? nil : result.standardError
        } catch {
            throw CompilerError(.file(path, reason: "cannot be started: \(error)"))
        }
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
