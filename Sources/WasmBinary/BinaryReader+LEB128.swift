// Numbers in LEB128 (WebAssembly 3.0, section 5.2.2). They may be longer than they have to be,
// but not longer than their type needs at most, and bits of the last byte that the type does not
// have must be zero, or repeat the sign.

public import WasmTypes

extension BinaryReader {
    /// An unsigned number of 32 bits.
    @inline(__always)
    public mutating func readU32() throws(ModuleError) -> UInt32 {
        if position < end {
            let byte = bytes[position]
            if byte < 0x80 {
                position &+= 1
                return UInt32(byte)
            }
        }
        return UInt32(truncatingIfNeeded: try readUnsigned(bits: 32))
    }

    /// An unsigned number of 64 bits.
    @inline(__always)
    public mutating func readU64() throws(ModuleError) -> UInt64 {
        if position < end {
            let byte = bytes[position]
            if byte < 0x80 {
                position &+= 1
                return UInt64(byte)
            }
        }
        return try readUnsigned(bits: 64)
    }

    /// A signed number of 32 bits.
    @inline(__always)
    public mutating func readS32() throws(ModuleError) -> Int32 {
        if position < end {
            let byte = bytes[position]
            if byte < 0x80 {
                position &+= 1
                return Int32(Int8(bitPattern: byte << 1) >> 1)
            }
        }
        return Int32(truncatingIfNeeded: try readSigned(bits: 32))
    }

    /// 33 bits: a type index, or a negative number that stands for a type.
    public mutating func readS33() throws(ModuleError) -> Int64 { try readSigned(bits: 33) }

    /// A signed number of 64 bits.
    public mutating func readS64() throws(ModuleError) -> Int64 { try readSigned(bits: 64) }

    @inline(never)
    private mutating func readUnsigned(bits: Int) throws(ModuleError) -> UInt64 {
        let start = position
        var result: UInt64 = 0
        var shift = 0
        while true {
            let byte = try readByte()
            let payload = byte & 0x7F
            let bitsLeft = bits &- shift
            if bitsLeft <= 7 {
                guard bitsLeft == 7 || payload >> UInt8(bitsLeft) == 0 else {
                    throw malformed("integer too large", at: start)
                }
                guard byte < 0x80 else {
                    throw malformed("integer representation too long", at: start)
                }
            }
            result |= UInt64(payload) << UInt64(shift)
            if byte < 0x80 { return result }
            shift &+= 7
        }
    }

    @inline(never)
    private mutating func readSigned(bits: Int) throws(ModuleError) -> Int64 {
        let start = position
        var result: UInt64 = 0
        var shift = 0
        while true {
            let byte = try readByte()
            let payload = byte & 0x7F
            let bitsLeft = bits &- shift
            if bitsLeft <= 7 {
                // The sign and everything above it must agree.
                let signs = (0x7F << UInt8(bitsLeft &- 1)) & 0x7F as UInt8
                guard payload & signs == 0 || payload & signs == signs else {
                    throw malformed("integer too large", at: start)
                }
                guard byte < 0x80 else {
                    throw malformed("integer representation too long", at: start)
                }
            }
            result |= UInt64(payload) << UInt64(shift)
            shift &+= 7
            if byte < 0x80 {
                guard byte & 0x40 != 0, shift < 64 else { return Int64(bitPattern: result) }
                return Int64(bitPattern: result | ~0 << UInt64(shift))
            }
        }
    }
}
