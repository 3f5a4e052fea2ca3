// Whether what one module exports is what another one asks for (WebAssembly 3.0, sections 3.3.10
// to 3.3.16). The sizes of memories and tables change while a script runs, so only the program
// can compare them; everything else is decided here.

internal import WasmBinary
internal import WasmTypes
internal import WasmValidation

/// The types of a module, to which its type indices refer.
final class ModuleTypes: Sendable {
    let definitions: [SubType]
    let groups: [Range<Int>]

    init(_ module: Module) {
        definitions = module.types
        groups = module.recursionGroups
    }
}

/// Something that an instance owns, with its type.
struct Entity: Sendable {
    var type: ExternalType
    /// What the type's indices refer to.
    var types: ModuleTypes
}

/// Compares what one module imports with what there is.
struct ImportMatcher {
    private let importer: ModuleTypes
    /// The types of both modules, those of the importer behind those of the owner.
    private var contexts: [ObjectIdentifier: TypeContext] = [:]

    /// - Parameter importer: The types of the module that imports. Those of the owners must stay
    ///   alive as long as the matcher.
    init(importer: ModuleTypes) { self.importer = importer }

    /// Whether `entity` may be imported as `type`, sizes left aside.
    mutating func matches(
        _ entity: Entity, _ type: ExternalType
    ) throws(ModuleError) -> Bool {
        let context = try context(of: entity.types)
        let wanted = type.shifted(by: entity.types.definitions.count)
        switch (entity.type, wanted) {
        case (.function(let index), .function(let other)):
            return context.isSubtype(
                canonical: context.canonicalIndex(of: index),
                of: context.canonicalIndex(of: other))
        case (.table(let table), .table(let other)):
            return table.addressType == other.addressType
                && Self.fits(table.limits.maximum, other.limits.maximum)
                && context.isSubtype(table.element, of: other.element)
                && context.isSubtype(other.element, of: table.element)
        case (.memory(let memory), .memory(let other)):
            return memory.addressType == other.addressType && memory.isShared == other.isShared
                && memory.pageSizeLog2 == other.pageSizeLog2
                && Self.fits(memory.limits.maximum, other.limits.maximum)
        case (.global(let global), .global(let other)):
            return global.isMutable == other.isMutable
                && context.isSubtype(global.valueType, of: other.valueType)
                && (!global.isMutable || context.isSubtype(other.valueType, of: global.valueType))
        case (.tag(let tag), .tag(let other)):
            return context.canonicalIndex(of: tag.type) == context.canonicalIndex(of: other.type)
        case (.function, _), (.table, _), (.memory, _), (.global, _), (.tag, _):
            return false
        }
    }

    private static func fits(_ maximum: UInt64?, _ wanted: UInt64?) -> Bool {
        guard let wanted else { return true }
        return maximum.map { $0 <= wanted } ?? false
    }

    private mutating func context(of owner: ModuleTypes) throws(ModuleError) -> TypeContext {
        if let context = contexts[ObjectIdentifier(owner)] { return context }
        let offset = owner.definitions.count
        var module = Module(bytes: [])
        module.types = owner.definitions + importer.definitions.map { $0.shifted(by: offset) }
        module.recursionGroups =
            owner.groups
            + importer.groups.map { $0.lowerBound + offset..<$0.upperBound + offset }
        let context = try ModuleValidator(module).types
        contexts[ObjectIdentifier(owner)] = context
        return context
    }
}

// Types with other indices -------------------------------------------------------------------

extension ReferenceType {
    fileprivate func shifted(by offset: Int) -> ReferenceType {
        guard case .concrete(let index) = heapType else { return self }
        return ReferenceType(
            isNullable: isNullable, heapType: .concrete(index + TypeIndex(offset)))
    }
}

extension ValueType {
    fileprivate func shifted(by offset: Int) -> ValueType {
        guard case .reference(let type) = self else { return self }
        return .reference(type.shifted(by: offset))
    }
}

extension FieldType {
    fileprivate func shifted(by offset: Int) -> FieldType {
        guard case .value(let type) = storage else { return self }
        return FieldType(storage: .value(type.shifted(by: offset)), isMutable: isMutable)
    }
}

extension SubType {
    fileprivate func shifted(by offset: Int) -> SubType {
        let composite: CompositeType =
            switch composite {
            case .function(let type):
                .function(
                    FunctionType(
                        parameters: type.parameters.map { $0.shifted(by: offset) },
                        results: type.results.map { $0.shifted(by: offset) }))
            case .structure(let fields): .structure(fields.map { $0.shifted(by: offset) })
            case .array(let field): .array(field.shifted(by: offset))
            }
        return SubType(
            isFinal: isFinal, supertypes: supertypes.map { $0 + TypeIndex(offset) },
            composite: composite)
    }
}

extension ExternalType {
    fileprivate func shifted(by offset: Int) -> ExternalType {
        switch self {
        case .function(let index): return .function(index + TypeIndex(offset))
        case .tag(let tag): return .tag(TagType(type: tag.type + TypeIndex(offset)))
        case .memory: return self
        case .table(var table):
            table.element = table.element.shifted(by: offset)
            return .table(table)
        case .global(var global):
            global.valueType = global.valueType.shifted(by: offset)
            return .global(global)
        }
    }
}
