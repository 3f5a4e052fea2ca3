// What a module defines beside functions: tables, memories, tags, globals and the start function
// (WebAssembly 3.0, sections 5.5.7 to 5.5.9, 5.5.11 and 5.5.17).

import WasmTypes

extension ModuleDecoder {
    mutating func readTableSection(_ section: inout BinaryReader) throws(ModuleError) {
        let start = section.position
        let count = try section.readCount()
        try checkLimit(
            module.tables.count + count, ImplementationLimits.tables, of: "tables", at: start)
        for _ in 0..<count {
            let start = section.position
            guard section.peek == 0x40 else {
                module.tables.append(try section.readTableType())
                module.tableInitializers.append(nil)
                continue
            }
            _ = try section.readByte()
            try section.require(
                .typedFunctionReferences, for: "a table with an initial element", at: start)
            let reserved = section.position
            guard try section.readByte() == 0 else {
                throw section.malformed("zero byte expected", at: reserved)
            }
            module.tables.append(try section.readTableType())
            module.tableInitializers.append(try section.readConstantExpression())
        }
    }

    mutating func readMemorySection(_ section: inout BinaryReader) throws(ModuleError) {
        let start = section.position
        let count = try section.readCount()
        try checkLimit(
            module.memories.count + count, ImplementationLimits.memories, of: "memories",
            at: start)
        for _ in 0..<count { module.memories.append(try section.readMemoryType()) }
    }

    mutating func readTagSection(_ section: inout BinaryReader) throws(ModuleError) {
        let start = section.position
        let count = try section.readCount()
        try checkLimit(module.tags.count + count, ImplementationLimits.tags, of: "tags", at: start)
        for _ in 0..<count { module.tags.append(try section.readTagType()) }
    }

    mutating func readGlobalSection(_ section: inout BinaryReader) throws(ModuleError) {
        let start = section.position
        let count = try section.readCount()
        try checkLimit(
            module.globals.count + count, ImplementationLimits.globals, of: "globals", at: start)
        for _ in 0..<count {
            module.globals.append(try section.readGlobalType())
            module.globalInitializers.append(try section.readConstantExpression())
        }
    }

    mutating func readStartSection(_ section: inout BinaryReader) throws(ModuleError) {
        let start = section.position
        module.start = Start(function: try section.readU32(), offset: start)
    }
}
