// Type definitions (Binary.md, section of this name).

import WasmBinary
import WasmTypes

extension ComponentDecoder {
    mutating func readType() throws(ModuleError) -> TypeDefinition {
        let start = reader.position
        switch reader.peek {
        case nil: throw reader.unexpectedEnd()
        case 0x3F:
            _ = try reader.readByte()
            let representation = try reader.readValueType()
            let destructor = try readOptional { (self) throws(ModuleError) in
                try self.reader.readU32()
            }
            return .resource(representation: representation, destructor: destructor)
        case 0x40, 0x43:
            let isAsync = try reader.readByte() == 0x43
            let parameters = try readLabeledTypes(
                limit: ComponentLimits.parameters, of: "parameters")
            return .function(
                ComponentFunctionType(
                    isAsync: isAsync, parameters: parameters, result: try readResult()))
        case 0x41, 0x42:
            let isComponent = try reader.readByte() == 0x41
            try enter(at: start)
            let declarations = try readVector(
                limit: ComponentLimits.typeDeclarations, of: "declarations"
            ) { (self) throws(ModuleError) in
                try self.readDeclaration(ofComponent: isComponent)
            }
            leave()
            return isComponent ? .component(declarations) : .instance(declarations)
        default: return .value(try readDefinedValueType())
        }
    }

    /// What a function returns, if anything.
    mutating func readResult() throws(ModuleError) -> ComponentValueType? {
        let start = reader.position
        switch try reader.readByte() {
        case 0x00: return try readValueType()
        case 0x01:
            let countStart = reader.position
            let count = try reader.readByte()
            guard count == 0 else { throw malformedByte(count, "result list", at: countStart) }
            return nil
        case let byte: throw malformedByte(byte, "result list", at: start)
        }
    }

    mutating func readValueType() throws(ModuleError) -> ComponentValueType {
        let start = reader.position
        if let byte = reader.peek, let primitive = PrimitiveType(rawValue: byte) {
            _ = try reader.readByte()
            return .primitive(primitive)
        }
        let index = try reader.readS33()
        guard index >= 0 else { throw reader.malformed("malformed value type", at: start) }
        return .index(UInt32(truncatingIfNeeded: index))
    }

    private mutating func readOptionalValueType() throws(ModuleError) -> ComponentValueType? {
        try readOptional { (self) throws(ModuleError) in try self.readValueType() }
    }

    private mutating func readLabeledTypes(
        limit: Int, of what: StaticString
    ) throws(ModuleError) -> [LabeledType] {
        try readVector(limit: limit, of: what) { (self) throws(ModuleError) in
            let label = try self.reader.readName()
            return LabeledType(label: label, type: try self.readValueType())
        }
    }

    private mutating func readLabels(
        limit: Int, of what: StaticString
    ) throws(ModuleError) -> [String] {
        try readVector(limit: limit, of: what) { (self) throws(ModuleError) in
            try self.reader.readName()
        }
    }

    private mutating func readDefinedValueType() throws(ModuleError) -> DefinedValueType {
        typealias Limits = ComponentLimits
        let start = reader.position
        let byte = try reader.readByte()
        if let primitive = PrimitiveType(rawValue: byte) { return .primitive(primitive) }
        switch byte {
        case 0x72: return .record(try readLabeledTypes(limit: Limits.fields, of: "fields"))
        case 0x71:
            return .variant(
                try readVector(limit: Limits.cases, of: "cases") { (self) throws(ModuleError) in
                    try self.readCase()
                })
        case 0x70: return .list(try readValueType())
        case 0x67:
            let element = try readValueType()
            return .fixedLengthList(element, length: try reader.readU32())
        case 0x6F:
            return .tuple(
                try readVector(limit: Limits.fields, of: "types of a tuple") {
                    (self) throws(ModuleError) in try self.readValueType()
                })
        case 0x6E: return .flags(try readLabels(limit: Limits.flags, of: "flags"))
        case 0x6D: return .enumeration(try readLabels(limit: Limits.cases, of: "cases"))
        case 0x6B: return .option(try readValueType())
        case 0x6A:
            let success = try readOptionalValueType()
            return .result(success: success, failure: try readOptionalValueType())
        case 0x69: return .own(try reader.readU32())
        case 0x68: return .borrow(try reader.readU32())
        case 0x66: return .stream(try readOptionalValueType())
        case 0x65: return .future(try readOptionalValueType())
        case 0x63:
            let key = try readValueType()
            return .map(key: key, value: try readValueType())
        default: throw malformedByte(byte, "type", at: start)
        }
    }

    private mutating func readCase() throws(ModuleError) -> VariantCase {
        let label = try reader.readName()
        let payload = try readOptionalValueType()
        let start = reader.position
        let end = try reader.readByte()
        // Once a case could refine another one, whose index stood here.
        guard end == 0 else { throw malformedByte(end, "case of a variant", at: start) }
        return VariantCase(label: label, payload: payload)
    }

    // Declarations ----------------------------------------------------------------------------

    private mutating func readDeclaration(
        ofComponent isComponent: Bool
    ) throws(ModuleError) -> TypeDeclaration {
        let start = reader.position
        try count(at: start)
        switch try reader.readByte() {
        case 0x00: return TypeDeclaration(.coreType(try readCoreType()), at: start)
        case 0x01: return TypeDeclaration(.type(try readType()), at: start)
        case 0x02: return TypeDeclaration(.alias(try readAlias()), at: start)
        case 0x03 where isComponent:
            let name = try readExternalName()
            return TypeDeclaration(.import(name, try readExternalType()), at: start)
        case 0x04:
            let name = try readExternalName()
            return TypeDeclaration(.export(name, try readExternalType()), at: start)
        case let byte: throw malformedByte(byte, "declaration in a type", at: start)
        }
    }

    mutating func readExternalType() throws(ModuleError) -> ComponentExternalType {
        let start = reader.position
        switch try reader.readByte() {
        case 0x00:
            let sortStart = reader.position
            let sort = try reader.readByte()
            guard sort == CoreSort.module.rawValue else {
                throw malformedByte(sort, "type of an import or export", at: sortStart)
            }
            return .coreModule(try reader.readU32())
        case 0x01: return .function(try reader.readU32())
        case 0x02: return .value(try readValueBound())
        case 0x03:
            return .type(
                try readBool("bound of a type") ? .subResource : .equal(try reader.readU32()))
        case 0x04: return .component(try reader.readU32())
        case 0x05: return .instance(try reader.readU32())
        case let byte: throw malformedByte(byte, "type of an import or export", at: start)
        }
    }

    /// Some tools write the type without the byte that says that it is one.
    private mutating func readValueBound() throws(ModuleError) -> ComponentExternalType.ValueBound {
        if let byte = reader.peek, byte > 1 { return .type(try readValueType()) }
        return try readBool("bound of a value")
            ? .type(try readValueType()) : .equal(try reader.readU32())
    }
}
