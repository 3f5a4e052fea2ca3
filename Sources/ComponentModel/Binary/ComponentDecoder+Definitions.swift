// Instances, aliases, imports, exports, start and value definitions (Binary.md, sections of these names).

import WasmBinary
import WasmTypes

extension ComponentDecoder {
    // Sorts -----------------------------------------------------------------------------------

    private mutating func readCoreSort() throws(ModuleError) -> CoreSort {
        let start = reader.position
        let byte = try reader.readByte()
        guard let sort = CoreSort(rawValue: byte) else {
            throw malformedByte(byte, "core sort", at: start)
        }
        return sort
    }

    mutating func readSort() throws(ModuleError) -> Sort {
        let start = reader.position
        switch try reader.readByte() {
        case 0x00: return .core(try readCoreSort())
        case 0x01: return .function
        case 0x02: return .value
        case 0x03: return .type
        case 0x04: return .component
        case 0x05: return .instance
        case let byte: throw malformedByte(byte, "sort", at: start)
        }
    }

    private mutating func readSortIndex() throws(ModuleError) -> SortIndex {
        let sort = try readSort()
        return SortIndex(sort: sort, index: try reader.readU32())
    }

    // Instances -------------------------------------------------------------------------------

    mutating func readCoreInstance() throws(ModuleError) -> CoreInstanceExpression {
        let start = reader.position
        switch try reader.readByte() {
        case 0x00:
            let module = try reader.readU32()
            let arguments = try readVector(
                limit: ComponentLimits.instantiationArguments, of: "arguments"
            ) { (self) throws(ModuleError) in try self.readCoreArgument() }
            return .instantiate(module: module, arguments: arguments)
        case 0x01:
            return .exports(
                try readVector(limit: ComponentLimits.instantiationArguments, of: "exports") {
                    (self) throws(ModuleError) in
                    let name = try self.reader.readName()
                    let sort = try self.readCoreSort()
                    return CoreInstanceExpression.CoreInlineExport(
                        name: name, sort: sort, index: try self.reader.readU32())
                })
        case let byte: throw malformedByte(byte, "core instance", at: start)
        }
    }

    private mutating func readCoreArgument()
        throws(ModuleError) -> CoreInstanceExpression.CoreArgument
    {
        let name = try reader.readName()
        let start = reader.position
        guard try readCoreSort() == .instance else {
            throw reader.malformed(
                "malformed argument: only an instance can be passed to a core module", at: start)
        }
        return CoreInstanceExpression.CoreArgument(name: name, instance: try reader.readU32())
    }

    mutating func readInstance() throws(ModuleError) -> InstanceExpression {
        let start = reader.position
        switch try reader.readByte() {
        case 0x00:
            let component = try reader.readU32()
            let arguments = try readVector(
                limit: ComponentLimits.instantiationArguments, of: "arguments"
            ) { (self) throws(ModuleError) in
                let name = try self.reader.readName()
                return InstanceExpression.Argument(name: name, item: try self.readSortIndex())
            }
            return .instantiate(component: component, arguments: arguments)
        case 0x01:
            return .exports(
                try readVector(limit: ComponentLimits.instantiationArguments, of: "exports") {
                    (self) throws(ModuleError) in
                    let name = try self.readExternalName()
                    return InstanceExpression.InlineExport(
                        name: name, item: try self.readSortIndex())
                })
        case let byte: throw malformedByte(byte, "instance", at: start)
        }
    }

    // Aliases ---------------------------------------------------------------------------------

    mutating func readAlias() throws(ModuleError) -> Alias {
        let sort = try readSort()
        let start = reader.position
        switch try reader.readByte() {
        case 0x00:
            let instance = try reader.readU32()
            let name = try reader.readName()
            return Alias(sort: sort, target: .export(instance: instance, name: name))
        case 0x01:
            let instance = try reader.readU32()
            let name = try reader.readName()
            return Alias(sort: sort, target: .coreExport(instance: instance, name: name))
        case 0x02:
            let count = try reader.readU32()
            let index = try reader.readU32()
            return Alias(sort: sort, target: .outer(count: count, index: index))
        case let byte: throw malformedByte(byte, "alias", at: start)
        }
    }

    // Imports and exports ---------------------------------------------------------------------

    mutating func readExternalName() throws(ModuleError) -> ExternalName {
        let start = reader.position
        switch try reader.readByte() {
        case 0x00, 0x01: return ExternalName(try reader.readName())
        case 0x02:
            var name = ExternalName(try reader.readName())
            for _ in 0..<(try reader.readCount()) { try readAttribute(of: &name) }
            return name
        case let byte: throw malformedByte(byte, "name of an import or export", at: start)
        }
    }

    private mutating func readAttribute(of name: inout ExternalName) throws(ModuleError) {
        let start = reader.position
        let kind = try reader.readByte()
        let text = try reader.readName()
        let isNew: Bool
        switch kind {
        case 0x00: isNew = name.implements.replaceNil(with: text)
        case 0x01: isNew = name.versionSuffix.replaceNil(with: text)
        case 0x02: isNew = name.externalID.replaceNil(with: text)
        default: throw malformedByte(kind, "attribute of a name", at: start)
        }
        guard isNew else {
            throw reader.error(
                .invalid, "an attribute of \"\(name.name.printable)\" is given twice", at: start)
        }
    }

    mutating func readImport() throws(ModuleError) -> ComponentImport {
        let name = try readExternalName()
        return ComponentImport(name: name, type: try readExternalType())
    }

    mutating func readExport() throws(ModuleError) -> ComponentExport {
        let name = try readExternalName()
        let item = try readSortIndex()
        let type = try readOptional { (self) throws(ModuleError) in try self.readExternalType() }
        return ComponentExport(name: name, item: item, type: type)
    }

    // Values ----------------------------------------------------------------------------------

    mutating func readStart() throws(ModuleError) -> ComponentStart {
        let function = try reader.readU32()
        let arguments = try readVector(limit: ComponentLimits.startArguments, of: "arguments") {
            (self) throws(ModuleError) in try self.reader.readU32()
        }
        return ComponentStart(
            function: function, arguments: arguments, resultCount: try reader.readU32())
    }

    mutating func readValue() throws(ModuleError) -> Definition.Kind {
        let type = try readValueType()
        return .value(type, try reader.readBytes(try reader.readLength()))
    }
}

extension Optional {
    /// Takes a value in if there is none yet; says whether that was so.
    fileprivate mutating func replaceNil(with value: Wrapped) -> Bool {
        guard self == nil else { return false }
        self = value
        return true
    }
}
