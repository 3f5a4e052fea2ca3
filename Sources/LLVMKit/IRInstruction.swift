// Instructions and blocks of finished IR, for passes of our own: what is there, and copies of it.

internal import CLLVM

/// An instruction that can be read and copied.
public struct IRInstruction: Hashable {
    let reference: LLVMValueRef

    init(_ reference: LLVMValueRef) {
        self.reference = reference
    }

    /// The instruction whose result a value is; nil for constants, parameters and the like.
    public init?(_ value: IRValue) {
        guard let instruction = LLVMIsAInstruction(value.reference) else { return nil }
        reference = instruction
    }

    /// What an instruction does. Only those that passes ask about have names.
    public struct Opcode: Hashable, Sendable {
        let raw: UInt32

        init(_ opcode: LLVMOpcode) { raw = opcode.rawValue }

        public static let add = Opcode(LLVMAdd)
        public static let sub = Opcode(LLVMSub)
        public static let mul = Opcode(LLVMMul)
        public static let shl = Opcode(LLVMShl)
        public static let lshr = Opcode(LLVMLShr)
        public static let and = Opcode(LLVMAnd)
        public static let or = Opcode(LLVMOr)
        public static let xor = Opcode(LLVMXor)
        public static let fadd = Opcode(LLVMFAdd)
        public static let fmul = Opcode(LLVMFMul)
        public static let trunc = Opcode(LLVMTrunc)
        public static let zext = Opcode(LLVMZExt)
        public static let getelementptr = Opcode(LLVMGetElementPtr)
        public static let load = Opcode(LLVMLoad)
        public static let store = Opcode(LLVMStore)
        public static let phi = Opcode(LLVMPHI)
        public static let icmp = Opcode(LLVMICmp)
        public static let select = Opcode(LLVMSelect)
        public static let br = Opcode(LLVMBr)
        public static let `switch` = Opcode(LLVMSwitch)
        public static let call = Opcode(LLVMCall)
        public static let landingpad = Opcode(LLVMLandingPad)
        public static let bitcast = Opcode(LLVMBitCast)
        public static let extractelement = Opcode(LLVMExtractElement)
        public static let shufflevector = Opcode(LLVMShuffleVector)
        public static let freeze = Opcode(LLVMFreeze)
        public static let fcmp = Opcode(LLVMFCmp)
    }

    public var opcode: Opcode { Opcode(LLVMGetInstructionOpcode(reference)) }
    public var value: IRValue { IRValue(reference) }
    public var type: IRType { IRType(LLVMTypeOf(reference)) }
    public var block: BasicBlock { BasicBlock(LLVMGetInstructionParent(reference)) }
    /// The instruction behind this one in its block; nil for the last.
    public var next: IRInstruction? { LLVMGetNextInstruction(reference).map(IRInstruction.init) }
    /// The one before it in its block.
    public var previous: IRInstruction? {
        LLVMGetPreviousInstruction(reference).map(IRInstruction.init)
    }

    public var operandCount: Int { Int(LLVMGetNumOperands(reference)) }
    public func operand(_ index: Int) -> IRValue {
        IRValue(LLVMGetOperand(reference, UInt32(index)))
    }
    public var operands: [IRValue] { (0..<operandCount).map(operand) }

    /// The instructions that have this one as an operand, once for each such operand.
    public var users: [IRInstruction] { value.users }

    /// Whether a load or a store is neither volatile nor atomic.
    public var isSimpleAccess: Bool {
        LLVMGetVolatile(reference) == 0 && LLVMGetOrdering(reference) == LLVMAtomicOrderingNotAtomic
    }

    /// Whether this loads what never changes (`setInvariant`).
    public var isInvariantLoad: Bool {
        guard opcode == .load else { return false }
        let (name, context) = ("invariant.load", LLVMGetTypeContext(LLVMTypeOf(reference)))
        let kind = LLVMGetMDKindIDInContext(context, name, UInt32(name.utf8.count))
        return LLVMGetMetadata(reference, kind) != nil
    }

    /// Whether this is an instruction, other than a load, a store or a call, that touches memory or
    /// makes some.
    public var hasOtherEffects: Bool {
        switch LLVMGetInstructionOpcode(reference) {
        case LLVMAtomicRMW, LLVMAtomicCmpXchg, LLVMFence, LLVMVAArg, LLVMAlloca, LLVMInvoke,
            LLVMResume, LLVMCallBr, LLVMIndirectBr, LLVMUnreachable, LLVMRet, LLVMFreeze:
            true
        default: false
        }
    }

