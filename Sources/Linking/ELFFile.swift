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
    }

    /// The file.
    public let bytes: [UInt8]
    public let sections: [Section]

    /// - Throws: ``LinkError/malformedELF(reason:)``.
    public init(_ bytes: [UInt8]) throws(LinkError) {
        self.bytes = bytes
        let header = ELFFields(bytes, from: 0)
        let isELF = bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2, 1])
        guard isELF, let table = header.integer(UInt64.self, at: 0x28),
            let count = header.integer(UInt16.self, at: 0x3c),
            let names = header.integer(UInt16.self, at: 0x3e), table <= UInt64(bytes.count)
        else { throw .malformedELF(reason: "no 64-bit little-endian ELF header") }
        var sections: [(nameOffset: UInt32, section: Section)] = []
        for index in 0..<Int(count) {
            let position = Int(table) + index * Self.sectionHeaderSize
            sections.append(try Self.section(ELFFields(bytes, from: position)))
        }
        guard Int(names) < sections.count else {
            throw .malformedELF(reason: "no section names")
        }
        let strings = sections[Int(names)].section.range
        self.sections = sections.map { nameOffset, section in
            var section = section
            section.name = Self.string(in: bytes, strings, at: Int(nameOffset))
            return section
        }
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

    private static let sectionHeaderSize = 64

    private static func section(
        _ fields: ELFFields
    ) throws(LinkError) -> (nameOffset: UInt32, section: Section) {
        let noBits: UInt32 = 8
        guard let name = fields.integer(UInt32.self, at: 0),
            let type = fields.integer(UInt32.self, at: 4),
            let address = fields.integer(UInt64.self, at: 0x10),
            let offset = fields.integer(UInt64.self, at: 0x18),
            let size = fields.integer(UInt64.self, at: 0x20),
            let link = fields.integer(UInt32.self, at: 0x28)
        else { throw .malformedELF(reason: "the section headers are cut off") }
        let length = type == noBits ? 0 : size
        let (end, overflow) = offset.addingReportingOverflow(length)
        guard !overflow, end <= UInt64(fields.bytes.count) else {
            throw .malformedELF(reason: "a section reaches beyond the end of the file")
        }
        return (
            name,
            Section(
                name: "", type: type, address: address, range: Int(offset)..<Int(end),
                link: Int(link))
        )
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
        /// Its address, for what has one.
        var value: UInt64
    }

    /// The symbol table; empty for stripped files.
    var symbols: [Symbol] {
        let symbolTable: UInt32 = 2
        guard let table = sections.first(where: { $0.type == symbolTable }),
            table.link < sections.count
        else { return [] }
        let strings = sections[table.link].range
        return stride(from: table.range.lowerBound, to: table.range.upperBound - 23, by: 24)
            .compactMap { position in
                let fields = ELFFields(bytes, from: position)
                guard let nameOffset = fields.integer(UInt32.self, at: 0),
                    let value = fields.integer(UInt64.self, at: 8)
                else { return nil }
                return Symbol(
                    position: position, nameOffset: nameOffset,
                    name: Self.string(in: bytes, strings, at: Int(nameOffset)),
                    value: value)
            }
    }

    /// The address of a symbol.
    public func address(of name: String) -> UInt64? {
        symbols.first { $0.name == name }?.value
    }

    private static func string(in bytes: [UInt8], _ range: Range<Int>, at offset: Int) -> String {
        guard offset < range.count else { return "" }
        let rest = bytes[(range.lowerBound + offset)..<range.upperBound]
        return String(decoding: rest.prefix { $0 != 0 }, as: UTF8.self)
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
