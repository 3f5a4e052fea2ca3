// The import and export sections (WebAssembly 3.0, sections 5.5.5 and 5.5.10).

import WasmTypes

extension ModuleDecoder {
    mutating func readImportSection(_ section: inout BinaryReader) throws(ModuleError) {
        let count = try section.readCount(limit: ImplementationLimits.imports, of: "imports")
        for _ in 0..<count {
            let start = section.position
            let moduleName = try section.readName()
            let name = try section.readName()
            let type = try readImportedType(&section)
            module.imports.append(
                Import(module: moduleName, name: name, type: type, offset: start))
        }
        module.importedFunctionCount = module.functions.count
        module.importedTableCount = module.tables.count
        module.importedMemoryCount = module.memories.count
        module.importedGlobalCount = module.globals.count
        module.importedTagCount = module.tags.count
    }

    private mutating func readImportedType(
        _ section: inout BinaryReader
    ) throws(ModuleError) -> ExternalType {
        let start = section.position
        switch try section.readByte() {
        case 0:
            let type = try section.readU32()
            module.functions.append(type)
            return .function(type)
        case 1:
            let type = try section.readTableType()
            module.tables.append(type)
            return .table(type)
        case 2:
            let type = try section.readMemoryType()
            module.memories.append(type)
            return .memory(type)
        case 3:
            let type = try section.readGlobalType()
            if type.isMutable {
                try section.require(.mutableGlobals, for: "a mutable imported global", at: start)
            }
            module.globals.append(type)
            return .global(type)
        case 4:
            try section.require(.exceptionHandling, for: "an imported tag", at: start)
            let type = try section.readTagType()
            module.tags.append(type)
            return .tag(type)
        default: throw section.malformed("malformed import kind", at: start)
        }
    }

    mutating func readExportSection(_ section: inout BinaryReader) throws(ModuleError) {
        let count = try section.readCount(limit: ImplementationLimits.exports, of: "exports")
        module.exports.reserveCapacity(count)
        for _ in 0..<count {
            let start = section.position
            let name = try section.readName()
            let kindOffset = section.position
            guard let kind = ExternalKind(rawValue: try section.readByte()) else {
                throw section.malformed("malformed export kind", at: kindOffset)
            }
            let index = try section.readU32()
            module.exports.append(Export(name: name, kind: kind, index: index, offset: start))
        }
    }
}
