// From bytes to a module (WebAssembly 3.0, section 5.5). This file knows the sections' order and
// what must agree between them; what is inside a section is in a file of its own.

public import WasmTypes

extension Module {
    /// Decodes a module.
    ///
    /// Function bodies are not looked at, but for their locals; `InstructionReader` reads them.
    /// Errors are `malformed`, `unsupported` (a feature that is not in `features`) or
    /// `limitExceeded`.
    public static func decode(
        _ bytes: [UInt8], features: FeatureSet = .all
    ) throws(ModuleError) -> Module {
        var decoder = ModuleDecoder(bytes: bytes, features: features)
        return try decoder.decode()
    }
}

/// The identifiers of sections (section 5.5.2).
enum SectionID: UInt8 {
    case custom = 0
    case type, `import`, function, table, memory, global, export, start, element, code, data
    case dataCount, tag

    /// Where the section stands among the others; custom sections stand anywhere.
    var order: Int {
        switch self {
        case .custom: 0
        case .type: 1
        case .import: 2
        case .function: 3
        case .table: 4
        case .memory: 5
        case .tag: 6
        case .global: 7
        case .export: 8
        case .start: 9
        case .element: 10
        case .dataCount: 11
        case .code: 12
        case .data: 13
        }
    }
}

/// Decodes one module, section by section.
struct ModuleDecoder {
    var module: Module
    private var reader: BinaryReader
    /// The `order` of the last section that was not a custom one.
    private var lastOrder = 0
    /// The contents of the first name section. They are read last, when everything that can have
    /// a name is known.
    var nameSection: BinaryReader?

    init(bytes: [UInt8], features: FeatureSet) {
        module = Module(bytes: bytes)
        reader = BinaryReader(bytes: bytes, range: 0..<bytes.count, features: features)
    }

    mutating func decode() throws(ModuleError) -> Module {
        try readHeader()
        while !reader.isAtEnd { try readSection() }
        try checkCounts()
        readNames()
        module.usedFeatures = reader.usedFeatures
        return module
    }

    /// The magic number and the version (section 5.5.16).
    private mutating func readHeader() throws(ModuleError) {
        let bytes = reader.bytes
        guard bytes.count >= 4 else { throw headerError("unexpected end", at: bytes.count) }
        guard bytes.starts(with: [0x00, 0x61, 0x73, 0x6D]) else {
            throw headerError("magic header not detected", at: 0)
        }
        guard bytes.count >= 8 else { throw headerError("unexpected end", at: bytes.count) }
        let version = bytes[4..<8]
        // A component shares the magic number; its layer is 1 where a module's is 0.
        if version[4] != 0, version[5] == 0, version[6] == 1, version[7] == 0 {
            throw headerError("this is a component, not a core module", at: 4)
        }
        guard version.elementsEqual([1, 0, 0, 0]) else {
            throw headerError("unknown binary version", at: 4)
        }
        _ = try reader.readBytes(8)
    }

    private func headerError(_ message: String, at offset: Int) -> ModuleError {
        reader.malformed(message, at: offset)
    }

    private mutating func readSection() throws(ModuleError) {
        let start = reader.position
        let byte = try reader.readByte()
        guard let id = SectionID(rawValue: byte) else {
            throw reader.malformed("malformed section id \(byte)", at: start)
        }
        var section = try reader.readRange(try reader.readLength())
        try checkOrder(of: id, at: start)
        module.sections.append(SectionRange(id: byte, range: section.position..<section.end))
        try readContents(of: id, &section)
        guard section.isAtEnd else {
            throw section.malformed("section size mismatch", at: section.position)
        }
        reader.usedFeatures.formUnion(section.usedFeatures)
    }

    private mutating func checkOrder(of id: SectionID, at offset: Int) throws(ModuleError) {
        guard id != .custom else { return }
        guard id.order > lastOrder else {
            let problem = id.order == lastOrder ? "twice" : "out of order"
            throw reader.malformed(
                "unexpected content after last section (\(id) section \(problem))", at: offset)
        }
        lastOrder = id.order
        if id == .tag { try reader.require(.exceptionHandling, for: "a tag section", at: offset) }
        if id == .dataCount {
            try reader.require(.bulkMemory, for: "a data count section", at: offset)
        }
    }

    private mutating func readContents(
        of id: SectionID, _ section: inout BinaryReader
    ) throws(ModuleError) {
        switch id {
        case .custom: try readCustomSection(&section)
        case .type: try readTypeSection(&section)
        case .import: try readImportSection(&section)
        case .function: try readFunctionSection(&section)
        case .table: try readTableSection(&section)
        case .memory: try readMemorySection(&section)
        case .tag: try readTagSection(&section)
        case .global: try readGlobalSection(&section)
        case .export: try readExportSection(&section)
        case .start: try readStartSection(&section)
        case .element: try readElementSection(&section)
        case .dataCount: module.dataCount = try section.readU32()
        case .code: try readCodeSection(&section)
        case .data: try readDataSection(&section)
        }
    }

    /// What two sections say about the same thing must agree (section 5.5.16).
    private func checkCounts() throws(ModuleError) {
        guard module.bodies.count == module.functions.count - module.importedFunctionCount else {
            throw reader.malformed(
                "function and code section have inconsistent lengths", at: reader.position)
        }
        if let count = module.dataCount, Int(count) != module.dataSegments.count {
            throw reader.malformed(
                "data count and data section have inconsistent lengths", at: reader.position)
        }
    }

    /// The number of entries of an index space must not exceed what implementations accept.
    func checkLimit(
        _ count: Int, _ limit: Int, of what: StaticString, at offset: Int
    ) throws(ModuleError) {
        guard count <= limit else {
            throw reader.error(
                .limitExceeded, "\(count) \(what), at most \(limit) are accepted", at: offset)
        }
    }
}

extension BinaryReader {
    /// A constant expression (section 5.4.10), decoded to find where it ends.
    mutating func readConstantExpression() throws(ModuleError) -> ConstantExpression {
        let start = position
        var instructions = InstructionReader(self)
        try instructions.skipExpression()
        position = instructions.position
        usedFeatures = instructions.usedFeatures
        return ConstantExpression(range: start..<position)
    }
}
