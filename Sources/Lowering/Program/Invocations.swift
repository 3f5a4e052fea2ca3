// Calls that the command line asks for (`--invoke`): their arguments are words that the runtime reads, and
// it prints their results.

internal import LLVMKit
internal import RuntimeABI
internal import WasmBinary
internal import WasmTypes
internal import WasmValidation

/// The calls that a program is there for.
struct Invocations {
    /// An exported function of the program's own instance.
    private struct Invocation {
        var function: FunctionIndex
        var type: FunctionType
        /// Where its arguments are, and its results when it has returned.
        var values: IRValue
        /// The `smelt_invocation`.
        var description: IRValue
    }

    private let unit: CodegenUnit
    private let list: [Invocation]
    private let table: IRValue

    private var types: IRTypes { unit.types }
    private var builder: IRBuilder { unit.builder }

    private static let slot = MemoryLayout<smelt_value>.size

    /// Nil for programs that call `_start`.
    init?(unit: CodegenUnit) {
        guard case .invocations(let names) = unit.program.entry else { return nil }
        self.unit = unit
        let (module, types) = (unit.main.module, unit.types)
        let row = types.structure([types.pointer, types.pointer, types.pointer])
        var rows: [IRValue] = []
        var calls: [(FunctionIndex, FunctionType, IRValue)] = []
        for name in names {
            let function = Self.function(named: name, of: module)!
            let type = module.functionType(function)!
            let count = max(type.parameters.count, type.results.count)
            let storage = types.i64.array(count * Self.slot / 8)
            let values = unit.ir.addGlobal(
                "smelt_values_\(rows.count)", type: storage, linkage: .internal,
                initializer: storage.zero)
            rows.append(
                types.constantStructure([
                    unit.ir.addString(name),
                    unit.ir.addString(
                        Self.signature(type, unit.program.main.module.validated.types)),
                    values.value,
                ]))
            calls.append((function, type, values.value))
        }
        let table = row.constantArray(rows)
        let address = unit.ir.addGlobal(
            "smelt_invocations", type: table.type, linkage: .internal, initializer: table,
            isConstant: true
        ).value
        self.table = address
        let size = MemoryLayout<smelt_invocation>.size
        list = calls.enumerated().map { index, call in
            Invocation(
                function: call.0, type: call.1, values: call.2,
                description: address.constantOffset(index * size, in: types))
        }
    }

    /// Reads the words of all calls, before anything else happens.
    func readArguments() {
        _ = builder.call(
            unit.main.runtimeFunction(SMELT_RUNTIME_invocations_read),
            [table, types.i64.constant(list.count)])
    }

    /// Makes the calls.
    func call(in lowering: inout FunctionLowering) {
        for invocation in list where lowering.isReachable {
            for (index, type) in invocation.type.parameters.enumerated() {
                lowering.stack.push(
                    builder.load(
                        unit.main.lower(type), from: slot(index, of: invocation), alignment: 8))
            }
            // A function of its own in backtraces.
            unit.ir.addAttribute("noinline", to: unit.main.function(invocation.function))
            lowering.lowerCall(invocation.function, as: .plain)
            guard lowering.isReachable else { return }
            let results = lowering.stack.pop(invocation.type.results.count)
            for (index, result) in results.enumerated() {
                builder.store(result, to: slot(index, of: invocation), alignment: 8)
            }
            _ = builder.call(
                unit.main.runtimeFunction(SMELT_RUNTIME_invocation_print),
                [invocation.description])
        }
    }

    private func slot(_ index: Int, of invocation: Invocation) -> IRValue {
        builder.byteOffset(invocation.values, types.i64.constant(Self.slot * index))
    }

    // Names and types ------------------------------------------------------------------------

    private static func function(named name: String, of module: Module) -> FunctionIndex? {
        module.exports.first { $0.name == name && $0.kind == .function }?.index
    }

    /// The types as `smelt_invocation` has them.
    private static func signature(_ type: FunctionType, _ context: TypeContext) -> String {
        let letters = [type.parameters, type.results].map { types in
            String(types.map { letter($0, context) })
        }
        return letters.joined(separator: ":")
    }

    private static func letter(_ type: ValueType, _ context: TypeContext) -> Character {
        switch type {
        case .i32: "i"
        case .i64: "I"
        case .f32: "f"
        case .f64: "F"
        case .v128: "v"
        case .reference(let reference):
            switch context.top(of: reference.heapType) {
            case .external: "e"
            case .function: "u"
            case .exception: "x"
            default: "a"
            }
        }
    }
}
