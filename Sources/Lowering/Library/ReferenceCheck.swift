// References that come from a library's host: it has them as pointers without types, so that it can mix them
// up, and what the guest's types say of them holds only if somebody looks.
//
// sandbox: rests on the runtime knowing which functions are the instance's. Of `extern` nothing is asked: the
// guest does nothing with those.

internal import LLVMKit
internal import RuntimeABI
internal import WasmBinary
internal import WasmTypes

/// Looks whether a reference is what a type says.
struct ReferenceCheck {
    let unit: UnitLowering

    private var types: IRTypes { unit.types }
    private var builder: IRBuilder { unit.builder }

    /// Whether references of a type can come from the host, and go there.
    static func canCross(_ type: ReferenceType) -> Bool {
        switch type.heapType {
        case .concrete: true
        case .abstract(let type):
            switch type {
            case .function, .external, .noFunction, .noExternal: true
            case .any, .eq, .i31, .structure, .array, .none, .exception, .noException: false
            }
        }
    }

    /// Whether a reference has a type: an i1, or nil if every pointer does.
    func isRight(_ reference: IRValue, _ type: ReferenceType, instance: IRValue) -> IRValue? {
        let isNull = builder.icmp(.eq, reference, types.pointer.zero)
        switch type.heapType {
        case .abstract(.external):
            return type.isNullable ? nil : builder.icmp(.ne, reference, types.pointer.zero)
        case .abstract(.function), .concrete:
            let find = unit.ir.runtimeFunction(
                "smelt_library_function_type",
                type: types.function([types.pointer, types.pointer], returning: types.i32))
            let found = builder.call(find, [instance, reference])
            var isFunction = builder.icmp(.ugt, found, types.i32.zero)
            isFunction = builder.and(
                isFunction, builder.icmp(.ne, found, types.i32.constant(UInt64(UInt32.max))))
            if case .concrete(let index) = type.heapType {
                isFunction = builder.and(isFunction, hasType(index, found, isFunction))
            }
            return type.isNullable ? builder.or(isNull, isFunction) : isFunction
        case .abstract:
            return type.isNullable ? isNull : types.i1.constant(UInt64(0))
        }
    }

    /// Whether a number, which is that of a type if `isKnown`, is that of a type or of one below it.
    private func hasType(_ index: TypeIndex, _ found: IRValue, _ isKnown: IRValue) -> IRValue {
        let wanted = unit.typeNumber(index)
        if unit.module.types[Int(index)].isFinal { return builder.icmp(.eq, found, wanted) }
        unit.instance.requireTypeHierarchy()
        let ask = unit.runtimeFunction(SMELT_RUNTIME_type_is_subtype)
        let answer = builder.call(ask, [builder.select(isKnown, found, wanted), wanted])
        return builder.icmp(.ne, answer, types.i32.zero)
    }

    /// Ends the guest's call if a value of the host's does not have its type. The rest of the function is in
    /// another block then.
    func require(_ value: IRValue, _ type: ValueType, instance: IRValue, in function: IRFunction) {
        guard case .reference(let reference) = type,
            let isRight = isRight(value, reference, instance: instance)
        else { return }
        let wrong = builder.addBlock("wrong", to: function)
        let next = builder.addBlock("", to: function)
        builder.branch(if: isRight, then: next, else: wrong)
        builder.position(atEndOf: wrong)
        let end = unit.ir.runtimeFunction(
            "smelt_library_bad_reference",
            type: types.function([types.pointer], returning: types.void))
        unit.ir.addAttribute("noreturn", to: end)
        _ = builder.call(end, [instance])
        builder.unreachable()
        builder.position(atEndOf: next)
    }
}
