// References (WebAssembly 3.0, section 3.4.6).

import WasmBinary
import WasmTypes

extension BodyValidator {
    mutating func refNull(_ type: HeapType) throws(ModuleError) {
        push(try operand(ReferenceType(isNullable: true, heapType: type)))
    }

    mutating func refIsNull() throws(ModuleError) {
        _ = try popReference()
        push(.i32)
    }

    mutating func refFunction(_ function: FunctionIndex) throws(ModuleError) {
        guard Int(function) < context.functions.count else {
            throw failure("unknown function \(function)")
        }
        if let declaredFunctions, !declaredFunctions[Int(function)] {
            throw failure("undeclared function reference: function \(function)")
        }
        push(
            OperandType(
                isNullable: false, canonical: Int(context.functions[Int(function)])))
    }

    mutating func refAsNonNull() throws(ModuleError) {
        push(try popReference().nonNull)
    }

    mutating func refTest(_ type: ReferenceType) throws(ModuleError) {
        try popCastOperand(type)
        push(.i32)
    }

    mutating func refCast(_ type: ReferenceType) throws(ModuleError) {
        try popCastOperand(type)
        push(context.types.operand(type))
    }

    /// A cast takes anything of the hierarchy that its target belongs to.
    private mutating func popCastOperand(_ target: ReferenceType) throws(ModuleError) {
        try requireValid(target.heapType)
        let top = context.types.top(of: target.heapType)
        try pop(OperandType(isNullable: true, abstract: top))
    }
}
