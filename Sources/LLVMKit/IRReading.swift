// Reading finished IR without changing it: what a value is, what an address is made of, and what a
// call calls. Nothing here knows what passes of our own make.

internal import CLLVM

/// What a value of LLVM IR is.
public enum IRValueKind: Sendable, Hashable {
    case instruction, argument, integer, null, global, function, expression, vector, other
}

extension IRValue {
    public var kind: IRValueKind {
        switch LLVMGetValueKind(reference) {
        case LLVMInstructionValueKind: .instruction
        case LLVMArgumentValueKind: .argument
        case LLVMConstantIntValueKind: .integer
        case LLVMConstantPointerNullValueKind: .null
        case LLVMGlobalVariableValueKind: .global
        case LLVMFunctionValueKind: .function
        case LLVMConstantExprValueKind: .expression
        case LLVMConstantVectorValueKind, LLVMConstantDataVectorValueKind,
            LLVMConstantAggregateZeroValueKind:
            .vector
        default: .other
        }
    }

    /// An opcode and the operands of an instruction or of a constant expression.
    public var operationCode: IRInstruction.Opcode? {
        switch LLVMGetValueKind(reference) {
        case LLVMInstructionValueKind:
            IRInstruction.Opcode(LLVMGetInstructionOpcode(reference))
        case LLVMConstantExprValueKind: IRInstruction.Opcode(LLVMGetConstOpcode(reference))
        default: nil
        }
    }

    /// An operand of what has some.
    public func operand(_ index: Int) -> IRValue {
        IRValue(LLVMGetOperand(reference, UInt32(index)))
    }

    public var operandCount: Int { Int(LLVMGetNumOperands(reference)) }

    /// The first instructions that have this value as an operand, so many of its uses at most.
    public func users(upTo count: Int) -> [IRInstruction] {
        var users: [IRInstruction] = []
        var use = LLVMGetFirstUse(reference)
        var left = count
        while let current = use, left > 0 {
            if let user = LLVMIsAInstruction(LLVMGetUser(current)) {
                users.append(IRInstruction(user))
            }
            use = LLVMGetNextUse(current)
            left -= 1
        }
        return users
    }

    /// The name of a global, a function or an argument.
    public var name: String {
        var length = 0
        guard let start = LLVMGetValueName2(reference, &length) else { return "" }
        return String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
    }

    /// The lanes of a constant vector.
    public var constantLanes: [IRValue]? {
        guard isConstant, type.isVector else { return nil }
        return (0..<LLVMGetVectorSize(LLVMTypeOf(reference))).compactMap {
            LLVMGetAggregateElement(reference, $0).map(IRValue.init)
        }
    }

    /// For a parameter: the function that has it, and its position there.
    public var parameterPlace: (function: IRFunction, index: Int)? {
        guard LLVMGetValueKind(reference) == LLVMArgumentValueKind,
            let function = LLVMGetParamParent(reference)
        else { return nil }
        let index = (0..<LLVMCountParams(function)).first {
            LLVMGetParam(function, $0) == reference
        }
        return index.map { (IRFunction(function), Int($0)) }
    }

    /// The type of what a global or a function stands for.
    public var globalType: IRType { IRType(LLVMGlobalGetValueType(reference)) }

    /// The initial value of a global that is defined here.
    public var initialValue: IRValue? {
        LLVMIsAGlobalVariable(reference).flatMap { LLVMGetInitializer($0) }.map(IRValue.init)
    }

    public var isConstantGlobal: Bool {
        LLVMIsAGlobalVariable(reference).map { LLVMIsGlobalConstant($0) != 0 } ?? false
    }

    /// The value as LLVM writes it.
    public var text: String {
        let message = LLVMPrintValueToString(reference)
        defer { LLVMDisposeMessage(message) }
        return message.map { String(cString: $0) } ?? ""
    }

    /// Whether this is `undef` or `poison`, of which nothing is known.
    public var isUndefined: Bool { LLVMIsUndef(reference) != 0 || LLVMIsPoison(reference) != 0 }
}

extension IRType {
    public var isPointer: Bool { LLVMGetTypeKind(reference) == LLVMPointerTypeKind }

