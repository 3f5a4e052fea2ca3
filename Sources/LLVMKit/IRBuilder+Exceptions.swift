// Calls that may end in an exception, and where it goes then (LLVM's "Exception Handling in LLVM").

internal import CLLVM

extension IRBuilder {
    /// Calls through an address, and goes on in one of two blocks.
    ///
    /// - Parameters:
    ///   - normal: where the call returns to.
    ///   - unwind: where an exception that leaves the callee goes to; it begins with a `landingPad`.
    public func invoke(
        _ callee: IRValue, type: IRType, convention: CallingConvention, _ arguments: [IRValue],
        then normal: BasicBlock, unwind: BasicBlock
    ) -> IRValue {
        var arguments = arguments.map { Optional($0.reference) }
        let invoke = LLVMBuildInvoke2(
            reference, type.reference, callee.reference, &arguments, UInt32(arguments.count),
            normal.reference, unwind.reference, "")!
        LLVMSetInstructionCallConv(invoke, convention.rawValue)
        return IRValue(invoke)
    }

    /// What a block begins with, behind its phis, that exceptions go to. It takes all of them. To LLVM it
    /// is a `cleanup`: behind a `catch` of everything it would take a `resume` for unreachable.
    ///
    /// - Returns: the exception, a pointer, and a number that says nothing.
    public func landingPad() -> IRValue {
        let pad = LLVMBuildLandingPad(
            reference, types.structure([types.pointer, types.i32]).reference, nil, 0, "")!
        LLVMSetCleanup(pad, 1)
        return IRValue(pad)
    }

    /// Hands on what a `landingPad` has got to the function's caller, or to where the function's own
    /// call goes in an exception once it is inlined.
    public func resume(_ pad: IRValue) { LLVMBuildResume(reference, pad.reference) }
}

extension IRFunction {
    /// Names the function that C++'s unwinders would call for each frame. A function with landing pads
    /// has to have one.
    public func setPersonality(_ function: IRFunction) {
        LLVMSetPersonalityFn(reference, function.reference)
    }
}
