// Modules put together by hand, for rules that are easier to see without a text format.

import WasmBinary
import WasmTypes
import WasmValidation

/// Builds modules whose function bodies are given as bytes.
struct ModuleBuilder {
    private(set) var module = Module(bytes: [])

    /// Adds a recursive group, and says at which index it begins.
    @discardableResult
    mutating func group(_ types: SubType...) -> TypeIndex {
        let start = module.types.count
        module.types += types
        module.recursionGroups.append(start..<module.types.count)
        return TypeIndex(start)
    }

    /// Adds a function with a type of its own. The code is without its final end.
    @discardableResult
    mutating func function(
        _ parameters: [ValueType] = [], _ results: [ValueType] = [],
        locals: [FunctionBody.LocalGroup] = [], _ code: [UInt8]
    ) -> FunctionIndex {
        let type = group(
            SubType(composite: .function(FunctionType(parameters: parameters, results: results))))
        let start = module.bytes.count
        module.bytes += code + [0x0b]
        module.functions.append(type)
        module.bodies.append(FunctionBody(locals: locals, code: start..<module.bytes.count))
        return FunctionIndex(module.functions.count - 1)
    }

    mutating func export(_ name: String, _ index: UInt32, _ kind: ExternalKind = .function) {
        module.exports.append(Export(name: name, kind: kind, index: index, offset: 0))
    }

    mutating func memory(_ type: MemoryType) { module.memories.append(type) }

    /// Adds a global. The expression is without its final end.
    mutating func global(_ type: GlobalType, _ expression: [UInt8]) {
        let start = module.bytes.count
        module.bytes += expression + [0x0b]
        module.globals.append(type)
        module.globalInitializers.append(ConstantExpression(range: start..<module.bytes.count))
    }

    /// Validates the module with one function more, and says what is wrong with it, if anything.
    func complaint(
        _ parameters: [ValueType] = [], _ results: [ValueType] = [],
        locals: [FunctionBody.LocalGroup] = [], _ code: [UInt8]
    ) -> ModuleError? {
        var copy = self
        copy.function(parameters, results, locals: locals, code)
        return copy.complaint()
    }

    /// Validates the module and says what is wrong with it, if anything.
    func complaint() -> ModuleError? {
        do throws(ModuleError) {
            _ = try validate(module)
            return nil
        } catch {
            return error
        }
    }
}

extension ValueType {
    /// `(ref null $index)` or `(ref $index)`.
    static func defined(_ index: TypeIndex, isNullable: Bool = false) -> ValueType {
        .reference(ReferenceType(isNullable: isNullable, heapType: .concrete(index)))
    }

    /// `(ref null heap)` or `(ref heap)`.
    static func abstract(_ type: AbstractHeapType, isNullable: Bool = false) -> ValueType {
        .reference(ReferenceType(isNullable: isNullable, heapType: .abstract(type)))
    }
}

extension SubType {
    static func structure(
        _ fields: ValueType..., isFinal: Bool = true, below: TypeIndex? = nil,
        isMutable: Bool = false
    ) -> SubType {
        SubType(
            isFinal: isFinal, supertypes: below.map { [$0] } ?? [],
            composite: .structure(
                fields.map { FieldType(storage: .value($0), isMutable: isMutable) }))
    }

    static func function(
        _ parameters: [ValueType], _ results: [ValueType], isFinal: Bool = true,
        below: TypeIndex? = nil
    ) -> SubType {
        SubType(
            isFinal: isFinal, supertypes: below.map { [$0] } ?? [],
            composite: .function(FunctionType(parameters: parameters, results: results)))
    }
}
