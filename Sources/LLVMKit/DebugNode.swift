// Nodes of debug information in LLVM IR: borrowed handles, like values.

internal import CLLVM

/// A node of debug information: a file, a scope, a type, a variable, a place in the source.
public struct DebugNode: Hashable {
    let reference: LLVMMetadataRef

    init(_ reference: LLVMMetadataRef) {
        self.reference = reference
    }
}

extension IRModule {
    /// Forgets all debug information.
    public func stripDebugInformation() {
        LLVMStripModuleDebugInfo(reference)
    }

    /// The version of DWARF that is emitted.
    public func setDWARFVersion(_ version: UInt32) {
        let values: [(String, UInt32, LLVMModuleFlagBehavior)] = [
            ("Dwarf Version", version, LLVMModuleFlagBehaviorWarning),
            ("Debug Info Version", LLVMDebugMetadataVersion(), LLVMModuleFlagBehaviorWarning),
        ]
        for (name, value, behavior) in values {
            LLVMAddModuleFlag(
                reference, behavior, name, name.utf8.count,
                LLVMValueAsMetadata(types.i32.constant(UInt64(value)).reference))
        }
    }

    /// Describes a function's source.
    public func setSubprogram(_ subprogram: DebugNode, of function: IRFunction) {
        LLVMSetSubprogram(function.reference, subprogram.reference)
    }

    /// Says that a variable of the source lies at a symbol, or at a place relative to it.
    public func addDebugVariable(_ variable: DebugNode, to global: IRValue) {
        LLVMGlobalAddDebugInfo(global.reference, variable.reference)
    }

    /// Keeps this call apart from others that do the same, so that it keeps its own place in the
    /// source.
    public func setNotMergeable(_ call: IRValue) {
        let name = "nomerge"
        let kind = LLVMGetEnumAttributeKindForName(name, name.utf8.count)
        LLVMAddCallSiteAttribute(
            call.reference, LLVMAttributeIndex(bitPattern: -1),
            LLVMCreateEnumAttribute(context, kind, 0))
    }
}

extension IRBuilder {
    /// An instruction that does nothing, and stays where it is put.
    public func nop() -> IRValue {
        let type = types.function([], returning: types.void)
        let text = Array("nop".utf8CString)
        let code = text.withUnsafeBufferPointer { text in
            LLVMGetInlineAsm(
                type.reference, text.baseAddress, text.count - 1, "", 0, 1, 0,
                LLVMInlineAsmDialectATT, 0)
        }
        return IRValue(LLVMBuildCall2(reference, type.reference, code, nil, 0, "")!)
    }

    /// The place in the source that new instructions belong to; nil for none.
    public var location: DebugNode? {
        get { LLVMGetCurrentDebugLocation2(reference).map(DebugNode.init) }
        nonmutating set { LLVMSetCurrentDebugLocation2(reference, newValue?.reference) }
    }

    /// A place in the source.
    ///
    /// - Parameter inlinedAt: the call that the code was put in the place of.
    public func location(
        line: UInt32, column: UInt32, scope: DebugNode, inlinedAt: DebugNode?
    ) -> DebugNode {
        DebugNode(
            LLVMDIBuilderCreateDebugLocation(
                context, line, column, scope.reference, inlinedAt?.reference))
    }
}
