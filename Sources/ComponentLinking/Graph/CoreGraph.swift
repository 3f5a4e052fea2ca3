// What a component comes to when everything that is known at compile time has been evaluated: instances of
// core modules, some of them generated (adapters), and for each import what stands behind it.

public import WasmTypes
public import WasmValidation

/// Core instances in the order in which they are instantiated.
public struct CoreGraph: Sendable {
    public var modules: [ValidatedModule] = []
    public var instances: [Instance] = []

    public init() {}

    /// An instance of a core module.
    public struct Instance: Sendable {
        /// What backtraces and errors call it: the path of components, and the module's name.
        public var name: String
        /// An index into ``CoreGraph/modules``.
        public var module: Int
        /// One for each import of the module, in its order.
        public var imports: [Source]

        public init(name: String, module: Int, imports: [Source]) {
            self.name = name
            self.module = module
            self.imports = imports
        }
    }

    /// What is behind an import.
    public enum Source: Hashable, Sendable {
        /// An export, of the import's kind, of an instance earlier in the order. Functions may also be those of
        /// an instance that comes later: nothing calls them before it is there.
        case export(instance: Int, name: ExactName)
        /// A function of the runtime, as its tables call it.
        case host(module: String, name: String)
        /// A function that traps: nobody provides it, and stubs were asked for.
        case stub(module: String, name: String)
    }
}
