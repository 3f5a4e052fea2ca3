// The type section (WebAssembly 3.0, sections 3.2.9 to 3.2.11 and 3.5.1).

import WasmBinary
import WasmTypes

extension DeclarationValidator {
    /// Validates the type definitions and gives them canonical numbers.
    func checkTypes() throws(ModuleError) -> TypeContext {
        let offset = module.offset(ofSection: 1)
        var types = TypeContext(definitions: module.types)
        for group in module.recursionGroups {
            for index in group { try checkReferences(of: index, in: group, at: offset) }
            if let tooDeep = types.append(group: group) {
                throw ModuleError(
                    .limitExceeded, "type \(tooDeep) has too many supertypes above it", at: offset)
            }
            for index in group { try checkSupertype(of: index, types, at: offset) }
        }
        types.finish()
        return types
    }

    /// A type may refer to its own recursive group and to earlier ones, and be declared a
    /// subtype of an earlier type.
    private func checkReferences(
        of index: Int, in group: Range<Int>, at offset: Int
    ) throws(ModuleError) {
        let definition = module.types[index]
        guard definition.supertypes.count <= 1 else {
            throw ModuleError(
                .invalid, "sub type \(index) has \(definition.supertypes.count) supertypes",
                at: offset)
        }
        for supertype in definition.supertypes where Int(supertype) >= index {
            throw ModuleError(
                .invalid, "unknown type \(supertype): supertypes must come earlier", at: offset)
        }
        switch definition.composite {
        case .function(let type):
            try checkCount(
                "parameters", type.parameters.count, ImplementationLimits.parameters, offset)
            try checkCount("results", type.results.count, ImplementationLimits.results, offset)
            for type in type.parameters { try checkReference(type, in: group, at: offset) }
            for type in type.results { try checkReference(type, in: group, at: offset) }
        case .structure(let fields):
            try checkCount("fields", fields.count, ImplementationLimits.structureFields, offset)
            for field in fields {
                try checkReference(field.storage.unpacked, in: group, at: offset)
            }
        case .array(let field):
            try checkReference(field.storage.unpacked, in: group, at: offset)
        }
    }

    private func checkReference(
        _ type: ValueType, in group: Range<Int>, at offset: Int
    ) throws(ModuleError) {
        guard case .reference(let reference) = type, case .concrete(let index) = reference.heapType
        else { return }
        guard Int(index) < group.upperBound else {
            throw ModuleError(.invalid, "unknown type \(index)", at: offset)
        }
    }

    private func checkCount(
        _ name: String, _ count: Int, _ limit: Int, _ offset: Int
    ) throws(ModuleError) {
        guard count <= limit else {
            throw ModuleError(
                .limitExceeded, "too many \(name) of a type: \(count), at most \(limit)",
                at: offset)
        }
    }

    /// A type must be usable as what it is declared a subtype of.
    private func checkSupertype(
        of index: Int, _ types: TypeContext, at offset: Int
    ) throws(ModuleError) {
        let definition = module.types[index]
        guard let supertype = definition.supertypes.first else { return }
        let parent = module.types[Int(supertype)]
        guard !parent.isFinal else {
            throw ModuleError(
                .invalid, "sub type \(index) of type \(supertype), which is final", at: offset)
        }
        guard types.isSubtype(definition.composite, of: parent.composite) else {
            throw ModuleError(
                .invalid, "sub type \(index) does not match its supertype \(supertype)",
                at: offset)
        }
    }
}
