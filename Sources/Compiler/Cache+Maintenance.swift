// The cache as a folder on somebody's disk: where it is, how large it is, and how it stays small.

package import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

extension Cache {
    /// The cache of the user that this process belongs to, if there is a place for one.
    package static var ofThisUser: Cache? {
        defaultFolder { name in getenv(name).map { String(cString: $0) } }.map(Cache.init)
    }

    /// There is no place for a cache.
    package static var noFolder: CompilerError {
        CompilerError(.option("no cache: neither XDG_CACHE_HOME nor HOME is set"))
    }

    /// What is in a cache.
    package struct Contents: Equatable {
        /// Where it is.
        package var folder: FilePath
        /// How many programs it has.
        package var count = 0
        /// How large they are together, in bytes.
        package var size: UInt64 = 0
    }

    /// Bytes of programs that a cache keeps; beyond that the ones that were not used for the
    /// longest time go.
    package static let sizeLimit: UInt64 = 1 << 30

    /// Seconds after which a file that was never finished is taken for abandoned.
    private static let abandonedAge = 3600

    package var contents: Contents {
        files.filter(\.isProgram).reduce(into: Contents(folder: folder)) { sum, file in
            sum.count += 1
            sum.size += file.size
        }
    }

    /// Removes everything. Programs that are running go on.
    ///
    /// - Returns: What was removed.
    package func clear() throws(CompilerError) -> Contents {
        let removed = contents
        for file in files { Files.removeTree(file.path) }
        for shelf in Files.names(in: folder) where Self.isShelf(shelf) {
            _ = folder.appending(shelf).withPlatformString { rmdir($0) }
        }
        let rest = contents
        guard rest.count == 0 else {
            throw CompilerError(.file(folder, reason: "\(rest.count) programs cannot be removed"))
        }
        return removed
    }

    /// Removes what is too much or abandoned. Never fails: the next time will do.
    ///
    /// - Parameters:
    ///   - kept: An entry that stays in any case.
    ///   - limit: Bytes; when there are more, a quarter of the room is made free.
    package func trim(keeping kept: FilePath, to limit: UInt64 = Cache.sizeLimit) {
        let now = time(nil)
        var programs: [File] = []
        for file in files {
            if file.isProgram {
                programs.append(file)
            } else if file.time < now - Self.abandonedAge {
                Files.remove(file.path)
            }
        }
        var size = programs.reduce(0) { $0 + $1.size }
        guard size > limit else { return }
        for file in programs.sorted(by: { $0.time < $1.time })
        where size > limit / 4 * 3 && file.path != kept {
            Files.remove(file.path)
            size -= file.size
        }
    }

    private struct File {
        var path: FilePath
        var size: UInt64
        /// When it was used last, in seconds.
        var time: Int
        /// Whether it is an entry and not one in the making, or a lock.
        var isProgram: Bool
    }

    private var files: [File] {
        var files: [File] = []
        for shelf in Files.names(in: folder) where Self.isShelf(shelf) {
            let shelf = folder.appending(shelf)
            for name in Files.names(in: shelf) {
                let path = shelf.appending(name)
                var status = stat()
                guard path.withPlatformString({ lstat($0, &status) }) == 0 else { continue }
                files.append(
                    File(
                        path: path, size: UInt64(status.st_size), time: status.st_mtim.tv_sec,
                        isProgram: !name.hasPrefix(".") && !name.hasSuffix(CacheLock.suffix)))
            }
        }
        return files
    }

    /// Entries are in folders with the first two digits of their name. Nothing else in the cache's
    /// folder is ours.
    private static func isShelf(_ name: String) -> Bool {
        name.utf8.count == 2 && name.allSatisfy(\.isHexDigit)
    }
}

/// The right to build an entry. The kernel takes it from a process that dies.
struct CacheLock {
    static let suffix = ".lock"

    private let path: FilePath
    private let file: FileDescriptor

    /// Waits until nobody else builds the entry; nil where files cannot be locked, which is no
    /// harm: two processes then do the same work.
    init?(_ entry: FilePath) {
        path = FilePath(entry.string + Self.suffix)
        let file = try? FileDescriptor.open(
            path, .readWrite, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
        guard let file else { return nil }
        self.file = file
        while flock(file.rawValue, LOCK_EX) != 0 {
            if errno == EINTR { continue }
            try? file.close()
            return nil
        }
    }

    func unlock() {
        // Who waits for this file gets it, looks, and finds the entry.
        Files.remove(path)
        try? file.close()
    }
}
