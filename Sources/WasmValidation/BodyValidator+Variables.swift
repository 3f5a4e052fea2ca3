// Locals and globals, and the parametric instructions (WebAssembly 3.0, sections 3.4.12 to
// 3.4.14).

import WasmBinary
import WasmTypes

extension BodyValidator {
    private func localType(_ local: LocalIndex) throws(ModuleError) -> OperandType {
        guard let type = locals[local] else { throw failure("unknown local \(local)") }
        return type
    }

    mutating func localGet(_ local: LocalIndex) throws(ModuleError) {
        let type = try localType(local)
        guard locals.isInitialized(local, of: type) else {
            throw failure("uninitialized local \(local)")
        }
        push(type)
    }

    mutating func localSet(_ local: LocalIndex) throws(ModuleError) {
        let type = try localType(local)
        try pop(type)
        locals.initialize(local, of: type)
    }

    mutating func localTee(_ local: LocalIndex) throws(ModuleError) {
        let type = try localType(local)
        try pop(type)
        locals.initialize(local, of: type)
        push(type)
    }

    private func globalType(_ global: GlobalIndex) throws(ModuleError) -> OperandType {
        guard Int(global) < context.globals.count else {
            throw failure("unknown global \(global)")
        }
        return context.globals[Int(global)]
    }

    mutating func globalGet(_ global: GlobalIndex) throws(ModuleError) {
        push(try globalType(global))
    }

    mutating func globalSet(_ global: GlobalIndex) throws(ModuleError) {
        let type = try globalType(global)
        guard context.module.globals[Int(global)].isMutable else {
            throw failure("immutable global: global is immutable, \(global) cannot be set")
        }
        try pop(type)
    }

    mutating func drop() throws(ModuleError) { _ = try popAny() }

    /// Without a type select takes numbers and vectors only.
    mutating func select() throws(ModuleError) {
        try pop(.i32)
        let second = try popAny()
        let first = try popAny()
        for type in [first, second] where type.isReference {
            throw mismatch(expected: "a number or a vector", found: type)
        }
        guard first == second || first == .unknown || second == .unknown else {
            throw mismatch(expected: context.types.describe(first), found: second)
        }
        push(first == .unknown ? second : first)
    }

    mutating func select(_ type: ValueType) throws(ModuleError) {
        try requireValid(type)
        let type = context.types.operand(type)
        try pop(.i32)
        try pop(type)
        try pop(type)
        push(type)
    }
}
