// A folder by its descriptor. A path means whatever stands there at the moment, and in a folder
// that others may write that changes between two calls; a descriptor means the same folder for as
// long as it is open. Names are looked up in it one at a time, and never through symbolic links.

internal import Platform
package import SystemPackage

/// An open folder.
package final class Folder: Sendable {
    /// What messages call it. No system call gets it.
    package let path: FilePath
    /// Good for looking up names, and for nothing else: it needs no permission to read.
    let descriptor: FileDescriptor

    private init(_ path: FilePath, _ descriptor: FileDescriptor) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { try? descriptor.close() }

    /// Opens a folder that the user names, through symbolic links if there are any.
    package convenience init(opening path: FilePath) throws(Errno) {
        let path = path.isEmpty ? "." : path
        let flags = Self.lookupOnly | O_DIRECTORY | O_CLOEXEC
        self.init(path, try Self.checked(path.withPlatformString { open($0, flags) }))
    }

    // Values of <fcntl.h> that are too complicated for the importer.
    static let lookupOnly: Int32 = 0o10_000_000
    private static let unnamed: Int32 = 0o20_000_000 | O_DIRECTORY

    private static func checked(_ result: Int32) throws(Errno) -> FileDescriptor {
        guard result >= 0 else { throw Errno(rawValue: errno) }
        return FileDescriptor(rawValue: result)
    }

    private static func check(_ result: Int32) throws(Errno) {
        guard result == 0 else { throw Errno(rawValue: errno) }
    }

    // Folders in it ----------------------------------------------------------------------------

    /// Opens a folder in this one, which may not be a symbolic link.
    package func folder(_ name: FilePath.Component) throws(Errno) -> Folder {
        let flags = Self.lookupOnly | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let result = name.withPlatformString { openat(descriptor.rawValue, $0, flags) }
        return Folder(path.appending(name), try Self.checked(result))
    }

    /// Makes a folder that belongs to the user alone.
    func makeFolder(_ name: FilePath.Component) throws(Errno) {
        try Self.check(name.withPlatformString { mkdirat(descriptor.rawValue, $0, 0o700) })
    }

    /// Opens a folder in this one, and makes it first if there is none.
    func folderOrNew(_ name: FilePath.Component) throws(Errno) -> Folder {
        do throws(Errno) {
            return try folder(name)
        } catch .noSuchFileOrDirectory {
            do throws(Errno) { try makeFolder(name) } catch .fileExists {}
            return try folder(name)
        }
    }

    // Files in it ------------------------------------------------------------------------------

    /// Opens a file that is there. A symbolic link is an error, and nothing waits for a pipe.
    package func openFile(
        _ name: FilePath.Component, _ mode: FileDescriptor.AccessMode = .readOnly
    ) throws(Errno) -> FileDescriptor {
        let flags = mode.rawValue | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        return try Self.checked(
            name.withPlatformString { openat(descriptor.rawValue, $0, flags) })
    }

    /// Finds what a name stands for without opening it: a symbolic link is a symbolic link.
    func lookUp(_ name: FilePath.Component) throws(Errno) -> FileDescriptor {
        let flags = Self.lookupOnly | O_NOFOLLOW | O_CLOEXEC
        return try Self.checked(
            name.withPlatformString { openat(descriptor.rawValue, $0, flags) })
    }

    /// Makes a file that is not there. The kernel takes the umask off the permissions.
    func create(
        _ name: FilePath.Component, _ permissions: FilePermissions
    ) throws(Errno) -> FileDescriptor {
        let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        return try Self.checked(
            name.withPlatformString {
                openat(descriptor.rawValue, $0, flags, permissions.rawValue)
            })
    }

    /// Opens a file, and makes it first if there is none.
    func openOrNew(
        _ name: FilePath.Component, _ permissions: FilePermissions
    ) throws(Errno) -> FileDescriptor {
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        return try Self.checked(
            name.withPlatformString {
                openat(descriptor.rawValue, $0, flags, permissions.rawValue)
            })
    }

    /// Makes a file without a name.
    ///
    /// - Returns: Nil where the file system has no such files, or they cannot get a name later.
    package func createUnnamed(_ permissions: FilePermissions) throws(Errno) -> FileDescriptor? {
        guard access("/proc/self/fd", X_OK) == 0 else { return nil }
        let flags = Self.unnamed | O_RDWR | O_CLOEXEC
        let result = openat(descriptor.rawValue, ".", flags, permissions.rawValue)
        // Kernels and file systems that do not know the flag see a folder that is to be written.
        let unsupported = [EISDIR, EOPNOTSUPP, EINVAL, ENOENT]
        if result < 0, unsupported.contains(errno) { return nil }
        return try Self.checked(result)
    }

    /// Gives a file without a name its first one, which must be free.
    func link(_ file: FileDescriptor, as name: FilePath.Component) throws(Errno) {
        // With the descriptor itself (AT_EMPTY_PATH) this would take a capability.
        let source = "/proc/self/fd/\(file.rawValue)"
        try Self.check(
            name.withPlatformString {
                linkat(AT_FDCWD, source, descriptor.rawValue, $0, AT_SYMLINK_FOLLOW)
            })
    }

    /// Gives a file in this folder another name, in the place of what has it.
    func rename(
        _ name: FilePath.Component, to other: FilePath.Component
    ) throws(Errno) {
        try Self.check(
            name.withPlatformString { name in
                other.withPlatformString {
                    renameat(descriptor.rawValue, name, descriptor.rawValue, $0)
                }
            })
    }

    /// What a name stands for: a symbolic link is a symbolic link.
    func status(of name: FilePath.Component) throws(Errno) -> stat {
        var status = stat()
        try Self.check(
            name.withPlatformString {
                fstatat(descriptor.rawValue, $0, &status, AT_SYMLINK_NOFOLLOW)
            })
        return status
    }

    /// The path that a symbolic link contains.
    func target(ofLink name: FilePath.Component) throws(Errno) -> [UInt8] {
        var length = 0
        let target = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            length = name.withPlatformString { name in
                buffer.withMemoryRebound(to: CChar.self) {
                    readlinkat(descriptor.rawValue, name, $0.baseAddress!, $0.count)
                }
            }
            count = max(0, length)
        }
        guard length >= 0 else { throw Errno(rawValue: errno) }
        return target
    }

    // All of it --------------------------------------------------------------------------------

    /// The names in this folder, as they are on disk.
    package func names() throws(Errno) -> [FilePath.Component] {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        let copy = try Self.checked(openat(descriptor.rawValue, ".", flags))
        guard let stream = fdopendir(copy.rawValue) else {
            let error = Errno(rawValue: errno)
            try? copy.close()
            throw error
        }
        defer { closedir(stream) }
        var names: [FilePath.Component] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
                    FilePath.Component(platformString: $0)
                }
            }
            // The folder itself and the one above it are no regular names.
            if let name, name.kind == .regular { names.append(name) }
        }
        guard errno == 0 else { throw Errno(rawValue: errno) }
        return names
    }

    /// Removes a file, or a symbolic link.
    func remove(_ name: FilePath.Component) throws(Errno) {
        try Self.check(name.withPlatformString { unlinkat(descriptor.rawValue, $0, 0) })
    }

    /// Removes an empty folder.
    func removeFolder(_ name: FilePath.Component) throws(Errno) {
        try Self.check(
            name.withPlatformString { unlinkat(descriptor.rawValue, $0, AT_REMOVEDIR) })
    }

    /// Removes a file, or a folder with everything in it.
    func removeTree(_ name: FilePath.Component) throws(Errno) {
        do throws(Errno) {
            try remove(name)
        } catch .isDirectory {
            try folder(name).removeContents()
            try removeFolder(name)
        }
    }

    /// Removes everything in this folder.
    func removeContents() throws(Errno) {
        for name in try names() { try removeTree(name) }
    }
}

extension FileDescriptor {
    func status() throws(Errno) -> stat { try Files.status(of: self) }
}

extension stat {
    var isRegular: Bool { st_mode & S_IFMT == S_IFREG }

    /// Why others than the user that this process acts for may have changed a file; nil if nobody
    /// may. Permissions of an access control list show in the group's.
    var foreignHand: String? {
        if st_uid != geteuid() { return "it belongs to another user" }
        return st_mode & 0o022 == 0 ? nil : "others than its owner may write it"
    }
}
