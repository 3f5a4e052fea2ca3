// Custom sections (WebAssembly 3.0, section 5.5.3), and the one that is read here: names
// (appendix A.4.1, with the extended-name-section proposal's globals).
//
// A custom section must have a name, and nothing else about it can make a module malformed. So
// what is broken in a name section ends the reading of it and is not reported.

import WasmTypes

extension ModuleDecoder {
    mutating func readCustomSection(_ section: inout BinaryReader) throws(ModuleError) {
        let name = try section.readName()
        let contents = try section.readRange(section.remaining)
        if name == "name", nameSection == nil {
            nameSection = contents
        } else {
            module.customSections.append(
                CustomSection(name: name, range: contents.position..<contents.end))
        }
    }

    /// Reads the name section, if there is one.
    mutating func readNames() {
        guard let nameSection else { return }
        try? module.names.read(
            nameSection, functions: module.functions.count, globals: module.globals.count,
            tags: module.tags.count)
    }
}

extension NameSection {
    /// Reads the names of a module that may be broken elsewhere, as far as they are there.
    public init(searching bytes: [UInt8]) {
        self.init()
        var reader = BinaryReader(bytes: bytes, range: 8..<max(8, bytes.count))
        while let id = try? reader.readByte(), let length = try? reader.readLength(),
            var section = try? reader.readRange(length)
        {
            if id == SectionID.custom.rawValue, (try? section.readName()) == "name" {
                try? read(section, functions: .max, globals: .max, tags: .max)
                return
            }
        }
    }

    /// Reads the subsections, as far as they are well-formed. Names of things that do not exist
    /// are left out.
    fileprivate mutating func read(
        _ reader: BinaryReader, functions: Int, globals: Int, tags: Int
    ) throws(ModuleError) {
        var reader = reader
        while !reader.isAtEnd {
            let id = try reader.readByte()
            var subsection = try reader.readRange(try reader.readLength())
            switch id {
            case 0: module = try subsection.readName()
            case 1:
                try subsection.readNameMap { index, name in
                    if Int(index) < functions { self.functions[index] = name }
                }
            case 2: try readLocals(&subsection, functions: functions)
            case 7:
                try subsection.readNameMap { index, name in
                    if Int(index) < globals { self.globals[index] = name }
                }
            case 11:
                try subsection.readNameMap { index, name in
                    if Int(index) < tags { self.tags[index] = name }
                }
            default: break
            }
        }
    }

    private mutating func readLocals(
        _ subsection: inout BinaryReader, functions: Int
    ) throws(ModuleError) {
        for _ in 0..<(try subsection.readCount()) {
            let function = try subsection.readU32()
            try subsection.readNameMap { index, name in
                if Int(function) < functions { locals[function, default: [:]][index] = name }
            }
        }
    }
}

extension BinaryReader {
    /// A name map: pairs of an index and a name.
    fileprivate mutating func readNameMap(
        _ body: (UInt32, String) -> Void
    ) throws(ModuleError) {
        for _ in 0..<(try readCount()) {
            let index = try readU32()
            body(index, try readName())
        }
    }
}
