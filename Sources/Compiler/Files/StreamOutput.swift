// Outputs that are written to instead of being replaced: devices, pipes and what is open already.
//
// In a folder that others can write, a name proves nothing: it could be a link to a terminal of
// theirs, to a disk, or to a pipe that is never read. So what a name stands for is found first,
// without opening it, and only that is opened then, if the user or root has put it there.

internal import Platform
internal import SystemPackage

enum StreamOutput {
    /// Why an output cannot be written.
    enum Problem: Error, CustomStringConvertible {
        case system(Errno)
        case refused(String)

        var description: String {
            switch self {
            case .system(let error): "\(error)"
            case .refused(let reason): reason
            }
        }
    }

    /// Opens what is not a file to be replaced; nil if there is nothing of the kind.
    static func open(_ destination: FilePath) throws(Problem) -> FileDescriptor? {
        do throws(Errno) {
            if let number = openDescriptor(destination) {
                return try check(fcntl(number, F_DUPFD_CLOEXEC, 0))
            }
        } catch {
            throw .system(error)
        }
        guard Files.kind(of: destination) == .other, let name = destination.lastComponent,
            name.kind == .regular, let node = try find(name, destination)
        else { return nil }
        defer { try? node.close() }
        do throws(Errno) {
            return try open(node)
        } catch .noSuchAddressOrDevice {
            throw .refused("nobody reads from it")
        } catch {
            throw .system(error)
        }
    }

    /// The descriptor that a name such as `/dev/stdout` stands for. It may well be a file's, but it is
    /// the name in `/dev` that would be replaced.
    private static func openDescriptor(_ path: FilePath) -> Int32? {
        switch path {
        case "/dev/stdout": return STDOUT_FILENO
        case "/dev/stderr": return STDERR_FILENO
        default:
            guard ["/dev/fd", "/proc/self/fd"].contains(path.removingLastComponent()) else {
                return nil
            }
            return path.lastComponent.flatMap { Int32($0.string) }
        }
    }

    /// What a name stands for, not yet open for writing; nil if it is to be replaced, as a file and a
    /// link to one are, and a link that others may have made.
    private static func find(
        _ name: FilePath.Component, _ destination: FilePath
    ) throws(Problem) -> FileDescriptor? {
        do {
            let path = destination.removingLastComponent()
            let folder = try Folder(opening: path)
            let folderStatus = try folder.descriptor.status()
            // There devices are; and they may be anybody's, as those of terminals are.
            let isDevices = ["/dev", "/dev/pts"].contains(path)
            var node = try folder.lookUp(name)
            var status = try close(node, unless: node.status())
            if status.st_mode & S_IFMT == S_IFLNK {
                try node.close()
                guard isDevices || folderStatus.isOwn(holding: status) else { return nil }
                node = try lookUp(destination)
                status = try close(node, unless: node.status())
                // Where it leads to is somewhere else, in a folder of who knows whom.
                let isOwn = isDevices || status.isOwn || status.st_mode & S_IFMT == S_IFCHR
                guard isOwn else {
                    try node.close()
                    throw Problem.refused("is a link to what belongs to another user")
                }
            } else if !isDevices, !status.isOwn, !folderStatus.isOwn(holding: status) {
                try node.close()
                throw Problem.refused(
                    "is no file, belongs to another user, and others can write the folder")
            }
            guard [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else { return node }
            // It was put there in the meantime.
            try node.close()
            return nil
        } catch let error as Problem {
            throw error
        } catch let error as Errno {
            throw .system(error)
        } catch {
            throw .refused("\(error)")
        }
    }

    private static func close(
        _ node: FileDescriptor, unless body: @autoclosure () throws -> stat
    ) throws -> stat {
        do {
            return try body()
        } catch {
            try? node.close()
            throw error
        }
    }

    /// What a path stands for through all its links.
    private static func lookUp(_ path: FilePath) throws(Errno) -> FileDescriptor {
        try check(
            path.withPlatformString { systemOpen($0, Folder.lookupOnly | O_CLOEXEC) })
    }

    /// Opens what has been looked up for writing. Only for a reader of the user's own pipes, and of
    /// root's, does it wait.
    private static func open(_ node: FileDescriptor) throws(Errno) -> FileDescriptor {
        let status = try node.status()
        let isForeignPipe = status.st_mode & S_IFMT == S_IFIFO && !status.isOwn
        let flags = O_WRONLY | O_NOCTTY | O_CLOEXEC | (isForeignPipe ? O_NONBLOCK : 0)
        let file = try check(systemOpen("/proc/self/fd/\(node.rawValue)", flags))
        guard isForeignPipe else { return file }
        do throws(Errno) {
            _ = try check(fcntl(file.rawValue, F_SETFL, O_WRONLY))
        } catch {
            try? file.close()
            throw error
        }
        return file
    }

    private static func check(_ result: Int32) throws(Errno) -> FileDescriptor {
        guard result >= 0 else { throw Files.lastError }
        return FileDescriptor(rawValue: result)
    }
}

/// The call, which the functions above would hide.
private func systemOpen(_ path: UnsafePointer<CChar>, _ flags: Int32) -> Int32 {
    open(path, flags)
}

extension stat {
    /// Whether only root can have given it to the user.
    fileprivate var isOwn: Bool { [0, geteuid()].contains(st_uid) }

    /// Whether no other user can have put something into this folder: what is not theirs stays where
    /// it is in a sticky one.
    fileprivate func isOwn(holding entry: stat) -> Bool {
        isOwn && (st_mode & 0o022 == 0 || st_mode & S_ISVTX != 0 && entry.isOwn)
    }
}