    /// Whether this computes a value from values of the same number of lanes, one lane from one,
    /// and may be executed more often than written.
    public var isSpeculable: Bool {
        switch LLVMGetInstructionOpcode(reference) {
        case LLVMAdd, LLVMSub, LLVMMul, LLVMAnd, LLVMOr, LLVMXor, LLVMShl, LLVMLShr, LLVMAShr,
            LLVMTrunc, LLVMZExt, LLVMSExt, LLVMICmp, LLVMSelect, LLVMGetElementPtr, LLVMBr:
            true
        default: false
        }
    }

    /// The alignment in bytes that a load or store promises.
    public var alignment: UInt32 { LLVMGetAlignment(reference) }

    /// Whether an `or` is an addition, since no bit is set in both operands.
    public var isDisjoint: Bool { LLVMGetIsDisjoint(reference) != 0 }

    /// The predicate of an `icmp`.
    public var integerPredicate: IRBuilder.IntegerPredicate? {
        IRBuilder.IntegerPredicate(raw: LLVMGetICmpPredicate(reference))
    }

    /// Whether this is its operand with more or fewer bits.
    public var isResize: Bool {
        switch LLVMGetInstructionOpcode(reference) {
        case LLVMZExt, LLVMSExt, LLVMTrunc, LLVMFPExt: true
        default: false
        }
    }

    /// Whether this calls a function, and not an intrinsic.
    public var isCall: Bool {
        if opcode == .invoke { return true }
        guard LLVMIsACallInst(reference) != nil else { return false }
        guard let callee = LLVMGetCalledValue(reference), LLVMIsAFunction(callee) != nil else {
            return true
        }
        return LLVMGetIntrinsicID(callee) == 0
    }

    /// Whether this is inline assembly.
    public var isInlineAssembly: Bool {
        guard LLVMIsACallInst(reference) != nil, let callee = LLVMGetCalledValue(reference) else {
            return false
        }
        return LLVMIsAInlineAsm(callee) != nil
    }

    /// For a call: whether it must reuse the caller's frame.
    public var isGuaranteedTailCall: Bool {
        LLVMGetTailCallKind(reference) == LLVMTailCallKindMustTail
    }

    /// For a call: lets it keep the caller's frame if it has to.
    public func relaxTailCall() { LLVMSetTailCallKind(reference, LLVMTailCallKindTail) }

    /// For a call: how arguments are passed.
    public var callingConvention: CallingConvention {
        CallingConvention(rawValue: LLVMGetInstructionCallConv(reference))
    }

    public func setCallingConvention(_ convention: CallingConvention) {
        LLVMSetInstructionCallConv(reference, convention.rawValue)
    }

    /// Whether this calls an intrinsic that neither touches memory nor has another effect, and
    /// that may be executed more often than written: arithmetic.
    public var isArithmeticIntrinsic: Bool {
        guard let name = intrinsicName else { return false }
        return Self.arithmeticIntrinsics.contains { name.hasPrefix("llvm.\($0).") }
    }

    private static let arithmeticIntrinsics = [
        "abs", "bitreverse", "bswap", "canonicalize", "ceil", "copysign", "ctlz", "ctpop", "cttz",
        "fabs", "floor", "fshl", "fshr", "maximum", "maxnum", "minimum", "minnum", "nearbyint",
        "rint", "roundeven", "sadd.sat", "smax", "smin", "sqrt", "ssub.sat", "trunc", "uadd.sat",
        "umax", "umin", "usub.sat", "fptosi.sat", "fptoui.sat",
    ]

    /// Whether another instruction does the same with its own operands: opcode, type, predicate,
    /// flags and callee agree. The size of an access follows from the types.
    public func hasSameOperation(as other: IRInstruction) -> Bool {
        guard opcode == other.opcode, type == other.type, operandCount == other.operandCount
        else { return false }
        switch opcode {
        case .icmp: return integerPredicate == other.integerPredicate
        case .call:
            return LLVMGetCalledValue(reference) == LLVMGetCalledValue(other.reference)
        case .getelementptr:
            return LLVMGetGEPSourceElementType(reference)
                == LLVMGetGEPSourceElementType(other.reference)
        case .shufflevector: if shuffleMask != other.shuffleMask { return false }
        default: break
        }
        if LLVMIsAFCmpInst(reference) != nil {
            return LLVMGetFCmpPredicate(reference) == LLVMGetFCmpPredicate(other.reference)
        }
        return zip(operands, other.operands).allSatisfy { $0.type == $1.type }
    }

