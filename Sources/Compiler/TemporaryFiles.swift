// Files that must not outlive the process, whatever ends it. Each is known to a list that a
// signal handler can walk without locks or allocation: nodes are only ever added at its front,
// and a file that is gone is marked, not removed.

internal import Synchronization
package import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The process's temporary files.
public enum TemporaryFiles {
    fileprivate struct Node {
        var next: UnsafeMutablePointer<Node>?
        var path: UnsafeMutablePointer<CChar>
        var isFolder: Bool
        var isPresent: Bool
    }

    /// The address of the first node, zero for none.
    private static let first = Atomic<UInt>(0)

    /// Makes interruption, termination, hang-up and a reader that goes away remove the temporary
    /// files first. For programs; a library leaves its host's signals alone.
    public static func removeOnSignals() {
        _ = first.load(ordering: .relaxed)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE] {
            signal(number) { number in
                TemporaryFiles.removeAll()
                signal(number, SIG_DFL)
                raise(number)
            }
        }
    }

    /// Removes what is left. Safe in a signal handler.
    static func removeAll() {
        // Files are behind their folder in no particular order, so folders wait.
        for folders in [false, true] {
            var node = UnsafeMutablePointer<Node>(bitPattern: first.load(ordering: .acquiring))
            while let current = node {
                if current.pointee.isPresent, current.pointee.isFolder == folders {
                    _ = folders ? rmdir(current.pointee.path) : unlink(current.pointee.path)
                }
                node = current.pointee.next
            }
        }
    }

    /// A file or folder to be removed; it need not exist yet.
    struct Entry: @unchecked Sendable {
        let path: FilePath
        fileprivate let node: UnsafeMutablePointer<Node>

        /// Removes it.
        func remove() {
            if node.pointee.isFolder { rmdir(node.pointee.path) } else { unlink(node.pointee.path) }
            forget()
        }

        /// It has got another name, and stays.
        func forget() { node.pointee.isPresent = false }
    }

    static func add(_ path: FilePath, isFolder: Bool = false) -> Entry {
        let node = UnsafeMutablePointer<Node>.allocate(capacity: 1)
        let copy = path.withPlatformString { strdup($0)! }
        node.initialize(to: Node(next: nil, path: copy, isFolder: isFolder, isPresent: true))
        var expected = first.load(ordering: .acquiring)
        while true {
            node.pointee.next = UnsafeMutablePointer(bitPattern: expected)
            let (exchanged, original) = first.compareExchange(
                expected: expected, desired: UInt(bitPattern: node),
                ordering: .acquiringAndReleasing)
            if exchanged { return Entry(path: path, node: node) }
            expected = original
        }
    }
}

/// A folder for intermediate files, removed with all its files at the end.
package final class ScratchFolder {
    package let path: FilePath
    private let folder: TemporaryFiles.Entry
    private var files: [TemporaryFiles.Entry] = []

    /// - Parameter parent: The folder for temporary files, usually `$TMPDIR` or `/tmp`.
    package init(in parent: FilePath) throws(CompilerError) {
        path = parent.appending(Files.uniqueName("smelt-"))
        folder = TemporaryFiles.add(path, isFolder: true)
        guard path.withPlatformString({ mkdir($0, 0o700) }) == 0 else {
            folder.forget()
            throw CompilerError(.file(path, reason: "cannot create the folder: \(Files.lastError)"))
        }
    }

    deinit {
        for file in files { file.remove() }
        folder.remove()
    }

    /// The path of a file in this folder, which is removed together with it.
    package func file(_ name: String) -> FilePath {
        let file = TemporaryFiles.add(path.appending(name))
        files.append(file)
        return file.path
    }

    /// Where temporary files belong: `$TMPDIR`, or `/tmp`.
    package static var parent: FilePath {
        if let folder = getenv("TMPDIR"), folder.pointee != 0 {
            return FilePath(platformString: folder)
        }
        return "/tmp"
    }
}
