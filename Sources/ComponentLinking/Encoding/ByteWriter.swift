// Bytes of the binary format (WebAssembly 3.0, section 5.2).

/// Numbers, names and vectors, one behind the other.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    mutating func unsigned(_ value: some UnsignedInteger & FixedWidthInteger) {
        var rest = UInt64(value)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func count(_ value: Int) { unsigned(UInt64(value)) }

    mutating func signed(_ value: Int64) {
        var rest = value
        while true {
            let low = UInt8(truncatingIfNeeded: rest & 0x7f)
            rest >>= 7
            if (rest == 0 && low & 0x40 == 0) || (rest == -1 && low & 0x40 != 0) {
                bytes.append(low)
                return
            }
            bytes.append(low | 0x80)
        }
    }

    mutating func name(_ text: String) {
        count(text.utf8.count)
        append(text.utf8)
    }

    /// A section, or another part that begins with its size.
    mutating func sized(_ content: ByteWriter) {
        count(content.bytes.count)
        append(content.bytes)
    }

    mutating func section(_ id: UInt8, _ content: ByteWriter) {
        byte(id)
        sized(content)
    }
}
