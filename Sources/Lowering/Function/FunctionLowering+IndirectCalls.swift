// Calls through tables (section 4.4.8).
//
// sandbox: rests on the comparison of the index with the table's size and of the type's number before
// code is called; `callOne` takes only indices that are in the table.

internal import LLVMKit
internal import PlantedFaults
internal import RuntimeABI
internal import WasmBinary
internal import WasmTypes

extension FunctionLowering {
    mutating func lowerCallIndirect(
        _ typeIndex: TypeIndex, _ table: TableIndex, as kind: CallKind
    ) {
        let type = unit.module.types[Int(typeIndex)].functionType!
        let index = popTableIndex(table)
        let arguments = stack.pop(type.parameters.count)
        if let callees = unit.callees(of: table, type: typeIndex) {
            callOne(of: callees, index, arguments, typeIndex, table, as: kind)
            return
        }
        switch instance.table(table) {
        case .immutable(let entries, let count):
            let code = lookUpConstant(index, entries: entries, count: count, type: typeIndex)
            call(
                code, type, leading: instance.leadingArguments(), arguments, as: kind,
                mayThrow: unit.functionMayThrow(ofType: typeIndex))
        case .descriptor(let descriptor):
            let reference = lookUp(index, in: descriptor, type: typeIndex)
            callReference(reference, typeIndex, arguments, as: kind)
        }
    }

    /// Calls that of a few functions which the index leads to. All other entries are null or have
    /// another type, which the ordinary look-up finds out about.
    private mutating func callOne(
        of callees: [IndirectCallees.Callee], _ index: IRValue, _ arguments: [IRValue],
        _ typeIndex: TypeIndex, _ table: TableIndex, as kind: CallKind
    ) {
        let type = unit.module.types[Int(typeIndex)].functionType!
        let origin = builder.insertionBlock
        let other = builder.addBlock("other", to: function)
        let end = kind == .tail ? nil : builder.addBlock("called", to: function)
        var cases: [(value: IRValue, block: BasicBlock)] = []
        var returns: [(values: [IRValue], block: BasicBlock)] = []
        for callee in callees {
            let block = builder.addBlock("call", to: function)
            cases += callee.indices.map { (types.i64.constant($0), block) }
            builder.position(atEndOf: block)
            call(callee.function, arguments, as: kind)
            guard let end else { continue }
            returns.append((stack.pop(type.results.count), builder.insertionBlock))
            builder.branch(to: end)
        }
        builder.position(atEndOf: origin)
        builder.switch(index, cases: cases, default: other)
        builder.position(atEndOf: other)
        if case .immutable(let entries, let count) = instance.table(table) {
            _ = lookUpConstant(index, entries: entries, count: count, type: typeIndex)
        }
        builder.unreachable()
        isReachable = kind != .tail
        guard let end else { return }
        builder.moveToEnd(end, of: function)
        builder.position(atEndOf: end)
        for result in type.results.indices {
            let phi = builder.phi(returns[0].values[result].type)
            for edge in returns { phi.addIncoming(edge.values[result], from: edge.block) }
            stack.push(phi)
        }
    }

    /// The code of an entry of a table that never changes. One comparison finds both null
    /// entries, whose type number is zero, and functions of another type.
    private mutating func lookUpConstant(
        _ index: IRValue, entries: IRValue, count: UInt64, type: TypeIndex
    ) -> IRValue {
        let isOutside = builder.icmp(
            PlantedFault.tableBounds.isPlanted ? .ugt : .uge, index, types.i64.constant(count))
        trap(.undefinedElement, if: isOutside)
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
        if PlantedFault.callType.isPlanted { return }
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
        let ask = unit.runtimeFunction(SMELT_RUNTIME_type_is_subtype)
        return builder.call(ask, [found, unit.typeNumber(type)])
    }
}
