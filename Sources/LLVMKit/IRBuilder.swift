// Builds instructions at an insertion point. The methods carry LLVM's names for what they make;
// what is not here is not needed by the lowering.

internal import CLLVM

/// The instruction builder of a module: a borrowed handle, like the values that it makes.
public struct IRBuilder {
    let reference: LLVMBuilderRef
    let module: LLVMModuleRef
    let context: LLVMContextRef
    let types: IRTypes

    // Blocks ---------------------------------------------------------------------------------

    /// Adds an empty block at the end of a function.
    public func addBlock(_ name: String, to function: IRFunction) -> BasicBlock {
        BasicBlock(LLVMAppendBasicBlockInContext(context, function.reference, name))
    }

    /// Moves a block behind all others, so that blocks stand in the order of the source.
    public func moveToEnd(_ block: BasicBlock, of function: IRFunction) {
        if let last = LLVMGetLastBasicBlock(function.reference), last != block.reference {
            LLVMMoveBasicBlockAfter(block.reference, last)
        }
    }

    public func position(atEndOf block: BasicBlock) {
        LLVMPositionBuilderAtEnd(reference, block.reference)
    }

    public var insertionBlock: BasicBlock { BasicBlock(LLVMGetInsertBlock(reference)) }

    /// Where instructions go now, nil before the first positioning.
    public func savePosition() -> BasicBlock? {
        LLVMGetInsertBlock(reference).map(BasicBlock.init)
    }

    public func restorePosition(_ block: BasicBlock?) {
        if let block { position(atEndOf: block) }
    }

    // Terminators ----------------------------------------------------------------------------

    public func branch(to block: BasicBlock) { LLVMBuildBr(reference, block.reference) }

    public func branch(if condition: IRValue, then: BasicBlock, else other: BasicBlock) {
        LLVMBuildCondBr(reference, condition.reference, then.reference, other.reference)
    }

    /// A switch with one block per value from 0 on.
    public func `switch`(_ value: IRValue, cases: [BasicBlock], default other: BasicBlock) {
        let instruction = LLVMBuildSwitch(
            reference, value.reference, other.reference, UInt32(cases.count))
        for (index, block) in cases.enumerated() {
            LLVMAddCase(instruction, value.type.constant(index).reference, block.reference)
        }
    }

    /// A switch on values that are constants of its type.
    public func `switch`(
        _ value: IRValue, cases: [(value: IRValue, block: BasicBlock)], default other: BasicBlock
    ) {
        let instruction = LLVMBuildSwitch(
            reference, value.reference, other.reference, UInt32(cases.count))
        for item in cases {
            LLVMAddCase(instruction, item.value.reference, item.block.reference)
        }
    }

    public func returnVoid() { LLVMBuildRetVoid(reference) }
    public func `return`(_ value: IRValue) { LLVMBuildRet(reference, value.reference) }
    public func unreachable() { LLVMBuildUnreachable(reference) }

    // Integers -------------------------------------------------------------------------------

    public func add(_ a: IRValue, _ b: IRValue) -> IRValue { make(LLVMBuildAdd, a, b) }
    public func sub(_ a: IRValue, _ b: IRValue) -> IRValue { make(LLVMBuildSub, a, b) }
    public func mul(_ a: IRValue, _ b: IRValue) -> IRValue { make(LLVMBuildMul, a, b) }
    public func sdiv(_ a: IRValue, _ b: IRValue) -> IRValue { make(LLVMBuildSDiv, a, b) }
    public func udiv(_ a: IRValue, _ b: IRValue) -> IRValue { make(LLVMBuildUDiv, a, b) }
    public func srem(_ a: IRValue, _ b: IRValue) -> IRValue { make(LLVMBuildSRem, a, b) }
    public func urem(_ a: IRValue, _ b: IRValue) -> IRValue { make(LLVMBuildURem, a, b) }
    public func and(_ a: IRValue, _ b: IRValue) -> IRValue { make(LLVMBuildAnd, a, b) }
    public func or(_ a: IRValue, _ b: IRValue) -> IRValue { make(LLVMBuildOr, a, b) }
    public func xor(_ a: IRValue, _ b: IRValue) -> IRValue { make(LLVMBuildXor, a, b) }
    public func shl(_ a: IRValue, _ b: IRValue) -> IRValue { make(LLVMBuildShl, a, b) }
    public func ashr(_ a: IRValue, _ b: IRValue) -> IRValue { make(LLVMBuildAShr, a, b) }
    public func lshr(_ a: IRValue, _ b: IRValue) -> IRValue { make(LLVMBuildLShr, a, b) }

