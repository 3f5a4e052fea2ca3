// Carries out a link plan: writes the script, runs ld.lld, reports what it said.

internal import Platform
internal import Subprocess
public import SystemPackage

/// Runs the linker.
public struct Linker: Sendable {
    /// The linker's executable.
    public var path: FilePath

    /// - Parameter path: The path of an `ld.lld`; see ``LinkerLookup``.
    public init(path: FilePath) { self.path = path }

    /// Makes the executable that a plan describes.
    ///
    /// - Parameters:
    ///   - plan: What to link. An output file that exists is replaced.
    ///   - scriptPath: Where to write the linker script; the caller removes it.
    ///   - folder: The folder that the linker is started in, and that relative paths are taken from.
    public func link(
        _ plan: LinkPlan, scriptPath: FilePath, in folder: FilePath? = nil
    ) async throws(LinkError) {
        func place(_ path: FilePath) -> FilePath { folder?.pushing(path) ?? path }
        try write(plan.script.text, to: place(scriptPath))
        try await run(
            plan.argumentBytes(scriptPath: scriptPath), output: plan.output, in: folder)
        if plan.stripsSymbols { try ELFFile.dropRoomForSections(of: place(plan.output)) }
    }

    /// Starts the linker and waits for its end.
    func run(
        _ arguments: [[UInt8]], output file: FilePath, in folder: FilePath?
    ) async throws(LinkError) {
        let result: ExecutionResult<Void, StringOutput<UTF8>, StringOutput<UTF8>>
        do {
            result = try await Subprocess.run(
                .path(path), arguments: Arguments(arguments.map { $0 + [0] }),
                workingDirectory: folder,
                output: .string(limit: Self.outputLimit), error: .string(limit: Self.outputLimit))
        } catch {
            throw .linkerNotStarted(path: path, reason: "\(error)")
        }
        guard result.terminationStatus.isSuccess else {
            let output = result.standardError + result.standardOutput
            if let reason = Self.writeFailure(in: output, result.terminationStatus) {
                throw .file(path: file, reason: "cannot write: \(reason)")
            }
            throw .linkerFailed(
                path: path, status: "\(result.terminationStatus)",
                output: String(output.drop(whileLast: \.isNewline)))
        }
    }

    /// Why the linker could not write its output, if that is what it complains about.
    private static func writeFailure(in output: String, _ status: TerminationStatus) -> String? {
        // It writes through a mapping, which ends in a signal when the disk is full.
        if case .signaled(SIGBUS) = status { return "\(Errno.noSpace)" }
        if case .signaled(SIGXFSZ) = status { return "\(Errno.fileTooLarge)" }
        let errors = [Errno.noSpace, .fileTooLarge, .diskQuotaExceeded]
        return errors.map { "\($0)" }.first { output.contains($0) }
    }

    /// How much of the linker's own words is kept, in bytes.
    private static let outputLimit = 1 << 20

    func write(_ text: String, to file: FilePath) throws(LinkError) {
        do {
            let descriptor = try FileDescriptor.open(
                file, .writeOnly,
                options: [.create, .truncate, .noFollow, .closeOnExec],
                permissions: [.ownerReadWrite])
            _ = try descriptor.closeAfter { try descriptor.writeAll(text.utf8) }
        } catch {
            throw .file(path: file, reason: "cannot write the linker script: \(error)")
        }
    }
}

extension String {
    fileprivate func drop(whileLast predicate: (Character) -> Bool) -> Substring {
        var rest = self[...]
        while let last = rest.last, predicate(last) { rest.removeLast() }
        return rest
    }
}
