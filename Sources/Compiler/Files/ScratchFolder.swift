// Intermediate files, for tools that take names. `$TMPDIR` may be anybody's, so the folder is
// used by its descriptor: this process looks names up below `/proc/self/fd/N`, and tools are
// started in the folder and given relative names. No other folder can be put in its place.

internal import Platform
package import SystemPackage

/// A folder of the user's own for intermediate files, removed with whatever is in it at the end.
package final class ScratchFolder {
    /// The path of the folder in this process, whatever happens to its name.
    package let path: FilePath
    /// The folder that has this one's name in it.
    private let parent: Folder
    private let folder: Folder
    private let entry: TemporaryFiles.Entry
    private var files: [TemporaryFiles.Entry] = []

    /// Makes a folder in `$TMPDIR`, or in `/tmp`.
    package init() throws(FileError) {
        let place = Self.parentPath
        do throws(Errno) {
            parent = try Folder(opening: place)
        } catch {
            throw FileError(place, "cannot hold temporary files: \(error)")
        }
        (entry, folder) = try Self.make(in: parent)
        path = FilePath("/proc/self/fd/\(folder.descriptor.rawValue)")
        guard Files.kind(of: path) == .directory else {
            entry.remove()
            throw FileError.noProc
        }
    }

    private static func make(
        in parent: Folder
    ) throws(FileError) -> (TemporaryFiles.Entry, Folder) {
        while true {
            let entry = TemporaryFiles.add(
                Files.uniqueName("smelt-"), in: parent, isFolder: true)
            do throws(Errno) {
                try parent.makeFolder(entry.name)
                let folder = try parent.folder(entry.name)
                let status = try folder.descriptor.status()
                if status.st_uid == geteuid(), status.st_mode & 0o777 == 0o700 {
                    return (entry, folder)
                }
                // Another process has put one there, or the umask takes away too much.
                entry.remove()
                throw .permissionDenied
            } catch .fileExists {
                entry.forget()
            } catch {
                entry.forget()
                throw FileError(
                    parent.path.appending(entry.name), "cannot create the folder: \(error)")
            }
        }
    }

    deinit {
        // Tools may have left files of their own.
        try? folder.removeContents()
        for file in files { file.forget() }
        entry.remove()
    }

    /// The path of a file in this folder, which is removed together with it.
    package func file(_ name: String) -> FilePath {
        let component = FilePath.Component(name)!
        files.append(TemporaryFiles.add(component, in: folder))
        return path.appending(component)
    }

    /// Makes a file, to be written and read by its descriptor.
    func create(
        _ name: String, _ permissions: FilePermissions
    ) throws(FileError) -> FileDescriptor {
        let path = file(name)
        do throws(Errno) {
            return try folder.create(path.lastComponent!, permissions)
        } catch {
            throw FileError(shownPath(of: path), "cannot write: \(error)")
        }
    }

    /// Makes a file with these contents.
    package func write(_ bytes: [UInt8], to name: String) throws(FileError) {
        let file = try create(name, .ownerReadWrite)
        do {
            _ = try file.closeAfter { try file.writeAll(bytes) }
        } catch {
            let path = shownPath(of: FilePath(name))
            throw FileError(path, "cannot write: \(error)")
        }
    }

    /// Opens a file that a tool has made, to be read.
    package func open(_ name: String) throws(FileError) -> FileDescriptor {
        let component = FilePath.Component(name)!
        do throws(Errno) {
            return try folder.openFile(component)
        } catch {
            throw FileError(shownPath(of: path.appending(component)), "cannot read: \(error)")
        }
    }

    /// The path of a file in this folder as messages should give it.
    package func shownPath(of file: FilePath) -> FilePath {
        guard file.isRelative || file.starts(with: path), let name = file.lastComponent else {
            return file
        }
        return parent.path.appending(entry.name).appending(name)
    }

    /// Where temporary files belong: `$TMPDIR`, or `/tmp`.
    static var parentPath: FilePath {
        if let folder = getenv("TMPDIR"), folder.pointee != 0 {
            return FilePath(platformString: folder)
        }
        return "/tmp"
    }
}
