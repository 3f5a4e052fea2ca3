// Carries out a link plan: writes the script, runs ld.lld, reports what it said.

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
    public func link(_ plan: LinkPlan, scriptPath: FilePath) async throws(LinkError) {
        try write(plan.script.text, to: scriptPath)
        let result: ExecutionResult<Void, StringOutput<UTF8>, StringOutput<UTF8>>
        do {
            result = try await run(
                .path(path), arguments: Arguments(plan.arguments(scriptPath: scriptPath)),
                output: .string(limit: Self.outputLimit), error: .string(limit: Self.outputLimit))
        } catch {
            throw .linkerNotStarted(path: path, reason: "\(error)")
        }
        guard result.terminationStatus.isSuccess else {
            let output = result.standardError + result.standardOutput
            throw .linkerFailed(
                path: path, status: "\(result.terminationStatus)",
                output: String(output.drop(whileLast: \.isNewline)))
        }
    }

    /// How much of the linker's own words is kept, in bytes.
    private static let outputLimit = 1 << 20

    private func write(_ text: String, to file: FilePath) throws(LinkError) {
        do {
            let descriptor = try FileDescriptor.open(
                file, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite])
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
