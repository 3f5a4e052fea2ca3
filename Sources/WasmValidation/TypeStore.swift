// The types of several modules together: equal ones have one number, whichever module defines them.
// What is imported is compared with what is exported here, and what call_indirect and casts compare
// at run time are these numbers.
//
// sandbox: rests on different types having different numbers (`TypeContext`).

internal import Synchronization
public import WasmBinary
public import WasmTypes

/// The types of a module, as a store knows them.
public struct TypeScope: Sendable {
    /// Where the module's first type is among those of the store.
    fileprivate let first: Int
    /// By type index of the module, the numbers that stand for its types at run time. None is zero.
    public let numbers: [UInt32]
}

/// Gives equal types of different modules equal numbers, from 1 on, in the order of first appearance.
/// May be used by several threads.
public final class TypeStore: Sendable {
    private let context = Mutex(TypeContext(definitions: []))

    public init() {}

    /// Takes in the types of a module that is valid.
    public func add(_ module: Module) -> TypeScope {
        context.withLock { context in
            let first = context.append(module.types, groups: module.recursionGroups)
            return TypeScope(
                first: first,
                numbers: module.types.indices.map {
                    UInt32(context.canonicalIndex(of: TypeIndex(first + $0)) + 1)
                })
        }
    }

    /// The declared supertype of each number, 0 for none. Number 0 is no type's.
    public var parents: [UInt32] {
        context.withLock { context in
            [0]
                + (0..<context.canonicalCount).map { number in
                    let depth = context.depth(ofCanonical: number)
                    return depth == 0
                        ? 0 : UInt32(context.ancestor(ofCanonical: number, atDepth: depth - 1) + 1)
                }
        }
    }

    /// The definition of each number but 0, and all definitions of the store, to which the indices in
    /// those refer.
    public var definitions: (ofNumbers: [SubType], all: [SubType]) {
        context.withLock { context in
            let representatives = (0..<context.canonicalCount).map {
                context.definitions[Int(context.representative(ofCanonical: $0))]
            }
            return (representatives, context.definitions)
        }
    }

    /// Whether what has a type of one module may be imported as a type of another module (WebAssembly
    /// 3.0, sections 3.3.10 to 3.3.16). Sizes change while a program runs, so only their maxima are
    /// compared.
    public func matches(
        _ type: ExternalType, of exporter: TypeScope, as wanted: ExternalType,
        of importer: TypeScope
    ) -> Bool {
        context.withLock { context in
            context.matches(
                type.shifted(by: exporter.first), wanted.shifted(by: importer.first))
        }
    }
}

extension TypeContext {
    /// Adds the types of a valid module behind those that there are.
    ///
    /// - Returns: where its first one is.
    package mutating func append(_ types: [SubType], groups: [Range<Int>]) -> Int {
        let first = append(
            definitions: types.map { [count = definitions.count] in $0.shifted(by: count) })
        for group in groups {
            let tooDeep = append(group: group.lowerBound + first..<group.upperBound + first)
            precondition(tooDeep == nil, "a validated type has too many supertypes")
        }
        return first
    }

    /// Whether what has a type may be imported as another one, sizes left out.
    package func matches(_ type: ExternalType, _ wanted: ExternalType) -> Bool {
        switch (type, wanted) {
        case (.function(let index), .function(let other)):
            return isSubtype(
                canonical: canonicalIndex(of: index), of: canonicalIndex(of: other))
        case (.table(let table), .table(let other)):
            return table.addressType == other.addressType
                && Self.fits(table.limits.maximum, other.limits.maximum)
                && isSubtype(table.element, of: other.element)
                && isSubtype(other.element, of: table.element)
        case (.memory(let memory), .memory(let other)):
            return memory.addressType == other.addressType && memory.isShared == other.isShared
                && memory.pageSizeLog2 == other.pageSizeLog2
                && Self.fits(memory.limits.maximum, other.limits.maximum)
        case (.global(let global), .global(let other)):
            return global.isMutable == other.isMutable
                && isSubtype(global.valueType, of: other.valueType)
                && (!global.isMutable || isSubtype(other.valueType, of: global.valueType))
        case (.tag(let tag), .tag(let other)):
            return canonicalIndex(of: tag.type) == canonicalIndex(of: other.type)
        case (.function, _), (.table, _), (.memory, _), (.global, _), (.tag, _):
            return false
        }
    }

    private static func fits(_ maximum: UInt64?, _ wanted: UInt64?) -> Bool {
        guard let wanted else { return true }
        return maximum.map { $0 <= wanted } ?? false
    }
}

// Types with other indices -------------------------------------------------------------------

extension ReferenceType {
    fileprivate func mappingIndices(_ change: (TypeIndex) -> TypeIndex) -> ReferenceType {
        guard case .concrete(let index) = heapType else { return self }
        return ReferenceType(isNullable: isNullable, heapType: .concrete(change(index)))
    }
}

extension ValueType {
    /// The same type with other indices of types.
    package func mappingIndices(_ change: (TypeIndex) -> TypeIndex) -> ValueType {
        guard case .reference(let type) = self else { return self }
        return .reference(type.mappingIndices(change))
    }
}

extension FieldType {
    fileprivate func mappingIndices(_ change: (TypeIndex) -> TypeIndex) -> FieldType {
        guard case .value(let type) = storage else { return self }
        return FieldType(storage: .value(type.mappingIndices(change)), isMutable: isMutable)
    }
}

extension SubType {
    /// The same type with other indices of types.
    package func mappingIndices(_ change: (TypeIndex) -> TypeIndex) -> SubType {
        let composite: CompositeType =
            switch composite {
            case .function(let type):
                .function(
                    FunctionType(
                        parameters: type.parameters.map { $0.mappingIndices(change) },
                        results: type.results.map { $0.mappingIndices(change) }))
            case .structure(let fields): .structure(fields.map { $0.mappingIndices(change) })
            case .array(let field): .array(field.mappingIndices(change))
            }
        return SubType(
            isFinal: isFinal, supertypes: supertypes.map(change), composite: composite)
    }

    fileprivate func shifted(by offset: Int) -> SubType {
        mappingIndices { $0 + TypeIndex(offset) }
    }
}

extension ExternalType {
    /// The same type with other indices of types.
    package func mappingIndices(_ change: (TypeIndex) -> TypeIndex) -> ExternalType {
        switch self {
        case .function(let index): return .function(change(index))
        case .tag(let tag): return .tag(TagType(type: change(tag.type)))
        case .memory: return self
        case .table(var table):
            table.element = table.element.mappingIndices(change)
            return .table(table)
        case .global(var global):
            global.valueType = global.valueType.mappingIndices(change)
            return .global(global)
        }
    }

    fileprivate func shifted(by offset: Int) -> ExternalType {
        mappingIndices { $0 + TypeIndex(offset) }
    }
}
