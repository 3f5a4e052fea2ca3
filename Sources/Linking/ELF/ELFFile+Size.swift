// The end of an executable without section headers. ld.lld leaves them out (-z nosectionheader),
// but not the room for them: zeros behind everything that is loaded, some 700 bytes.

internal import SystemPackage

extension ELFFile {
    /// Cuts off what lies behind the last segment, if the file has no section headers.
    static func dropRoomForSections(of path: FilePath) throws(LinkError) {
        do {
            let file = try FileDescriptor.open(path, .readWrite)
            try file.closeAfter {
                let header = try contents(of: file, limit: 1 << 16)
                guard let end = endOfSegments(header) else { return }
                try file.resize(to: Int64(end))
            }
        } catch {
            throw .file(path: path, reason: "cannot shorten the executable: \(error)")
        }
    }

    /// Where the contents of the last segment end; nil for files with section headers, and for what is
    /// no executable. It is enough to know a file's beginning.
    static func endOfSegments(_ bytes: [UInt8]) -> UInt64? {
        let header = ELFFields(bytes, from: 0)
        guard header.integer(UInt64.self, at: 0x28) == 0 else { return nil }
        return segments(in: bytes)?.compactMap { segment in
            guard let offset = segment.integer(UInt64.self, at: 8),
                let size = segment.integer(UInt64.self, at: 0x20)
            else { return nil }
            return offset &+ size
        }.max()
    }
}
