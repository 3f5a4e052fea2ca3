// What LLVM learns about groups of accesses that are known to be apart.
//
// sandbox: indifferent. A wrong promise changes in which order bytes are read and written, not which.

internal import LLVMKit

/// One alias scope for each group that is known to be apart from others.
struct Aliasing {
    private let metadata: IRMetadata
    private let scopes: [IRMetadata.Node]
    private let others: [[IRMetadata.Node]]

    /// - Parameters:
    ///   - conflicts: Pairs of groups that were found to be apart.
    ///   - name: Unique in the module.
    init(groupCount: Int, conflicts: [(Int, Int)], metadata: IRMetadata, name: String) {
        self.metadata = metadata
        let domain = metadata.aliasDomain(name)
        let scopes = (0..<groupCount).map { metadata.aliasScope("\(name).\($0)", in: domain) }
        others = (0..<groupCount).map { group in
            conflicts.compactMap { a, b in
                a == group ? scopes[b] : b == group ? scopes[a] : nil
            }
        }
        self.scopes = scopes
    }

    /// Emits the beginning of what is known, at the place from which on it holds.
    func declare(_ builder: IRBuilder) {
        let used = scopes.indices.filter { !others[$0].isEmpty }
        metadata.declareAliasScopes(used.map { scopes[$0] }, builder)
    }

    /// Lets an access go to the address that was made for it, and says what it is apart from.
    func place(_ access: IRInstruction, at address: IRValue, group: Int) {
        access.setOperand(access.opcode == .store ? 1 : 0, to: address)
        mark(access, group: group)
    }

    func mark(_ access: IRInstruction, group: Int) {
        if others[group].isEmpty { return }
        metadata.setAliasScope(scopes[group], others: others[group], of: access)
    }
}