    /// Predicates of `icmp`.
    public enum IntegerPredicate {
        case eq, ne, slt, ult, sgt, ugt, sle, ule, sge, uge

        var raw: LLVMIntPredicate {
            switch self {
            case .eq: LLVMIntEQ
            case .ne: LLVMIntNE
            case .slt: LLVMIntSLT
            case .ult: LLVMIntULT
            case .sgt: LLVMIntSGT
            case .ugt: LLVMIntUGT
            case .sle: LLVMIntSLE
            case .ule: LLVMIntULE
            case .sge: LLVMIntSGE
            case .uge: LLVMIntUGE
            }
        }
    }

    public func icmp(_ predicate: IntegerPredicate, _ a: IRValue, _ b: IRValue) -> IRValue {
        IRValue(LLVMBuildICmp(reference, predicate.raw, a.reference, b.reference, ""))
    }

    // Floats ---------------------------------------------------------------------------------

    public func fadd(_ a: IRValue, _ b: IRValue) -> IRValue { make(LLVMBuildFAdd, a, b) }
    public func fsub(_ a: IRValue, _ b: IRValue) -> IRValue { make(LLVMBuildFSub, a, b) }
    public func fmul(_ a: IRValue, _ b: IRValue) -> IRValue { make(LLVMBuildFMul, a, b) }
    public func fdiv(_ a: IRValue, _ b: IRValue) -> IRValue { make(LLVMBuildFDiv, a, b) }
    public func fneg(_ a: IRValue) -> IRValue { IRValue(LLVMBuildFNeg(reference, a.reference, "")) }

    /// Predicates of `fcmp` that WebAssembly needs: ordered ones are false for NaN, `une` is true.
    public enum FloatPredicate {
        case oeq, une, olt, ogt, ole, oge, uno

        var raw: LLVMRealPredicate {
            switch self {
            case .oeq: LLVMRealOEQ
            case .une: LLVMRealUNE
            case .olt: LLVMRealOLT
            case .ogt: LLVMRealOGT
            case .ole: LLVMRealOLE
            case .oge: LLVMRealOGE
            case .uno: LLVMRealUNO
            }
        }
    }

    public func fcmp(_ predicate: FloatPredicate, _ a: IRValue, _ b: IRValue) -> IRValue {
        IRValue(LLVMBuildFCmp(reference, predicate.raw, a.reference, b.reference, ""))
    }

    // Conversions ----------------------------------------------------------------------------

    public func trunc(_ a: IRValue, to type: IRType) -> IRValue { make(LLVMBuildTrunc, a, type) }
    public func zext(_ a: IRValue, to type: IRType) -> IRValue { make(LLVMBuildZExt, a, type) }
    public func sext(_ a: IRValue, to type: IRType) -> IRValue { make(LLVMBuildSExt, a, type) }
    public func fptosi(_ a: IRValue, to type: IRType) -> IRValue { make(LLVMBuildFPToSI, a, type) }
    public func fptoui(_ a: IRValue, to type: IRType) -> IRValue { make(LLVMBuildFPToUI, a, type) }
    public func sitofp(_ a: IRValue, to type: IRType) -> IRValue { make(LLVMBuildSIToFP, a, type) }
    public func uitofp(_ a: IRValue, to type: IRType) -> IRValue { make(LLVMBuildUIToFP, a, type) }
    public func fptrunc(_ a: IRValue, to type: IRType) -> IRValue {
        make(LLVMBuildFPTrunc, a, type)
    }
    public func fpext(_ a: IRValue, to type: IRType) -> IRValue { make(LLVMBuildFPExt, a, type) }
    public func bitcast(_ a: IRValue, to type: IRType) -> IRValue {
        make(LLVMBuildBitCast, a, type)
    }

    // Memory ---------------------------------------------------------------------------------

    /// Stack space for one value, at the current position.
    public func alloca(_ type: IRType) -> IRValue {
        IRValue(LLVMBuildAlloca(reference, type.reference, ""))
    }

