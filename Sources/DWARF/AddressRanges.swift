// Ranges of addresses of entries, contiguous or as lists (sections 2.17 and 7.25), and lists of
// locations, which look alike (section 7.7.3).

/// How much may still be read from lists. Many entries may share one list, so that a small file
/// could ask for endless work.
public struct ReadingBudget {
    var items: Int

    public init(for information: DebugInformation) {
        items = 65536 + 4 * information.sections.bytes.count
    }

    mutating func spend(at reader: DataReader) throws(DWARFError) {
        items -= 1
        if items < 0 { throw reader.error("too many list entries") }
    }
}

/// Where something is while the program counter is in a range.
public struct Location {
    /// Nil: everywhere.
    public var range: Range<UInt64>?
    /// The expression, by its place in the file.
    public var expression: Range<Int>
}

extension DebugInformation {
    /// The addresses that an entry is about, as they are written; empty if it has none.
    public func ranges(
        of id: EntryID, budget: inout ReadingBudget
    ) throws(DWARFError) -> [Range<UInt64>] {
        let attributes = attributes(id)
        let unit = units[id.unitIndex]
        if let low = attributes.address(.lowPC), let high = attributes.end(.highPC, from: low) {
            return low < high ? [low..<high] : []
        }
        let list: [Location]
        switch attributes[.ranges] {
        case .sectionOffset(let offset), .constant(let offset):
            list = try unit.list(at: offset, withExpressions: false, sections, &budget)
        case .listIndex(let index):
            let offset = try unit.listOffset(
                index, base: unit.rangeListsBase, .rangeLists, sections)
            list = try unit.list(at: offset, withExpressions: false, sections, &budget)
        default: return []
        }
        return list.compactMap(\.range)
    }

    /// Where a variable is; empty if that is not known anywhere.
    public func locations(
        of id: EntryID, budget: inout ReadingBudget
    ) throws(DWARFError) -> [Location] {
        let unit = units[id.unitIndex]
        switch attributes(id)[.location] {
        case .block(let expression): return [Location(range: nil, expression: expression)]
        case .sectionOffset(let offset), .constant(let offset):
            return try unit.list(at: offset, withExpressions: true, sections, &budget)
        case .listIndex(let index):
            let offset = try unit.listOffset(
                index, base: unit.locationListsBase, .locationLists, sections)
            return try unit.list(at: offset, withExpressions: true, sections, &budget)
        default: return []
        }
    }
}

extension Unit {
    /// The place of a list by its index, in the section's terms.
    fileprivate func listOffset(
        _ index: UInt64, base: UInt64, _ section: DWARFSection, _ sections: DWARFSections
    ) throws(DWARFError) -> UInt64 {
        var reader = try sections.reader(
            section, from: base.offset(by: index, times: UInt64(encoding.offsetSize)))
        return base &+ (try reader.readUnsigned(encoding.offsetSize))
    }

    fileprivate func list(
        at offset: UInt64, withExpressions: Bool, _ sections: DWARFSections,
        _ budget: inout ReadingBudget
    ) throws(DWARFError) -> [Location] {
        if encoding.version >= 5 {
            let section = withExpressions ? DWARFSection.locationLists : .rangeLists
            return try readList(
                try sections.reader(section, from: offset), withExpressions, sections, &budget)
        }
        let section = withExpressions ? DWARFSection.locations : .ranges
        return try readOldList(
            try sections.reader(section, from: offset), withExpressions, &budget)
    }

    /// Until version 4: pairs of addresses, ended by zeros.
    private func readOldList(
        _ reader: DataReader, _ withExpressions: Bool, _ budget: inout ReadingBudget
    ) throws(DWARFError) -> [Location] {
        var reader = reader
        var locations: [Location] = []
        var base = baseAddress
        let size = encoding.addressSize
        let selector = UInt64.max >> UInt64(64 - 8 * size)
        while true {
            try budget.spend(at: reader)
            let low = try reader.readUnsigned(size)
            let high = try reader.readUnsigned(size)
            if low == 0, high == 0 { return locations }
            if low == selector {
                base = high
                continue
            }
            var expression = 0..<0
            if withExpressions {
                let block = try reader.readBlock(try reader.readUnsigned(2))
                expression = block.position..<block.end
            }
            locations.append(from: base &+ low, to: base &+ high, expression)
        }
    }

    /// From version 5 on: entries of several kinds. Lists of locations have one kind more, which
    /// shifts the numbers behind it.
    private func readList(
        _ reader: DataReader, _ withExpressions: Bool, _ sections: DWARFSections,
        _ budget: inout ReadingBudget
    ) throws(DWARFError) -> [Location] {
        let defaultLocation: UInt8 = 5
        var reader = reader
        var locations: [Location] = []
        var base = baseAddress
        while true {
            try budget.spend(at: reader)
            let kind = try reader.readByte()
            var range: Range<UInt64>?
            switch kind > defaultLocation && withExpressions ? kind - 1 : kind {
            case 0: return locations
            case 1:
                base = try address(try reader.readULEB(), in: sections)
                continue
            case 2:
                let low = try address(try reader.readULEB(), in: sections)
                range = low ..? (try address(try reader.readULEB(), in: sections))
            case 3:
                let low = try address(try reader.readULEB(), in: sections)
                range = low ..? (low &+ (try reader.readULEB()))
            case 4:
                let low = base &+ (try reader.readULEB())
                range = low ..? (base &+ (try reader.readULEB()))
            case 5 where kind == defaultLocation && withExpressions:
                break  // everywhere else: where that is, is not known here
            case 5:
                base = try reader.readUnsigned(encoding.addressSize)
                continue
            case 6:
                let low = try reader.readUnsigned(encoding.addressSize)
                range = low ..? (try reader.readUnsigned(encoding.addressSize))
            case 7:
                let low = try reader.readUnsigned(encoding.addressSize)
                range = low ..? (low &+ (try reader.readULEB()))
            default: throw reader.error("unknown kind of list entry \(kind)")
            }
            var expression = 0..<0
            if withExpressions {
                let block = try reader.readBlock(try reader.readULEB())
                expression = block.position..<block.end
            }
            if let range {
                locations.append(Location(range: range, expression: expression))
            }
        }
    }
}

infix operator ..? : RangeFormationPrecedence

/// A range, or nil for an empty or reversed one.
private func ..? (low: UInt64, high: UInt64) -> Range<UInt64>? { low < high ? low..<high : nil }

extension [Location] {
    fileprivate mutating func append(
        from low: UInt64, to high: UInt64, _ expression: Range<Int>
    ) {
        if let range = low ..? high {
            append(Location(range: range, expression: expression))
        }
    }
}
