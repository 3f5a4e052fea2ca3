// Instructions on vectors: what is in them, and the same for several vectors in a row.

internal import CLLVM

extension IRType {
    /// The number of lanes of a vector, 1 for anything else.
    public var laneCount: Int { isVector ? Int(LLVMGetVectorSize(reference)) : 1 }

    /// The type of a vector's lanes; the type itself for anything else.
    public var laneType: IRType { isVector ? IRType(LLVMGetElementType(reference)) : self }

    /// The type of `count` values of this type in a row, as one vector.
    public func inRow(_ count: Int) -> IRType { laneType.vector(laneCount * count) }
}

extension IRInstruction {
    /// Which lanes a `shufflevector` takes, those of the second operand counted behind the first's;
    /// nil stands for any value.
    public var shuffleMask: [Int?] {
        (0..<LLVMGetNumMaskElements(reference)).map {
            let lane = LLVMGetMaskValue(reference, $0)
            return lane == LLVMGetUndefMaskElem() ? nil : Int(lane)
        }
    }

    /// The name of the intrinsic that is called.
    public var intrinsicName: String? {
        guard LLVMIsACallInst(reference) != nil, let callee = LLVMGetCalledValue(reference),
            LLVMIsAFunction(callee) != nil, LLVMGetIntrinsicID(callee) != 0
        else { return nil }
        var length = 0
        guard let start = LLVMGetValueName2(callee, &length) else { return nil }
        return String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
    }

    /// Whether each lane of the result is computed from the same lane of each operand, so that
    /// `IRBuilder.inRow` can do it for several vectors at once.
    public var isLanewise: Bool {
        switch LLVMGetInstructionOpcode(reference) {
        case LLVMAdd, LLVMSub, LLVMMul, LLVMAnd, LLVMOr, LLVMXor, LLVMShl, LLVMLShr, LLVMAShr,
            LLVMFAdd, LLVMFSub, LLVMFMul, LLVMFDiv, LLVMFNeg, LLVMICmp, LLVMFCmp, LLVMTrunc,
            LLVMZExt, LLVMSExt, LLVMFPTrunc, LLVMFPExt, LLVMSIToFP, LLVMUIToFP:
            true
        case LLVMSelect:
            // One condition for all lanes would have to be repeated for each.
            operand(0).type.laneCount == type.laneCount
        case LLVMCall:
            isArithmeticIntrinsic
                && arguments.allSatisfy { $0.type == type || $0.type.integerWidth == 1 }
        default: false
        }
    }

    /// What a call passes.
    public var arguments: [IRValue] {
        (0..<LLVMGetNumArgOperands(reference)).map { operand(Int($0)) }
    }
}

extension IRBuilder {
    /// Does what a lanewise instruction does to operands of `count` times as many lanes. Promises
    /// of the instruction are dropped.
    public func inRow(
        _ count: Int, like instruction: IRInstruction, _ operands: [IRValue]
    ) -> IRValue {
        let opcode = LLVMGetInstructionOpcode(instruction.reference)
        let values = operands.map(\.reference)
        let type = instruction.type.inRow(count)
        switch opcode {
        case LLVMFNeg: return fneg(operands[0])
        case LLVMTrunc, LLVMZExt, LLVMSExt, LLVMFPTrunc, LLVMFPExt, LLVMSIToFP, LLVMUIToFP:
            return IRValue(LLVMBuildCast(reference, opcode, values[0], type.reference, ""))
        case LLVMICmp:
            let predicate = LLVMGetICmpPredicate(instruction.reference)
            return IRValue(LLVMBuildICmp(reference, predicate, values[0], values[1], ""))
        case LLVMFCmp:
            let predicate = LLVMGetFCmpPredicate(instruction.reference)
            return IRValue(LLVMBuildFCmp(reference, predicate, values[0], values[1], ""))
        case LLVMSelect: return select(operands[0], operands[1], operands[2])
        case LLVMCall: return call(like: instruction, overloaded: type, operands)
        default:
            return IRValue(LLVMBuildBinOp(reference, opcode, values[0], values[1], ""))
        }
    }

    /// Calls the intrinsic that an instruction calls, for another type of its result.
    private func call(
        like instruction: IRInstruction, overloaded type: IRType, _ arguments: [IRValue]
    ) -> IRValue {
        let identifier = LLVMGetIntrinsicID(LLVMGetCalledValue(instruction.reference))
        var overloads: LLVMTypeRef? = type.reference
        let callee = LLVMGetIntrinsicDeclaration(module, identifier, &overloads, 1)!
        let function = LLVMIntrinsicGetType(context, identifier, &overloads, 1)!
        return call(IRValue(callee), type: IRType(function), convention: .c, arguments)
    }

    /// Concatenates `count` copies of a value that is the same in each.
    public func repeated(_ value: IRValue, _ count: Int) -> IRValue {
        guard value.type.isVector else { return splat(value, lanes: count) }
        let lanes = value.type.laneCount
        return shuffleVector(value, value.type.poison, (0..<lanes * count).map { $0 % lanes })
    }
}
