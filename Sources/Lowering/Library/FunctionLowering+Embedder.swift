// Calls of functions of the program that a library is in, in the convention of C.
//
// sandbox: rests on the runtime having looked that there is a function for every import, and on the instance
// saying whether such a function runs: only then the guest can be called again.

internal import LLVMKit
internal import RuntimeABI
internal import WasmTypes

extension FunctionLowering {
    /// Calls an imported function: with the context and the instance in front of its arguments, and a
    /// place for each result behind them. What it returns is not 0 if the guest's call shall end.
    mutating func callEmbedder(
        _ item: LibraryPlan.FunctionImport, imports: IRValue, _ arguments: [IRValue]
    ) {
        let context = load(imports, MemoryLayout<smelt_import_header>.offset(of: \.context)!)
        let code = load(imports, item.offset)
        let caller = instance.leadingArguments()[0]
        let places = item.type.results.map { builder.entryAlloca(unit.lower($0), in: function) }
        var passed = [context, caller]
        for (type, argument) in zip(item.type.parameters, arguments) {
            passed.append(type == .v128 ? inMemory(argument) : argument)
        }
        passed += places
        let type = types.function(passed.map(\.type), returning: types.i32)
        let mark = builder.byteOffset(
            caller,
            types.i64.constant(MemoryLayout<smelt_instance>.offset(of: \.is_in_host_call)!))
        builder.store(types.i64.constant(1), to: mark, alignment: 8)
        let status = builder.call(code, type: type, convention: .c, passed, tail: .never)
        builder.store(types.i64.zero, to: mark, alignment: 8)

        let failed = builder.addBlock("failed", to: function)
        let next = builder.addBlock("", to: function)
        builder.branch(if: builder.icmp(.ne, status, types.i32.zero), then: failed, else: next)
        builder.position(atEndOf: failed)
        let end = unit.ir.runtimeFunction(
            "smelt_library_host_failed",
            type: types.function([types.pointer, types.i32], returning: types.void))
        unit.ir.addAttribute("noreturn", to: end)
        _ = builder.call(end, [caller, status])
        builder.unreachable()
        builder.position(atEndOf: next)
        for (type, place) in zip(item.type.results, places) {
            let value = builder.load(unit.lower(type), from: place, alignment: type.sizeInC)
            ReferenceCheck(unit: unit).require(value, type, instance: caller, in: function)
            stack.push(value)
        }
    }

    /// C has no vectors: they are handed over by their address.
    private func inMemory(_ value: IRValue) -> IRValue {
        let place = builder.entryAlloca(value.type, in: function)
        builder.store(value, to: place, alignment: 16)
        return place
    }

    /// A pointer in the structure of imports, which never changes.
    private func load(_ imports: IRValue, _ offset: Int) -> IRValue {
        let value = builder.load(
            types.pointer, from: builder.byteOffset(imports, types.i64.constant(offset)),
            alignment: 8)
        unit.ir.setInvariant(value)
        return value
    }
}
