// How much stack functions take, as the code generator finds out, and functions that come before others.

internal import CLLVM

/// A function whose frame is larger than its attribute `warn-stack-size` says.
public struct LargeFrame: Sendable, Hashable {
    public var function: String
    /// In bytes.
    public var size: Int
}

extension TargetMachine {
    /// Machine code for the module as an object, and the functions whose frames are large.
    public func emitObject(
        _ module: borrowing IRModule
    ) throws(LLVMError) -> (bytes: [UInt8], largeFrames: [LargeFrame]) {
        let collector = DiagnosticCollector()
        let argument = Unmanaged.passUnretained(collector).toOpaque()
        LLVMContextSetDiagnosticHandler(
            module.context,
            { diagnostic, argument in
                guard let diagnostic, let argument else { return }
                Unmanaged<DiagnosticCollector>.fromOpaque(argument).takeUnretainedValue().note(
                    takeMessage(LLVMGetDiagInfoDescription(diagnostic)),
                    isError: LLVMGetDiagInfoSeverity(diagnostic) == LLVMDSError)
            }, argument)
        defer { LLVMContextSetDiagnosticHandler(module.context, nil, nil) }
        let bytes = try emit(module, as: .object)
        withExtendedLifetime(collector) {}
        if let error = collector.error { throw LLVMError(error) }
        return (bytes, collector.frames)
    }
}

/// What the code generator says. C interfaces know diagnostics by their text only.
private final class DiagnosticCollector {
    var frames: [LargeFrame] = []
    var error: String?

    func note(_ text: String, isError: Bool) {
        if isError { error = error ?? text }
        // In front of it is a place in the source, which may be anything.
        guard let beginning = text.ranges(of: "stack frame size (").last,
            let name = text.ranges(of: " in function '").last
        else { return }
        let digits = text[beginning.upperBound...].prefix(while: \.isNumber)
        guard let size = Int(digits) else {
            error = error ?? text
            return
        }
        let function = text[name.upperBound...].dropLast()
        frames.append(LargeFrame(function: String(function), size: size))
    }
}

extension IRModule {
    /// Puts a function in front of another one, with its name and everything else that others know of it;
    /// whoever has called that calls this now, which calls the other one and returns what that does.
    ///
    /// - Parameter suffix: what the name of the other one gets.
    /// - Returns: the new function, with nothing in it but the call.
    public func addEntrance(to function: IRFunction, suffix: String) -> IRFunction {
        let inner = function.reference
        let name = function.value.name
        let newName = name + suffix
        LLVMSetValueName2(inner, newName, newName.utf8.count)
        let outer = LLVMAddFunction(reference, name, function.type.reference)!
        LLVMReplaceAllUsesWith(inner, outer)
        LLVMSetFunctionCallConv(outer, function.callingConvention.rawValue)
        LLVMSetLinkage(outer, LLVMGetLinkage(inner))
        LLVMSetVisibility(outer, LLVMGetVisibility(inner))
        LLVMSetSection(outer, LLVMGetSection(inner))
        let indices = [LLVMAttributeIndex(bitPattern: -1)] + (0...LLVMCountParams(inner))
        for index in indices {
            let count = Int(LLVMGetAttributeCountAtIndex(inner, index))
            var attributes = [LLVMAttributeRef?](repeating: nil, count: count)
            LLVMGetAttributesAtIndex(inner, index, &attributes)
            for attribute in attributes { LLVMAddAttributeAtIndex(outer, index, attribute) }
        }
        function.setLinkage(.internal)
        let entrance = IRFunction(outer)
        let position = builder.savePosition()
        defer { builder.restorePosition(position) }
        builder.position(atEndOf: builder.addBlock("entry", to: entrance))
        let result = builder.call(
            function, (0..<function.parameterCount).map(entrance.parameter))
        LLVMSetTailCallKind(result.reference, LLVMTailCallKindTail)
        if IRType(LLVMGetReturnType(function.type.reference)) == types.void {
            builder.returnVoid()
        } else {
            builder.return(result)
        }
        return entrance
    }
}
