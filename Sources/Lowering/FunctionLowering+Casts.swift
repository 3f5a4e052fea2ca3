// Tests and casts of references (section 4.4.4), in the hierarchies whose values exist already:
// functions, external references and exceptions. Those of `any` come with its objects.

internal import LLVMKit
internal import WasmBinary
internal import WasmTypes

extension FunctionLowering {
    mutating func lowerRefTest(_ type: ReferenceType) {
        pushBoolean(matches(stack.pop(), type))
    }

    mutating func lowerRefCast(_ type: ReferenceType) {
        let fits = matches(stack.top(1).last!, type)
        trap(.castFailure, if: builder.icmp(.eq, fits, types.i1.zero))
    }

    /// The reference stays on the stack whether the branch is taken or not.
    mutating func lowerBranchOnCast(_ branch: CastBranch, fails: Bool) {
        let fits = matches(stack.top(1).last!, branch.target)
        self.branch(
            to: branch.label, if: fails ? builder.icmp(.eq, fits, types.i1.zero) : fits)
    }

    /// Whether a reference has a type, an i1.
    private mutating func matches(_ reference: IRValue, _ type: ReferenceType) -> IRValue {
        let isNull = builder.icmp(.eq, reference, types.pointer.zero)
        switch type.heapType {
        case .concrete(let index):
            return matches(reference, isNull: isNull, index, isNullable: type.isNullable)
        case .abstract(let heap):
            switch heap {
            case .noFunction, .noExternal, .noException:
                return type.isNullable ? isNull : types.i1.zero
            case .function, .external, .exception:
                return type.isNullable
                    ? types.i1.constant(1) : builder.icmp(.eq, isNull, types.i1.zero)
            case .any, .eq, .i31, .structure, .array, .none:
                preconditionFailure("ModuleUsage refuses casts to objects")
            }
        }
    }

    private mutating func matches(
        _ reference: IRValue, isNull: IRValue, _ type: TypeIndex, isNullable: Bool
    ) -> IRValue {
        let origin = builder.insertionBlock
        let look = builder.addBlock("cast", to: function)
        let next = builder.addBlock("", to: function)
        builder.branch(if: isNull, then: next, else: look)
        builder.position(atEndOf: look)
        let found = loadType(of: reference)
        let fits =
            unit.module.types[Int(type)].isFinal
            ? builder.icmp(.eq, found, unit.typeNumber(type))
            : builder.icmp(.ne, askSubtype(found, of: type), types.i32.zero)
        builder.branch(to: next)
        builder.position(atEndOf: next)
        let result = builder.phi(types.i1)
        result.addIncoming(types.i1.constant(isNullable ? 1 : 0), from: origin)
        result.addIncoming(fits, from: look)
        return result
    }
}
