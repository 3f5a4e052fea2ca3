// Tests and casts of references (section 4.4.4).

internal import LLVMKit
internal import RuntimeABI
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
        let isNull =
            nonNulls.contains(reference)
            ? types.i1.zero : builder.icmp(.eq, reference, types.pointer.zero)
        switch type.heapType {
        case .concrete(let index):
            return matches(reference, isNull, type.isNullable) { lowering, other in
                lowering.hasType(reference, index, otherwise: &other)
            }
        case .abstract(let heap):
            switch heap {
            case .none, .noFunction, .noExternal, .noException:
                return type.isNullable ? isNull : types.i1.zero
            case .function, .external, .exception, .any:
                return type.isNullable
                    ? types.i1.constant(1) : builder.icmp(.eq, isNull, types.i1.zero)
            case .eq: return isTagged(reference, not: Self.hostTag, isNull, type)
            case .i31:
                return matches(reference, isNull, type.isNullable) { lowering, _ in
                    lowering.tag(of: reference, is: Self.i31Tag, mask: Self.i31Tag)
                }
            case .structure: return hasKind(SMELT_TYPE_STRUCTURE, reference, isNull, type)
            case .array: return hasKind(SMELT_TYPE_ARRAY, reference, isNull, type)
            }
        }
    }

    // The low bits of references (`smelt_object` of the ABI header).
    private static let (i31Tag, hostTag, tagMask): (UInt64, UInt64, UInt64) = (1, 2, 3)

    private func tag(of reference: IRValue, is tag: UInt64, mask: UInt64) -> IRValue {
        let bits = builder.and(builder.pointerToInteger(reference), types.i64.constant(mask))
        return builder.icmp(.eq, bits, types.i64.constant(tag))
    }

    private func isTagged(
        _ reference: IRValue, not tag: UInt64, _ isNull: IRValue, _ type: ReferenceType
    ) -> IRValue {
        let differs = builder.icmp(
            .eq, self.tag(of: reference, is: tag, mask: Self.tagMask), types.i1.zero)
        // Null has no tag.
        if type.isNullable { return differs }
        return builder.and(differs, builder.icmp(.eq, isNull, types.i1.zero))
    }

    /// Whether a reference is null, and may be, or what `look` finds where it is not.
    ///
    /// - Parameter look: is also told where to go with the answer no.
    private mutating func matches(
        _ reference: IRValue, _ isNull: IRValue, _ isNullable: Bool,
        look: (inout FunctionLowering, inout [(block: BasicBlock, value: IRValue)]) -> IRValue
    ) -> IRValue {
        var edges = [(block: builder.insertionBlock, value: types.i1.constant(isNullable ? 1 : 0))]
        let other = builder.addBlock("cast", to: function)
        let next = builder.addBlock("", to: function)
        builder.branch(if: isNull, then: next, else: other)
        builder.position(atEndOf: other)
        let answer = look(&self, &edges)
        edges.append((builder.insertionBlock, answer))
        builder.branch(to: next)
        for edge in edges.dropFirst().dropLast() {
            builder.position(atEndOf: edge.block)
            builder.branch(to: next)
        }
        builder.moveToEnd(next, of: function)
        builder.position(atEndOf: next)
        let result = builder.phi(types.i1)
        for edge in edges { result.addIncoming(edge.value, from: edge.block) }
        return result
    }

    /// Goes on where a reference that is not null is one to an object, and answers no where it is not.
    private mutating func enterObject(
        _ reference: IRValue, otherwise edges: inout [(block: BasicBlock, value: IRValue)]
    ) {
        if objects.contains(reference) { return }
        let no = builder.addBlock("no", to: function)
        let object = builder.addBlock("object", to: function)
        builder.branch(
            if: tag(of: reference, is: 0, mask: Self.tagMask), then: object, else: no)
        edges.append((no, types.i1.zero))
        builder.position(atEndOf: object)
    }

    /// Whether a reference that is not null has a type that the module defines.
    private mutating func hasType(
        _ reference: IRValue, _ type: TypeIndex,
        otherwise edges: inout [(block: BasicBlock, value: IRValue)]
    ) -> IRValue {
        let found: IRValue
        if unit.module.types[Int(type)].functionType != nil {
            found = loadType(of: reference)
        } else {
            enterObject(reference, otherwise: &edges)
            found = loadObjectType(of: reference)
        }
        let number = unit.typeNumber(type)
        if !unit.program.mayHaveSubtypes(type, of: unit.plan.module) {
            return builder.icmp(.eq, found, number)
        }
        guard let depth = unit.plan.module.depth(ofObjectType: type),
            depth < RuntimeLayouts.typeDisplay
        else { return builder.icmp(.ne, askSubtype(found, of: type), types.i32.zero) }
        // Most objects are of the very type.
        let isEqual = builder.icmp(.eq, found, number)
        let other = builder.addBlock("subtype", to: function)
        let yes = builder.addBlock("yes", to: function)
        builder.branch(if: isEqual, then: yes, else: other)
        edges.append((yes, types.i1.constant(1)))
        builder.position(atEndOf: other)
        let offset = RuntimeLayouts.typeAncestors + 4 * depth
        let ancestor = builder.load(
            types.i32,
            from: builder.byteOffset(row(ofType: found), types.i64.constant(offset)), alignment: 4)
        return builder.icmp(.eq, ancestor, number)
    }

    /// The address of the `smelt_type` of a number.
    private func row(ofType number: IRValue) -> IRValue {
        let index = builder.zext(number, to: types.i64)
        return builder.byteOffset(
            unit.codegen.typeTable,
            builder.mul(index, types.i64.constant(RuntimeLayouts.typeStride)))
    }

    private func loadObjectType(of reference: IRValue) -> IRValue {
        let number = builder.load(
            types.i32,
            from: builder.byteOffset(reference, types.i64.constant(RuntimeLayouts.objectType)),
            alignment: 4)
        unit.aliases?.markHeader(number)
        return number
    }

    /// Whether a reference is one to a structure or an array.
    private mutating func hasKind(
        _ kind: smelt_type_kind, _ reference: IRValue, _ isNull: IRValue, _ type: ReferenceType
    ) -> IRValue {
        matches(reference, isNull, type.isNullable) { lowering, edges in
            lowering.enterObject(reference, otherwise: &edges)
            let (builder, types) = (lowering.builder, lowering.types)
            let row = lowering.row(ofType: lowering.loadObjectType(of: reference))
            let found = builder.load(
                types.i32,
                from: builder.byteOffset(row, types.i64.constant(RuntimeLayouts.typeKind)),
                alignment: 4)
            return builder.icmp(.eq, found, types.i32.constant(UInt64(kind.rawValue)))
        }
    }
}
