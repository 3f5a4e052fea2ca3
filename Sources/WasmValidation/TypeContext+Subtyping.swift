// Which type may stand where another one is expected (WebAssembly 3.0, section 3.3).

public import WasmTypes

extension TypeContext {
    /// Whether one heap type is a subtype of another one (section 3.3.3).
    public func isSubtype(_ type: HeapType, of supertype: HeapType) -> Bool {
        isSubtype(operandHeap(type), of: operandHeap(supertype))
    }

    /// Whether one reference type is a subtype of another one (section 3.3.4).
    public func isSubtype(_ type: ReferenceType, of supertype: ReferenceType) -> Bool {
        (!type.isNullable || supertype.isNullable)
            && isSubtype(type.heapType, of: supertype.heapType)
    }

    /// Whether one value type is a subtype of another one (section 3.3.5).
    public func isSubtype(_ type: ValueType, of supertype: ValueType) -> Bool {
        if case .reference(let reference) = type, case .reference(let other) = supertype {
            return isSubtype(reference, of: other)
        }
        return type == supertype
    }

    /// Whether one field may stand for another one: the same type if it can be written, a
    /// subtype if it can only be read (section 3.3.8).
    public func isSubtype(_ field: FieldType, of other: FieldType) -> Bool {
        guard field.isMutable == other.isMutable,
            isSubtype(field.storage, of: other.storage)
        else { return false }
        return !field.isMutable || isSubtype(other.storage, of: field.storage)
    }

    /// Whether one storage type may stand for another one (section 3.3.8). Packed types only
    /// for themselves.
    public func isSubtype(_ storage: StorageType, of other: StorageType) -> Bool {
        if case .value(let type) = storage, case .value(let expected) = other {
            return isSubtype(type, of: expected)
        }
        return storage == other
    }

    /// Whether one composite type may be declared a subtype of another one (section 3.3.9).
    package func isSubtype(_ type: CompositeType, of supertype: CompositeType) -> Bool {
        switch (type, supertype) {
        case (.function(let function), .function(let other)):
            function.parameters.count == other.parameters.count
                && function.results.count == other.results.count
                && zip(other.parameters, function.parameters).allSatisfy { isSubtype($0, of: $1) }
                && zip(function.results, other.results).allSatisfy { isSubtype($0, of: $1) }
        case (.structure(let fields), .structure(let others)):
            fields.count >= others.count
                && zip(fields, others).allSatisfy { isSubtype($0, of: $1) }
        case (.array(let field), .array(let other)):
            isSubtype(field, of: other)
        case (.function, _), (.structure, _), (.array, _):
            false
        }
    }

    /// The heap type at the top of the hierarchy that a heap type belongs to (section 3.3.3).
    public func top(of type: HeapType) -> AbstractHeapType {
        let abstract =
            switch type {
            case .abstract(let abstract): abstract
            case .concrete(let index): kind(ofCanonical: canonicalIndex(of: index))
            }
        return switch abstract {
        case .function, .noFunction: .function
        case .external, .noExternal: .external
        case .exception, .noException: .exception
        case .any, .eq, .i31, .structure, .array, .none: .any
        }
    }

    // Operand types ---------------------------------------------------------------------------

    /// The operand type of a value type whose index, if it has one, is the module's.
    func operand(_ type: ValueType) -> OperandType {
        switch type {
        case .i32: .i32
        case .i64: .i64
        case .f32: .f32
        case .f64: .f64
        case .v128: .v128
        case .reference(let reference): operand(reference)
        }
    }

    /// The operand type of a reference type whose index, if it has one, is the module's.
    func operand(_ type: ReferenceType) -> OperandType {
        switch type.heapType {
        case .abstract(let abstract):
            OperandType(isNullable: type.isNullable, abstract: abstract)
        case .concrete(let index):
            OperandType(isNullable: type.isNullable, canonical: canonicalIndex(of: index))
        }
    }

    /// Whether an operand of one type may stand where another one is expected. Bottom types may
    /// stand everywhere, `(ref bot)` wherever a reference may.
    @inline(__always)
    func isSubtype(_ type: OperandType, of supertype: OperandType) -> Bool {
        type == supertype || type == .unknown || isStrictSubtype(type, of: supertype)
    }

    private func isStrictSubtype(_ type: OperandType, of supertype: OperandType) -> Bool {
        guard type.isReference && supertype.isReference else { return false }
        if type == .unknownReference { return true }
        guard !type.isNullable || supertype.isNullable,
            let heap = type.heap, let superheap = supertype.heap
        else { return false }
        return isSubtype(heap, of: superheap)
    }

    private func operandHeap(_ type: HeapType) -> OperandHeapType {
        switch type {
        case .abstract(let abstract): .abstract(abstract)
        case .concrete(let index): .canonical(canonicalIndex(of: index))
        }
    }

    private func isSubtype(_ type: OperandHeapType, of supertype: OperandHeapType) -> Bool {
        switch (type, supertype) {
        case (.canonical(let type), .canonical(let supertype)):
            isSubtype(canonical: type, of: supertype)
        case (.canonical(let type), .abstract(let supertype)):
            kind(ofCanonical: type).isSubtype(of: supertype)
        case (.abstract(let type), .canonical(let supertype)):
            // Only the bottom of a hierarchy is below a defined type.
            switch type {
            case .none: kind(ofCanonical: supertype) != .function
            case .noFunction: kind(ofCanonical: supertype) == .function
            case .function, .external, .any, .eq, .i31, .structure, .array, .noExternal,
                .exception, .noException:
                false
            }
        case (.abstract(let type), .abstract(let supertype)):
            type.isSubtype(of: supertype)
        }
    }

    /// The text format's spelling of an operand type, for messages.
    func describe(_ type: OperandType) -> String {
        switch type {
        case .unknown: return "any type"
        case .i32: return "i32"
        case .i64: return "i64"
        case .f32: return "f32"
        case .f64: return "f64"
        case .v128: return "v128"
        default: break
        }
        guard let heap = type.heap else { return "(ref bot)" }
        let heapType: HeapType =
            switch heap {
            case .abstract(let abstract): .abstract(abstract)
            case .canonical(let number): .concrete(representative(ofCanonical: number))
            }
        return ReferenceType(isNullable: type.isNullable, heapType: heapType).description
    }
}

extension AbstractHeapType {
    /// Whether this is below, or is, another heap type of the specification (section 3.3.3).
    func isSubtype(of supertype: AbstractHeapType) -> Bool {
        if self == supertype { return true }
        return switch self {
        case .none:
            switch supertype {
            case .any, .eq, .i31, .structure, .array: true
            case .function, .external, .none, .noFunction, .noExternal, .exception, .noException:
                false
            }
        case .i31, .structure, .array: supertype == .eq || supertype == .any
        case .eq: supertype == .any
        case .noFunction: supertype == .function
        case .noExternal: supertype == .external
        case .noException: supertype == .exception
        case .function, .external, .any, .exception: false
        }
    }
}
