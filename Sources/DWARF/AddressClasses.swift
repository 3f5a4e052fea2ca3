// A detour around LLVM, which gives all pointers the host's size: they are made with an address
// class that is their size, and the abbreviations changed afterwards, so that the number becomes
// the size. Both are four bytes, so nothing moves.

/// Finds what has to be changed in objects that LLVM emitted.
public enum AddressClasses {
    /// What to write at each of the positions that `positions` finds.
    public static let replacement = UInt8(Attribute.byteSize.rawValue)

    /// The positions in `bytes` where an abbreviation of a pointer type names its address class.
    ///
    /// - Parameter section: the place of `.debug_abbrev`.
    public static func positions(in bytes: [UInt8], section: Range<Int>) -> [Int] {
        var positions: [Int] = []
        var reader = DataReader(
            bytes: bytes, position: section.lowerBound, end: section.upperBound)
        while !reader.isAtEnd, (try? readAbbreviation(&reader, &positions)) != nil {}
        return positions
    }

    private static func readAbbreviation(
        _ reader: inout DataReader, _ positions: inout [Int]
    ) throws(DWARFError) {
        let addressClass: UInt64 = 0x33
        if try reader.readULEB() == 0 { return }  // the end of a table
        let isPointer = try reader.readULEB() == UInt64(Tag.pointerType.rawValue)
        try reader.skip(1)
        while true {
            let position = reader.position
            let attribute = try reader.readULEB()
            let form = try reader.readULEB()
            if attribute == 0, form == 0 { return }
            if form == UInt64(Form.implicitConstant.rawValue) { _ = try reader.readSLEB() }
            if isPointer, attribute == addressClass, form == UInt64(Form.data4.rawValue) {
                positions.append(position)
            }
        }
    }
}
