// Structures, arrays, i31 references and the external hierarchy (WebAssembly 3.0, sections 3.4.7
// to 3.4.9).

import WasmBinary
import WasmTypes

extension BodyValidator {
    mutating func aggregate(_ instruction: AggregateInstruction) throws(ModuleError) {
        switch instruction {
        case .structNew(let type): try structNew(type)
        case .structNewDefault(let type): try structNewDefault(type)
        case .structGet(let access, let type, let field): try structGet(access, type, field)
        case .structSet(let type, let field): try structSet(type, field)
        case .arrayNew(let type): try arrayNew(type)
        case .arrayNewDefault(let type): try arrayNewDefault(type)
        case .arrayNewFixed(let type, let count): try arrayNewFixed(type, count: count)
        case .arrayNewData(let type, let data): try arrayNewData(type, data)
        case .arrayNewElement(let type, let element): try arrayNewElement(type, element)
        case .arrayGet(let access, let type): try arrayGet(access, type)
        case .arraySet(let type): try arraySet(type)
        case .arrayFill(let type): try arrayFill(type)
        case .arrayCopy(let destination, let source):
            try arrayCopy(to: destination, from: source)
        case .arrayInitData(let type, let data): try arrayInitData(type, data)
        case .arrayInitElement(let type, let element): try arrayInitElement(type, element)
        case .anyConvertExternal: try convert(.external, to: .any)
        case .externalConvertAny: try convert(.any, to: .external)
        case .arrayLength, .refI31, .i31Get: try applySignature()
        }
    }

    /// Moves a reference from one hierarchy to the other; null stays null.
    private mutating func convert(
        _ source: AbstractHeapType, to target: AbstractHeapType
    ) throws(ModuleError) {
        let reference = try popReference()
        let expected = OperandType(isNullable: true, abstract: source)
        guard context.types.isSubtype(reference, of: expected) else {
            throw mismatch(expected: context.types.describe(expected), found: reference)
        }
        push(OperandType(isNullable: reference.isNullable, abstract: target))
    }

    // Structures ------------------------------------------------------------------------------

    private func reference(_ type: TypeIndex, isNullable: Bool) throws(ModuleError) -> OperandType {
        OperandType(isNullable: isNullable, canonical: try canonicalType(type))
    }

    private func structureFields(_ type: TypeIndex) throws(ModuleError) -> [FieldType] {
        guard
            case .structure(let fields) = context.types.composite(
                ofCanonical: try canonicalType(type))
        else { throw failure("type mismatch: type \(type) is not a structure type") }
        return fields
    }

    private func field(_ field: FieldIndex, of type: TypeIndex) throws(ModuleError) -> FieldType {
        let fields = try structureFields(type)
        guard Int(field) < fields.count else {
            throw failure("unknown field \(field) of type \(type)")
        }
        return fields[Int(field)]
    }

    private func operand(_ field: FieldType) -> OperandType {
        context.types.operand(field.storage.unpacked)
    }

    /// Packed fields are read with a sign, others without one.
    private func requireAccess(_ access: FieldAccess, _ field: FieldType) throws(ModuleError) {
        let isExtending =
            switch access {
            case .plain: false
            case .signed, .unsigned: true
            }
        guard isExtending == field.storage.isPacked else {
            throw failure(
                "type mismatch: field is \(field.storage.isPacked ? "packed" : "unpacked")")
        }
    }

    private func requireDefaultable(_ field: FieldType) throws(ModuleError) {
        guard field.storage.unpacked.isDefaultable else {
            throw failure("type mismatch: \(field.storage.unpacked) has no default value")
        }
    }

    private mutating func structNew(_ type: TypeIndex) throws(ModuleError) {
        for field in try structureFields(type).reversed() { try pop(operand(field)) }
        push(try reference(type, isNullable: false))
    }

    private mutating func structNewDefault(_ type: TypeIndex) throws(ModuleError) {
        for field in try structureFields(type) { try requireDefaultable(field) }
        push(try reference(type, isNullable: false))
    }

    private mutating func structGet(
        _ access: FieldAccess, _ type: TypeIndex, _ index: FieldIndex
    ) throws(ModuleError) {
        let field = try field(index, of: type)
        try requireAccess(access, field)
        try pop(try reference(type, isNullable: true))
        push(operand(field))
    }

    private mutating func structSet(
        _ type: TypeIndex, _ index: FieldIndex
    ) throws(ModuleError) {
        let field = try field(index, of: type)
        guard field.isMutable else { throw failure("immutable field \(index) of type \(type)") }
        try pop(operand(field))
        try pop(try reference(type, isNullable: true))
    }

