// Units of `.debug_info`: their headers, and the tree of their entries (section 7.5).
//
// A tree is read once, into a flat array; attributes are read when they are asked for.

/// An entry of a unit.
struct Entry {
    /// Where it starts, in the section.
    var offset: UInt64
    var tag: Tag
    /// Where its attributes start, in the file.
    var attributes: Int
    /// Their forms, in the unit's abbreviations.
    var fields: Range<Int>
    /// The index of the first entry behind this one and everything below it.
    var end: Int
    /// The index of the entry above it, itself for the topmost one.
    var parent: Int
}

/// A compilation unit with its entries, in the order of the file.
struct Unit {
    var encoding: Encoding
    /// Its place in the section, from its length on.
    var range: Range<UInt64>
    var entries: [Entry]
    var abbreviations: AbbreviationTable
    /// Where its parts of sections start that are read by index.
    var stringOffsetsBase: UInt64 = 0
    var addressBase: UInt64 = 0
    var rangeListsBase: UInt64 = 0
    var locationListsBase: UInt64 = 0
    /// What addresses in its lists are relative to.
    var baseAddress: UInt64 = 0

    /// How deeply entries may be nested. Compilers stay far below.
    static let depthLimit = 500

    /// Reads a unit, or nil if it is of a kind that describes no code.
    ///
    /// - Parameter tables: the abbreviation tables read so far, by their place.
    static func read(
        _ reader: DataReader, at offset: UInt64, in sections: DWARFSections,
        tables: inout [UInt64: AbbreviationTable]
    ) throws(DWARFError) -> Unit? {
        var reader = reader
        let start = reader.position
        let (contents, offsetSize) = try reader.readUnit()
        var unit = contents
        let version = try unit.readU16()
        guard (2...5).contains(version) else { throw unit.error("unknown version \(version)") }
        let compile: UInt8 = 1
        let partial: UInt8 = 3
        let kind = version >= 5 ? try unit.readByte() : compile
        let addressSizeFirst = version >= 5 ? try unit.readByte() : 0
        let abbreviations = try unit.readUnsigned(offsetSize)
        let addressSize = Int(version >= 5 ? addressSizeFirst : try unit.readByte())
        guard [2, 4, 8].contains(addressSize) else { throw unit.error("unknown address size") }
        guard kind == compile || kind == partial else { return nil }
        if tables[abbreviations] == nil {
            tables[abbreviations] = try AbbreviationTable(
                try sections.reader(.abbreviations, from: abbreviations))
        }
        let encoding = Encoding(
            offsetSize: offsetSize, addressSize: addressSize, version: version, unitOffset: offset)
        let length = UInt64(reader.position - start)
        var result = Unit(
            encoding: encoding, range: offset..<offset + length, entries: [],
            abbreviations: tables[abbreviations]!)
        try result.readEntries(unit, sectionStart: start - Int(offset))
        return result
    }

    private mutating func readEntries(
        _ reader: DataReader, sectionStart: Int
    ) throws(DWARFError) {
        var reader = reader
        var open: [Int] = []
        while !reader.isAtEnd {
            let offset = UInt64(reader.position - sectionStart)
            let code = try reader.readULEB()
            if code == 0 {
                guard let last = open.popLast() else { continue }
                entries[last].end = entries.count
                if open.isEmpty { break }
                continue
            }
            guard let abbreviation = abbreviations[code] else {
                throw reader.error("unknown abbreviation \(code)")
            }
            let index = entries.count
            entries.append(
                Entry(
                    offset: offset, tag: abbreviation.tag, attributes: reader.position,
                    fields: abbreviation.fields, end: index + 1, parent: open.last ?? index))
            for field in abbreviation.fields {
                try reader.skipValue(abbreviations.fields[field].form, encoding)
            }
            if abbreviation.hasChildren {
                open.append(index)
                guard open.count <= Self.depthLimit else {
                    throw reader.error("entries are nested too deeply")
                }
            } else if open.isEmpty {
                break
            }
        }
        for index in open { entries[index].end = entries.count }
    }

    /// The entry at an offset of the section.
    func index(ofEntryAt offset: UInt64) -> Int? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].offset < offset { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].offset == offset ? low : nil
    }
}
