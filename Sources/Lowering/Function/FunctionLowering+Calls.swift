// Direct calls, calls of references (section 4.4.8) and global variables (section 4.4.5).

internal import LLVMKit
internal import RuntimeABI
internal import WasmBinary
internal import WasmTypes

/// What becomes of the caller's frame in a call.
enum CallKind {
    case plain
    /// It is given up, and the callee's results are the caller's.
    case tail
}

extension FunctionLowering {
    mutating func lowerCall(_ callee: FunctionIndex, as kind: CallKind) {
        let type = unit.module.functionType(callee)!
        let arguments = stack.pop(type.parameters.count)
        guard callee >= unit.module.importedFunctionCount else {
            callImport(callee, arguments, as: kind)
            return
        }
        call(EntityPlace(instance: unit.plan.number, index: callee), arguments, as: kind)
    }

    /// Calls a function of the program that an instance defines.
    mutating func call(_ callee: EntityPlace, _ arguments: [IRValue], as kind: CallKind) {
        let owner = unit.codegen.lowering(of: callee.instance)
        call(
            owner.function(callee.index).value, owner.module.functionType(callee.index)!,
            leading: instance.leadingArguments(), arguments, as: kind,
            mayThrow: owner.plan.throwing.contains(callee.index))
    }

    mutating func callImport(
        _ callee: FunctionIndex, _ arguments: [IRValue], as kind: CallKind
    ) {
        switch instance.importedFunction(callee) {
        case .host(let host, let context):
            callHost(host.symbol, host.type, [context] + arguments, isNoReturn: host.isNoReturn)
            returnResults(of: kind)
        case .symbol(let symbol, let context):
            callSymbol(symbol, unit.module.functionType(callee)!, [context] + arguments)
            returnResults(of: kind)
        case .definition(let place):
            call(place, arguments, as: kind)
        case .missing:
            lowerMissingImport(callee)
        case .reference(let reference):
            let type = unit.module.functions[Int(callee)]
            callReference(reference, type, arguments, as: kind)
        case .embedder(let item, let imports):
            callEmbedder(item, imports: imports, arguments)
            if kind == .tail {
                reloadFuel()
                lowerReturn()
                isReachable = false
            }
        }
    }

    /// Behind a call that is no call of compiled code: returns what it has pushed, if it stands for a
    /// tail call.
    private mutating func returnResults(of kind: CallKind) {
        guard kind == .tail, isReachable else { return }
        reloadFuel()
        lowerReturn()
        isReachable = false
    }

    /// Calls a C function, which has no more than one result.
    private mutating func callHost(
        _ symbol: String, _ type: FunctionType, _ arguments: [IRValue], isNoReturn: Bool = false
    ) {
        let result = type.results.first.map(unit.lower) ?? types.void
        let callee = unit.ir.runtimeFunction(
            symbol, type: types.function(arguments.map(\.type), returning: result))
        if isNoReturn { unit.ir.addAttribute("noreturn", to: callee) }
        let value = builder.call(callee, arguments)
        if isNoReturn {
            builder.unreachable()
            isReachable = false
        } else if !type.results.isEmpty {
            stack.push(value)
        }
    }

    /// Calls a C function that is defined where the object is linked. Several results it leaves in an array
    /// of `union smelt_value`, whose address is its last argument.
    private mutating func callSymbol(
        _ symbol: String, _ type: FunctionType, _ arguments: [IRValue]
    ) {
        guard type.results.count > 1 else {
            callHost(symbol, type, arguments)
            return
        }
        let slot = MemoryLayout<smelt_value>.size
        let results = builder.entryAlloca(
            types.i64.array(type.results.count * slot / 8), in: function)
        callHost(symbol, FunctionType(parameters: type.parameters), arguments + [results])
        for (index, result) in type.results.enumerated() {
            let place = builder.byteOffset(results, types.i64.constant(slot * index))
            stack.push(builder.load(unit.lower(result), from: place, alignment: 8))
        }
    }

