// From bytes to a component (Component Model, Binary.md). This file knows the sections; what is inside of
// them is in files of their own.
//
// Nothing here depends on features: what is gated is decoded as everything else, and validation refuses
// it by name. Time and memory are proportional to the file.

public import WasmBinary
public import WasmTypes

extension Component {
    /// Whether bytes begin as a component does; they may still be malformed.
    public static func isComponent(_ bytes: [UInt8]) -> Bool {
        bytes.count >= 8 && bytes.starts(with: [0x00, 0x61, 0x73, 0x6D]) && bytes[4] != 0
            && bytes[5] == 0 && bytes[6] == 1 && bytes[7] == 0
    }

    /// Decodes a component with the components inside of it.
    ///
    /// Core modules are not looked at; ``decodeModule(at:of:features:)`` does that. Errors are `malformed`
    /// or `limitExceeded`, and `invalid` for what the syntax has no place for, as an option given twice.
    public static func decode(_ bytes: [UInt8]) throws(ModuleError) -> Component {
        let reader = BinaryReader(bytes: bytes, range: 0..<bytes.count)
        var decoder = ComponentDecoder(reader: reader)
        do throws(ModuleError) {
            return try decoder.readComponent(0..<bytes.count)
        } catch {
            var error = error
            error.subject = .component
            throw error
        }
    }

    /// Decodes a core module of a component's file. Places in errors are places in the file, places in the
    /// module itself are counted from the module's start.
    public static func decodeModule(
        at range: Range<Int>, of bytes: [UInt8], features: FeatureSet = .all
    ) throws(ModuleError) -> Module {
        do throws(ModuleError) {
            return try Module.decode(Array(bytes[range]), features: features)
        } catch {
            var error = error
            error.offset += range.lowerBound
            throw error
        }
    }
}

/// Decodes the components of a file.
struct ComponentDecoder {
    /// The section that is being read.
    var reader: BinaryReader
    /// How many components and types the position is inside of.
    private var depth = 0
    /// Definitions and declarations so far.
    private var definitionCount = 0

    init(reader: BinaryReader) {
        self.reader = reader
    }

    /// Reads a component that takes up a range, which is where the reader is.
    mutating func readComponent(_ range: Range<Int>) throws(ModuleError) -> Component {
        var component = Component(range: range)
        try enter(at: range.lowerBound)
        try readPreamble(range)
        while !reader.isAtEnd { try readSection(into: &component) }
        leave()
        return component
    }

    private mutating func readPreamble(_ range: Range<Int>) throws(ModuleError) {
        let start = range.lowerBound
        guard range.count >= 8 else {
            throw reader.malformed("unexpected end", at: range.upperBound)
        }
        let preamble = reader.bytes[try reader.readBytes(8)]
        guard preamble.starts(with: [0x00, 0x61, 0x73, 0x6D]) else {
            throw reader.malformed("magic header not detected", at: start)
        }
        let version = preamble.dropFirst(4)
        guard !version.elementsEqual([1, 0, 0, 0]) else {
            throw reader.malformed("this is a core module, not a component", at: start + 4)
        }
        guard version.elementsEqual([0x0D, 0, 1, 0]) else {
            throw reader.malformed("unknown binary version", at: start + 4)
        }
    }

