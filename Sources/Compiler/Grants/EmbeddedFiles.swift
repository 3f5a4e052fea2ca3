// Files inside the executable: reading folders of the host and laying them out as the image that
// the runtime reads in place (struct smelt_embedded_image in runtime-c/include/smelt/abi.h).
//
// The image depends on names and contents only, not on times, owners or the order in which a folder
// lists its files: the same files give the same bytes.

internal import Linking
internal import Platform
internal import RuntimeABI
public import SystemPackage

/// A folder whose files become part of the executable, to be read there under another name.
public struct EmbeddedFolder: Sendable, Hashable {
    /// The folder of the host, read when the program is compiled.
    public var host: FilePath
    /// The name of the directory that the program finds open.
    public var guest: ByteString

    /// - Parameters:
    ///   - host: The folder of the host.
    ///   - guest: The program's name for it.
    public init(host: FilePath, guest: ByteString) {
        self.host = host
        self.guest = guest
    }

    /// Reads the value of `--embed`: `HOST::GUEST`, or one name for both.
    public init(parsing text: ByteString) throws(GrantError) {
        let parts = text.splitOnce(at: "::") ?? (text, text)
        guard !parts.0.isEmpty, !parts.1.isEmpty, !text.bytes.contains(0) else {
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
        var reader = Reader()
        for folder in folders {
            let opened: Folder
            do throws(Errno) {
                opened = try Folder(opening: folder.host)
            } catch {
                let isFolder = Files.kind(of: folder.host) == .directory
                let reason = isFolder ? "\(error)" : "not a folder"
                throw CompilerError(.file(folder.host, reason: "cannot embed: \(reason)"))
            }
            let content = try withFiles { () throws(FileError) in try reader.readFolder(opened) }
            roots.append((folder.guest.bytes, content))
        }
        let count = roots.reduce(0) { $0 + Self.count($1.content) }
        // Names have offsets of 32 bits.
        let size = roots.reduce(0) { $0 + Self.size($1) } + Self.nodesSize(count: count)
        guard size <= UInt32.max else {
            throw CompilerError(
                .option("--embed: \(size) bytes are too much; an executable takes 4 GiB of files"))
        }
        var image = EmbeddedImage(nodeCount: count)
        image.place(roots)
        return image.encoded(rootCount: roots.count)
    }

    // Reading ----------------------------------------------------------------------------------

    // Other processes may change the folder at the same time. A file is looked at by its descriptor, and a
    // name that has become a symbolic link is not followed: it could lead anywhere.

    /// How deep folders may be in one another. Each that is being read is open, too.
    private static let depthLimit = 256

    /// Reads folders, and counts what is in their files: what is too much is not read first.
    private struct Reader {
        private var room = Files.inputLimit

        private mutating func read(
            _ name: FilePath.Component, in folder: Folder, depth: Int
        ) throws(FileError) -> Content {
            let path = folder.path.appending(name)
            do {
                switch try folder.status(of: name).st_mode & S_IFMT {
                case S_IFLNK: return .link(try folder.target(ofLink: name))
                case S_IFDIR:
                    guard depth < depthLimit else {
                        throw FileError(path, "cannot embed: more than \(depthLimit) folders deep")
                    }
                    return try readFolder(try folder.folder(name), depth: depth + 1)
                case S_IFREG:
                    let file = try folder.openFile(name)
                    let bytes = try file.closeAfter {
                        guard try file.status().isRegular else { throw Errno.noSuchFileOrDirectory }
                        return try Files.readAll(file, limit: room)
                    }
                    room -= bytes.count
                    return .file(bytes)
                default:
                    throw FileError(path, "cannot embed: neither a file nor a folder nor a link")
                }
            } catch let error as FileError {
                throw error
            } catch Errno.fileTooLarge {
                throw FileError(path, "cannot embed: an executable takes 4 GiB of files")
            } catch {
                throw FileError(path, "cannot read: \(error)")
            }
        }

        /// A folder given by a link is the folder; further down links stay links.
        mutating func readFolder(
            _ folder: Folder, depth: Int = 1
        ) throws(FileError) -> Content {
            let names: [FilePath.Component]
            do throws(Errno) {
                names = try folder.names()
            } catch {
                throw FileError(folder.path, "cannot be listed: \(error)")
            }
            var children: [(name: [UInt8], content: Content)] = []
            for name in names {
                children.append((name.bytes, try read(name, in: folder, depth: depth)))
            }
            children.sort { $0.name.lexicographicallyPrecedes($1.name) }
            return .directory(children)
        }
    }

    // Laying out -------------------------------------------------------------------------------

    private init(nodeCount: Int) {
        nodes.reserveCapacity(nodeCount)
        bytesOffset = Self.nodesSize(count: nodeCount)
    }

    private static func nodesSize(count: Int) -> Int {
        MemoryLayout<smelt_embedded_image>.size + count * MemoryLayout<smelt_embedded_node>.stride
    }

    /// How many bytes names and contents take.
    private static func size(_ item: (name: [UInt8], content: Content)) -> Int {
        switch item.content {
        case .directory(let children): children.reduce(item.name.count) { $0 + size($1) }
        case .file(let bytes), .link(let bytes): item.name.count + bytes.count
        }
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
