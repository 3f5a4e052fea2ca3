// The description of a module for dynamic instances: `struct smelt_module` of the runtime's
// instance.h, filled at compile time, and the functions that it points to.
//
// sandbox: rests on `MemoryPlan` for what the runtime reserves. The runtime refuses what it has no room
// for.

internal import LLVMKit
internal import RuntimeABI
internal import Sandbox
internal import WasmBinary
internal import WasmTypes

/// Defines `smelt_module_<name>`.
struct ModuleDescription {
    let unit: UnitLowering
    let name: String

    private var types: IRTypes { unit.types }
    private var module: Module { unit.module }
    private var builder: IRBuilder { unit.builder }

    private var borrowed: BorrowedCounts { unit.program.borrowed }

    /// - Returns: its address.
    func define() throws(ModuleError) -> IRValue {
        let layout = DynamicLayout(
            module, borrowed, argumentBytes: unit.codegen.argumentAreaSize)
        func word(_ value: Int) -> IRValue { types.i32.constant(value) }
        // Those of a library are functions in C.
        let exports = unit.program.form.library == nil ? self.exports : []
        let value = types.constantStructure([
            types.i64.constant(layout.size),
            word(module.memories.count), word(borrowed.memories),
            word(module.tables.count), word(borrowed.tables),
            word(module.globals.count), word(borrowed.globals),
            word(module.functions.count), word(borrowed.functions),
            word(module.tags.count), word(borrowed.tags),
            word(exports.count),
            word(layout.memorySlots), word(layout.tableSlots),
            word(layout.globalSlots), word(layout.functionSlots),
            word(layout.tagSlots), word(layout.globalStorage), word(layout.tagStorage),
            constantArray(memoryTypes), constantArray(tableTypes), constantArray(definitions),
            constantArray(tags), constantArray(exports), unit.ir.addString(name),
            try defineInitializer().value,
        ])
        return unit.ir.addGlobal(
            "smelt_module_\(name)", type: value.type, linkage: .hidden, initializer: value,
            isConstant: true
        ).value
    }

    /// The address of an array of structures, null if it is empty.
    private func constantArray(_ elements: [IRValue]) -> IRValue {
        guard let first = elements.first else { return types.pointer.zero }
        let array = first.type.constantArray(elements)
        return unit.ir.addGlobal(
            "", type: array.type, linkage: .private, initializer: array, isConstant: true
        ).value
    }

    private var memoryTypes: [IRValue] {
        module.memories.indices.dropFirst(borrowed.memories).map { index in
            let plan = unit.plan.memories[index]
            return types.constantStructure([
                types.i64.constant(plan.type.limits.minimum),
                types.i64.constant(plan.maximumPages),
                types.i64.constant(plan.reservedBytes),
                types.i32.constant(UInt64(plan.type.pageSizeLog2)),
                types.i32.constant(UInt64(RuntimeLayouts.flags(plan))),
            ])
        }
    }

    private var tableTypes: [IRValue] {
        unit.plan.module.tableLimits.dropFirst(borrowed.tables).map { limits in
            types.constantStructure([
                types.i64.constant(limits.minimum), types.i64.constant(limits.maximum),
            ])
        }
    }

    private var tags: [IRValue] {
        module.tags.indices.dropFirst(borrowed.tags).map { index in
            types.constantStructure([unit.ir.addString(module.tagName(TagIndex(index)))])
        }
    }

    private var definitions: [IRValue] {
        module.functions.indices.dropFirst(borrowed.functions).map { index in
            let index = FunctionIndex(index)
            return types.constantStructure([
                unit.function(index).value, unit.typeNumber(module.functions[Int(index)]),
                types.i32.zero,
            ])
        }
    }

    private var exports: [IRValue] {
        var thunks: [FunctionType: IRValue] = [:]
        return module.exports.map { export in
            var invoke = types.pointer.zero
            if export.kind == .function, let type = module.functionType(export.index) {
                invoke = thunks[type] ?? defineInvoke(type, number: thunks.count)
                thunks[type] = invoke
            }
            return types.constantStructure([
                unit.ir.addString(export.name), types.i64.constant(export.name.utf8.count),
                types.i32.constant(Int(export.kind.rawValue)),
                types.i32.constant(UInt64(export.index)), invoke,
            ])
        }
    }

    // Functions ------------------------------------------------------------------------------

    /// Values cross the border in slots of this many bytes.
    private static let valueSize = 16

    /// `void invoke(const struct smelt_function *, union smelt_value *)` for functions of a type.
    private func defineInvoke(_ type: FunctionType, number: Int) -> IRValue {
        let function = unit.ir.addFunction(
            "smelt_invoke_\(number)",
            type: types.function([types.pointer, types.pointer], returning: types.void),
            convention: .c, linkage: .internal)
        unit.codegen.addGuestAttributes(to: function, mayThrow: true)
        let valueCount = max(type.parameters.count, type.results.count)
        if valueCount > 0 {
            unit.ir.addParameterAttribute(
                "dereferenceable", value: UInt64(Self.valueSize * valueCount), at: 1, of: function)
        }
        builder.position(atEndOf: builder.addBlock("entry", to: function))
        let (reference, values) = (function.parameter(0), function.parameter(1))
        func slot(_ index: Int) -> IRValue {
            builder.byteOffset(values, types.i64.constant(Self.valueSize * index))
        }
        let signature = unit.signature(type)
        let area = signature.usesResultArea ? builder.alloca(signature.results) : nil
        let arguments = type.parameters.enumerated().map { index, parameter in
            builder.load(unit.lower(parameter), from: slot(index), alignment: 8)
        }
        let code = builder.load(
            types.pointer,
            from: builder.byteOffset(
                reference, types.i64.constant(RuntimeLayouts.functionCode)), alignment: 8)
        let result = builder.call(
            code, type: signature.type, convention: unit.program.convention,
            signature.pass(
                arguments, leading: unit.instance.leadingArguments(forReference: reference),
                resultArea: area, in: unit))
        let results =
            area.map { signature.loadResults(from: $0, in: unit) }
            ?? type.results.indices.map {
                type.results.count == 1 ? result : builder.extractValue(result, $0)
            }
        for (index, value) in results.enumerated() {
            builder.store(value, to: slot(index), alignment: 8)
        }
        builder.returnVoid()
        return function.value
    }

    /// `void initialize(struct smelt_instance *)`.
    private func defineInitializer() throws(ModuleError) -> IRFunction {
        let function = unit.ir.addFunction(
            "smelt_initialize", type: types.function([types.pointer], returning: types.void),
            convention: .c, linkage: .internal)
        unit.codegen.addGuestAttributes(to: function, mayThrow: true)
        function.setSection("\(SMELT_SECTION_CODE).initialize")
        let type = FunctionType()
        var lowering = FunctionLowering(
            unit: unit, function: function, type: type, signature: unit.signature(type))
        try lowering.lowerInstantiation()
        lowering.finish()
        return function
    }
}
