// An output file appears whole or not at all: it is written under another name beside its place
// and renamed at the end. What was there before stays as it was until then.

package import SystemPackage

/// A file in the making. Dropped without ``commit()`` it leaves nothing behind.
package final class AtomicOutput {
    /// Where to write.
    let temporaryPath: FilePath
    private let destination: FilePath
    /// Devices and pipes are written to, not replaced.
    private let isReplaced: Bool
    private let entry: TemporaryFiles.Entry
    private var isCommitted = false

    /// - Throws: A file error when `destination` is a folder, or is in none.
    package init(_ destination: FilePath) throws(CompilerError) {
        let name = destination.lastComponent?.string ?? "output"
        var folder = destination.removingLastComponent()
        if folder.isEmpty { folder = "." }
        switch Files.kind(of: destination) {
        case .directory:
            throw CompilerError(.file(destination, reason: "is a directory"))
        case .other:
            isReplaced = false
            folder = ScratchFolder.parent
        case .missing, .regular:
            isReplaced = true
        }
        guard Files.kind(of: folder) == .directory else {
            throw CompilerError(.file(destination, reason: "the folder \(folder) does not exist"))
        }
        self.destination = destination
        temporaryPath = folder.appending(Files.uniqueName(".\(name.prefix(100))."))
        entry = TemporaryFiles.add(temporaryPath)
    }

    deinit {
        if !isCommitted { entry.remove() }
    }

    /// Writes the whole file. Files that others produce at ``temporaryPath`` need no call.
    package func write(_ bytes: [UInt8], isExecutable: Bool = false) throws(CompilerError) {
        // The kernel takes the umask off.
        let permissions = FilePermissions(rawValue: isExecutable ? 0o777 : 0o666)
        do {
            try Files.write(bytes, to: temporaryPath, permissions: permissions)
        } catch {
            guard case .file(_, let reason) = error.kind else { throw error }
            throw CompilerError(.file(destination, reason: reason))
        }
    }

    /// Puts the file in its place.
    package func commit() throws(CompilerError) {
        if isReplaced {
            try Files.move(temporaryPath, to: destination)
            entry.forget()
            isCommitted = true
        } else {
            try Files.write(try Files.read(temporaryPath), to: destination)
        }
    }
}
