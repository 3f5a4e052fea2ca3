// Numbers for types that are the same in several modules: what call_indirect and casts compare when
// modules are instantiated side by side and share tables, functions and objects.

internal import Synchronization
internal import WasmBinary
internal import WasmTypes

/// Gives equal types of different modules equal numbers, from 1 on. May be used by several
/// threads.
public final class TypeRegistry: Sendable {
    private struct State {
        /// The first number of each recursive group, by its description.
        var groups: [String: UInt32] = [:]
        /// The supertype of each number, 0 for none. Number 0 is nobody's.
        var parents: [UInt32] = [0]
        /// What objects look like, by number; nil for functions.
        var layouts: [ObjectLayout?] = [nil]
    }

    private let state = Mutex(State())

    public init() {}

    /// The numbers of a module's types, by type index. Types are equal if their recursive groups
    /// are, with references inside of a group by position and to others by number (section 3.1.4
    /// of the specification).
    func numbers(for module: Module) -> [UInt32] {
        state.withLock { state in
            var numbers: [UInt32] = []
            for group in module.recursionGroups {
                let key = Self.describe(group, of: module, numbers: numbers)
                let isNew = state.groups[key] == nil
                let first = state.groups[key] ?? UInt32(state.parents.count)
                numbers.append(contentsOf: (0..<UInt32(group.count)).map { first + $0 })
                guard isNew else { continue }
                state.groups[key] = first
                state.parents += group.map { index in
                    module.types[index].supertypes.first.map { numbers[Int($0)] } ?? 0
                }
                state.layouts += group.map { ObjectLayout(module.types[$0], of: module) }
            }
            return numbers
        }
    }

    /// The declared supertype of each number, 0 for none: what a program of several modules
    /// defines as `smelt_type_parents`.
    public var parents: [UInt32] { state.withLock(\.parents) }

    /// What the objects of each number look like, nil for functions: what such a program defines as
    /// `smelt_types`.
    public var layouts: [ObjectLayout?] { state.withLock(\.layouts) }

    private static func describe(
        _ group: Range<Int>, of module: Module, numbers: [UInt32]
    ) -> String {
        func name(_ index: TypeIndex) -> String {
            group.contains(Int(index))
                ? "r\(Int(index) - group.lowerBound)" : "g\(numbers[Int(index)])"
        }
        func name(_ type: ValueType) -> String {
            guard case .reference(let reference) = type,
                case .concrete(let index) = reference.heapType
            else { return "\(type)" }
            return reference.isNullable ? "(\(name(index))?)" : "(\(name(index)))"
        }
        func name(_ field: FieldType) -> String {
            let storage =
                switch field.storage {
                case .i8: "i8"
                case .i16: "i16"
                case .value(let type): name(type)
                }
            return (field.isMutable ? "mut " : "") + storage
        }
        func name(_ type: CompositeType) -> String {
            switch type {
            case .function(let type):
                "func \(type.parameters.map(name)) \(type.results.map(name))"
            case .structure(let fields): "struct \(fields.map(name))"
            case .array(let field): "array \(name(field))"
            }
        }
        return group.map { position in
            let type = module.types[position]
            return "\(type.isFinal) \(type.supertypes.map(name)) \(name(type.composite))"
        }.joined(separator: "; ")
    }
}
