// A reader of ELF files as the linker writes them: 64 bits, little-endian. Whatever is not where
// it should be makes the file unreadable, and never a crash.

public import SystemPackage

/// The sections and symbols of an ELF file in memory.
public struct ELFFile: Sendable {
    public struct Section: Sendable {
        public var name: String
        /// The kind of section: `SHT_...`.
        public var type: UInt32
        /// Where it is at run time; 0 for sections that are not part of the program.
        public var address: UInt64
        /// Its bytes in the file.
        public var range: Range<Int>
        /// For symbol tables, the section with the names.
        public var link: Int
        /// What its address is a multiple of.
        var alignment: UInt64
        /// Where its own name is in the section of names.
        var nameOffset: UInt32
    }

    /// The file.
    public let bytes: [UInt8]
    public let sections: [Section]
    /// The position of the table of section headers.
    let sectionTable: Int
    /// The section with the names of sections.
    let sectionNames: Int

    /// - Throws: ``LinkError/malformedELF(reason:)``.
    public init(_ bytes: [UInt8]) throws(LinkError) {
        self.bytes = bytes
        let header = ELFFields(bytes, from: 0)
        let isELF = bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2, 1])
        guard isELF, let table = header.integer(UInt64.self, at: 0x28),
            let shortCount = header.integer(UInt16.self, at: 0x3c),
            let shortNames = header.integer(UInt16.self, at: 0x3e), table <= UInt64(bytes.count)
        else { throw .malformedELF(reason: "no 64-bit little-endian ELF header") }
        // What 16 bits cannot hold is in the first section header, which is otherwise empty.
        let first = ELFFields(bytes, from: Int(table))
        let isLong = shortCount == 0 && table != 0
        let count = isLong ? first.integer(UInt64.self, at: 0x20) : UInt64(shortCount)
        let names =
            shortNames == Self.longIndex
            ? first.integer(UInt32.self, at: 0x28) : UInt32(shortNames)
        guard let count, let names, count <= UInt64(bytes.count / Self.sectionHeaderSize) else {
            throw .malformedELF(reason: "the section headers are cut off")
        }
        var sections: [Section] = []
        for index in 0..<Int(count) {
            let position = Int(table) + index * Self.sectionHeaderSize
            sections.append(try Self.section(ELFFields(bytes, from: position)))
        }
        guard Int(names) < sections.count else {
            throw .malformedELF(reason: "no section names")
        }
        let strings = sections[Int(names)].range
        self.sections = sections.map { section in
            var section = section
            section.name = Self.string(in: bytes, strings, at: section.nameOffset)
            return section
        }
        (sectionTable, sectionNames) = (Int(table), Int(names))
    }

    /// Reads a file.
    public init(reading path: FilePath) throws(LinkError) {
        do {
            let file = try FileDescriptor.open(path, .readOnly)
            try self.init(try file.closeAfter { try Self.contents(of: file) })
        } catch let error as LinkError {
            throw error
        } catch {
            throw .file(path: path, reason: "cannot read the executable: \(error)")
        }
    }

    /// What a file contains, or its first `limit` bytes.
    static func contents(of file: FileDescriptor, limit: Int = .max) throws -> [UInt8] {
        let size = min(limit, Int(try file.seek(offset: 0, from: .end)))
        return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let rest = UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                let part = try file.read(fromAbsoluteOffset: Int64(count), into: rest)
                if part == 0 { break }
                count += part
            }
        }
    }

    static let sectionHeaderSize = 64
    /// In place of a section's index: it is elsewhere.
    private static let longIndex: UInt16 = 0xffff

    private static func section(_ fields: ELFFields) throws(LinkError) -> Section {
        let noBits: UInt32 = 8
        guard let name = fields.integer(UInt32.self, at: 0),
            let type = fields.integer(UInt32.self, at: 4),
            let address = fields.integer(UInt64.self, at: 0x10),
            let offset = fields.integer(UInt64.self, at: 0x18),
            let size = fields.integer(UInt64.self, at: 0x20),
            let link = fields.integer(UInt32.self, at: 0x28),
            let alignment = fields.integer(UInt64.self, at: 0x30)
        else { throw .malformedELF(reason: "the section headers are cut off") }
        // The first header may hold other numbers.
        let length = type == noBits || type == 0 ? 0 : size
        let (end, overflow) = offset.addingReportingOverflow(length)
        guard !overflow, end <= UInt64(fields.bytes.count) else {
            throw .malformedELF(reason: "a section reaches beyond the end of the file")
        }
        return Section(
            name: "", type: type, address: address, range: Int(offset)..<Int(end),
            link: Int(link), alignment: alignment, nameOffset: name)
    }

    /// The first section of a name.
    public func section(_ name: String) -> Section? {
        sections.first { $0.name == name }
    }

    // Symbols --------------------------------------------------------------------------------

    /// An entry of the symbol table.
    struct Symbol {
        /// Where the entry is in the file, in bytes.
        var position: Int
        /// Where its name is in the section of names.
        var nameOffset: UInt32
        var name: String
        /// Whether no other object can refer to it.
        var isLocal: Bool
        /// Whether it is of this file.
        var isDefined: Bool
        /// Its address, for what has one.
        var value: UInt64
    }

    /// The section with the symbol table; nil for stripped files.
    var symbolTable: Section? {
        let symbolTable: UInt32 = 2
        return sections.first { $0.type == symbolTable && $0.link < sections.count }
    }

    /// The symbol table; empty for stripped files.
    var symbols: [Symbol] {
        guard let table = symbolTable else { return [] }
        let strings = sections[table.link].range
        return stride(from: table.range.lowerBound, to: table.range.upperBound - 23, by: 24)
            .compactMap { position in
                let fields = ELFFields(bytes, from: position)
                guard let nameOffset = fields.integer(UInt32.self, at: 0),
                    let info = fields.integer(UInt8.self, at: 4),
                    let section = fields.integer(UInt16.self, at: 6),
                    let value = fields.integer(UInt64.self, at: 8)
                else { return nil }
                return Symbol(
                    position: position, nameOffset: nameOffset,
                    name: Self.string(in: bytes, strings, at: nameOffset),
                    isLocal: info >> 4 == 0, isDefined: section != 0, value: value)
            }
    }

    /// The address of a symbol.
    public func address(of name: String) -> UInt64? {
        symbols.first { $0.name == name }?.value
    }

    private static func string(
        in bytes: [UInt8], _ range: Range<Int>, at offset: UInt32
    ) -> String {
        String(decoding: stringBytes(in: bytes, range, at: offset), as: UTF8.self)
    }

    /// The bytes of a string up to its zero; none if it does not lie in `range`.
    static func stringBytes(
        in bytes: [UInt8], _ range: Range<Int>, at offset: UInt32
    ) -> ArraySlice<UInt8> {
        guard Int(offset) < range.count else { return [] }
        return bytes[(range.lowerBound + Int(offset))..<range.upperBound].prefix { $0 != 0 }
    }
}

/// Little-endian integers behind a position.
struct ELFFields {
    let bytes: [UInt8]
    let start: Int

    init(_ bytes: [UInt8], from start: Int) {
        self.bytes = bytes
        self.start = start
    }

    /// Nil behind the end of the file.
    func integer<Value: FixedWidthInteger & UnsignedInteger>(
        _ type: Value.Type, at offset: Int
    ) -> Value? {
        let size = MemoryLayout<Value>.size
        guard start >= 0, start <= bytes.count - offset - size else { return nil }
        return (0..<size).reduce(Value(0)) { value, index in
            value | Value(bytes[start + offset + index]) << Value(8 * index)
        }
    }
}