    /// Drops promises (no overflow, exactness, ranges, alignment) that need not hold for a copy
    /// elsewhere.
    public func dropPromises() {
        if LLVMIsALoadInst(reference) != nil || LLVMIsAStoreInst(reference) != nil {
            LLVMSetAlignment(reference, 1)
        } else if LLVMIsACallInst(reference) != nil {
            let range = LLVMGetEnumAttributeKindForName("range", 5)
            LLVMRemoveCallSiteEnumAttribute(reference, 0, range)
        } else if LLVMIsAGetElementPtrInst(reference) != nil {
            LLVMGEPSetNoWrapFlags(reference, 0)
        } else if LLVMIsABinaryOperator(reference) != nil {
            switch LLVMGetInstructionOpcode(reference) {
            case LLVMAdd, LLVMSub, LLVMMul, LLVMShl:
                LLVMSetNUW(reference, 0)
                LLVMSetNSW(reference, 0)
            case LLVMUDiv, LLVMSDiv, LLVMLShr, LLVMAShr: LLVMSetExact(reference, 0)
            case LLVMOr: LLVMSetIsDisjoint(reference, 0)
            default: break
            }
        } else if LLVMIsAZExtInst(reference) != nil || LLVMIsAUIToFPInst(reference) != nil {
            LLVMSetNNeg(reference, 0)
        } else if LLVMIsATruncInst(reference) != nil {
            LLVMSetNUW(reference, 0)
            LLVMSetNSW(reference, 0)
        } else if LLVMIsAICmpInst(reference) != nil {
            LLVMSetICmpSameSign(reference, 0)
        }
    }

    public func setOperand(_ index: Int, to value: IRValue) {
        LLVMSetOperand(reference, UInt32(index), value.reference)
    }

    // Phis -----------------------------------------------------------------------------------

    /// The values of a phi by predecessor.
    public var incoming: [(value: IRValue, block: BasicBlock)] {
        (0..<LLVMCountIncoming(reference)).map {
            (
                IRValue(LLVMGetIncomingValue(reference, $0)),
                BasicBlock(LLVMGetIncomingBlock(reference, $0))
            )
        }
    }

    /// What a phi is when control comes from `block`.
    public func incomingValue(from block: BasicBlock) -> IRValue? {
        incoming.first { $0.block == block }?.value
    }

    // Terminators ----------------------------------------------------------------------------

    public var successors: [BasicBlock] {
        (0..<LLVMGetNumSuccessors(reference)).map { BasicBlock(LLVMGetSuccessor(reference, $0)) }
    }

    /// The values of a switch on at most 64 bits and where they lead; the first successor is for all
    /// others.
    public var switchCases: [(value: UInt64, target: BasicBlock)] {
        (1..<LLVMGetNumSuccessors(reference)).map { index in
            (
                LLVMConstIntGetZExtValue(LLVMGetSwitchCaseValue(reference, index)),
                BasicBlock(LLVMGetSuccessor(reference, index))
            )
        }
    }

    public func setSuccessor(_ index: Int, to block: BasicBlock) {
        LLVMSetSuccessor(reference, UInt32(index), block.reference)
    }

    /// The condition of a branch with two targets.
    public var branchCondition: IRValue? {
        guard opcode == .br, LLVMIsConditional(reference) != 0 else { return nil }
        return IRValue(LLVMGetCondition(reference))
    }

    public func setBranchCondition(_ condition: IRValue) {
        LLVMSetCondition(reference, condition.reference)
    }

    public func replaceAllUses(with value: IRValue) {
        LLVMReplaceAllUsesWith(reference, value.reference)
    }

    /// Takes an instruction without uses out of its block.
    public func erase() { LLVMInstructionEraseFromParent(reference) }
}

extension IRValue {
    /// The instructions that have this value as an operand, once for each such operand.
    public var users: [IRInstruction] {
        var users: [IRInstruction] = []
        var use = LLVMGetFirstUse(reference)
        while let current = use {
            if let user = LLVMIsAInstruction(LLVMGetUser(current)) {
                users.append(IRInstruction(user))
            }
            use = LLVMGetNextUse(current)
        }
        return users
    }
}