    /// The address space of a pointer.
    public var addressSpace: Int { Int(LLVMGetPointerAddressSpace(reference)) }
}

extension IRFunction {
    /// Whether it has no name outside the module.
    public var isLocal: Bool {
        let linkage = LLVMGetLinkage(reference)
        return linkage == LLVMInternalLinkage || linkage == LLVMPrivateLinkage
    }

    /// Whether passes leave the function as it is.
    public var isUnoptimized: Bool {
        let kind = LLVMGetEnumAttributeKindForName("optnone", 7)
        return LLVMGetEnumAttributeAtIndex(
            reference, LLVMAttributeIndex(bitPattern: -1), kind) != nil
    }

    /// Whether LLVM knows of an integer parameter that it is in a range.
    public func hasRange(ofParameter index: Int) -> Bool {
        let kind = LLVMGetEnumAttributeKindForName("range", 5)
        return LLVMGetEnumAttributeAtIndex(reference, LLVMAttributeIndex(index + 1), kind) != nil
    }

    /// How many bytes a pointer that is passed is promised to have behind it.
    public func dereferenceableBytes(ofParameter index: Int) -> UInt64 {
        let kind = LLVMGetEnumAttributeKindForName("dereferenceable", 15)
        guard
            let attribute = LLVMGetEnumAttributeAtIndex(
                reference, LLVMAttributeIndex(index + 1), kind)
        else { return 0 }
        return LLVMGetEnumAttributeValue(attribute)
    }

    /// Whether it is used exactly once.
    public var hasOneUse: Bool {
        guard let use = LLVMGetFirstUse(reference) else { return false }
        return LLVMGetNextUse(use) == nil
    }

    /// The calls of this function, if it is used for nothing else.
    public var onlyCalls: [IRInstruction]? {
        var calls: [IRInstruction] = []
        var use = LLVMGetFirstUse(reference)
        while let current = use {
            guard let call = LLVMIsACallInst(LLVMGetUser(current)),
                LLVMGetCalledValue(call) == reference,
                !(0..<LLVMGetNumArgOperands(call)).contains(where: {
                    LLVMGetOperand(call, $0) == reference
                })
            else { return nil }
            calls.append(IRInstruction(call))
            use = LLVMGetNextUse(current)
        }
        return calls
    }
}

extension BasicBlock {
    public var function: IRFunction { IRFunction(LLVMGetBasicBlockParent(reference)) }

    /// Only what is in the block, one by one.
    public var first: IRInstruction? { LLVMGetFirstInstruction(reference).map(IRInstruction.init) }
}

extension IRInstruction {
    /// What a call calls.
    public var calledValue: IRValue? {
        LLVMIsACallInst(reference).flatMap { LLVMGetCalledValue($0) }.map(IRValue.init)
    }

    /// The function that a call calls, if that is known.
    public var calledFunction: IRFunction? {
        guard let callee = calledValue, LLVMIsAFunction(callee.reference) != nil else { return nil }
        return IRFunction(callee.reference)
    }

    public var argumentCount: Int { Int(LLVMGetNumArgOperands(reference)) }

    /// Whether the function is an intrinsic of LLVM's.
    public var isIntrinsicCall: Bool {
        guard let callee = LLVMGetCalledValue(reference), LLVMIsAFunction(callee) != nil else {
            return false
        }
        return LLVMGetIntrinsicID(callee) != 0
    }
}

extension IRInstruction.Opcode {
    public static let udiv = IRInstruction.Opcode(LLVMUDiv)
    public static let urem = IRInstruction.Opcode(LLVMURem)
    public static let ashr = IRInstruction.Opcode(LLVMAShr)
    public static let sext = IRInstruction.Opcode(LLVMSExt)
    public static let alloca = IRInstruction.Opcode(LLVMAlloca)
    public static let atomicReadModifyWrite = IRInstruction.Opcode(LLVMAtomicRMW)
    public static let atomicCompareExchange = IRInstruction.Opcode(LLVMAtomicCmpXchg)
    public static let pointerToInteger = IRInstruction.Opcode(LLVMPtrToInt)
    public static let integerToPointer = IRInstruction.Opcode(LLVMIntToPtr)
    public static let insertelement = IRInstruction.Opcode(LLVMInsertElement)
    public static let insertvalue = IRInstruction.Opcode(LLVMInsertValue)
    public static let extractvalue = IRInstruction.Opcode(LLVMExtractValue)
    public static let addressSpaceCast = IRInstruction.Opcode(LLVMAddrSpaceCast)
    public static let `return` = IRInstruction.Opcode(LLVMRet)
    public static let invoke = IRInstruction.Opcode(LLVMInvoke)
    public static let vaArgument = IRInstruction.Opcode(LLVMVAArg)
}

