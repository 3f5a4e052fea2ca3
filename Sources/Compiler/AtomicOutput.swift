// An output file appears whole or not at all: it is written under another name beside its place
// and renamed at the end. What was there before stays as it was until then.

package import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A file in the making. Dropped without ``commit()`` it leaves nothing behind.
package final class AtomicOutput {
    private let temporaryPath: FilePath
    private let destination: FilePath
    /// Devices and pipes are written to, not replaced.
    private let isReplaced: Bool
    private let entry: TemporaryFiles.Entry
    private var isCommitted = false

    /// - Throws: A file error when `destination` is a folder, is in none, or cannot be written.
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
            let problem =
                Files.kind(of: folder) == .missing
                ? "the folder \(folder) does not exist" : "\(folder) is not a folder"
            throw CompilerError(.file(destination, reason: problem))
        }
        self.destination = destination
        temporaryPath = folder.appending(Files.uniqueName(".\(name.prefix(100))."))
        entry = TemporaryFiles.add(temporaryPath)
        // Better now than after a long compilation: may files be made there at all?
        do {
            try Files.write([], to: temporaryPath)
            Files.remove(temporaryPath)
        } catch {
            entry.forget()
            throw errorAboutDestination(error)
        }
    }

    deinit {
        if !isCommitted { entry.remove() }
    }

    /// Writes the whole file.
    package func write(_ bytes: [UInt8], isExecutable: Bool = false) throws(CompilerError) {
        // The kernel takes the umask off.
        let permissions = FilePermissions(rawValue: isExecutable ? 0o777 : 0o666)
        do {
            try Files.write(bytes, to: temporaryPath, permissions: permissions)
        } catch {
            throw errorAboutDestination(error)
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

    /// Takes an executable that is somewhere else.
    func adopt(_ file: FilePath) throws(CompilerError) {
        // Within one file system a new name is enough.
        let isMoved = file.withPlatformString { file in
            temporaryPath.withPlatformString { rename(file, $0) == 0 }
        }
        if !isMoved { try write(try Files.read(file), isExecutable: true) }
    }

    /// An error about the temporary file as one about the file that it stands for.
    private func errorAboutDestination(_ error: CompilerError) -> CompilerError {
        guard case .file(_, let reason) = error.kind else { return error }
        return CompilerError(.file(destination, reason: reason))
    }
}