    /// Stack space for one value, made once per call of the function wherever it is used.
    public func entryAlloca(_ type: IRType, in function: IRFunction) -> IRValue {
        let position = insertionBlock
        let location = location
        let entry = LLVMGetEntryBasicBlock(function.reference)
        if let first = LLVMGetFirstInstruction(entry) {
            LLVMPositionBuilderBefore(reference, first)
        } else {
            LLVMPositionBuilderAtEnd(reference, entry)
        }
        defer {
            self.position(atEndOf: position)
            self.location = location
        }
        return alloca(type)
    }

    /// - Parameters:
    ///   - alignment: in bytes.
    ///   - isVolatile: whether LLVM must keep this very access.
    public func load(
        _ type: IRType, from address: IRValue, alignment: Int, isVolatile: Bool = false
    ) -> IRValue {
        let load = LLVMBuildLoad2(reference, type.reference, address.reference, "")!
        LLVMSetAlignment(load, UInt32(alignment))
        if isVolatile { LLVMSetVolatile(load, 1) }
        return IRValue(load)
    }

    /// - Parameters:
    ///   - alignment: in bytes.
    ///   - isVolatile: whether LLVM must keep this very access.
    @discardableResult
    public func store(
        _ value: IRValue, to address: IRValue, alignment: Int, isVolatile: Bool = false
    ) -> IRInstruction {
        let store = LLVMBuildStore(reference, value.reference, address.reference)!
        LLVMSetAlignment(store, UInt32(alignment))
        if isVolatile { LLVMSetVolatile(store, 1) }
        return IRInstruction(store)
    }

    /// The address `offset` bytes behind `base`. Nothing is promised about staying in an object:
    /// without `inbounds`, LLVM must assume that the address is what it is.
    public func byteOffset(_ base: IRValue, _ offset: IRValue) -> IRValue {
        var index: LLVMValueRef? = offset.reference
        return IRValue(
            LLVMBuildGEP2(reference, types.i8.reference, base.reference, &index, 1, ""))
    }

    public func memmove(to: IRValue, from: IRValue, count: IRValue) {
        LLVMBuildMemMove(reference, to.reference, 1, from.reference, 1, count.reference)
    }

    public func memcpy(to: IRValue, from: IRValue, count: IRValue) {
        LLVMBuildMemCpy(reference, to.reference, 1, from.reference, 1, count.reference)
    }

    /// - Parameter value: an i8.
    public func memset(to: IRValue, value: IRValue, count: IRValue) {
        LLVMBuildMemSet(reference, to.reference, value.reference, count.reference, 1)
    }

    // Atomics --------------------------------------------------------------------------------

    /// What an atomic read-modify-write does.
    public enum AtomicOperation {
        case add, sub, and, or, xor, exchange

        var raw: LLVMAtomicRMWBinOp {
            switch self {
            case .add: LLVMAtomicRMWBinOpAdd
            case .sub: LLVMAtomicRMWBinOpSub
            case .and: LLVMAtomicRMWBinOpAnd
            case .or: LLVMAtomicRMWBinOpOr
            case .xor: LLVMAtomicRMWBinOpXor
            case .exchange: LLVMAtomicRMWBinOpXchg
            }
        }
    }

    /// All atomic instructions are sequentially consistent, and naturally aligned.
    public func atomicLoad(_ type: IRType, from address: IRValue, alignment: Int) -> IRValue {
        let value = load(type, from: address, alignment: alignment)
        LLVMSetOrdering(value.reference, LLVMAtomicOrderingSequentiallyConsistent)
        return value
    }

    public func atomicStore(_ value: IRValue, to address: IRValue, alignment: Int) {
        let store = LLVMBuildStore(reference, value.reference, address.reference)
        LLVMSetAlignment(store, UInt32(alignment))
        LLVMSetOrdering(store, LLVMAtomicOrderingSequentiallyConsistent)
    }

    /// The value before.
    public func atomicReadModifyWrite(
        _ operation: AtomicOperation, at address: IRValue, _ value: IRValue
    ) -> IRValue {
        IRValue(
            LLVMBuildAtomicRMW(
                reference, operation.raw, address.reference, value.reference,
                LLVMAtomicOrderingSequentiallyConsistent, 0))
    }

