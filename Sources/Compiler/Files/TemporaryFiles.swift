// Files that must not outlive the process, whatever ends it. Each is known to a list that a
// signal handler can walk without locks or allocation: nodes are only ever added at its front,
// and a file that is gone is marked, not removed. They are named by their folder's descriptor, so
// that whatever stands at the folder's path by then is left alone.

internal import Platform
internal import Synchronization
internal import SystemPackage

/// The process's temporary files.
public enum TemporaryFiles {
    fileprivate struct Node {
        var next: UnsafeMutablePointer<Node>?
        /// The descriptor of the folder, which is open as long as the file is present.
        var folder: Int32
        var name: UnsafeMutablePointer<CChar>
        var isFolder: Bool
        var isPresent: Bool

        func remove() {
            _ = unlinkat(folder, name, isFolder ? AT_REMOVEDIR : 0)
        }
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
                    current.pointee.remove()
                }
                node = current.pointee.next
            }
        }
    }

    /// A file or folder to be removed; it need not exist yet.
    struct Entry: @unchecked Sendable {
        let name: FilePath.Component
        private let folder: Folder
        private let node: UnsafeMutablePointer<Node>

        fileprivate init(
            _ name: FilePath.Component, _ folder: Folder, _ node: UnsafeMutablePointer<Node>
        ) {
            self.name = name
            self.folder = folder
            self.node = node
        }

        /// Removes it.
        func remove() {
            node.pointee.remove()
            forget()
        }

        /// It has got another name, and stays, or it is gone.
        func forget() { node.pointee.isPresent = false }
    }

    static func add(
        _ name: FilePath.Component, in folder: Folder, isFolder: Bool = false
    ) -> Entry {
        let node = UnsafeMutablePointer<Node>.allocate(capacity: 1)
        let copy = name.withPlatformString { strdup($0)! }
        node.initialize(
            to: Node(
                next: nil, folder: folder.descriptor.rawValue, name: copy, isFolder: isFolder,
                isPresent: true))
        var expected = first.load(ordering: .acquiring)
        while true {
            node.pointee.next = UnsafeMutablePointer(bitPattern: expected)
            let (exchanged, original) = first.compareExchange(
                expected: expected, desired: UInt(bitPattern: node),
                ordering: .acquiringAndReleasing)
            if exchanged { return Entry(name, folder, node) }
            expected = original
        }
    }
}
