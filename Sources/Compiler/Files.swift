// The few operations on files that the compiler needs, with errors that name the file.

internal import FoundationEssentials
package import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

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

    /// Something that changes when a file is replaced: its size, inode and time of change.
    static func fingerprint(of path: FilePath) -> String? {
        var status = stat()
        guard path.withPlatformString({ stat($0, &status) }) == 0 else { return nil }
        let time = status.st_mtim
        return "\(status.st_dev):\(status.st_ino):\(status.st_size):\(time.tv_sec).\(time.tv_nsec)"
    }

    /// The contents of a file; `-` is standard input.
    package static func read(_ path: FilePath) throws(CompilerError) -> [UInt8] {
        do {
            if path == "-" { return try readAll(.standardInput, sizeHint: 0) }
            if kind(of: path) == .directory { throw Errno.isDirectory }
            let file = try FileDescriptor.open(path, .readOnly)
            return try file.closeAfter {
                let size = try file.seek(offset: 0, from: .end)
                try file.seek(offset: 0, from: .start)
                return try readAll(file, sizeHint: Int(size))
            }
        } catch Errno.illegalSeek {
            return try readStream(path)
        } catch {
            throw CompilerError(.file(path, reason: "cannot read: \(error)"))
        }
    }

    private static func readStream(_ path: FilePath) throws(CompilerError) -> [UInt8] {
        do {
            let file = try FileDescriptor.open(path, .readOnly)
            return try file.closeAfter { try readAll(file, sizeHint: 0) }
        } catch {
            throw CompilerError(.file(path, reason: "cannot read: \(error)"))
        }
    }

    private static func readAll(_ file: FileDescriptor, sizeHint: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            // One more than expected, so that the end is seen without growing.
            let room = max(64 << 10, sizeHint + 1 - bytes.count)
            let start = bytes.count
            var count = 0
            bytes += try [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
                count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
                initialized = count
            }
            if bytes.count == start { return bytes }
        }
    }

    /// Writes a new file, or over an old one.
    package static func write(
        _ bytes: [UInt8], to path: FilePath, permissions: FilePermissions = [.ownerReadWrite]
    ) throws(CompilerError) {
        do {
            let file = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .truncate], permissions: permissions)
            _ = try file.closeAfter { try file.writeAll(bytes) }
        } catch {
            throw CompilerError(.file(path, reason: "cannot write: \(error)"))
        }
    }

    static func move(_ source: FilePath, to destination: FilePath) throws(CompilerError) {
        let result = source.withPlatformString { source in
            destination.withPlatformString { rename(source, $0) }
        }
        guard result == 0 else {
            throw CompilerError(.file(destination, reason: "cannot write: \(lastError)"))
        }
    }

    static func remove(_ path: FilePath) {
        _ = path.withPlatformString { unlink($0) }
    }

    /// Removes a file, or a folder with everything in it.
    static func removeTree(_ path: FilePath) {
        try? FileManager.default.removeItem(atPath: path.string)
    }

    /// The names in a folder; none if it cannot be read.
    static func names(in folder: FilePath) -> [String] {
        (try? list(folder)) ?? []
    }

    /// The names in a folder, as they are on disk.
    static func list(_ folder: FilePath) throws(CompilerError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.string)
        } catch {
            throw CompilerError(.file(folder, reason: "cannot be listed"))
        }
    }

    /// Makes now the time at which a file was used last.
    static func touch(_ path: FilePath) {
        _ = path.withPlatformString { utimensat(AT_FDCWD, $0, nil, 0) }
    }

    /// An executable without a name. It lives as long as this process, and the program that the
    /// process becomes.
    static func unnamedExecutable(_ bytes: [UInt8]) throws(CompilerError) -> FilePath {
        let name = ScratchFolder.parent.appending(uniqueName("smelt-"))
        let entry = TemporaryFiles.add(name)
        defer { entry.remove() }
        try write(bytes, to: name, permissions: [.ownerReadWrite, .ownerExecute])
        do {
            // Not closed: it goes with the process.
            let file = try FileDescriptor.open(name, .readOnly, options: .closeOnExec)
            return FilePath("/proc/self/fd/\(file.rawValue)")
        } catch {
            throw CompilerError(.file(name, reason: "cannot read: \(error)"))
        }
    }

    /// Makes a folder and those above it; folders that exist are fine.
    static func makeFolder(_ path: FilePath) throws(CompilerError) {
        if kind(of: path) == .directory { return }
        let parent = path.removingLastComponent()
        if !parent.isEmpty, parent != path { try makeFolder(parent) }
        let result = path.withPlatformString { mkdir($0, 0o777) }
        guard result == 0 || errno == EEXIST else {
            throw CompilerError(.file(path, reason: "cannot create the folder: \(lastError)"))
        }
    }

    /// The error of the last failed call.
    static var lastError: Errno { Errno(rawValue: errno) }

    /// A name that nobody else uses, for files that exist for a moment.
    static func uniqueName(_ prefix: String) -> String {
        "\(prefix)\(getpid())-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
    }
}
