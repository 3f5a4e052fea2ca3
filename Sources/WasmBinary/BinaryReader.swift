// A position in the module's bytes, and the primitive values that can be read there (WebAssembly
// 3.0, section 5.2). LEB128 numbers are in BinaryReader+LEB128.swift, types in
// BinaryReader+Types.swift.
//
// The bytes are not trusted: every read is checked against the end of the range, and a count is
// checked against the bytes that are left before anybody reserves room for it.

public import WasmTypes

/// Reads forward through a range of a module's bytes.
public struct BinaryReader: Sendable {
    /// The whole module.
    public let bytes: [UInt8]
    /// The next byte, counted from the module's start.
    public internal(set) var position: Int
    /// Where the section, body or expression ends.
    public let end: Int
    let features: FeatureSet
    /// What has been read needs these features.
    package var usedFeatures = FeatureSet()
    /// For messages.
    let function: FunctionIndex?

    /// Reads a range, as far as it is inside the bytes.
    public init(
        bytes: [UInt8], range: Range<Int>, features: FeatureSet = .all,
        function: FunctionIndex? = nil
    ) {
        let range = range.clamped(to: 0..<bytes.count)
        self.bytes = bytes
        self.position = range.lowerBound
        self.end = range.upperBound
        self.features = features
        self.function = function
    }

    /// How many bytes are left.
    public var remaining: Int { end &- position }
    public var isAtEnd: Bool { position == end }

    /// The next byte, without going past it.
    package var peek: UInt8? { position < end ? bytes[position] : nil }

    /// One byte; "unexpected end" if there is none.
    @inline(__always)
    public mutating func readByte() throws(ModuleError) -> UInt8 {
        guard position < end else { throw unexpectedEnd() }
        let byte = bytes[position]
        position &+= 1
        return byte
    }

    /// Goes past so many bytes and says where they were.
    public mutating func readBytes(_ count: Int) throws(ModuleError) -> Range<Int> {
        guard count >= 0, count <= remaining else { throw unexpectedEnd() }
        let start = position
        position &+= count
        return start..<position
    }

    /// A little-endian number of 32 bits.
    mutating func readFixed32() throws(ModuleError) -> UInt32 {
        var result: UInt32 = 0
        for index in try readBytes(4).reversed() { result = result << 8 | UInt32(bytes[index]) }
        return result
    }

    /// A little-endian number of 64 bits.
    mutating func readFixed64() throws(ModuleError) -> UInt64 {
        var result: UInt64 = 0
        for index in try readBytes(8).reversed() { result = result << 8 | UInt64(bytes[index]) }
        return result
    }

    /// The length of what follows, in bytes.
    package mutating func readLength() throws(ModuleError) -> Int {
        let start = position
        let length = try readU32()
        guard Int(length) <= remaining else {
            throw malformed("length out of bounds: \(length) bytes", at: start)
        }
        return Int(length)
    }

    /// The length of a list whose elements take at least one byte each (section 5.1.3).
    public mutating func readCount() throws(ModuleError) -> Int {
        let start = position
        let count = try readU32()
        guard Int(count) <= remaining else {
            throw malformed(
                "unexpected end of section or function: no room for \(count) elements", at: start)
        }
        return Int(count)
    }

    /// The length of a vector of which an implementation accepts only so many.
    package mutating func readCount(
        limit: Int, of what: StaticString
    ) throws(ModuleError) -> Int {
        let start = position
        let count = try readCount()
        guard count <= limit else {
            throw error(
                .limitExceeded, "\(count) \(what), at most \(limit) are accepted", at: start)
        }
        return count
    }

    /// A name (section 5.2.4): its length, and that many bytes of UTF-8.
    public mutating func readName() throws(ModuleError) -> String {
        let start = position
        let range = try readBytes(try readLength())
        guard range.count <= ImplementationLimits.nameLength else {
            throw error(.limitExceeded, "a name of \(range.count) bytes", at: start)
        }
        guard let name = String(validating: bytes[range], as: UTF8.self) else {
            throw malformed("malformed UTF-8 encoding", at: start)
        }
        return name
    }

    /// A reader for the next so many bytes, which this one goes past.
    package mutating func readRange(
        _ count: Int, function: FunctionIndex? = nil
    ) throws(ModuleError) -> BinaryReader {
        BinaryReader(
            bytes: bytes, range: try readBytes(count), features: features, function: function)
    }
}

// Errors --------------------------------------------------------------------------------------

extension BinaryReader {
    @inline(never)
    package func error(_ kind: ModuleError.Kind, _ message: String, at offset: Int) -> ModuleError {
        ModuleError(kind, message, at: offset, in: function)
    }

    @inline(never)
    package func malformed(_ message: String, at offset: Int) -> ModuleError {
        error(.malformed, message, at: offset)
    }

    /// The file is too short, or what encloses the position is.
    @inline(never)
    package func unexpectedEnd() -> ModuleError {
        malformed("unexpected end of section or function", at: end)
    }

    /// Notes that a feature is needed; refuses the module if it is disabled.
    @inline(__always)
    mutating func require(
        _ feature: Feature, for what: @autoclosure () -> String, at offset: Int
    ) throws(ModuleError) {
        usedFeatures.insert(feature)
        guard features.contains(feature) else {
            throw error(
                .unsupported, "\(what()) needs the \(feature.name) proposal, which is disabled",
                at: offset)
        }
    }
}
