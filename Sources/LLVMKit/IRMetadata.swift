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

    /// Keeps a call a call.
    public func forbidInlining(of call: IRInstruction) {
        let name = "noinline"
        let kind = LLVMGetEnumAttributeKindForName(name, name.utf8.count)
        LLVMAddCallSiteAttribute(
            call.reference, LLVMAttributeIndex(bitPattern: -1),
            LLVMCreateEnumAttribute(context, kind, 0))
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

    /// The root of a tree of kinds of accesses; two kinds do not touch the same place (TBAA).
    public func accessRoot(_ name: String) -> Node { node([string(name)]) }

    /// A kind of accesses, for `setAccess`.
    public func accessTag(_ name: String, in root: Node) -> Node {
        let zero = LLVMValueAsMetadata(LLVMConstInt(LLVMInt64TypeInContext(context), 0, 0))
        let kind = node([string(name), root.reference, zero]).reference
        return node([kind, kind, zero])
    }

    public func setAccess(_ access: IRValue, _ tag: Node) {
        LLVMSetMetadata(
            access.reference, kind("tbaa"), LLVMMetadataAsValue(context, tag.reference))
    }

    /// Says that the condition of a select cannot be guessed.
    public func setUnpredictable(_ select: IRInstruction) {
        set("unpredictable", node([]), on: select)
    }

    /// Says that a branch hardly ever goes to its second target.
    public func setSecondRare(_ branch: IRInstruction) {
        let weights = [1 << 20, 1].map { weight in
            LLVMValueAsMetadata(LLVMConstInt(LLVMInt32TypeInContext(context), weight, 0))
        }
        set("prof", node([string("branch_weights")] + weights), on: branch)
    }

    /// Appends a node of words to the named metadata of a module.
    public func append(words: [String], to name: String, of module: borrowing IRModule) {
        let list = LLVMMetadataAsValue(context, node(words.map(string)).reference)
        LLVMAddNamedMetadataOperand(module.reference, name, list)
    }

    /// A property of a loop.
    public enum LoopProperty: Sendable {
        /// A name alone.
        case word(String)
        /// A name that is set.
        case flag(String)
    }

    /// The properties with which LLVM leaves a loop as it is.
    public static let keptLoop: [LoopProperty] = [
        .flag("llvm.loop.isvectorized"), .word("llvm.loop.unroll.disable"),
    ]

    /// Gives the loop with this latch these properties, and no other.
    public func setLoopProperties(_ properties: [LoopProperty], latch: IRInstruction) {
        if properties.isEmpty {
            LLVMSetMetadata(latch.reference, kind("llvm.loop"), nil)
            return
        }
        let placeholder = LLVMTemporaryMDNode(context, nil, 0)
        let nodes = properties.map { property in
            switch property {
            case .word(let name): node([string(name)]).reference
            case .flag(let name): node([string(name), flag]).reference
            }
        }
        let loop = node([placeholder] + nodes)
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

extension IRInstruction {
    /// The names of the properties of the loop whose latch ends with this branch.
    public var loopProperties: [String] {
        guard LLVMHasMetadata(reference) != 0 else { return [] }
        let context = LLVMGetValueContext(reference)
        let kind = LLVMGetMDKindIDInContext(context, "llvm.loop", 9)
        guard let loop = LLVMGetMetadata(reference, kind) else { return [] }
        // The first operand is the node itself, which makes it unique.
        return Self.operands(of: loop).dropFirst().compactMap { property in
            guard let property, let first = Self.operands(of: property).first, let first
            else { return nil }
            var length: UInt32 = 0
            guard let text = LLVMGetMDString(first, &length) else { return nil }
            return String(
                decoding: UnsafeRawBufferPointer(start: text, count: Int(length)), as: UTF8.self)
        }
    }

    private static func operands(of node: LLVMValueRef) -> [LLVMValueRef?] {
        guard LLVMIsAMDNode(node) != nil else { return [] }
        var operands = [LLVMValueRef?](
            repeating: nil, count: Int(LLVMGetMDNodeNumOperands(node)))
        LLVMGetMDNodeOperands(node, &operands)
        return operands
    }
}