extension IRValue {
    /// For a `getelementptr` of one 64-bit index that counts bytes, as an instruction or as a
    /// constant: what it adds to what.
    public var byteOffset: (base: IRValue, index: IRValue)? {
        let isStep =
            LLVMIsAGetElementPtrInst(reference) != nil
            || LLVMIsAConstantExpr(reference) != nil
                && LLVMGetConstOpcode(reference) == LLVMGetElementPtr
        guard isStep, LLVMGetNumOperands(reference) == 2,
            IRType(LLVMGetGEPSourceElementType(reference)).integerWidth == 8
        else { return nil }
        let index = IRValue(LLVMGetOperand(reference, 1))
        guard index.type.integerWidth == 64 else { return nil }
        return (IRValue(LLVMGetOperand(reference, 0)), index)
    }
}

extension IRType {
    /// The width of an integer type, nil for others.
    public var integerWidth: Int? {
        LLVMGetTypeKind(reference) == LLVMIntegerTypeKind
            ? Int(LLVMGetIntTypeWidth(reference)) : nil
    }

    public var isVector: Bool { LLVMGetTypeKind(reference) == LLVMVectorTypeKind }

    /// Whether values are floats of 32 or 64 bits.
    public var isFloat: Bool {
        let kind = LLVMGetTypeKind(reference)
        return kind == LLVMFloatTypeKind || kind == LLVMDoubleTypeKind
    }

    /// How many bytes a store of an integer of whole bytes, a float, or a vector of such writes.
    public var storeByteCount: UInt64? {
        switch LLVMGetTypeKind(reference) {
        case LLVMIntegerTypeKind:
            let width = UInt64(LLVMGetIntTypeWidth(reference))
            return width % 8 == 0 ? width / 8 : nil
        case LLVMFloatTypeKind: return 4
        case LLVMDoubleTypeKind: return 8
        case LLVMVectorTypeKind:
            let lane = IRType(LLVMGetElementType(reference)).storeByteCount
            return lane.map { $0 * UInt64(LLVMGetVectorSize(reference)) }
        default: return nil
        }
    }
}

extension BasicBlock {
    /// What comes behind the phis and the landing pad: the first place for other instructions.
    public var firstBehindPhis: IRInstruction {
        var instruction = IRInstruction(LLVMGetFirstInstruction(reference))
        while instruction.opcode == .phi || instruction.opcode == .landingpad,
            let next = instruction.next
        { instruction = next }
        return instruction
    }

    public var instructions: [IRInstruction] {
        var list: [IRInstruction] = []
        var next = LLVMGetFirstInstruction(reference)
        while let instruction = next {
            list.append(IRInstruction(instruction))
            next = LLVMGetNextInstruction(instruction)
        }
        return list
    }

    /// Every finished block has one.
    public var terminator: IRInstruction { IRInstruction(LLVMGetBasicBlockTerminator(reference)) }

    public var successors: [BasicBlock] { terminator.successors }

    /// The blocks that branch here, once for each branch's target.
    public var predecessors: [BasicBlock] {
        IRValue(LLVMBasicBlockAsValue(reference)).users
            .filter { LLVMIsATerminatorInst($0.reference) != nil }.map(\.block)
    }

    /// The block that branches here, if there is one and it does once.
    public var onlyPredecessor: BasicBlock? {
        var predecessor: BasicBlock?
        var use = LLVMGetFirstUse(LLVMBasicBlockAsValue(reference))
        while let current = use {
            if let user = LLVMIsATerminatorInst(LLVMGetUser(current)) {
                if predecessor != nil { return nil }
                predecessor = IRInstruction(user).block
            }
            use = LLVMGetNextUse(current)
        }
        return predecessor
    }

    public var phis: [IRInstruction] { Array(instructions.prefix { $0.opcode == .phi }) }
}

extension IRFunction {
    /// The function's blocks, the entry first.
    public var blocks: [BasicBlock] {
        var list: [BasicBlock] = []
        var next = LLVMGetFirstBasicBlock(reference)
        while let block = next {
            list.append(BasicBlock(block))
            next = LLVMGetNextBasicBlock(block)
        }
        return list
    }
}
