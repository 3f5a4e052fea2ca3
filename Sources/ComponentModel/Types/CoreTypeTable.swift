// The core types of a file's modules and components in one index space, so that those of different modules
// can be compared. What may be passed to a module's import is decided by them.
//
// sandbox: rests on different types having different numbers (`TypeContext`).

import WasmBinary
public import WasmTypes
import WasmValidation

/// Core types; equal ones may have several indices.
public struct CoreTypeTable: Sendable {
    private var context = TypeContext()
    /// Indices of function types that canonical definitions have.
    private var signatures: [FunctionType: TypeIndex] = [:]

    init() {}

    /// What a type is.
    public func composite(of type: TypeIndex) -> CompositeType { context.composite(of: type) }

    /// The function type with an index, if it is one.
    public func functionType(_ type: TypeIndex) -> FunctionType? {
        if case .function(let function) = composite(of: type) { function } else { nil }
    }

    /// How many types there are.
    var count: Int { context.definitions.count }

    /// Takes in the types of a valid module.
    ///
    /// - Returns: how much its indices have to be shifted.
    mutating func add(_ module: Module) -> Int {
        context.append(module.types, groups: module.recursionGroups)
    }

    /// A function type that stands alone.
    mutating func add(_ type: FunctionType) -> TypeIndex {
        if let known = signatures[type] { return known }
        let index = TypeIndex(
            context.append([SubType(composite: .function(type))], groups: [0..<1]))
        signatures[type] = index
        return index
    }

    /// Takes in a recursive group, whose types refer to each other and to earlier ones by their indices
    /// here.
    ///
    /// - Returns: the index of the first, or what is wrong with the group.
    mutating func add(group: [SubType]) -> Result<TypeIndex, Complaint> {
        let first = count
        for (offset, type) in group.enumerated() {
            if let complaint = complaint(about: type, at: first + offset) {
                return .failure(complaint)
            }
        }
        _ = context.append(definitions: group)
        if context.append(group: first..<first + group.count) != nil {
            return .failure(Complaint(message: "a core type has too many supertypes above it"))
        }
        for type in group {
            guard let parent = type.supertypes.first else { continue }
            let definition = context.definitions[Int(parent)]
            guard !definition.isFinal else {
                return .failure(Complaint(message: "sub type of a core type that is final"))
            }
            guard context.isSubtype(type.composite, of: definition.composite) else {
                return .failure(Complaint(message: "sub type does not match its supertype"))
            }
        }
        return .success(TypeIndex(first))
    }

    /// What a group breaks.
    struct Complaint: Error {
        var message: String
    }

    private func complaint(about type: SubType, at index: Int) -> Complaint? {
        if type.supertypes.count > 1 { return Complaint(message: "a core type has two supertypes") }
        guard type.supertypes.allSatisfy({ $0 < index }) else {
            return Complaint(message: "unknown type: supertypes must come earlier")
        }
        return nil
    }

    /// Whether what has a type may be imported as another one (WebAssembly 3.0, sections 3.3.10 to 3.3.16).
    func matches(_ type: ExternalType, _ wanted: ExternalType) -> Bool {
        guard context.matches(type, wanted) else { return false }
        switch (type, wanted) {
        case (.memory(let memory), .memory(let other)):
            return memory.limits.minimum >= other.limits.minimum
        case (.table(let table), .table(let other)):
            return table.limits.minimum >= other.limits.minimum
        default: return true
        }
    }
}
