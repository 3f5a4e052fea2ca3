// The note of an executable: what the compiler says about it, for tools. A note is found through
// the program headers, so it outlives `strip` and files without section headers.

internal import RuntimeABI

extension ELFFile {
    /// The section that notes are put into.
    public static let noteSection = SMELT_SECTION_NOTE

    /// Who a note is from.
    private static let noteOwner = Array("Smelt".utf8) + [0]

    /// The kind of note, the only one there is.
    private static let noteType: UInt32 = 1

    /// A note with this content, as it stands in ``noteSection``.
    public static func note(_ content: [UInt8]) -> [UInt8] {
        let header = [UInt32(noteOwner.count), UInt32(content.count), noteType].flatMap { word in
            (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
        }
        return header + padded(noteOwner) + padded(content)
    }

    private static func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: -bytes.count & 3)
    }

    /// The content of the note in an executable; nil if there is none, or the file is damaged.
    public static func noteContent(in bytes: [UInt8]) -> ArraySlice<UInt8>? {
        segments(in: bytes)?.lazy.compactMap { noteContent($0, count: bytes.count) }.first
    }

    /// The program headers of an executable; nil for anything else.
    static func segments(in bytes: [UInt8]) -> [ELFFields]? {
        let header = ELFFields(bytes, from: 0)
        guard bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2, 1]),
            let table = header.integer(UInt64.self, at: 0x20), table <= UInt64(bytes.count),
            let count = header.integer(UInt16.self, at: 0x38)
        else { return nil }
        let segmentSize = 56
        return (0..<Int(count)).map { ELFFields(bytes, from: Int(table) + $0 * segmentSize) }
    }

    /// The content of the note that a program header describes.
    private static func noteContent(_ segment: ELFFields, count: Int) -> ArraySlice<UInt8>? {
        let noteSegment: UInt32 = 4
        guard segment.integer(UInt32.self, at: 0) == noteSegment,
            let offset = segment.integer(UInt64.self, at: 8), offset <= UInt64(count)
        else { return nil }
        let note = ELFFields(segment.bytes, from: Int(offset))
        let start = Int(offset) + 12 + padded(noteOwner).count
        guard note.integer(UInt32.self, at: 0) == UInt32(noteOwner.count),
            let size = note.integer(UInt32.self, at: 4),
            note.integer(UInt32.self, at: 8) == noteType,
            start <= count, Int(size) <= count - start,
            segment.bytes[(Int(offset) + 12)..<start].starts(with: noteOwner)
        else { return nil }
        return segment.bytes[start..<start + Int(size)]
    }
}
