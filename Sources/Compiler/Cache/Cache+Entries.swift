// Entries of the cache: finding them, making them, and whom to believe. What is found is executed,
// so no other user may have had a hand in it: the cache's folder, those in it and the entries belong
// to the user and can be written by no other user, which is asked of their descriptors, and none of
// them is reached through a symbolic link. The folders above do not matter: who may move folders
// there can only put one of the user's own into the place.

internal import Crypto
internal import Platform
package import SystemPackage

extension Cache {
    /// The name of an entry in its folder.
    func name(of key: Key) -> FilePath.Component { FilePath.Component(key.description)! }

    /// Entries are in folders with the first two digits of their name.
    private func shelf(of key: Key) -> FilePath.Component {
        FilePath.Component(String(key.description.prefix(2)))!
    }

    /// The cache's folder; nil if there is none.
    ///
    /// - Throws: An error with a remedy if others have a hand in it.
    func openFolder() throws(FileError) -> Folder? {
        guard let name = folder.lastComponent else { return nil }
        do throws(Errno) {
            let parent = try Folder(opening: folder.removingLastComponent())
            return try trusted(name, in: parent)
        } catch .noSuchFileOrDirectory {
            return nil
        } catch {
            throw unusable(error)
        }
    }

    /// One of the folders that entries are in; nil if it is not there, or may be another user's.
    func openShelf(_ name: FilePath.Component, in folder: Folder) -> Folder? {
        try? trusted(name, in: folder)
    }

    /// The folder that an entry will be in. It is made if there is none, as are those above it.
    private func makeShelf(of key: Key) throws(FileError) -> Folder {
        // What there is already, whoever it belongs to, and through symbolic links.
        var missing: [FilePath.Component] = []
        var base = folder.removingLastComponent()
        while Files.kind(of: base) == .missing, let name = base.lastComponent {
            missing.append(name)
            base.removeLastComponent()
        }
        do throws(Errno) {
            var current = try Folder(opening: base)
            for name in missing.reversed() { current = try current.folderOrNew(name) }
            for name in [folder.lastComponent, shelf(of: key)].compactMap(\.self) {
                current = try current.folderOrNew(name)
                if try current.descriptor.status().foreignHand != nil { throw .permissionDenied }
            }
            return current
        } catch {
            throw unusable(error)
        }
    }

    private func trusted(
        _ name: FilePath.Component, in parent: Folder
    ) throws(Errno) -> Folder {
        let folder = try parent.folder(name)
        if try folder.descriptor.status().foreignHand != nil { throw .permissionDenied }
        return folder
    }

    /// The error about the cache's folder.
    private func unusable(_ error: Errno) -> FileError {
        var status = stat()
        let isThere = folder.withPlatformString { lstat($0, &status) } == 0
        let reason: String
        if isThere, status.st_mode & S_IFMT == S_IFLNK {
            reason = "is a symbolic link, which programs are not kept behind"
        } else if isThere, status.st_mode & S_IFMT == S_IFDIR, let hand = status.foreignHand {
            reason = "cannot keep programs: \(hand)"
        } else {
            reason = "cannot create the folder: \(error)"
        }
        var result = FileError(folder, reason)
        if isThere, status.foreignHand != nil {
            result.remedies = [
                "remove it, or let XDG_CACHE_HOME name a folder of your own"
            ]
        }
        return result
    }

    /// Waits for the right to build an entry. The entry may be there afterwards: look again.
    package func lock(_ key: Key) throws(FileError) -> CacheLock? {
        CacheLock(name(of: key), in: try makeShelf(of: key))
    }

    /// A whole entry, ready to be executed; a damaged one counts as missing, and so does one that
    /// others may have written. What is looked at is the file that is returned, not its name.
    package func find(_ key: Key) throws(FileError) -> FileDescriptor? {
        guard let folder = try openFolder(), let shelf = openShelf(shelf(of: key), in: folder),
            let file = try? shelf.openFile(name(of: key))
        else { return nil }
        guard let status = try? file.status(), status.isRegular, status.foreignHand == nil,
            status.st_mode & 0o7777 == Self.permissions.rawValue,
            (try? Self.isWhole(file, size: Int(status.st_size))) == true
        else {
            try? file.close()
            return nil
        }
        // It was used just now.
        _ = futimens(file.rawValue, nil)
        return file
    }

    /// Adds an executable.
    ///
    /// - Returns: The new entry, ready to be executed.
    package func publish(_ program: [UInt8], as key: Key) throws(FileError) -> FileDescriptor {
        let shelf = try makeShelf(of: key)
        let name = name(of: key)
        // Whatever stands in the way, such as a folder of that name, is damage.
        if let status = try? shelf.status(of: name), !status.isRegular {
            try? shelf.removeTree(name)
        }
        let output = try AtomicOutput(name, in: shelf, permissions: Self.permissions)
        try output.setPermissions(Self.permissions)
        try output.write(program + Self.trailer(for: program[...]))
        try output.commit()
        trim(keeping: key)
        guard let file = try find(key) else {
            throw FileError(shelf.path.appending(name), "vanishes before it can be started")
        }
        return file
    }

    private static var permissions: FilePermissions { .ownerReadWriteExecute }

    // The trailer: a mark and the SHA-256 of everything before it.
    private static let mark = Array("smelt-1:".utf8)
    private static let trailerSize = mark.count + SHA256.byteCount

    private static func trailer(for body: ArraySlice<UInt8>) -> [UInt8] {
        var hash = SHA256()
        body.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return mark + Array(hash.finalize())
    }

    /// Reads the file piece by piece, however large it is; and its end first, so that one that is
    /// nothing but large is not read at all.
    private static func isWhole(_ file: FileDescriptor, size: Int) throws -> Bool {
        guard size > trailerSize else { return false }
        let bodySize = size - trailerSize
        let trailer = try read(file, at: bodySize, count: trailerSize)
        guard trailer.starts(with: mark) else { return false }
        var hash = SHA256()
        var position = 0
        while position < bodySize {
            let piece = try read(file, at: position, count: min(1 << 20, bodySize - position))
            guard !piece.isEmpty else { return false }
            piece.withUnsafeBytes { hash.update(bufferPointer: $0) }
            position += piece.count
        }
        return trailer == mark + Array(hash.finalize())
    }

    private static func read(
        _ file: FileDescriptor, at offset: Int, count: Int
    ) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = try file.read(
                fromAbsoluteOffset: Int64(offset), into: UnsafeMutableRawBufferPointer(buffer))
        }
    }
}