    /// The value before.
    public func atomicCompareExchange(
        at address: IRValue, expected: IRValue, replacement: IRValue
    ) -> IRValue {
        let pair = LLVMBuildAtomicCmpXchg(
            reference, address.reference, expected.reference, replacement.reference,
            LLVMAtomicOrderingSequentiallyConsistent, LLVMAtomicOrderingSequentiallyConsistent, 0)
        return extractValue(IRValue(pair!), 0)
    }

    public func fence() {
        LLVMBuildFence(reference, LLVMAtomicOrderingSequentiallyConsistent, 0, "")
    }

    /// No instruction, but everything that was stored before is in memory here.
    public func compilerBarrier() {
        let type = types.function([], returning: types.void)
        let clobber = Array("~{memory}".utf8CString)
        let code = clobber.withUnsafeBufferPointer { text in
            LLVMGetInlineAsm(
                type.reference, "", 0, text.baseAddress, text.count - 1, 1, 0,
                LLVMInlineAsmDialectATT, 0)
        }
        LLVMBuildCall2(reference, type.reference, code, nil, 0, "")
    }

    /// Traps if less than `size` bytes are left between the stack pointer and the address that is kept at
    /// `offset` bytes from `base`. The trap is that of llvm.ubsantrap, with a small code.
    public func compareStack(
        withLimitIn base: IRValue, at offset: Int, size: Int = 0, trapCode: UInt8
    ) {
        let (template, constraints) =
            isX86_64
            ? (
                Self.x86Comparison(offset, size)
                    + ".byte 0x67, 0x0f, 0xb9, 0x40, \(trapCode)\n1:",
                "r,~{rax},~{cc},~{dirflag},~{fpsr},~{flags}"
            )
            : (
                Self.armComparison(offset, size) + "brk #\(0x5500 | Int(trapCode))\n1:",
                "r,~{x16},~{x17},~{cc}"
            )
        let constraintsInUse =
            size == 0
            ? constraints.replacing("~{rax},", with: "").replacing("~{x17},", with: "")
            : constraints
        let type = types.function([types.pointer], returning: types.void)
        let code = LLVMGetInlineAsm(
            type.reference, template, template.utf8.count, constraintsInUse,
            constraintsInUse.utf8.count, 1, 0, LLVMInlineAsmDialectATT, 0)
        var argument: LLVMValueRef? = base.reference
        LLVMBuildCall2(reference, type.reference, code, &argument, 1, "")
    }

    /// Goes on at 1 if there is enough. The difference cannot be negative where it is compared.
    private static func x86Comparison(_ offset: Int, _ size: Int) -> String {
        if size == 0 { return "cmpq \(offset)($0), %rsp\njae 1f\n" }
        return "movq %rsp, %rax\nsubq \(offset)($0), %rax\njb 2f\n"
            + "cmpq $$\(size), %rax\njae 1f\n2:\n"
    }

    private static func armComparison(_ offset: Int, _ size: Int) -> String {
        if size == 0 { return "ldr x16, [$0, #\(offset)]\ncmp sp, x16\nb.hs 1f\n" }
        return "ldr x16, [$0, #\(offset)]\nmov x17, sp\nsubs x16, x17, x16\nb.lo 2f\n"
            + "movz x17, #\(size & 0xffff)\nmovk x17, #\(size >> 16), lsl #16\n"
            + "cmp x16, x17\nb.hs 1f\n2:\n"
    }

    private var isX86_64: Bool { String(cString: LLVMGetTarget(module)).hasPrefix("x86_64") }

    // Vectors --------------------------------------------------------------------------------

    public func extractElement(_ vector: IRValue, _ lane: Int) -> IRValue {
        let index = types.i32.constant(lane).reference
        return IRValue(LLVMBuildExtractElement(reference, vector.reference, index, ""))
    }

    public func insertElement(_ vector: IRValue, _ value: IRValue, _ lane: Int) -> IRValue {
        let index = types.i32.constant(lane).reference
        return IRValue(
            LLVMBuildInsertElement(reference, vector.reference, value.reference, index, ""))
    }

    /// Lanes of two vectors: lane i of the result is lane `mask[i]` of the two in a row.
    public func shuffleVector(_ a: IRValue, _ b: IRValue, _ mask: [Int]) -> IRValue {
        let mask = types.i32.constantVector(mask.map { types.i32.constant($0) })
        return IRValue(
            LLVMBuildShuffleVector(reference, a.reference, b.reference, mask.reference, ""))
    }

