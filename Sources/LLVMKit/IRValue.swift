// Values, blocks, functions and globals of LLVM IR: borrowed handles, valid as long as the
// IRModule that made them.

internal import CLLVM

/// A value of LLVM IR: a constant, a parameter or the result of an instruction.
public struct IRValue: Hashable {
    let reference: LLVMValueRef

    init(_ reference: LLVMValueRef) {
        self.reference = reference
    }

    public var type: IRType { IRType(LLVMTypeOf(reference)) }
    public var isConstant: Bool { LLVMIsConstant(reference) != 0 }

    /// The value of a constant integer of at most 64 bits, zero-extended.
    public var constantInteger: UInt64? {
        LLVMIsAConstantInt(reference).map { LLVMConstIntGetZExtValue($0) }
    }

    /// The value of a constant float.
    public var constantFloat: Double? {
        guard let constant = LLVMIsAConstantFP(reference) else { return nil }
        var losesInformation: LLVMBool = 0
        return LLVMConstRealGetDouble(constant, &losesInformation)
    }

    /// The values of a constant float, or of the lanes of a constant vector of floats. Lanes that
    /// are not known are left out.
    public var constantFloats: [Double] {
        if let value = constantFloat { return [value] }
        let type = LLVMTypeOf(reference)
        guard isConstant, LLVMGetTypeKind(type) == LLVMVectorTypeKind else { return [] }
        if let bytes = bytesBehindCast { return floats(of: bytes) }
        return (0..<LLVMGetVectorSize(type)).compactMap { lane in
            LLVMGetAggregateElement(reference, lane).flatMap { IRValue($0).constantFloat }
        }
    }

    /// For a constant vector of bytes, seen as another type: the bytes.
    private var bytesBehindCast: [UInt8]? {
        guard LLVMIsAConstantExpr(reference) != nil,
            LLVMGetConstOpcode(reference) == LLVMBitCast, let source = LLVMGetOperand(reference, 0),
            LLVMGetTypeKind(LLVMTypeOf(source)) == LLVMVectorTypeKind
        else { return nil }
        let count = LLVMGetVectorSize(LLVMTypeOf(source))
        let bytes = (0..<count).compactMap { index in
            LLVMGetAggregateElement(source, index).flatMap { IRValue($0).constantInteger }
        }
        return bytes.count == 16 ? bytes.map { UInt8(truncatingIfNeeded: $0) } : nil
    }

    /// Little-endian floats of this vector's lane type.
    private func floats(of bytes: [UInt8]) -> [Double] {
        let isSingle =
            LLVMGetTypeKind(LLVMGetElementType(LLVMTypeOf(reference))) == LLVMFloatTypeKind
        let size = isSingle ? 4 : 8
        return stride(from: 0, to: bytes.count, by: size).map { start in
            let bits = bytes[start..<start + size].reversed().reduce(UInt64(0)) {
                $0 << 8 | UInt64($1)
            }
            return isSingle
                ? Double(Float(bitPattern: UInt32(bits))) : Double(bitPattern: bits)
        }
    }

    /// Whether this is the result of widening a float.
    public var isFloatExtension: Bool { LLVMIsAFPExtInst(reference) != nil }

    /// The i1 that this value is the zero extension of, if it is one.
    public var extendedBoolean: IRValue? {
        guard let cast = LLVMIsAZExtInst(reference), let operand = LLVMGetOperand(cast, 0),
            LLVMGetTypeKind(LLVMTypeOf(operand)) == LLVMIntegerTypeKind,
            LLVMGetIntTypeWidth(LLVMTypeOf(operand)) == 1
        else { return nil }
        return IRValue(operand)
    }

    /// Makes LLVM keep a load of the guest's even when its result is not used: if this value is one, or
    /// an extension of one, or a vector that it was put into, the load becomes volatile. Of loads that
    /// cannot trap, whose addresses are aligned, there may be fewer.
    public func keepLoad() {
        var value = reference
        while true {
            if let wrapper = LLVMIsACastInst(value) ?? LLVMIsAShuffleVectorInst(value) {
                value = LLVMGetOperand(wrapper, 0)
            } else if let insertion = LLVMIsAInsertElementInst(value) {
                value = LLVMGetOperand(insertion, 1)
            } else {
                break
            }
        }
        if let load = LLVMIsALoadInst(value), LLVMGetAlignment(load) == 1 {
            LLVMSetVolatile(load, 1)
        }
    }

    /// Promises that a float operation neither gets nor gives a NaN whose result is used.
    public func setNoNaNs() {
        LLVMSetFastMathFlags(reference, LLVMFastMathFlags(LLVMFastMathNoNaNs))
    }

    /// For a phi: what it is when control comes from `block`.
    public func addIncoming(_ value: IRValue, from block: BasicBlock) {
        var values: LLVMValueRef? = value.reference
        var blocks: LLVMBasicBlockRef? = block.reference
        LLVMAddIncoming(reference, &values, &blocks, 1)
    }

    /// The address as an integer, for constants.
    public func constantPointerToInteger(_ type: IRType) -> IRValue {
        IRValue(LLVMConstPtrToInt(reference, type.reference))
    }

    /// `self - other` for constant integers.
    public func constantSubtract(_ other: IRValue) -> IRValue {
        IRValue(LLVMConstSub(reference, other.reference))
    }

