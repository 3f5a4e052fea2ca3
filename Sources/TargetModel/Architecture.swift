// The instruction sets that code is made for.

/// A processor architecture.
public enum Architecture: String, Sendable, Hashable, CaseIterable {
    case x86_64
    case aarch64

    /// That of a target triple, which names it first; nil for one that Smelt does not know.
    public init?(triple: String) {
        self.init(rawValue: String(triple.prefix { $0 != "-" }))
    }
}
