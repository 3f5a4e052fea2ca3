// The names of functions with the namespaces and types that they are in.

extension DebugInformation {
    /// The name of the function that an entry is or is an instance of, such as `shapes::Circle::area`.
    public func qualifiedName(of entry: EntryID) -> String {
        let chain = origins(of: entry)
        var parts = [chain.lazy.compactMap { self.attributes($0).string(.name) }.first ?? "?"]
        var scope = parent(chain.last!)
        while let current = scope, parts.count < Unit.depthLimit {
            switch tag(current) {
            case .namespace, .structureType, .classType, .unionType, .enumerationType:
                parts.append(attributes(current).string(.name) ?? "{anonymous}")
            default: break
            }
            scope = parent(current)
        }
        return parts.reversed().joined(separator: "::")
    }
}
