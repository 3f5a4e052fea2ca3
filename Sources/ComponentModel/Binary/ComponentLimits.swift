// How large a component may be. As with `ImplementationLimits`, the values are those of other
// implementations where these have one, and exist to keep the cost of a hostile file bounded.

/// Every cap on what a component contains, in one place.
public enum ComponentLimits {
    /// Definitions and declarations in one file, those of nested components and types included.
    public static let definitions = 2_000_000
    /// Items of the index space of one sort, in one component.
    public static let indexSpace = 1_000_000
    /// Core modules, components, and instances of either, in one component.
    public static let modules = 1_000
    public static let components = 1_000
    public static let instances = 1_000
    public static let values = 1_000
    /// Depth of nested components and types of components and instances.
    public static let depth = 100
    public static let fields = 10_000
    public static let cases = 10_000
    public static let flags = 1_000
    public static let parameters = 1_000
    public static let canonicalOptions = 10
    public static let instantiationArguments = 100_000
    public static let startArguments = 1_000
    public static let typeDeclarations = 1_000_000
    /// How large a type may be when it is written out in full. Types share their parts, so that a short
    /// file can describe a type that is exponentially larger.
    public static let typeSize = 1_000_000
    /// How large a value may be in a memory, in bytes (Binary.md, type definitions).
    public static let elementSize = 1 << 28
}
