// What LLVM is told of accesses that cannot touch the same place (TBAA): two fields of objects, a
// field and an array's element, an object and a memory or a global, a memory and the size that it has.
//
// A field is that of the type that declares it, whichever subtype an access names. Validation is what
// makes this true: every reference is one to an object of its type, and no access leaves its field.

internal import LLVMKit
internal import Sandbox
internal import WasmBinary
internal import WasmTypes

/// Marks accesses; modules carry none of it without types of objects and without memories whose accesses
/// are compared with their size.
final class ObjectAliases {
    private let module: Module
    private let typeNumbers: [UInt32]
    private let metadata: IRMetadata
    private let root: IRMetadata.Node
    private let marksSizes: Bool
    private var tags: [String: IRMetadata.Node] = [:]

    /// - Parameter marksSizes: whether sizes of memories are marked. The proof of accesses does not follow a
    ///   size from one place to another, which LLVM does if it may.
    init?(_ plan: ModulePlan, _ metadata: IRMetadata, marksSizes: Bool) {
        self.marksSizes = marksSizes && plan.memories.contains { !$0.isGuarded }
        guard plan.hasObjects || self.marksSizes else { return nil }
        module = plan.module
        typeNumbers = plan.typeNumbers
        self.metadata = metadata
        root = metadata.accessRoot("smelt")
    }

    /// A linear memory's bytes.
    func markMemory(_ access: IRValue) { mark(access, "memory") }

    /// What compiled code reads of a memory's descriptor and never writes.
    func markSize(_ access: IRValue) {
        if marksSizes { mark(access, "size") }
    }

    /// A global's value.
    func markGlobal(_ access: IRValue) { mark(access, "global") }

    /// The type and the length in front of an object's fields.
    func markHeader(_ access: IRValue) { mark(access, "header") }

    /// A field of structures, or an element of arrays.
    func mark(_ access: IRValue, _ index: FieldIndex, of type: TypeIndex) {
        mark(access, "\(typeNumbers[Int(declaring(index, type))]).\(index)")
    }

    /// The type that a field comes from.
    private func declaring(_ index: FieldIndex, _ type: TypeIndex) -> TypeIndex {
        var type = type
        while let parent = module.types[Int(type)].supertypes.first, has(index, parent) {
            type = parent
        }
        return type
    }

    private func has(_ index: FieldIndex, _ type: TypeIndex) -> Bool {
        switch module.types[Int(type)].composite {
        case .structure(let fields): Int(index) < fields.count
        case .array: true
        case .function: false
        }
    }

    private func mark(_ access: IRValue, _ name: String) {
        let tag = tags[name] ?? metadata.accessTag(name, in: root)
        tags[name] = tag
        metadata.setAccess(access, tag)
    }
}