    /// A vector with the same value in all of its lanes.
    public func splat(_ value: IRValue, lanes: Int) -> IRValue {
        let vector = insertElement(value.type.vector(lanes).poison, value, 0)
        return shuffleVector(vector, vector, Array(repeating: 0, count: lanes))
    }

    // Other ----------------------------------------------------------------------------------

    public func phi(_ type: IRType) -> IRValue {
        IRValue(LLVMBuildPhi(reference, type.reference, ""))
    }

    public func select(_ condition: IRValue, _ then: IRValue, _ other: IRValue) -> IRValue {
        IRValue(
            LLVMBuildSelect(
                reference, condition.reference, then.reference, other.reference, ""))
    }

    public func extractValue(_ aggregate: IRValue, _ index: Int) -> IRValue {
        IRValue(LLVMBuildExtractValue(reference, aggregate.reference, UInt32(index), ""))
    }

    public func insertValue(_ aggregate: IRValue, _ value: IRValue, _ index: Int) -> IRValue {
        IRValue(
            LLVMBuildInsertValue(
                reference, aggregate.reference, value.reference, UInt32(index), ""))
    }

    public func call(_ function: IRFunction, _ arguments: [IRValue]) -> IRValue {
        call(
            function.value, type: function.type, convention: function.callingConvention, arguments)
    }

    /// Calls through an address.
    ///
    /// - Parameter tail: what happens to the caller's frame.
    public func call(
        _ callee: IRValue, type: IRType, convention: CallingConvention, _ arguments: [IRValue],
        tail: TailCall = .allowed
    ) -> IRValue {
        var arguments = arguments.map { Optional($0.reference) }
        let call = LLVMBuildCall2(
            reference, type.reference, callee.reference, &arguments, UInt32(arguments.count), "")!
        LLVMSetInstructionCallConv(call, convention.rawValue)
        switch tail {
        case .allowed: break
        case .guaranteed: LLVMSetTailCallKind(call, LLVMTailCallKindMustTail)
        case .never: LLVMSetTailCallKind(call, LLVMTailCallKindNoTail)
        }
        return IRValue(call)
    }

    /// What happens to the caller's frame in a call that stands in tail position.
    public enum TailCall {
        /// LLVM may reuse it.
        case allowed
        /// It is reused. A return of the result follows at once; no pass comes between the two, or
        /// knows the result better. The convention is that for tail calls.
        case guaranteed
        /// It stays, so that endless recursion meets the end of the stack.
        case never
    }

    /// Calls an intrinsic such as `llvm.ctlz`, overloaded on `overloads`.
    public func intrinsic(
        _ name: StaticString, overloads: [IRType] = [], _ arguments: [IRValue]
    ) -> IRValue {
        let identifier = name.withUTF8Buffer {
            LLVMLookupIntrinsicID(
                UnsafeRawPointer($0.baseAddress!).assumingMemoryBound(
                    to: CChar.self), $0.count)
        }
        precondition(identifier != 0, "LLVM does not know the intrinsic \(name)")
        var overloads = overloads.map { Optional($0.reference) }
        let declaration = LLVMGetIntrinsicDeclaration(
            module, identifier, &overloads, overloads.count)!
        let type = LLVMIntrinsicGetType(context, identifier, &overloads, overloads.count)!
        return call(IRValue(declaration), type: IRType(type), convention: .c, arguments)
    }

    // Plumbing -------------------------------------------------------------------------------

    private typealias Binary = (
        LLVMBuilderRef?, LLVMValueRef?, LLVMValueRef?, UnsafePointer<CChar>?
    ) -> LLVMValueRef?

    private typealias Cast = (
        LLVMBuilderRef?, LLVMValueRef?, LLVMTypeRef?, UnsafePointer<CChar>?
    ) -> LLVMValueRef?

    private func make(_ build: Binary, _ a: IRValue, _ b: IRValue) -> IRValue {
        IRValue(build(reference, a.reference, b.reference, "")!)
    }

    private func make(_ build: Cast, _ a: IRValue, _ type: IRType) -> IRValue {
        IRValue(build(reference, a.reference, type.reference, "")!)
    }
}
