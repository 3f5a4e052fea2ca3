// Direct calls, calls of references (section 4.4.8) and global variables (section 4.4.5).

internal import LLVMKit
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
        call(callee, arguments, as: kind)
    }

    /// Calls a function that the module defines.
    mutating func call(_ callee: FunctionIndex, _ arguments: [IRValue], as kind: CallKind) {
        call(
            unit.function(callee).value, unit.module.functionType(callee)!,
            leading: instance.leadingArguments(), arguments, as: kind,
            mayThrow: unit.plan.throwing.contains(callee))
    }

    mutating func callImport(
        _ callee: FunctionIndex, _ arguments: [IRValue], as kind: CallKind
    ) {
        switch instance.importedFunction(callee) {
        case .host(let host, let context):
            callHost(host, [context] + arguments)
            if kind == .tail, isReachable {
                lowerReturn()
                isReachable = false
            }
        case .reference(let reference):
            let type = unit.module.functions[Int(callee)]
            callReference(reference, type, arguments, as: kind)
        case .embedder(let item, let imports):
            callEmbedder(item, imports: imports, arguments)
            if kind == .tail {
                lowerReturn()
                isReachable = false
            }
        }
    }

    /// Calls a C function of the runtime.
    private mutating func callHost(_ host: HostFunction, _ arguments: [IRValue]) {
        let result = host.type.results.first.map(unit.lower) ?? types.void
        let callee = unit.ir.runtimeFunction(
            host.symbol, type: types.function(arguments.map(\.type), returning: result))
        if host.isNoReturn { unit.ir.addAttribute("noreturn", to: callee) }
        let value = builder.call(callee, arguments)
        if host.isNoReturn {
            builder.unreachable()
            isReachable = false
        } else if !host.type.results.isEmpty {
            stack.push(value)
        }
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
            code, type: callee.type, convention: unit.plan.convention, passed,
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
