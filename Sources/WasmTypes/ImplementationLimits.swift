// How large a module may be (WebAssembly 3.0, appendix A.2). The values are those that browsers
// agreed on, so a module that runs elsewhere is not refused here; they exist to keep the cost of
// a hostile module bounded.

/// Every cap on what a module contains, in one place.
public enum ImplementationLimits {
    public static let types = 1_000_000
    public static let recursionGroups = 1_000_000
    public static let functions = 1_000_000
    public static let imports = 1_000_000
    public static let exports = 1_000_000
    public static let globals = 1_000_000
    public static let tags = 1_000_000
    public static let dataSegments = 100_000
    public static let elementSegments = 10_000_000
    public static let tables = 100_000
    public static let memories = 100
    public static let parameters = 1_000
    public static let results = 1_000
    public static let structureFields = 10_000
    public static let subtypingDepth = 63
    /// In bytes.
    public static let functionBodySize = 7_654_321
    public static let locals = 50_000
    /// Labels of one br_table.
    public static let branchTableLabels = 65_520
    /// Elements of a table at instantiation.
    public static let tableElements = 10_000_000
    /// Bytes of an identifier.
    public static let nameLength = 100_000
    /// Depth of nested blocks in one function.
    public static let controlDepth = 50_000
}
