// The attributes of one entry, resolved: strings and addresses behind indices are looked up.

/// The attributes of an entry. What cannot be read is missing.
public struct Attributes {
    private let values: [(attribute: Attribute, value: AttributeValue)]
    private let unit: Unit
    private let sections: DWARFSections

    init(_ entry: Entry, of unit: Unit, in sections: DWARFSections) {
        self.unit = unit
        self.sections = sections
        var reader = DataReader(
            bytes: sections.bytes, position: entry.attributes,
            end: sections[.entries].upperBound)
        var values: [(Attribute, AttributeValue)] = []
        values.reserveCapacity(entry.fields.count)
        for index in entry.fields {
            let field = unit.abbreviations.fields[index]
            let value = try? reader.readValue(
                field.form, constant: field.constant, unit.encoding, in: sections)
            guard let value else { break }
            values.append((field.attribute, value))
        }
        self.values = values
    }

    subscript(attribute: Attribute) -> AttributeValue? {
        values.first { $0.attribute == attribute }?.value
    }

    public func contains(_ attribute: Attribute) -> Bool { self[attribute] != nil }

    /// A number that cannot be negative, an offset, or an address.
    public func unsigned(_ attribute: Attribute) -> UInt64? {
        switch self[attribute] {
        case .constant(let value), .sectionOffset(let value): value
        case .signed(let value): value >= 0 ? UInt64(value) : nil
        case .address, .addressIndex: address(attribute)
        default: nil
        }
    }

    /// A number. Forms of a fixed size are zero-extended: compilers use them for numbers that are
    /// not negative.
    public func signed(_ attribute: Attribute) -> Int64? {
        switch self[attribute] {
        case .constant(let value): Int64(bitPattern: value)
        case .signed(let value): value
        default: nil
        }
    }

    public func flag(_ attribute: Attribute) -> Bool {
        if case .flag(true) = self[attribute] { true } else { false }
    }

    public func address(_ attribute: Attribute) -> UInt64? {
        switch self[attribute] {
        case .address(let value): value
        case .addressIndex(let index): try? unit.address(index, in: sections)
        default: nil
        }
    }

    /// The end of a range that begins at `start`: an address, or a distance from it.
    func end(_ attribute: Attribute, from start: UInt64) -> UInt64? {
        switch self[attribute] {
        case .constant(let value): start &+ value
        case .signed(let value): start &+ UInt64(bitPattern: value)
        default: address(attribute)
        }
    }

    public func string(_ attribute: Attribute) -> String? {
        switch self[attribute] {
        case .string(let position):
            var reader = DataReader(
                bytes: sections.bytes, position: position, end: sections.bytes.count)
            return try? reader.readString()
        case .stringIndex(let index): return try? unit.string(index, in: sections)
        default: return nil
        }
    }

    /// The bytes of an expression or a block, by their place in the file.
    public func block(_ attribute: Attribute) -> Range<Int>? {
        if case .block(let range) = self[attribute] { range } else { nil }
    }

    /// An offset in `.debug_info`.
    func reference(_ attribute: Attribute) -> UInt64? {
        if case .reference(let offset) = self[attribute] { offset } else { nil }
    }
}

extension Unit {
    /// An entry of the unit's part of `.debug_addr`.
    func address(_ index: UInt64, in sections: DWARFSections) throws(DWARFError) -> UInt64 {
        let size = UInt64(encoding.addressSize)
        var reader = try sections.reader(
            .addresses, from: addressBase.offset(by: index, times: size))
        return try reader.readUnsigned(encoding.addressSize)
    }

    /// A string by its index in the unit's part of `.debug_str_offsets`.
    func string(_ index: UInt64, in sections: DWARFSections) throws(DWARFError) -> String {
        let size = UInt64(encoding.offsetSize)
        var reader = try sections.reader(
            .stringOffsets, from: stringOffsetsBase.offset(by: index, times: size))
        return try sections.string(.strings, at: try reader.readUnsigned(encoding.offsetSize))
    }
}

extension UInt64 {
    /// `self + index * size`, or the largest number, which is behind the end of everything.
    func offset(by index: UInt64, times size: UInt64) -> UInt64 {
        let (product, isTooLarge) = index.multipliedReportingOverflow(by: size)
        let (sum, overflow) = addingReportingOverflow(product)
        return isTooLarge || overflow ? .max : sum
    }
}