    public func constantTruncate(_ type: IRType) -> IRValue {
        IRValue(LLVMConstTrunc(reference, type.reference))
    }

    /// A constant address `offset` bytes behind this one.
    public func constantOffset(_ offset: Int, in types: IRTypes) -> IRValue {
        var index: LLVMValueRef? = types.i64.constant(offset).reference
        return IRValue(LLVMConstGEP2(types.i8.reference, reference, &index, 1))
    }
}

/// A basic block.
public struct BasicBlock: Hashable {
    let reference: LLVMBasicBlockRef

    init(_ reference: LLVMBasicBlockRef) {
        self.reference = reference
    }
}

/// Who sees a symbol.
public enum Linkage {
    /// Only the object itself, and no name in its symbol table.
    case `private`
    /// Only the object itself.
    case `internal`
    /// Other objects of the same link, but not the dynamic linker.
    case hidden
    /// Whatever the object is linked with.
    case external

    func apply(to value: LLVMValueRef) {
        switch self {
        case .external: LLVMSetLinkage(value, LLVMExternalLinkage)
        case .private: LLVMSetLinkage(value, LLVMPrivateLinkage)
        case .internal: LLVMSetLinkage(value, LLVMInternalLinkage)
        case .hidden:
            LLVMSetLinkage(value, LLVMExternalLinkage)
            LLVMSetVisibility(value, LLVMHiddenVisibility)
        }
    }
}

/// How arguments are passed.
public enum CallingConvention {
    /// The target's C convention.
    case c
    /// LLVM's own, for calls that never leave the program.
    case fast
    /// LLVM's own in which every call in tail position can be one that reuses the caller's frame.
    case tail
    /// LLVM's own for functions that keep nearly all registers.
    case keepingRegisters

    /// Others than these are not used; they count as the target's.
    init(rawValue: UInt32) {
        self = [.fast, .tail, .keepingRegisters].first { $0.rawValue == rawValue } ?? .c
    }

    var rawValue: UInt32 {
        switch self {
        case .c: LLVMCCallConv.rawValue
        case .fast: LLVMFastCallConv.rawValue
        case .tail: 18  // llvm::CallingConv::Tail, which the C API has no name for
        case .keepingRegisters: LLVMPreserveMostCallConv.rawValue
        }
    }
}

/// A function, defined or declared.
public struct IRFunction: Equatable {
    let reference: LLVMValueRef
    /// Its function type.
    public let type: IRType
    public let callingConvention: CallingConvention

    init(_ reference: LLVMValueRef, type: IRType, callingConvention: CallingConvention) {
        self.reference = reference
        self.type = type
        self.callingConvention = callingConvention
    }

    /// A function that is there already.
    init(_ reference: LLVMValueRef) {
        self.reference = reference
        type = IRType(LLVMGlobalGetValueType(reference))
        callingConvention = CallingConvention(rawValue: LLVMGetFunctionCallConv(reference))
    }

    /// Its address.
    public var value: IRValue { IRValue(reference) }

    public var parameterCount: Int { Int(LLVMCountParams(reference)) }

    public func parameter(_ index: Int) -> IRValue {
        IRValue(LLVMGetParam(reference, UInt32(index)))
    }

    /// Its callers' calls need the same one.
    public func setCallingConvention(_ convention: CallingConvention) {
        LLVMSetFunctionCallConv(reference, convention.rawValue)
    }

    public func setSection(_ name: String) { LLVMSetSection(reference, name) }

    /// The section that it was put into; empty for none.
    public var section: String { LLVMGetSection(reference).map { String(cString: $0) } ?? "" }

    /// Whether a parameter has an attribute of that name.
    public func hasParameterAttribute(string name: String, at index: Int) -> Bool {
        LLVMGetStringAttributeAtIndex(
            reference, LLVMAttributeIndex(index + 1), name, UInt32(name.utf8.count)) != nil
    }

    public func setLinkage(_ linkage: Linkage) { linkage.apply(to: reference) }

    /// Whether it has an attribute that only a part of LLVM knows.
    public func hasAttribute(string name: String) -> Bool {
        LLVMGetStringAttributeAtIndex(
            reference, LLVMAttributeIndex(bitPattern: -1), name, UInt32(name.utf8.count)) != nil
    }

    /// Whether it has a body.
    public var isDefinition: Bool { LLVMIsDeclaration(reference) == 0 }
}

/// A global variable or constant, defined or declared.
public struct IRGlobal: Equatable {
    let reference: LLVMValueRef

    init(_ reference: LLVMValueRef) {
        self.reference = reference
    }

    /// Its address.
    public var value: IRValue { IRValue(reference) }

    public func setInitializer(_ value: IRValue) {
        LLVMSetInitializer(reference, value.reference)
    }

    public func setSection(_ name: String) { LLVMSetSection(reference, name) }

    /// In bytes, a power of two.
    public func setAlignment(_ alignment: Int) {
        LLVMSetAlignment(reference, UInt32(alignment))
    }

    public func setLinkage(_ linkage: Linkage) { linkage.apply(to: reference) }

    public func setConstant(_ isConstant: Bool) {
        LLVMSetGlobalConstant(reference, isConstant ? 1 : 0)
    }
}
