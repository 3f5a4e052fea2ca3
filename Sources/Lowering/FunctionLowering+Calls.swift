// Direct and indirect calls (section 4.4.8) and global variables (section 4.4.5).

internal import LLVMKit
internal import WasmBinary
internal import WasmTypes

extension FunctionLowering {
    mutating func lowerCall(_ callee: FunctionIndex) {
        let type = unit.module.functionType(callee)!
        let arguments = stack.pop(type.parameters.count)
        guard callee < unit.module.importedFunctionCount else {
            pushResults(of: type, builder.call(unit.function(callee), arguments))
            return
        }
        let result = unit.callHost(callee, arguments)
        if unit.plan.hostFunctions[Int(callee)].isNoReturn {
            builder.unreachable()
            isReachable = false
        } else {
            pushResults(of: type, result)
        }
    }

    mutating func lowerCallIndirect(_ typeIndex: TypeIndex, _ table: TableIndex) {
        let type = unit.module.types[Int(typeIndex)].functionType!
        let index = builder.zext(stack.pop(), to: types.i64)
        let arguments = stack.pop(type.parameters.count)
        let code =
            switch instance.table(table) {
            case .immutable(let entries, let count):
                lookUpConstant(index, entries: entries, count: count, type: typeIndex)
            case .descriptor(let descriptor):
                lookUp(index, in: descriptor, type: typeIndex)
            }
        let result = builder.call(
            code, type: unit.functionType(type), convention: .fast, arguments)
        pushResults(of: type, result)
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
        trapUnlessCallable(found, as: type, isNull: builder.icmp(.eq, found, types.i32.zero))
        return builder.load(
            types.pointer,
            from: builder.byteOffset(entry, types.i64.constant(RuntimeLayouts.callEntryCode)),
            alignment: 8)
    }

    /// The code of a function reference in a table that may change.
    private mutating func lookUp(
        _ index: IRValue, in descriptor: IRValue, type: TypeIndex
    ) -> IRValue {
        let slot = tableSlot(index, in: descriptor, trap: .undefinedElement)
        let reference = builder.load(types.pointer, from: slot, alignment: 8)
        trap(.uninitializedElement, if: builder.icmp(.eq, reference, types.pointer.zero))
        let found = builder.load(
            types.i32,
            from: builder.byteOffset(
                reference, types.i64.constant(RuntimeLayouts.functionType)), alignment: 4)
        trap(.indirectCallTypeMismatch, if: builder.icmp(.ne, found, unit.typeNumber(type)))
        return builder.load(
            types.pointer,
            from: builder.byteOffset(
                reference, types.i64.constant(RuntimeLayouts.functionCode)), alignment: 8)
    }

    /// Traps on a wrong type number with the right reason, which is only found out when it is
    /// wrong.
    private mutating func trapUnlessCallable(
        _ found: IRValue, as type: TypeIndex, isNull: IRValue
    ) {
        let wrong = builder.addBlock("wrong", to: function)
        let next = builder.addBlock("", to: function)
        builder.branch(
            if: builder.icmp(.eq, found, unit.typeNumber(type)), then: next, else: wrong)
        builder.position(atEndOf: wrong)
        trap(.uninitializedElement, if: isNull)
        lowerTrap(.indirectCallTypeMismatch)
        isReachable = true
        builder.position(atEndOf: next)
    }

    private mutating func pushResults(of type: FunctionType, _ result: IRValue) {
        switch type.results.count {
        case 0: break
        case 1: stack.push(result)
        default: stack.push(type.results.indices.map { builder.extractValue(result, $0) })
        }
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