    /// Traps, and tells the runtime before which import it is that is missing.
    private mutating func lowerMissingImport(_ callee: FunctionIndex) {
        let imports = unit.module.imports.filter { $0.type.kind == .function }
        let item = imports[Int(callee)]
        _ = builder.call(
            unit.runtimeFunction(SMELT_RUNTIME_import_missing),
            [unit.ir.addString(item.module), unit.ir.addString(item.name)])
        lowerTrap(.unreachable)
    }

    mutating func lowerCallReference(_ typeIndex: TypeIndex, as kind: CallKind) {
        let type = unit.module.types[Int(typeIndex)].functionType!
        let reference = stack.pop()
        let arguments = stack.pop(type.parameters.count)
        trap(.nullFunctionReference, ifNull: reference)
        callReference(reference, typeIndex, arguments, as: kind)
    }

    /// Calls the function that a reference points to, which has this type.
    mutating func callReference(
        _ reference: IRValue, _ typeIndex: TypeIndex, _ arguments: [IRValue], as kind: CallKind
    ) {
        let code = loadField(types.pointer, of: reference, at: RuntimeLayouts.functionCode)
        call(
            code, unit.module.types[Int(typeIndex)].functionType!,
            leading: instance.leadingArguments(forReference: reference), arguments, as: kind,
            mayThrow: unit.functionMayThrow(ofType: typeIndex))
    }

    /// Calls compiled code, and either pushes the results or returns them.
    ///
    /// - Parameter mayThrow: whether an exception may leave what is called.
    mutating func call(
        _ code: IRValue, _ type: FunctionType, leading: [IRValue], _ arguments: [IRValue],
        as kind: CallKind, mayThrow: Bool
    ) {
        let callee = unit.signature(type)
        var area: IRValue?
        if callee.usesResultArea {
            // The caller of a tail call expects the same results: its area is handed on.
            area =
                kind == .tail
                ? signature.resultArea(of: function)
                : builder.entryAlloca(callee.results, in: function)
        }
        let passed = callee.pass(arguments, leading: leading, resultArea: area, in: unit)
        // The frame of a tail call is gone when its callee throws.
        if kind == .plain, mayThrow, let handler = handlers.last {
            let result = invoke(code, callee.type, passed, handler: handler)
            pushResults(of: callee, result, area: area)
            return
        }
        let result = builder.call(
            code, type: callee.type, convention: unit.program.convention, passed,
            tail: kind == .tail ? .guaranteed : .never)
        guard kind == .tail else {
            pushResults(of: callee, result, area: area)
            return
        }
        if type.results.isEmpty || callee.usesResultArea {
            builder.returnVoid()
        } else {
            builder.return(result)
        }
        isReachable = false
    }

    private mutating func pushResults(
        of callee: FunctionSignature, _ result: IRValue, area: IRValue?
    ) {
        let count = callee.source.results.count
        if count == 0 { return }
        if count == 1 {
            stack.push(result)
            return
        }
        if let area {
            stack.push(callee.loadResults(from: area, in: unit))
        } else {
            for index in 0..<count { stack.push(builder.extractValue(result, index)) }
        }
    }

    // Globals --------------------------------------------------------------------------------

    mutating func lowerGlobalGet(_ global: GlobalIndex) {
        if let constant = instance.constantGlobal(global) {
            stack.push(constant)
            return
        }
        let type = unit.lower(unit.module.globals[Int(global)].valueType)
        let value = builder.load(
            type, from: instance.globalAddress(global), alignment: globalAlignment)
        unit.aliases?.markGlobal(value)
        noteObject(value, unit.module.globals[Int(global)].valueType)
        stack.push(value)
    }

    mutating func lowerGlobalSet(_ global: GlobalIndex) {
        let store = builder.store(
            stack.pop(), to: instance.globalAddress(global), alignment: globalAlignment)
        unit.aliases?.markGlobal(store.value)
    }

    /// In bytes: what every type of a global has.
    private var globalAlignment: Int { 4 }
}
