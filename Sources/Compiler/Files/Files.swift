// The few operations on files that the compiler needs, with errors that name the file.

internal import Platform
package import SystemPackage

package enum Files {
    /// What a path refers to.
    package enum Kind {
        case missing, regular, directory, other
    }

    package static func kind(of path: FilePath) -> Kind {
        var status = stat()
        guard path.withPlatformString({ stat($0, &status) }) == 0 else { return .missing }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .regular
        case S_IFDIR: .directory
        default: .other
        }
    }

    /// Whether this process may execute a file.
    package static func isExecutable(_ path: FilePath) -> Bool {
        kind(of: path) == .regular && path.withPlatformString { access($0, X_OK) } == 0
    }

    static func status(of file: FileDescriptor) throws(Errno) -> stat {
        var status = stat()
        guard fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
        return status
    }

    /// Something that changes when a file is replaced: its size, inode and time of change.
    static func fingerprint(of path: FilePath) -> String? {
        var status = stat()
        guard path.withPlatformString({ stat($0, &status) }) == 0 else { return nil }
        let time = status.st_mtim
        return "\(status.st_dev):\(status.st_ino):\(status.st_size):\(time.tv_sec).\(time.tv_nsec)"
    }

    /// The most that is read of one file, as sizes in the formats that are read have 32 bits. A
    /// sparse file has any size, and takes no room until it is read.
    static let inputLimit = 4 << 30

    /// The most that is read of an executable, which may have as many files in it as fit.
    static let executableLimit = 4 * inputLimit

    /// The contents of a file; `-` is standard input.
    package static func read(_ path: FilePath) throws(FileError) -> [UInt8] {
        do {
            if path == "-" { return try readAll(.standardInput) }
            let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            return try file.closeAfter { try readAll(file) }
        } catch Errno.fileTooLarge {
            throw FileError(path, "is larger than 4 GiB, so no valid input")
        } catch {
            throw FileError(path, "cannot read: \(error)")
        }
    }

    /// What a file, a pipe or a device contains from where it is read next.
    ///
    /// - Throws: `Errno.fileTooLarge` if that is more than a limit, and `Errno.noMemory`.
    static func readAll(
        _ file: FileDescriptor, limit: Int = inputLimit
    ) throws -> [UInt8] {
        let status = try file.status()
        let size = status.isRegular ? Int(status.st_size) : 0
        guard size <= limit else { throw Errno.fileTooLarge }
        var bytes: [UInt8] = []
        while true {
            // One more than expected, so that the end is seen without growing.
            let room = max(64 << 10, size + 1 - bytes.count)
            let start = bytes.count
            // The part, and all of it once more.
            try checkMemory(2 * room + start)
            var count = 0
            bytes += try [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
                count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
                initialized = count
            }
            if bytes.count == start { return bytes }
            guard bytes.count <= limit else { throw Errno.fileTooLarge }
        }
    }

    /// Arrays for which there is no memory end the process; that is no answer to a large file.
    private static func checkMemory(_ size: Int) throws(Errno) {
        guard size > 64 << 20 else { return }
        let flags = MAP_PRIVATE | MAP_ANONYMOUS
        let place = mmap(nil, size, PROT_READ | PROT_WRITE, flags, -1, 0)
        guard place != MAP_FAILED else { throw lastError }
        munmap(place, size)
    }

    /// How many descriptors starting a tool can take.
    static let descriptorsOfTools = 64

    /// How many more files can be opened if that is too few for the pipes of a tool that is started;
    /// nil if there is room. Without room starting one would wait for ever.
    static var scarceDescriptors: Int? {
        let enough = 16 * descriptorsOfTools
        var limit = rlimit()
        guard getrlimit(.init(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < enough else {
            return nil
        }
        let left = (0..<Int32(limit.rlim_cur)).lazy.filter { fcntl($0, F_GETFD) < 0 }.count
        return left < descriptorsOfTools ? left : nil
    }

    /// A new file without a name, for what tools read or write.
    static func unnamed() throws(FileError) -> FileDescriptor {
        let permissions = FilePermissions.ownerReadWriteExecute
        if let folder = try? Folder(opening: ScratchFolder.parentPath),
            let file = try? folder.createUnnamed(permissions)
        {
            return file
        }
        return try ScratchFolder().create("unnamed", permissions)
    }

    /// An executable without a name. It lives as long as this process, and the program that the
    /// process becomes.
    static func unnamedExecutable(_ bytes: [UInt8]) throws(FileError) -> FileDescriptor {
        let file = try unnamed()
        defer { try? file.close() }
        do {
            try file.writeAll(bytes)
            // The same file once more: what is open for writing cannot be executed.
            return try FileDescriptor.open(
                FilePath("/proc/self/fd/\(file.rawValue)"), .readOnly, options: .closeOnExec)
        } catch {
            throw FileError("a temporary file", "cannot write: \(error)")
        }
    }

    /// The path of something from the root. Tools are started in other folders than this process.
    package static func absolute(_ path: FilePath) -> FilePath {
        guard path.isRelative, let folder = getcwd(nil, 0) else { return path }
        defer { free(folder) }
        return FilePath(platformString: folder).pushing(path)
    }

    /// The error of the last failed call.
    static var lastError: Errno { Errno(rawValue: errno) }

    /// A name that is not in use, for files that exist for a moment.
    static func uniqueName(_ prefix: String = ".smelt-") -> FilePath.Component {
        let number = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        return FilePath.Component("\(prefix)\(getpid())-\(number)")!
    }
}
