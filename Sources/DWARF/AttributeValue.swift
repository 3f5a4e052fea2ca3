// The values of attributes: how each form is read, and gone past (section 7.5.6).

/// The value of an attribute, as it is written: strings and addresses may be behind an index.
enum AttributeValue {
    case address(UInt64)
    case addressIndex(UInt64)
    case constant(UInt64)
    case signed(Int64)
    case flag(Bool)
    /// A zero-terminated string, by its place in the file.
    case string(Int)
    case stringIndex(UInt64)
    /// An expression or other bytes, by their place in the file.
    case block(Range<Int>)
    /// An entry, by its offset in the section.
    case reference(UInt64)
    /// An offset in a section that the attribute tells.
    case sectionOffset(UInt64)
    case listIndex(UInt64)
    /// What is not read here: other files, types by signature.
    case other
}

/// What forms depend on.
struct Encoding {
    /// Of offsets, in bytes: 4 or 8.
    var offsetSize: Int
    /// Of addresses, in bytes.
    var addressSize: Int
    var version: UInt16
    /// Where the unit starts in its section, which references are relative to.
    var unitOffset: UInt64
}

extension DataReader {
    /// Reads a value.
    mutating func readValue(
        _ form: Form, constant: Int64 = 0, _ encoding: Encoding, in sections: DWARFSections
    ) throws(DWARFError) -> AttributeValue {
        switch form {
        case .address: return .address(try readUnsigned(encoding.addressSize))
        case .data1: return .constant(try readUnsigned(1))
        case .data2: return .constant(try readUnsigned(2))
        case .data4: return .constant(try readUnsigned(4))
        case .data8: return .constant(try readUnsigned(8))
        case .udata: return .constant(try readULEB())
        case .sdata: return .signed(try readSLEB())
        case .implicitConstant: return .signed(constant)
        case .flag: return .flag(try readByte() != 0)
        case .flagPresent: return .flag(true)
        case .sectionOffset: return .sectionOffset(try readUnsigned(encoding.offsetSize))
        case .rangeListIndex, .locationListIndex: return .listIndex(try readULEB())
        case .block1: return .block(try readBlockRange(try readUnsigned(1)))
        case .block2: return .block(try readBlockRange(try readUnsigned(2)))
        case .block4: return .block(try readBlockRange(try readUnsigned(4)))
        case .block, .expression: return .block(try readBlockRange(try readULEB()))
        case .data16: return .block(try readBlockRange(16))
        case .addressIndex: return .addressIndex(try readULEB())
        case .addressIndex1: return .addressIndex(try readUnsigned(1))
        case .addressIndex2: return .addressIndex(try readUnsigned(2))
        case .addressIndex3: return .addressIndex(try readUnsigned(3))
        case .addressIndex4: return .addressIndex(try readUnsigned(4))
        case .indirect:
            let actual = Form(rawValue: UInt16(clamping: try readULEB()))
            guard actual != .indirect else { throw error("indirect form of an indirect form") }
            return try readValue(actual, encoding, in: sections)
        case .signature8:
            try skip(8)
            return .other
        case .supplementaryReference4:
            try skip(4)
            return .other
        case .supplementaryReference8:
            try skip(8)
            return .other
        case .supplementaryString:
            try skip(UInt64(encoding.offsetSize))
            return .other
        default:
            if let reference = try readReference(form, encoding) { return reference }
            return try readStringPlace(form, encoding, sections)
        }
    }

    private mutating func readReference(
        _ form: Form, _ encoding: Encoding
    ) throws(DWARFError) -> AttributeValue? {
        let offset: UInt64
        switch form {
        case .reference1: offset = try readUnsigned(1)
        case .reference2: offset = try readUnsigned(2)
        case .reference4: offset = try readUnsigned(4)
        case .reference8: offset = try readUnsigned(8)
        case .referenceULEB: offset = try readULEB()
        case .referenceAddress:
            let size = encoding.version < 3 ? encoding.addressSize : encoding.offsetSize
            return .reference(try readUnsigned(size))
        default: return nil
        }
        return .reference(encoding.unitOffset &+ offset)
    }

    private mutating func readStringPlace(
        _ form: Form, _ encoding: Encoding, _ sections: DWARFSections
    ) throws(DWARFError) -> AttributeValue {
        switch form {
        case .string:
            let start = position
            try skipString()
            return .string(start)
        case .strp:
            let offset = try readUnsigned(encoding.offsetSize)
            return .string(try sections.reader(.strings, from: offset).position)
        case .lineString:
            let offset = try readUnsigned(encoding.offsetSize)
            return .string(try sections.reader(.lineStrings, from: offset).position)
        case .stringIndex: return .stringIndex(try readULEB())
        case .stringIndex1: return .stringIndex(try readUnsigned(1))
        case .stringIndex2: return .stringIndex(try readUnsigned(2))
        case .stringIndex3: return .stringIndex(try readUnsigned(3))
        case .stringIndex4: return .stringIndex(try readUnsigned(4))
        default: throw error("unknown form 0x\(String(form.rawValue, radix: 16))")
        }
    }

    private mutating func readBlockRange(_ length: UInt64) throws(DWARFError) -> Range<Int> {
        let block = try readBlock(length)
        return block.position..<block.end
    }

    /// Goes past a value.
    mutating func skipValue(_ form: Form, _ encoding: Encoding) throws(DWARFError) {
        switch form {
        case .flagPresent, .implicitConstant: break
        case .data1, .flag, .reference1, .stringIndex1, .addressIndex1: try skip(1)
        case .data2, .reference2, .stringIndex2, .addressIndex2: try skip(2)
        case .stringIndex3, .addressIndex3: try skip(3)
        case .data4, .reference4, .stringIndex4, .addressIndex4, .supplementaryReference4:
            try skip(4)
        case .data8, .reference8, .signature8, .supplementaryReference8: try skip(8)
        case .data16: try skip(16)
        case .strp, .lineString, .sectionOffset, .supplementaryString:
            try skip(UInt64(encoding.offsetSize))
        case .address: try skip(UInt64(encoding.addressSize))
        case .referenceAddress:
            try skip(UInt64(encoding.version < 3 ? encoding.addressSize : encoding.offsetSize))
        case .udata, .sdata, .referenceULEB, .stringIndex, .addressIndex, .rangeListIndex,
            .locationListIndex:
            _ = try readULEB()
        case .string: try skipString()
        case .block1: try skip(try readUnsigned(1))
        case .block2: try skip(try readUnsigned(2))
        case .block4: try skip(try readUnsigned(4))
        case .block, .expression: try skip(try readULEB())
        case .indirect:
            let actual = Form(rawValue: UInt16(clamping: try readULEB()))
            guard actual != .indirect else { throw error("indirect form of an indirect form") }
            try skipValue(actual, encoding)
        default: throw error("unknown form 0x\(String(form.rawValue, radix: 16))")
        }
    }
}