    private mutating func readSection(into component: inout Component) throws(ModuleError) {
        let start = reader.position
        let id = try reader.readByte()
        let contents = try reader.readRange(try reader.readLength())
        let range = contents.position..<contents.end
        let enclosing = reader
        reader = contents
        switch id {
        case 0: try readCustomSection(into: &component)
        case 1:
            _ = try reader.readBytes(range.count)
            try append(.coreModule(range), at: range.lowerBound, to: &component)
        case 2:
            try readEach(into: &component) { (self) throws(ModuleError) in
                .coreInstance(try self.readCoreInstance())
            }
        case 3:
            try readEach(into: &component) { (self) throws(ModuleError) in
                .coreType(try self.readCoreType())
            }
        case 4:
            let nested = try readComponent(range)
            try append(.component(nested), at: range.lowerBound, to: &component)
        case 5:
            try readEach(into: &component) { (self) throws(ModuleError) in
                .instance(try self.readInstance())
            }
        case 6:
            try readEach(into: &component) { (self) throws(ModuleError) in
                .alias(try self.readAlias())
            }
        case 7:
            try readEach(into: &component) { (self) throws(ModuleError) in
                .type(try self.readType())
            }
        case 8:
            try readEach(into: &component) { (self) throws(ModuleError) in
                .canonical(try self.readCanonical())
            }
        case 9: try append(.start(try readStart()), at: range.lowerBound, to: &component)
        case 10:
            try readEach(into: &component) { (self) throws(ModuleError) in
                .import(try self.readImport())
            }
        case 11:
            try readEach(into: &component) { (self) throws(ModuleError) in
                .export(try self.readExport())
            }
        case 12:
            try readEach(into: &component) { (self) throws(ModuleError) in try self.readValue() }
        default: throw reader.malformed("malformed section id \(id)", at: start)
        }
        guard reader.isAtEnd else {
            throw reader.malformed("section size mismatch", at: reader.position)
        }
        reader = enclosing
    }

    /// A section that is a vector of definitions.
    private mutating func readEach(
        into component: inout Component,
        _ read: (inout ComponentDecoder) throws(ModuleError) -> Definition.Kind
    ) throws(ModuleError) {
        for _ in 0..<(try reader.readCount()) {
            let start = reader.position
            try append(try read(&self), at: start, to: &component)
        }
    }

    private mutating func append(
        _ kind: Definition.Kind, at offset: Int, to component: inout Component
    ) throws(ModuleError) {
        try count(at: offset)
        component.definitions.append(Definition(kind, at: offset))
    }

    // Limits ----------------------------------------------------------------------------------

    /// Counts a definition or a declaration.
    mutating func count(at offset: Int) throws(ModuleError) {
        definitionCount += 1
        guard definitionCount <= ComponentLimits.definitions else {
            throw reader.error(
                .limitExceeded,
                "more than \(ComponentLimits.definitions) definitions in components", at: offset)
        }
    }

    /// Goes into a component, or the type of one.
    mutating func enter(at offset: Int) throws(ModuleError) {
        depth += 1
        guard depth <= ComponentLimits.depth else {
            throw reader.error(
                .limitExceeded,
                "components or their types nested more than \(ComponentLimits.depth) deep",
                at: offset)
        }
    }

    mutating func leave() {
        depth -= 1
    }

    // What many definitions have --------------------------------------------------------------

    /// A vector, of which only so many elements are accepted.
    mutating func readVector<Element>(
        limit: Int, of what: StaticString,
        _ read: (inout ComponentDecoder) throws(ModuleError) -> Element
    ) throws(ModuleError) -> [Element] {
        let count = try reader.readCount(limit: limit, of: what)
        var elements: [Element] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try read(&self)) }
        return elements
    }

    /// Something that may be absent: a byte 0, or a byte 1 and what is there.
    mutating func readOptional<Value>(
        _ read: (inout ComponentDecoder) throws(ModuleError) -> Value
    ) throws(ModuleError) -> Value? {
        try readBool("optional") ? try read(&self) : nil
    }

    /// A byte that is 0 or 1.
    mutating func readBool(_ what: StaticString) throws(ModuleError) -> Bool {
        let start = reader.position
        switch try reader.readByte() {
        case 0: return false
        case 1: return true
        case let byte: throw malformedByte(byte, what, at: start)
        }
    }

    func malformedByte(_ byte: UInt8, _ what: StaticString, at offset: Int) -> ModuleError {
        reader.malformed("malformed \(what): byte 0x\(String(byte, radix: 16))", at: offset)
    }
}
