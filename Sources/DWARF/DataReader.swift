// Reads little-endian data within bounds.

/// A position in a file, and an end that it cannot pass.
struct DataReader {
    let bytes: [UInt8]
    var position: Int
    let end: Int

    var isAtEnd: Bool { position >= end }
    var remaining: Int { end - position }

    func error(_ reason: String) -> DWARFError { DWARFError(reason, at: position) }

    mutating func skip(_ count: UInt64) throws(DWARFError) {
        guard count <= UInt64(remaining) else { throw error("data is cut off") }
        position += Int(count)
    }

    mutating func readByte() throws(DWARFError) -> UInt8 {
        guard position < end else { throw error("data is cut off") }
        defer { position += 1 }
        return bytes[position]
    }

    /// An unsigned integer of up to 8 bytes.
    mutating func readUnsigned(_ size: Int) throws(DWARFError) -> UInt64 {
        guard size <= remaining, size <= 8 else { throw error("data is cut off") }
        var value: UInt64 = 0
        for index in 0..<size { value |= UInt64(bytes[position + index]) << UInt64(8 * index) }
        position += size
        return value
    }

    mutating func readU16() throws(DWARFError) -> UInt16 { UInt16(try readUnsigned(2)) }
    mutating func readU32() throws(DWARFError) -> UInt32 { UInt32(try readUnsigned(4)) }

    /// Bits beyond the 64th are lost, as the standard leaves open what they mean.
    mutating func readULEB() throws(DWARFError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try readByte()
            if shift < 64 { value |= UInt64(byte & 0x7f) << shift }
            if byte & 0x80 == 0 { return value }
            shift += 7
        }
    }

    mutating func readSLEB() throws(DWARFError) -> Int64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try readByte()
            if shift < 64 { value |= UInt64(byte & 0x7f) << shift }
            shift += 7
            guard byte & 0x80 == 0 else { continue }
            if shift < 64, byte & 0x40 != 0 { value |= ~0 << shift }
            return Int64(bitPattern: value)
        }
    }

    /// Goes behind a zero-terminated string.
    mutating func skipString() throws(DWARFError) {
        while try readByte() != 0 {}
    }

    mutating func readString() throws(DWARFError) -> String {
        let start = position
        try skipString()
        return String(decoding: bytes[start..<position - 1], as: UTF8.self)
    }

    /// A part of the data, as a reader of its own.
    mutating func readBlock(_ length: UInt64) throws(DWARFError) -> DataReader {
        let start = position
        try skip(length)
        return DataReader(bytes: bytes, position: start, end: position)
    }

    /// The length that opens a unit, which also tells the size of offsets (section 7.4).
    mutating func readUnit() throws(DWARFError) -> (contents: DataReader, offsetSize: Int) {
        let length = try readU32()
        if length == 0xffff_ffff { return (try readBlock(try readUnsigned(8)), 8) }
        guard length < 0xffff_fff0 else { throw error("reserved unit length") }
        return (try readBlock(UInt64(length)), 4)
    }
}
