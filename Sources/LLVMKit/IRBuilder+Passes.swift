// What passes of our own build, beyond what the lowering does: copies of instructions, and arithmetic
// that is known not to wrap.

internal import CLLVM

extension IRBuilder {
    /// Instructions go before this one from now on.
    public func position(before instruction: IRInstruction) {
        LLVMPositionBuilderBefore(reference, instruction.reference)
    }

    /// Adds an empty block behind another one.
    public func addBlock(_ name: String, after block: BasicBlock) -> BasicBlock {
        let function = LLVMGetBasicBlockParent(block.reference)
        let added = LLVMAppendBasicBlockInContext(context, function, name)!
        LLVMMoveBasicBlockAfter(added, block.reference)
        return BasicBlock(added)
    }

    /// Divides a block in front of an instruction: what comes before it is in the new block that is
    /// returned and has no end yet, and the block itself begins with the instruction.
    public func divide(before instruction: IRInstruction) -> BasicBlock {
        let block = instruction.block
        let head = LLVMInsertBasicBlockInContext(context, block.reference, "")!
        // Without its terminator the block is no predecessor, and only branches to it are changed.
        let terminator = LLVMGetBasicBlockTerminator(block.reference)!
        LLVMInstructionRemoveFromParent(terminator)
        LLVMReplaceAllUsesWith(
            LLVMBasicBlockAsValue(block.reference), LLVMBasicBlockAsValue(head))
        move(terminator, toEndOf: block.reference)
        while let first = LLVMGetFirstInstruction(block.reference),
            first != instruction.reference
        {
            LLVMInstructionRemoveFromParent(first)
            move(first, toEndOf: head)
        }
        return BasicBlock(head)
    }

    /// Moves an instruction to the end of a block.
    public func move(_ instruction: IRInstruction, toEndOf block: BasicBlock) {
        LLVMInstructionRemoveFromParent(instruction.reference)
        move(instruction.reference, toEndOf: block.reference)
    }

    /// Like `branch`, and returns the instruction.
    public func conditionalBranch(
        _ condition: IRValue, _ then: BasicBlock, _ other: BasicBlock
    ) -> IRInstruction {
        IRInstruction(
            LLVMBuildCondBr(reference, condition.reference, then.reference, other.reference)!)
    }

    private func move(_ instruction: LLVMValueRef, toEndOf block: LLVMBasicBlockRef) {
        LLVMPositionBuilderAtEnd(reference, block)
        // The builder gives its own place in the source to what it inserts.
        LLVMSetCurrentDebugLocation2(reference, LLVMInstructionGetDebugLoc(instruction))
        LLVMInsertIntoBuilder(reference, instruction)
    }

    /// Inserts a copy of an instruction other than a phi; its operands are still the original's.
    public func insertCopy(of instruction: IRInstruction) -> IRInstruction {
        let copy = LLVMInstructionClone(instruction.reference)!
        LLVMInsertIntoBuilder(reference, copy)
        return IRInstruction(copy)
    }

    /// Inserts a copy of an instruction other than a phi or a terminator, with other operands.
    public func insertCopy(
        of instruction: IRInstruction, replacing operand: (IRValue) -> IRValue
    ) -> IRInstruction {
        let copy = insertCopy(of: instruction)
        for index in 0..<copy.operandCount {
            copy.setOperand(index, to: operand(instruction.operand(index)))
        }
        return copy
    }

    /// Does what an instruction does, but with other operands, and without its promises. With
    /// `lanes`, the operands are vectors.
    public func operation(
        like instruction: IRInstruction, _ operands: [IRValue], lanes: Int?
    ) -> IRValue {
        let opcode = LLVMGetInstructionOpcode(instruction.reference)
        let values = operands.map(\.reference)
        let type = lanes.map(instruction.type.vector) ?? instruction.type
        switch opcode {
        case LLVMTrunc, LLVMZExt, LLVMSExt:
            return IRValue(LLVMBuildCast(reference, opcode, values[0], type.reference, ""))
        case LLVMICmp:
            let predicate = LLVMGetICmpPredicate(instruction.reference)
            return IRValue(LLVMBuildICmp(reference, predicate, values[0], values[1], ""))
        case LLVMSelect:
            return IRValue(LLVMBuildSelect(reference, values[0], values[1], values[2], ""))
        default:
            precondition(instruction.isSpeculable && values.count == 2, "not an operation")
            return IRValue(LLVMBuildBinOp(reference, opcode, values[0], values[1], ""))
        }
    }

