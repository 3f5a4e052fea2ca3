// Direct and indirect calls (section 4.4.8) and global variables (section 4.4.5).

internal import LLVMKit
internal import WasmBinary
internal import WasmTypes

extension FunctionLowering {
    mutating func lowerCall(_ callee: FunctionIndex, isTail: Bool) {
        let type = unit.module.functionType(callee)!
        let arguments = stack.pop(type.parameters.count)
        guard callee >= unit.module.importedFunctionCount else {
            callImport(callee, arguments, isTail: isTail)
            return
        }
        call(
            unit.function(callee).value, type, leading: instance.leadingArguments(), arguments,
            isTail: isTail)
    }

    mutating func callImport(_ callee: FunctionIndex, _ arguments: [IRValue], isTail: Bool) {
        switch instance.importedFunction(callee) {
        case .host(let host, let context):
            callHost(host, [context] + arguments)
            if isTail, isReachable {
                lowerReturn()
                isReachable = false
            }
        case .reference(let reference):
            callReference(
                reference, unit.module.functionType(callee)!, arguments, isTail: isTail)
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

    mutating func lowerCallIndirect(
        _ typeIndex: TypeIndex, _ table: TableIndex, isTail: Bool
    ) {
        let type = unit.module.types[Int(typeIndex)].functionType!
        let index = popTableIndex(table)
        let arguments = stack.pop(type.parameters.count)
        switch instance.table(table) {
        case .immutable(let entries, let count):
            let code = lookUpConstant(index, entries: entries, count: count, type: typeIndex)
            call(
                code, type, leading: instance.leadingArguments(), arguments, isTail: isTail)
        case .descriptor(let descriptor):
            let reference = lookUp(index, in: descriptor, type: typeIndex)
            callReference(reference, type, arguments, isTail: isTail)
        }
    }

    mutating func lowerCallReference(_ typeIndex: TypeIndex, isTail: Bool) {
        let type = unit.module.types[Int(typeIndex)].functionType!
        let reference = stack.pop()
        let arguments = stack.pop(type.parameters.count)
        trap(.nullFunctionReference, if: builder.icmp(.eq, reference, types.pointer.zero))
        callReference(reference, type, arguments, isTail: isTail)
    }

    /// Calls the function that a reference points to, which has this type.
    private mutating func callReference(
        _ reference: IRValue, _ type: FunctionType, _ arguments: [IRValue], isTail: Bool
    ) {
        let code = loadField(types.pointer, of: reference, at: RuntimeLayouts.functionCode)
        call(
            code, type, leading: instance.leadingArguments(forReference: reference), arguments,
            isTail: isTail)
    }

    /// Calls compiled code, and either pushes the results or returns them.
    private mutating func call(
        _ code: IRValue, _ type: FunctionType, leading: [IRValue], _ arguments: [IRValue],
        isTail: Bool
    ) {
        let callee = unit.signature(type)
        var front = leading
        if callee.usesResultArea {
            // The caller of a tail call expects the same results: its area is handed on.
            front.append(
                isTail
                    ? function.parameter(signature.firstParameter - 1)
                    : builder.entryAlloca(callee.results, in: function))
        }
        let result = builder.call(
            code, type: callee.type, convention: unit.plan.convention, front + arguments,
            tail: isTail ? .guaranteed : .never)
        guard isTail else {
            pushResults(of: callee, result, area: front.last)
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
        let structure =
            callee.usesResultArea
            ? builder.load(callee.results, from: area!, alignment: 8) : result
        for index in 0..<count { stack.push(builder.extractValue(structure, index)) }
    }

    /// The code of an entry of a table that never changes. One comparison finds both null
    /// entries, whose type number is zero, and functions of another type.
    private mutating func lookUpConstant(
        _ index: IRValue, entries: IRValue, count: UInt64, type: TypeIndex
    ) -> IRValue {
        trap(.undefinedElement, if: builder.icmp(.uge, index, types.i64.constant(count)))
        let offset = builder.mul(index, types.i64.constant(RuntimeLayouts.callEntryStride))
        let entry = builder.byteOffset(entries, offset)
        let found = builder.load(types.i32, from: entry, alignment: 8)
        trapUnlessCallable(found, as: type)
        return builder.load(
            types.pointer,
            from: builder.byteOffset(entry, types.i64.constant(RuntimeLayouts.callEntryCode)),
            alignment: 8)
    }

    /// A function reference in a table that may change, of the right type.
    private mutating func lookUp(
        _ index: IRValue, in descriptor: IRValue, type: TypeIndex
    ) -> IRValue {
        let slot = tableSlot(index, in: descriptor, trap: .undefinedElement)
        let reference = builder.load(types.pointer, from: slot, alignment: 8)
        trap(.uninitializedElement, if: builder.icmp(.eq, reference, types.pointer.zero))
        trapUnlessCallable(loadType(of: reference), as: type)
        return reference
    }

    /// The type number of the function that a reference, not null, points to.
    func loadType(of reference: IRValue) -> IRValue {
        builder.load(
            types.i32,
            from: builder.byteOffset(
                reference, types.i64.constant(RuntimeLayouts.functionType)), alignment: 4)
    }

    /// Traps on a wrong type number with the right reason, which is only found out when it is
    /// wrong: a number of zero is a null entry.
    private mutating func trapUnlessCallable(_ found: IRValue, as type: TypeIndex) {
        let wrong = builder.addBlock("wrong", to: function)
        let next = builder.addBlock("", to: function)
        builder.branch(
            if: builder.icmp(.eq, found, unit.typeNumber(type)), then: next, else: wrong)
        builder.position(atEndOf: wrong)
        trap(.uninitializedElement, if: builder.icmp(.eq, found, types.i32.zero))
        if unit.module.types[Int(type)].isFinal {
            lowerTrap(.indirectCallTypeMismatch)
            isReachable = true
        } else {
            trap(
                .indirectCallTypeMismatch,
                if: builder.icmp(.eq, askSubtype(found, of: type), types.i32.zero))
            builder.branch(to: next)
        }
        builder.position(atEndOf: next)
    }

    /// Asks the runtime whether a type number is that of a subtype: 1 or 0, an i32.
    func askSubtype(_ found: IRValue, of type: TypeIndex) -> IRValue {
        instance.requireTypeHierarchy()
        let ask = unit.ir.runtimeFunction(
            "smelt_type_is_subtype",
            type: types.function([types.i32, types.i32], returning: types.i32))
        return builder.call(ask, [found, unit.typeNumber(type)])
    }

    // Globals --------------------------------------------------------------------------------

    mutating func lowerGlobalGet(_ global: GlobalIndex) {
        if let constant = instance.constantGlobal(global) {
            stack.push(constant)
            return
        }
        let type = unit.lower(unit.module.globals[Int(global)].valueType)
        stack.push(
            builder.load(type, from: instance.globalAddress(global), alignment: globalAlignment))
    }

    mutating func lowerGlobalSet(_ global: GlobalIndex) {
        builder.store(
            stack.pop(), to: instance.globalAddress(global), alignment: globalAlignment)
    }

    /// In bytes: what every type of a global has.
    private var globalAlignment: Int { 4 }
}
