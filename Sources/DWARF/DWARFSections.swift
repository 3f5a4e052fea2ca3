// Where the sections with debug information are in a file. WebAssembly and ELF name them alike.

/// A section that this reader knows.
public enum DWARFSection: String, Sendable, CaseIterable {
    case abbreviations = ".debug_abbrev"
    case addresses = ".debug_addr"
    case entries = ".debug_info"
    case lineStrings = ".debug_line_str"
    case lines = ".debug_line"
    case locationLists = ".debug_loclists"
    case locations = ".debug_loc"
    case rangeLists = ".debug_rnglists"
    case ranges = ".debug_ranges"
    case stringOffsets = ".debug_str_offsets"
    case strings = ".debug_str"
}

/// A file and the places of its debug sections in it.
public struct DWARFSections: Sendable {
    public let bytes: [UInt8]
    private var places: [DWARFSection: Range<Int>] = [:]

    /// - Parameter find: gives the place of a section in `bytes` by its name.
    public init(bytes: [UInt8], find: (String) -> Range<Int>?) {
        self.bytes = bytes
        for section in DWARFSection.allCases {
            guard let place = find(section.rawValue), place.lowerBound >= 0,
                place.upperBound <= bytes.count
            else { continue }
            places[section] = place
        }
    }

    /// Whether there is anything to read.
    public var isEmpty: Bool { places[.entries]?.isEmpty ?? true }

    /// The place of a section in the file; empty for one that is missing.
    subscript(section: DWARFSection) -> Range<Int> { places[section] ?? 0..<0 }

    /// Reads a section from an offset on.
    func reader(_ section: DWARFSection, from offset: UInt64 = 0) throws(DWARFError) -> DataReader {
        let place = self[section]
        guard offset <= UInt64(place.count) else {
            throw DWARFError("offset behind the end of \(section.rawValue)", at: place.upperBound)
        }
        return DataReader(
            bytes: bytes, position: place.lowerBound + Int(offset), end: place.upperBound)
    }

    /// The zero-terminated string at an offset of a section.
    func string(_ section: DWARFSection, at offset: UInt64) throws(DWARFError) -> String {
        var reader = try reader(section, from: offset)
        return try reader.readString()
    }
}
