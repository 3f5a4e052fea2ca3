// An output file appears whole or not at all: it is written without a name, or under another one
// beside its place, and gets its name at the end. What was there before stays as it was until then.
//
// The file is opened once, when the work begins. It is never opened again by a name: in a folder
// that others may write the name could stand for something else by then.

internal import Linking
internal import Platform
package import SystemPackage

/// A file in the making. Dropped without ``commit()`` it leaves nothing behind.
package final class AtomicOutput {
    /// Where the contents will be.
    private enum Place {
        /// Devices, pipes and what is open already are written to, not replaced.
        case stream
        /// A name in a folder.
        case name(FilePath.Component, in: Folder)
    }

    private let destination: FilePath
    private let place: Place
    private let file: FileDescriptor
    /// The name until the end, for a file that has to have one.
    private var temporary: TemporaryFiles.Entry?

    /// - Parameter isExecutable: Whether the file may be executed. Its permissions follow the umask.
    /// - Throws: A file error when `destination` is a folder, is in none, or cannot be written.
    package convenience init(
        _ destination: FilePath, isExecutable: Bool = false
    ) throws(FileError) {
        do throws(StreamOutput.Problem) {
            if let stream = try StreamOutput.open(destination) {
                self.init(destination, .stream, stream, nil)
                return
            }
        } catch {
            throw FileError(destination, "cannot write: \(error)")
        }
        let path = destination.removingLastComponent()
        guard let name = destination.lastComponent, name.kind == .regular,
            Files.kind(of: destination) != .directory
        else { throw FileError(destination, "is a directory") }
        let folder: Folder
        do throws(Errno) {
            folder = try Folder(opening: path)
        } catch {
            let reason =
                switch error {
                case .noSuchFileOrDirectory: "the folder \(path.readable) does not exist"
                case .notDirectory: "\(path.readable) is not a folder"
                default: "cannot write: \(error)"
                }
            throw FileError(destination, reason)
        }
        // The kernel takes the umask off.
        let permissions = FilePermissions(rawValue: isExecutable ? 0o777 : 0o666)
        try self.init(name, in: folder, permissions: permissions, for: destination)
    }

    /// A file in a folder that is open already. May files be made there at all? Better now than
    /// after a long compilation.
    ///
    /// - Parameter isNamed: Whether it has a name from the start, even if it need not.
    package convenience init(
        _ name: FilePath.Component, in folder: Folder, permissions: FilePermissions,
        for destination: FilePath? = nil, isNamed: Bool = false
    ) throws(FileError) {
        let destination = destination ?? folder.path.appending(name)
        do throws(Errno) {
            if !isNamed, let file = try folder.createUnnamed(permissions) {
                self.init(destination, .name(name, in: folder), file, nil)
            } else {
                let entry = TemporaryFiles.add(Files.uniqueName(), in: folder)
                do throws(Errno) {
                    let file = try folder.create(entry.name, permissions)
                    self.init(destination, .name(name, in: folder), file, entry)
                } catch {
                    entry.forget()
                    throw error
                }
            }
        } catch {
            throw FileError(destination, "cannot write: \(error)")
        }
    }

    private init(
        _ destination: FilePath, _ place: Place, _ file: FileDescriptor,
        _ temporary: TemporaryFiles.Entry?
    ) {
        self.destination = destination
        self.place = place
        self.file = file
        self.temporary = temporary
    }

    deinit {
        try? file.close()
        temporary?.remove()
    }

    /// Writes the whole file.
    package func write(_ bytes: [UInt8]) throws(FileError) {
        do {
            try file.writeAll(bytes)
        } catch {
            throw FileError(destination, "cannot write: \(error)")
        }
    }

    /// Writes the whole file with the contents of another one.
    func write(contentsOf other: FileDescriptor) throws(FileError) {
        do {
            let buffer = UnsafeMutableRawBufferPointer.allocate(
                byteCount: 1 << 20, alignment: 16)
            defer { buffer.deallocate() }
            var count = try other.read(into: buffer)
            while count > 0 {
                try file.writeAll(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                count = try other.read(into: buffer)
            }
        } catch {
            throw FileError(destination, "cannot write: \(error)")
        }
    }

    /// Sets the permissions whatever the umask says.
    func setPermissions(_ permissions: FilePermissions) throws(FileError) {
        guard fchmod(file.rawValue, permissions.rawValue) == 0 else {
            throw FileError(destination, "cannot write: \(Files.lastError)")
        }
    }

    /// Puts the file in its place.
    package func commit() throws(FileError) {
        guard case .name(let name, let folder) = place else { return }
        do throws(Errno) {
            let entry: TemporaryFiles.Entry
            if let temporary { entry = temporary } else { entry = try linked(in: folder) }
            temporary = entry
            try folder.rename(entry.name, to: name)
            entry.forget()
            temporary = nil
        } catch {
            throw FileError(destination, "cannot write: \(error)")
        }
    }

    /// A link cannot take the place of a file, but a rename can; so the file gets a free name first.
    private func linked(in folder: Folder) throws(Errno) -> TemporaryFiles.Entry {
        while true {
            let entry = TemporaryFiles.add(Files.uniqueName(), in: folder)
            do throws(Errno) {
                try folder.link(file, as: entry.name)
                return entry
            } catch {
                entry.forget()
                if error != .fileExists { throw error }
            }
        }
    }
}