    // Arrays ----------------------------------------------------------------------------------

    private func arrayField(_ type: TypeIndex) throws(ModuleError) -> FieldType {
        guard
            case .array(let field) = context.types.composite(
                ofCanonical: try canonicalType(type))
        else { throw failure("type mismatch: type \(type) is not an array type") }
        return field
    }

    private func mutableArrayField(_ type: TypeIndex) throws(ModuleError) -> FieldType {
        let field = try arrayField(type)
        guard field.isMutable else { throw failure("immutable array: type \(type)") }
        return field
    }

    /// Data segments can fill arrays of numbers and vectors only.
    private func requireNumbers(_ field: FieldType) throws(ModuleError) {
        guard !field.storage.unpacked.isReference else {
            throw failure("array type is not numeric or vector")
        }
    }

    /// Checks that an element segment's references may be elements of an array.
    private func requireElements(
        _ element: ElementIndex, fit field: FieldType
    ) throws(ModuleError) {
        try requireElement(element)
        let found = context.elements[Int(element)]
        guard context.types.isSubtype(found, of: operand(field)) else {
            throw mismatch(expected: context.types.describe(operand(field)), found: found)
        }
    }

    private mutating func arrayNew(_ type: TypeIndex) throws(ModuleError) {
        let field = try arrayField(type)
        try pop(.i32)
        try pop(operand(field))
        push(try reference(type, isNullable: false))
    }

    private mutating func arrayNewDefault(_ type: TypeIndex) throws(ModuleError) {
        try requireDefaultable(try arrayField(type))
        try pop(.i32)
        push(try reference(type, isNullable: false))
    }

    private mutating func arrayNewFixed(_ type: TypeIndex, count: UInt32) throws(ModuleError) {
        let element = operand(try arrayField(type))
        var remaining = count
        // In unreachable code a few bytes could ask for four billion unknown operands.
        while remaining > 0 && !operands.isExhausted {
            try pop(element)
            remaining -= 1
        }
        push(try reference(type, isNullable: false))
    }

    private mutating func arrayNewData(
        _ type: TypeIndex, _ data: DataIndex
    ) throws(ModuleError) {
        try requireNumbers(try arrayField(type))
        try requireData(data)
        try pop(.i32)
        try pop(.i32)
        push(try reference(type, isNullable: false))
    }

    private mutating func arrayNewElement(
        _ type: TypeIndex, _ element: ElementIndex
    ) throws(ModuleError) {
        try requireElements(element, fit: try arrayField(type))
        try pop(.i32)
        try pop(.i32)
        push(try reference(type, isNullable: false))
    }

    private mutating func arrayGet(
        _ access: FieldAccess, _ type: TypeIndex
    ) throws(ModuleError) {
        let field = try arrayField(type)
        try requireAccess(access, field)
        try pop(.i32)
        try pop(try reference(type, isNullable: true))
        push(operand(field))
    }

    private mutating func arraySet(_ type: TypeIndex) throws(ModuleError) {
        let field = try mutableArrayField(type)
        try pop(operand(field))
        try pop(.i32)
        try pop(try reference(type, isNullable: true))
    }

    private mutating func arrayFill(_ type: TypeIndex) throws(ModuleError) {
        let field = try mutableArrayField(type)
        try pop(.i32)
        try pop(operand(field))
        try pop(.i32)
        try pop(try reference(type, isNullable: true))
    }

    private mutating func arrayCopy(
        to destination: TypeIndex, from source: TypeIndex
    ) throws(ModuleError) {
        let target = try mutableArrayField(destination)
        guard context.types.isSubtype(try arrayField(source).storage, of: target.storage) else {
            throw failure("array types do not match: \(source) to \(destination)")
        }
        try pop(.i32)
        try pop(.i32)
        try pop(try reference(source, isNullable: true))
        try pop(.i32)
        try pop(try reference(destination, isNullable: true))
    }

    private mutating func arrayInitData(
        _ type: TypeIndex, _ data: DataIndex
    ) throws(ModuleError) {
        try requireNumbers(try mutableArrayField(type))
        try requireData(data)
        try popInitOperands(type)
    }

    private mutating func arrayInitElement(
        _ type: TypeIndex, _ element: ElementIndex
    ) throws(ModuleError) {
        try requireElements(element, fit: try mutableArrayField(type))
        try popInitOperands(type)
    }

    private mutating func popInitOperands(_ type: TypeIndex) throws(ModuleError) {
        for _ in 0..<3 { try pop(.i32) }
        try pop(try reference(type, isNullable: true))
    }
}
