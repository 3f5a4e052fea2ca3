// Files inside the executable: reading folders of the host and laying them out as the image that
// the runtime reads in place (struct smelt_embedded_image in runtime-c/include/smelt/abi.h).
//
// The image depends on names and contents only, not on times, owners or the order in which a folder
// lists its files: the same files give the same bytes.

internal import RuntimeABI
public import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A folder whose files become part of the executable, to be read there under another name.
public struct EmbeddedFolder: Sendable, Hashable {
    /// The folder of the host, read when the program is compiled.
    public var host: FilePath
    /// The name of the directory that the program finds open.
    public var guest: String

    /// - Parameters:
    ///   - host: The folder of the host.
    ///   - guest: The program's name for it.
    public init(host: FilePath, guest: String) {
        self.host = host
        self.guest = guest
    }

    /// Reads the value of `--embed`: `HOST::GUEST`, or one name for both.
    public init(parsing text: String) throws(GrantError) {
        let parts = text.splitOnce(at: "::") ?? (text, text)
        guard !parts.0.isEmpty, !parts.1.isEmpty, !text.utf8.contains(0) else {
            throw GrantError(description: "--embed \(text): expected HOST::GUEST")
        }
        self.init(host: FilePath(parts.0), guest: parts.1)
    }
}

/// Lays out the image of embedded folders.
struct EmbeddedImage {
    /// What a node is, apart from its place in the tree.
    private enum Content {
        case directory([(name: [UInt8], content: Content)])
        case file([UInt8])
        case link([UInt8])
    }

    private var nodes: [smelt_embedded_node] = []
    /// Names and contents, which lie behind the nodes.
    private var bytes: [UInt8] = []
    /// Where `bytes` begin in the image.
    private let bytesOffset: Int

    /// The image of some folders.
    ///
    /// - Throws: Errors that name a file that cannot be read, or is neither a file nor a folder nor
    ///   a symbolic link.
    static func build(_ folders: [EmbeddedFolder]) throws(CompilerError) -> [UInt8] {
        var roots: [(name: [UInt8], content: Content)] = []
        for folder in folders {
            guard Files.kind(of: folder.host) == .directory else {
                throw CompilerError(.file(folder.host, reason: "cannot embed: not a folder"))
            }
            roots.append((Array(folder.guest.utf8), try readFolder(folder.host)))
        }
        let count = roots.reduce(0) { $0 + Self.count($1.content) }
        var image = EmbeddedImage(nodeCount: count)
        image.place(roots)
        return image.encoded(rootCount: roots.count)
    }

    // Reading ----------------------------------------------------------------------------------

    private static func read(_ path: FilePath) throws(CompilerError) -> Content {
        var status = stat()
        guard path.withPlatformString({ lstat($0, &status) }) == 0 else {
            throw CompilerError(.file(path, reason: "cannot read: \(Errno(rawValue: errno))"))
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file(try Files.read(path))
        case S_IFLNK: return .link(try target(of: path))
        case S_IFDIR: return try readFolder(path)
        default:
            throw CompilerError(
                .file(path, reason: "cannot embed: neither a file nor a folder nor a link"))
        }
    }

    /// A folder given by a link is the folder; further down links stay links.
    private static func readFolder(_ path: FilePath) throws(CompilerError) -> Content {
        var children: [(name: [UInt8], content: Content)] = []
        for name in try Files.list(path) {
            children.append((Array(name.utf8), try read(path.appending(name))))
        }
        children.sort { $0.name.lexicographicallyPrecedes($1.name) }
        return .directory(children)
    }

    private static func target(of path: FilePath) throws(CompilerError) -> [UInt8] {
        var length = 0
        let target = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            length = path.withPlatformString { path in
                buffer.withMemoryRebound(to: CChar.self) {
                    readlink(path, $0.baseAddress!, $0.count)
                }
            }
            count = max(0, length)
        }
        guard length >= 0 else {
            throw CompilerError(.file(path, reason: "cannot read: \(Errno(rawValue: errno))"))
        }
        return target
    }

    // Laying out -------------------------------------------------------------------------------

    private init(nodeCount: Int) {
        nodes.reserveCapacity(nodeCount)
        bytesOffset =
            MemoryLayout<smelt_embedded_image>.size + nodeCount
            * MemoryLayout<smelt_embedded_node>.stride
    }

    private static func count(_ content: Content) -> Int {
        guard case .directory(let children) = content else { return 1 }
        return children.reduce(1) { $0 + count($1.content) }
    }

    /// Level by level, so that the children of a directory follow one another.
    private mutating func place(_ roots: [(name: [UInt8], content: Content)]) {
        var level = roots.enumerated().map { (parent: $0.offset, item: $0.element) }
        while !level.isEmpty {
            var next: [(parent: Int, item: (name: [UInt8], content: Content))] = []
            let firstOfNext = nodes.count + level.count
            for (parent, item) in level {
                let index = nodes.count
                var node = smelt_embedded_node()
                node.parent = UInt32(parent)
                node.name = UInt32(append(item.name))
                node.name_length = UInt32(item.name.count)
                switch item.content {
                case .directory(let children):
                    node.type = UInt32(SMELT_EMBEDDED_DIRECTORY.rawValue)
                    node.contents = UInt64(firstOfNext + next.count)
                    node.size = UInt64(children.count)
                    next += children.map { (index, $0) }
                case .file(let contents):
                    node.type = UInt32(SMELT_EMBEDDED_FILE.rawValue)
                    node.contents = UInt64(append(contents))
                    node.size = UInt64(contents.count)
                case .link(let target):
                    node.type = UInt32(SMELT_EMBEDDED_LINK.rawValue)
                    node.contents = UInt64(append(target))
                    node.size = UInt64(target.count)
                }
                nodes.append(node)
            }
            level = next
        }
    }

    /// Adds bytes and returns their offset in the image.
    private mutating func append(_ content: [UInt8]) -> Int {
        defer { bytes += content }
        return bytesOffset + bytes.count
    }

    private func encoded(rootCount: Int) -> [UInt8] {
        var header = smelt_embedded_image()
        header.root_count = UInt64(rootCount)
        return withUnsafeBytes(of: header) { Array($0) }
            + nodes.withUnsafeBytes { Array($0) } + bytes
    }
}
