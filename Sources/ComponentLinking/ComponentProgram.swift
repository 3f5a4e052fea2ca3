// Components, linked: the public face of this target.

import ComponentModel
import WasmBinary
public import WasmTypes
public import WasmValidation

/// A function that a component exports.
public struct ExportedFunction: Sendable {
    /// The names of the instances that it is in, from the outside in, and its own.
    public var path: [String]
    public var type: ResolvedFunctionType
    /// What of it is not supported; such functions trap when they are called.
    public var unsupported: String?
    let number: Int
}

/// A component with everything that it is linked with.
public struct ComponentProgram {
    /// Decodes and validates a core module.
    public typealias ModuleMaker = ([UInt8]) throws(ModuleError) -> ValidatedModule

    /// Every function that the component exports, also those of exported instances.
    public private(set) var exports: [ExportedFunction] = []
    var evaluator: Evaluator
    private var functions: [ComponentFunction] = []
    private var drivers: [Int] = []

    /// The types of all functions.
    public var types: TypeTable { evaluator.types }

    /// Evaluates a component.
    ///
    /// - Parameters:
    ///   - file: the component, validated.
    ///   - others: components, validated, whose exports stand for imports of the first one and of each other.
    ///   - makeModule: called once for each core module that is instantiated, and for generated ones.
    public init(
        _ file: ComponentFile, with others: [ComponentFile] = [],
        makeModule: @escaping ModuleMaker = ComponentProgram.decodeAndValidate
    ) throws(LinkingError) {
        var evaluator = try Evaluator(files: [file] + others, makeModule: makeModule)
        let closure = ComponentClosure(
            component: file.component, file: 0, scope: nil,
            name: file.component.names.component ?? file.name)
        let root = try evaluator.instantiate(closure, parent: nil) {
            (evaluator, item, scope) throws(LinkingError) in
            try evaluator.outerItem(item, of: 0, in: scope)
        }
        self.evaluator = evaluator
        collect(root, path: [])
    }

    /// Makes a module on one thread.
    public static func decodeAndValidate(
        _ bytes: [UInt8]
    ) throws(ModuleError) -> ValidatedModule {
        try validate(try Module.decode(bytes))
    }

    /// The names of other files from which nothing is imported.
    public var unusedFiles: [String] {
        evaluator.files.indices.dropFirst().filter { !evaluator.usedFiles.contains($0) }.map {
            evaluator.files[$0].name
        }
    }

    private mutating func collect(_ instance: ComponentInstanceValue, path: [String]) {
        for (name, item) in instance.items {
            switch item {
            case .function(let function):
                var export = ExportedFunction(
                    path: path + [name], type: function.type, number: functions.count)
                if case .unsupported(let reason) = function.target { export.unsupported = reason }
                exports.append(export)
                functions.append(function)
            case .instance(let inner): collect(inner, path: path + [name])
            case .component, .type, .module: break
            }
        }
    }

    func function(_ export: ExportedFunction) -> ComponentFunction { functions[export.number] }

    /// Adds an instance that is needed for itself.
    mutating func addDriver(_ node: Node) throws(LinkingError) -> Int {
        let number = try evaluator.graph.add(node)
        drivers.append(number)
        return number
    }

    /// A program, ready to be compiled.
    public struct Result: Sendable {
        public var graph: CoreGraph
        /// What does not work, in sentences without a full stop. Such functions trap when they are called.
        public var problems: [String]
        /// The numbers that drivers have in the graph, in the order in which they were added.
        public var drivers: [Int]
    }

    /// Makes the core instances, generated ones included.
    ///
    /// - Parameter devirtualizes: whether imports may be functions of later instances, where nothing is
    ///   called before those are there; else every instance is behind all that it imports from.
    public func link(devirtualizes: Bool = true) throws(LinkingError) -> Result {
        var evaluator = evaluator
        evaluator.graph.flush()
        var emitter = try GraphEmitter(evaluator)
        let emitted = try emitter.emit()
        let graph = devirtualizes ? Devirtualization.run(emitted) : emitted
        let nodes = evaluator.graph.nodes
        let drivers = Set(drivers)
        let (pruned, numbers) = graph.pruned {
            drivers.contains($0)
        } isGuest: { number in
            if case .guest = nodes[number].kind { true } else { false }
        }
        return Result(
            graph: pruned, problems: emitter.problems,
            drivers: self.drivers.compactMap { numbers[$0] })
    }
}