    /// An integer with more bits, which are zero, or with less.
    public func resize(_ value: IRValue, to type: IRType) -> IRValue {
        let (from, to) = (value.type.integerWidth ?? 0, type.integerWidth ?? 0)
        if from == to { return value }
        return from < to ? zext(value, to: type) : trunc(value, to: type)
    }

    /// An i1 that LLVM knows nothing about, but that it neither costs nor does anything to know it:
    /// the result of a function of that name, which has to be replaced later.
    public func unknownBoolean(_ name: String) -> IRValue {
        let type = LLVMFunctionType(types.i1.reference, nil, 0, 0)!
        let function = LLVMGetNamedFunction(module, name) ?? LLVMAddFunction(module, name, type)!
        for attribute in ["memory", "nounwind", "willreturn"] {
            let kind = LLVMGetEnumAttributeKindForName(attribute, attribute.utf8.count)
            LLVMAddAttributeAtIndex(
                function, LLVMAttributeIndex(bitPattern: -1),
                LLVMCreateEnumAttribute(context, kind, 0))
        }
        return IRValue(LLVMBuildCall2(reference, type, function, nil, 0, ""))
    }

    public func not(_ value: IRValue) -> IRValue {
        IRValue(LLVMBuildNot(reference, value.reference, ""))
    }

    /// Some value, but the same one for every user, where LLVM might have chosen for each.
    public func freeze(_ value: IRValue) -> IRValue {
        IRValue(LLVMBuildFreeze(reference, value.reference, ""))
    }

    /// The address as a number, or the addresses in the lanes of a vector.
    public func pointerToInteger(_ pointer: IRValue) -> IRValue {
        let type = pointer.type.isVector ? types.i64.vector(pointer.type.laneCount) : types.i64
        return IRValue(LLVMBuildPtrToInt(reference, pointer.reference, type.reference, ""))
    }

    public func integerToPointer(_ integer: IRValue) -> IRValue {
        IRValue(LLVMBuildIntToPtr(reference, integer.reference, types.pointer.reference, ""))
    }

    /// `a + b`, which does not wrap as an unsigned or as a signed number.
    public func addNoWrap(_ a: IRValue, _ b: IRValue) -> IRValue {
        noWrap(LLVMBuildNUWAdd(reference, a.reference, b.reference, ""))
    }

    /// `a * b`, which does not wrap as a signed number, nor as an unsigned one unless `signed`.
    public func mulNoWrap(_ a: IRValue, _ b: IRValue, signed: Bool = false) -> IRValue {
        noWrap(
            signed
                ? LLVMBuildNSWMul(reference, a.reference, b.reference, "")
                : LLVMBuildNUWMul(reference, a.reference, b.reference, ""))
    }

    private func noWrap(_ result: LLVMValueRef) -> IRValue {
        if LLVMIsABinaryOperator(result) != nil { LLVMSetNSW(result, 1) }
        return IRValue(result)
    }

    /// The address `offset` bytes behind `base`; the addition does not wrap around the address
    /// space, with an unsigned offset if `isForward`, else with a signed one.
    public func byteOffsetNoWrap(
        _ base: IRValue, _ offset: IRValue, isForward: Bool
    ) -> IRValue {
        var index: LLVMValueRef? = offset.reference
        let flags = LLVMGEPFlagNUSW | (isForward ? LLVMGEPFlagNUW : 0)
        return IRValue(
            LLVMBuildGEPWithNoWrapFlags(
                reference, types.i8.reference, base.reference, &index, 1, "",
                LLVMGEPNoWrapFlags(flags)))
    }
}

extension IRValue {
    /// Makes a load or a store one that is neither joined with others nor left out.
    public func makeVolatile() { LLVMSetVolatile(reference, 1) }
}

extension IRBuilder.IntegerPredicate {
    init?(raw: LLVMIntPredicate) {
        switch raw {
        case LLVMIntEQ: self = .eq
        case LLVMIntNE: self = .ne
        case LLVMIntSLT: self = .slt
        case LLVMIntULT: self = .ult
        case LLVMIntSGT: self = .sgt
        case LLVMIntUGT: self = .ugt
        case LLVMIntSLE: self = .sle
        case LLVMIntULE: self = .ule
        case LLVMIntSGE: self = .sge
        case LLVMIntUGE: self = .uge
        default: return nil
        }
    }
}
