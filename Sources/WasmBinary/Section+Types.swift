// The type section (WebAssembly 3.0, sections 5.3.6 to 5.3.9 and 5.5.4).

package import WasmTypes

extension ModuleDecoder {
    mutating func readTypeSection(_ section: inout BinaryReader) throws(ModuleError) {
        let groups = try section.readCount(
            limit: ImplementationLimits.recursionGroups, of: "recursive groups")
        for _ in 0..<groups {
            let start = section.position
            let first = module.types.count
            if section.peek == 0x4E {
                _ = try section.readByte()
                try section.require(.garbageCollection, for: "a recursive group", at: start)
                let count = try section.readCount()
                try checkLimit(first + count, ImplementationLimits.types, of: "types", at: start)
                for _ in 0..<count { module.types.append(try section.readSubType()) }
            } else {
                try checkLimit(first + 1, ImplementationLimits.types, of: "types", at: start)
                module.types.append(try section.readSubType())
            }
            module.recursionGroups.append(first..<module.types.count)
        }
    }
}

extension BinaryReader {
    /// A type definition (section 5.3.8): a bare composite type is final and has no supertypes.
    package mutating func readSubType() throws(ModuleError) -> SubType {
        let start = position
        guard let byte = peek, byte == 0x4F || byte == 0x50 else {
            return SubType(composite: try readCompositeType())
        }
        try require(.garbageCollection, for: "a subtype", at: start)
        position &+= 1
        // Validation allows one, but the list is decoded whole to find its end.
        var supertypes: [TypeIndex] = []
        for _ in 0..<(try readCount()) { supertypes.append(try readU32()) }
        return SubType(
            isFinal: byte == 0x4F, supertypes: supertypes, composite: try readCompositeType())
    }

    private mutating func readCompositeType() throws(ModuleError) -> CompositeType {
        let start = position
        switch try readByte() {
        case 0x60: return .function(try readFunctionType())
        case 0x5F:
            try require(.garbageCollection, for: "a structure type", at: start)
            let count = try readCount(
                limit: ImplementationLimits.structureFields, of: "fields of a structure")
            var fields: [FieldType] = []
            fields.reserveCapacity(count)
            for _ in 0..<count { fields.append(try readFieldType()) }
            return .structure(fields)
        case 0x5E:
            try require(.garbageCollection, for: "an array type", at: start)
            return .array(try readFieldType())
        default: throw malformed("malformed definition type", at: start)
        }
    }

    private mutating func readFunctionType() throws(ModuleError) -> FunctionType {
        let parameters = try readValueTypes(ImplementationLimits.parameters, "parameters")
        let start = position
        let results = try readValueTypes(ImplementationLimits.results, "results")
        if results.count > 1 {
            try require(.multiValue, for: "a function with several results", at: start)
        }
        return FunctionType(parameters: parameters, results: results)
    }

    private mutating func readValueTypes(
        _ limit: Int, _ what: StaticString
    ) throws(ModuleError) -> [ValueType] {
        let count = try readCount(limit: limit, of: what)
        var types: [ValueType] = []
        types.reserveCapacity(count)
        for _ in 0..<count { types.append(try readValueType()) }
        return types
    }

    private mutating func readFieldType() throws(ModuleError) -> FieldType {
        let start = position
        let storage: StorageType
        switch peek {
        case 0x78:
            storage = .i8
            position &+= 1
        case 0x77:
            storage = .i16
            position &+= 1
        case .some(let byte) where byte >= 0x40 && byte < 0x80:
            storage = .value(try readValueType())
        case nil: throw unexpectedEnd()
        default: throw malformed("malformed storage type", at: start)
        }
        return FieldType(storage: storage, isMutable: try readMutability())
    }
}
