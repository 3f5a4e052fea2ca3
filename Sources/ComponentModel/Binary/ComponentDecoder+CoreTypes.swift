// Core type definitions (Binary.md, type definitions): core WebAssembly's own, and types of modules.
//
// The byte 0x50 begins a module's type and also a core type that is not final. Where both could stand the
// latter has a byte 0 before it; inside of a module's type, where no other can be, it may be left out.

import WasmBinary
import WasmTypes

extension ComponentDecoder {
    mutating func readCoreType() throws(ModuleError) -> CoreTypeDefinition {
        guard reader.peek == 0x50 else { return .recursionGroup(try readRecursionGroup()) }
        _ = try reader.readByte()
        return .module(
            try readVector(limit: ComponentLimits.typeDeclarations, of: "declarations") {
                (self) throws(ModuleError) in try self.readModuleDeclaration()
            })
    }

    private mutating func readRecursionGroup() throws(ModuleError) -> [SubType] {
        let start = reader.position
        switch reader.peek {
        case 0x00:
            _ = try reader.readByte()
            guard reader.peek == 0x50 else {
                throw reader.malformed("malformed core type", at: start)
            }
            return [try reader.readSubType()]
        case 0x4E:
            _ = try reader.readByte()
            return try readVector(limit: ImplementationLimits.types, of: "types") {
                (self) throws(ModuleError) in
                try self.count(at: start)
                return try self.reader.readSubType()
            }
        default: return [try reader.readSubType()]
        }
    }

    private mutating func readModuleDeclaration() throws(ModuleError) -> CoreModuleDeclaration {
        let start = reader.position
        try count(at: start)
        switch try reader.readByte() {
        case 0x00:
            let module = try reader.readName()
            let name = try reader.readName()
            return .import(module: module, name: name, type: try readCoreExternalType())
        case 0x01: return .type(try readRecursionGroup())
        case 0x02:
            let aliasStart = reader.position
            guard try reader.readByte() == CoreSort.type.rawValue, try reader.readByte() == 0x01
            else {
                throw reader.malformed(
                    "malformed alias: only outer types can be aliased in a module's type",
                    at: aliasStart)
            }
            let count = try reader.readU32()
            return .outerAlias(count: count, index: try reader.readU32())
        case 0x03:
            let name = try reader.readName()
            return .export(name: name, type: try readCoreExternalType())
        case let byte: throw malformedByte(byte, "declaration in a module's type", at: start)
        }
    }

    private mutating func readCoreExternalType() throws(ModuleError) -> ExternalType {
        let start = reader.position
        switch try reader.readByte() {
        case 0x00: return .function(try reader.readU32())
        case 0x01: return .table(try reader.readTableType())
        case 0x02: return .memory(try reader.readMemoryType())
        case 0x03: return .global(try reader.readGlobalType())
        case 0x04: return .tag(try reader.readTagType())
        case let byte: throw malformedByte(byte, "type of an import or export", at: start)
        }
    }
}
