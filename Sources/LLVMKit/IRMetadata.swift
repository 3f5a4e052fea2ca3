// Metadata that passes of our own give to accesses and loops.

internal import CLLVM

extension IRModule {
    /// A handle for metadata, which passes give to accesses and loops.
    public var metadata: IRMetadata { IRMetadata(context: context) }
}

/// Makes metadata of one context.
public struct IRMetadata {
    let context: LLVMContextRef

    /// A node.
    public struct Node {
        let reference: LLVMMetadataRef
    }

    private func kind(_ name: String) -> UInt32 {
        LLVMGetMDKindIDInContext(context, name, UInt32(name.utf8.count))
    }

    private func string(_ text: String) -> LLVMMetadataRef? {
        LLVMMDStringInContext2(context, text, text.utf8.count)
    }

    private func node(_ operands: [LLVMMetadataRef?]) -> Node {
        var operands = operands
        return Node(reference: LLVMMDNodeInContext2(context, &operands, operands.count))
    }

    /// A domain of alias scopes; its name must be unique in the module.
    public func aliasDomain(_ name: String) -> Node { node([string(name)]) }

    public func aliasScope(_ name: String, in domain: Node) -> Node {
        node([string(name), domain.reference])
    }

    /// Emits the beginning of what is known about some scopes: when the code around is repeated, each
    /// repetition gets scopes of its own.
    public func declareAliasScopes(_ scopes: [Node], _ builder: IRBuilder) {
        for scope in scopes {
            let list = LLVMMetadataAsValue(context, node([scope.reference]).reference)
            _ = builder.intrinsic(
                "llvm.experimental.noalias.scope.decl", [IRValue(list!)])
        }
    }

    /// Says that an access belongs to `scope` and touches nothing that accesses of the scopes
    /// `others` touch.
    public func setAliasScope(_ scope: Node, others: [Node], of access: IRInstruction) {
        set("alias.scope", node([scope.reference]), on: access)
        if !others.isEmpty { set("noalias", node(others.map(\.reference)), on: access) }
    }

    /// Tells the loop passes to leave the loop with this latch as it is.
    public func keepLoop(latch: IRInstruction) {
        let placeholder = LLVMTemporaryMDNode(context, nil, 0)
        let loop = node(
            [placeholder, node([string("llvm.loop.isvectorized"), flag]).reference]
                + [node([string("llvm.loop.unroll.disable")]).reference])
        LLVMMetadataReplaceAllUsesWith(placeholder, loop.reference)
        set("llvm.loop", loop, on: latch)
    }

    private var flag: LLVMMetadataRef? {
        LLVMValueAsMetadata(LLVMConstInt(LLVMInt32TypeInContext(context), 1, 0))
    }

    private func set(_ name: String, _ node: Node, on instruction: IRInstruction) {
        LLVMSetMetadata(
            instruction.reference, kind(name), LLVMMetadataAsValue(context, node.reference))
    }
}
