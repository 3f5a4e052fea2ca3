// From the bytes of a component to connected modules: its core modules, and those that are generated to
// stand between them.

internal import ComponentLinking
internal import ComponentModel
internal import Lowering
internal import WasmBinary
internal import WasmTypes
internal import WasmValidation

enum ComponentFrontend {
    /// A component in a file.
    typealias NamedBytes = (name: String, bytes: [UInt8])

    /// Decodes and validates components and evaluates them to a program that calls `run` of the first one.
    ///
    /// - Parameters:
    ///   - others: components whose exports stand for imports.
    ///   - warn: is told what will trap when it is called.
    static func link(
        _ file: NamedBytes, with others: [NamedBytes], options: CompilationOptions,
        warn: (CompilerError) -> Void
    ) throws(CompilerError) -> LinkedModules {
        var modules: [ValidatedModule] = []
        let main = try load(file, &modules)
        var companions: [ComponentFile] = []
        for other in others { companions.append(try load(other, &modules)) }
        let known = Dictionary(modules.map { ($0.module.bytes, $0) }) { first, _ in first }
        do {
            var program = try ComponentProgram(main, with: companions) {
                bytes throws(ModuleError) in
                // What is not in a file is generated.
                if let module = known[bytes] { return module }
                return try ComponentProgram.decodeAndValidate(bytes)
            }
            if let name = program.unusedFiles.first {
                throw CompilerError(.option("--with \(name): nothing is imported from it"))
            }
            try checkHostFunctions(of: program, acceptsUnknown: options.stubsImports)
            guard let command = program.command else {
                throw CompilerError(.noComponentCommand(functions: names(of: program)))
            }
            try program.addStart(command)
            let result = try program.link()
            for problem in result.problems { warn(CompilerError(.component(problem))) }
            return try connect(result, options: options)
        } catch {
            throw CompilerError(component: error)
        }
    }

    /// Refuses options that mean nothing for a component.
    static func check(
        _ options: CompilationOptions, hasProviders: Bool
    ) throws(CompilerError) {
        if options.library != nil {
            throw CompilerError(
                .option("a component becomes an executable; libraries are made of modules"))
        }
        if let name = options.invocations.first {
            throw CompilerError(
                .option("--invoke \(name): a component is called by its wasi:cli/run alone"))
        }
        if hasProviders {
            throw CompilerError(.option("--import links modules; see --with for components"))
        }
    }

    private static func load(
        _ file: NamedBytes, _ modules: inout [ValidatedModule]
    ) throws(CompilerError) -> ComponentFile {
        do throws(ModuleError) {
            let component = try Component.decode(file.bytes)
            modules += try validate(component, of: file.bytes).body.allModules
            return ComponentFile(component: component, bytes: file.bytes, name: file.name)
        } catch {
            throw CompilerError(.module(error), input: file.name)
        }
    }

    /// Compares what the component imports with what the runtime has, by their types.
    ///
    /// - Parameter acceptsUnknown: whether functions that the runtime does not have are no problem. Those
    ///   that it has under another type always are: it takes arguments for what its own type says.
    private static func checkHostFunctions(
        of program: ComponentProgram, acceptsUnknown: Bool
    ) throws(CompilerError) {
        var problems: [CompilerError.UnknownImport] = []
        for use in program.hostFunctions {
            let type = HostFunction.componentType(interface: use.interface, name: use.name)
            if type == nil, acceptsUnknown { continue }
            if let type, program.isType(of: use, type) { continue }
            var problem = CompilerError.UnknownImport(
                module: use.interface, name: use.name,
                reason: type.map { "provided as \($0), imported as something else" } ?? "")
            problem.isIncompatible = type != nil
            problem.isOfComponent = true
            problems.append(problem)
        }
        if !problems.isEmpty { throw CompilerError(.unknownImports(problems)) }
    }

    /// Whether nobody provides a function and that is accepted.
    private static func isStub(
        _ module: String, _ name: String, _ options: CompilationOptions
    ) -> Bool {
        options.stubsImports && !HostFunction.isForComponents(module: module, name: name)
    }

    private static func names(of program: ComponentProgram) -> [String] {
        program.exports.map { $0.path.joined(separator: "#") }
    }

    /// A driver is the last instance of a graph; programs are named after their first.
    private static func connect(
        _ result: ComponentProgram.Result, options: CompilationOptions
    ) throws(CompilerError) -> LinkedModules {
        let count = result.graph.instances.count
        let number = { (index: Int) in (index + 1) % count }
        var instances = result.graph.instances.map { instance in
            (
                name: instance.name, module: instance.module,
                imports: instance.imports.map { source -> ImportSource in
                    switch source {
                    case .export(let instance, let name):
                        .export(instance: number(instance), name: name)
                    case .host(let module, let name):
                        isStub(module, name, options) ? .stub : .host(module: module, name: name)
                    case .stub: .stub
                    }
                }
            )
        }
        instances.insert(instances.removeLast(), at: 0)
        let linked = LinkedModules(modules: result.graph.modules, connected: instances)
        if let problem = ImportCheck.problem(with: linked, names: instances.map(\.name)) {
            throw problem
        }
        return linked
    }
}

extension CompilerError {
    /// What decoding, validation and linking of components say.
    fileprivate init(component error: any Error) {
        switch error {
        case let error as CompilerError: self = error
        case let error as ModuleError: self.init(.module(error))
        case let error as LinkingError: self.init(.component(error.message))
        default: self.init(.bug("\(error)"))
        }
    }
}
