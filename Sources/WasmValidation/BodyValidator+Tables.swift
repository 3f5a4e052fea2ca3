// Tables (WebAssembly 3.0, section 3.4.10). Positions and lengths have the table's address type.

import WasmBinary
import WasmTypes

extension BodyValidator {
    func tableAddressType(_ table: TableIndex) throws(ModuleError) -> OperandType {
        guard Int(table) < context.tables.count else { throw failure("unknown table \(table)") }
        return context.types.operand(context.module.tables[Int(table)].addressType.valueType)
    }

    private func elementType(_ segment: ElementIndex) throws(ModuleError) -> OperandType {
        try requireElement(segment)
        return context.elements[Int(segment)]
    }

    func requireElement(_ segment: ElementIndex) throws(ModuleError) {
        guard Int(segment) < context.elements.count else {
            throw failure("unknown elem segment \(segment)")
        }
    }

    mutating func tableGet(_ table: TableIndex) throws(ModuleError) {
        try pop(try tableAddressType(table))
        push(context.tables[Int(table)])
    }

    mutating func tableSet(_ table: TableIndex) throws(ModuleError) {
        let addressType = try tableAddressType(table)
        try pop(context.tables[Int(table)])
        try pop(addressType)
    }

    mutating func tableSize(_ table: TableIndex) throws(ModuleError) {
        push(try tableAddressType(table))
    }

    mutating func tableGrow(_ table: TableIndex) throws(ModuleError) {
        let addressType = try tableAddressType(table)
        try pop(addressType)
        try pop(context.tables[Int(table)])
        push(addressType)
    }

    mutating func tableFill(_ table: TableIndex) throws(ModuleError) {
        let addressType = try tableAddressType(table)
        try pop(addressType)
        try pop(context.tables[Int(table)])
        try pop(addressType)
    }

    mutating func tableCopy(
        to destination: TableIndex, from source: TableIndex
    ) throws(ModuleError) {
        let destinationAddress = try tableAddressType(destination)
        let sourceAddress = try tableAddressType(source)
        let expected = context.tables[Int(destination)]
        let found = context.tables[Int(source)]
        guard context.types.isSubtype(found, of: expected) else {
            throw mismatch(expected: context.types.describe(expected), found: found)
        }
        try popCopyOperands(destinationAddress, sourceAddress)
    }

    /// The operands of table.copy and memory.copy. The length has the smaller address type.
    mutating func popCopyOperands(
        _ destination: OperandType, _ source: OperandType
    ) throws(ModuleError) {
        try pop(destination == .i64 && source == .i64 ? .i64 : .i32)
        try pop(source)
        try pop(destination)
    }

    mutating func tableInit(_ segment: ElementIndex, _ table: TableIndex) throws(ModuleError) {
        let addressType = try tableAddressType(table)
        let expected = context.tables[Int(table)]
        let found = try elementType(segment)
        guard context.types.isSubtype(found, of: expected) else {
            throw mismatch(expected: context.types.describe(expected), found: found)
        }
        try pop(.i32)
        try pop(.i32)
        try pop(addressType)
    }

    func elementDrop(_ segment: ElementIndex) throws(ModuleError) {
        try requireElement(segment)
    }
}