// Addresses ----------------------------------------------------------------------------------

/// What types look like in memory, and with them what a `getelementptr` adds.
public struct IRLayout {
    let reference: LLVMTargetDataRef

    /// How many bytes a load or a store of a type touches.
    public func storeSize(_ type: IRType) -> UInt64 {
        LLVMStoreSizeOfType(reference, type.reference)
    }

    /// How many bytes a global of a type has.
    public func allocationSize(_ type: IRType) -> UInt64 {
        LLVMABISizeOfType(reference, type.reference)
    }

    /// How many bytes lie before a field of a structure.
    public func offset(of field: Int, in structure: IRType) -> UInt64 {
        LLVMOffsetOfElement(reference, structure.reference, UInt32(field))
    }

    /// For a `getelementptr`, as an instruction or as a constant: a pointer, and what is added to
    /// it, in bytes, as products of values and numbers.
    public func step(_ pointer: IRValue) -> Step? {
        guard pointer.operationCode == .getelementptr else { return nil }
        var step = Step(base: pointer.operand(0))
        var type = LLVMGetGEPSourceElementType(pointer.reference)
        for index in 1..<pointer.operandCount {
            let value = pointer.operand(index)
            guard index > 1 else {
                step.terms.append((value, LLVMABISizeOfType(reference, type)))
                continue
            }
            switch LLVMGetTypeKind(type) {
            case LLVMStructTypeKind:
                guard let field = value.constantInteger else { return nil }
                step.constant &+= Int64(
                    bitPattern: LLVMOffsetOfElement(reference, type, UInt32(field)))
                type = LLVMStructGetTypeAtIndex(type, UInt32(field))
            case LLVMArrayTypeKind, LLVMVectorTypeKind:
                type = LLVMGetElementType(type)
                step.terms.append((value, LLVMABISizeOfType(reference, type)))
            default: return nil
            }
        }
        return step
    }

    /// What a `getelementptr` adds to what.
    public struct Step {
        public var base: IRValue
        public var constant: Int64 = 0
        /// Indices are signed, and become as wide as pointers.
        public var terms: [(index: IRValue, scale: UInt64)] = []
    }
}

extension IRModule {
    public var layout: IRLayout { IRLayout(reference: LLVMGetModuleDataLayout(reference)) }
}

extension IRFunction {
    /// Whether a parameter has an attribute that LLVM does not know.
    public func hasAttribute(_ name: String, ofParameter index: Int) -> Bool {
        LLVMGetStringAttributeAtIndex(
            reference, LLVMAttributeIndex(index + 1), name, UInt32(name.utf8.count)) != nil
    }
}

extension IRInstruction {
    /// What an `alloca` makes room for; for more than one, or a number that is not known, nothing.
    public var allocatedType: IRType {
        let type = LLVMGetAllocatedType(reference)!
        let count = LLVMIsAConstantInt(LLVMGetOperand(reference, 0)).map(LLVMConstIntGetZExtValue)
        return IRType(count == 1 ? type : LLVMArrayType2(type, count ?? 0))
    }
}

extension IRModule {
    /// Adds an attribute that LLVM does not know to a parameter.
    public func addParameterAttribute(
        string name: String, at index: Int, of function: IRFunction
    ) {
        let attribute = LLVMCreateStringAttribute(
            context, name, UInt32(name.utf8.count), "", 0)
        LLVMAddAttributeAtIndex(function.reference, LLVMAttributeIndex(index + 1), attribute)
    }
}
