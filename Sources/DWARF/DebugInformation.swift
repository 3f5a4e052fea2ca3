// The debug information of a file: all units, and questions about their entries.

/// Names an entry.
public struct EntryID: Hashable, Sendable {
    var unit: Int32
    var index: Int32

    /// The unit that the entry belongs to, as an index.
    public var unitIndex: Int { Int(unit) }
}

/// Everything that was read from `.debug_info`.
public struct DebugInformation: Sendable {
    let sections: DWARFSections
    let units: [Unit]
    /// Why the first of the units that had to be left out is not there.
    public private(set) var problem: DWARFError?

    /// Reads all units. Those that cannot be read are left out.
    public init(_ sections: DWARFSections) {
        self.sections = sections
        var units: [Unit] = []
        var tables: [UInt64: AbbreviationTable] = [:]
        let place = sections[.entries]
        var reader = DataReader(
            bytes: sections.bytes, position: place.lowerBound, end: place.upperBound)
        // Tables may overlap, so each new one costs up to the size of the section.
        let tableLimit = 4096 + place.count / 1024
        while !reader.isAtEnd, tables.count < tableLimit {
            let offset = UInt64(reader.position - place.lowerBound)
            var next = reader
            do {
                _ = try next.readUnit()
            } catch {
                problem = problem ?? error
                break
            }
            // A unit that is broken inside says nevertheless where the next one is.
            do {
                if let unit = try Unit.read(reader, at: offset, in: sections, tables: &tables) {
                    units.append(Self.completed(unit, in: sections))
                }
            } catch {
                problem = problem ?? error
            }
            reader = next
        }
        self.units = units
    }

    /// Fills in what the topmost entry says about the whole unit.
    private static func completed(_ unit: Unit, in sections: DWARFSections) -> Unit {
        var unit = unit
        guard let root = unit.entries.first else { return unit }
        let header = UInt64(unit.encoding.offsetSize == 8 ? 16 : 8)
        unit.stringOffsetsBase = header
        unit.addressBase = header
        unit.rangeListsBase = header + 4
        unit.locationListsBase = header + 4
        let values = Attributes(root, of: unit, in: sections)
        for (attribute, path) in [
            (Attribute.stringOffsetsBase, \Unit.stringOffsetsBase),
            (.addressBase, \.addressBase), (.rangeListsBase, \.rangeListsBase),
            (.locationListsBase, \.locationListsBase),
        ] {
            if let base = values.unsigned(attribute) { unit[keyPath: path] = base }
        }
        // Not the same as `values`: the address may be behind an index.
        unit.baseAddress = Attributes(root, of: unit, in: sections).address(.lowPC) ?? 0
        return unit
    }

    // Entries --------------------------------------------------------------------------------

    public var unitCount: Int { units.count }

    /// The topmost entry of a unit.
    public func root(ofUnit index: Int) -> EntryID? {
        units[index].entries.isEmpty ? nil : EntryID(unit: Int32(index), index: 0)
    }

    func entry(_ id: EntryID) -> Entry { units[Int(id.unit)].entries[Int(id.index)] }

    /// Where it is in `.debug_info`.
    public func sectionOffset(of id: EntryID) -> UInt64 { entry(id).offset }

    public func tag(_ id: EntryID) -> Tag { entry(id).tag }

    /// The entry above; nil for the topmost one.
    public func parent(_ id: EntryID) -> EntryID? {
        let parent = Int32(entry(id).parent)
        return parent == id.index ? nil : EntryID(unit: id.unit, index: parent)
    }

    /// The entries directly below.
    public func children(_ id: EntryID) -> some Sequence<EntryID> {
        let entries = units[Int(id.unit)].entries
        let end = entries[Int(id.index)].end
        return sequence(state: Int(id.index) + 1) { next -> EntryID? in
            guard next < end else { return nil }
            defer { next = max(entries[next].end, next + 1) }
            return EntryID(unit: id.unit, index: Int32(next))
        }
    }

    /// All entries of a unit.
    public func entries(ofUnit index: Int) -> some Sequence<EntryID> {
        units[index].entries.indices.lazy.map { EntryID(unit: Int32(index), index: Int32($0)) }
    }

    /// Its attributes.
    public func attributes(_ id: EntryID) -> Attributes {
        let unit = units[Int(id.unit)]
        return Attributes(unit.entries[Int(id.index)], of: unit, in: sections)
    }

    /// The entry at an offset in the section.
    func entry(at offset: UInt64) -> EntryID? {
        var low = 0
        var high = units.count
        while low < high {
            let middle = (low + high) / 2
            if units[middle].range.upperBound <= offset { low = middle + 1 } else { high = middle }
        }
        guard low < units.count, let index = units[low].index(ofEntryAt: offset) else {
            return nil
        }
        return EntryID(unit: Int32(low), index: Int32(index))
    }

    /// The entry that an attribute refers to.
    public func reference(_ attribute: Attribute, of id: EntryID) -> EntryID? {
        attributes(id).reference(attribute).flatMap(entry(at:))
    }

    /// The entry itself, then those that it completes: its abstract origin and its declaration.
    public func origins(of id: EntryID) -> [EntryID] {
        var chain = [id]
        // Two steps are what there can be; a damaged file may have a circle.
        while chain.count < 4 {
            let attributes = attributes(chain.last!)
            let next =
                attributes.reference(.abstractOrigin) ?? attributes.reference(.specification)
            guard let next = next.flatMap(entry(at:)), !chain.contains(next) else { break }
            chain.append(next)
        }
        return chain
    }
}
