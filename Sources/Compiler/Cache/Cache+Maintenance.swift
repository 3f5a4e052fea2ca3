// The cache as a folder on a disk: where it is, how large it is, and how it stays small.

internal import Platform
package import SystemPackage

extension Cache {
    /// The cache of the user that this process belongs to, if there is a place for one.
    package static var ofThisUser: Cache? {
        defaultFolder { name in getenv(name).map { ByteString(cString: $0) } }.map(Cache.init)
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
        get throws(FileError) {
            guard let folder = try openFolder() else { return Contents(folder: folder) }
            return contents(of: files(in: folder))
        }
    }

    private func contents(of files: [File]) -> Contents {
        files.filter(\.isProgram).reduce(into: Contents(folder: folder)) { sum, file in
            sum.count += 1
            sum.size += file.size
        }
    }

    /// Removes everything. Programs that are running go on.
    ///
    /// - Returns: What was removed.
    package func clear() throws(FileError) -> Contents {
        guard let open = try openFolder() else { return Contents(folder: folder) }
        let files = files(in: open)
        for file in files { try? file.shelf.removeTree(file.name) }
        for name in (try? open.names()) ?? [] where Self.isShelf(name) {
            try? open.removeFolder(name)
        }
        let rest = contents(of: self.files(in: open))
        guard rest.count == 0 else {
            throw FileError(folder, "\(rest.count) programs cannot be removed")
        }
        return contents(of: files)
    }

    /// Removes what is too much or abandoned. Never fails: the next time will do.
    ///
    /// - Parameters:
    ///   - kept: An entry that stays in any case.
    ///   - limit: Bytes; when there are more, a quarter of the room is made free.
    package func trim(keeping kept: Key, to limit: UInt64 = Cache.sizeLimit) {
        guard let folder = try? openFolder() else { return }
        let now = time(nil)
        var programs: [File] = []
        for file in files(in: folder) {
            if file.isProgram {
                programs.append(file)
            } else if file.time < now - Self.abandonedAge {
                try? file.shelf.remove(file.name)
            }
        }
        var size = programs.reduce(0) { $0 + $1.size }
        guard size > limit else { return }
        for file in programs.sorted(by: { $0.time < $1.time })
        where size > limit / 4 * 3 && file.name != name(of: kept) {
            try? file.shelf.remove(file.name)
            size -= file.size
        }
    }

    private struct File {
        var shelf: Folder
        var name: FilePath.Component
        var size: UInt64
        /// When it was used last, in seconds.
        var time: Int
        /// Whether it is an entry and not one in the making, or a lock.
        var isProgram: Bool
    }

    private func files(in folder: Folder) -> [File] {
        var files: [File] = []
        for name in (try? folder.names()) ?? [] where Self.isShelf(name) {
            guard let shelf = openShelf(name, in: folder) else { continue }
            for name in (try? shelf.names()) ?? [] {
                guard let status = try? shelf.status(of: name) else { continue }
                files.append(
                    File(
                        shelf: shelf, name: name, size: UInt64(status.st_size),
                        time: status.st_mtim.tv_sec,
                        isProgram: !name.string.hasPrefix(".")
                            && !name.string.hasSuffix(CacheLock.suffix)))
            }
        }
        return files
    }

    /// Entries are in folders with the first two digits of their name. Nothing else in the cache's
    /// folder is ours.
    private static func isShelf(_ name: FilePath.Component) -> Bool {
        name.string.utf8.count == 2 && name.string.allSatisfy(\.isHexDigit)
    }
}

/// The right to build an entry. The kernel takes it from a process that dies.
package struct CacheLock {
    static let suffix = ".lock"

    private let folder: Folder
    private let name: FilePath.Component
    private let file: FileDescriptor

    /// Waits until no other process builds the entry; nil where files cannot be locked, which is no
    /// harm: two processes then do the same work.
    init?(_ entry: FilePath.Component, in folder: Folder) {
        self.folder = folder
        name = FilePath.Component(entry.string + Self.suffix)!
        guard let file = try? folder.openOrNew(name, .ownerReadWrite) else { return nil }
        self.file = file
        while flock(file.rawValue, LOCK_EX) != 0 {
            if errno == EINTR { continue }
            try? file.close()
            return nil
        }
    }

    package func unlock() {
        // Who waits for this file gets it, looks, and finds the entry.
        try? folder.remove(name)
        try? file.close()
    }
}
