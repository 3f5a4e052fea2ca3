// From the bytes of a component to connected modules: its core modules, and those that are generated to
// stand between them.

internal import ComponentLinking
internal import ComponentModel
internal import Lowering
internal import WasmTypes
internal import WasmValidation

enum ComponentFrontend {
    /// Decodes a component and evaluates it to a program that calls its `run`.
    static func link(
        _ bytes: [UInt8], name: String, options: CompilationOptions
    ) throws(CompilerError) -> LinkedModules {
        var program: ComponentProgram
        do {
            let component = try Component.decode(bytes)
            _ = try validate(component, of: bytes)
            program = try ComponentProgram(
                ComponentFile(component: component, bytes: bytes, name: name))
            try checkHostFunctions(of: program)
            guard let command = program.command else {
                throw CompilerError(.noComponentCommand(functions: names(of: program)))
            }
            try program.addStart(command)
            let result = try program.link()
            return try connect(result, options: options)
        } catch {
            throw CompilerError(component: error)
        }
    }

    /// Compares what the component imports with what the runtime has, by their types.
    private static func checkHostFunctions(of program: ComponentProgram) throws(CompilerError) {
        var problems: [CompilerError.UnknownImport] = []
        for use in program.hostFunctions {
            guard let type = HostFunction.componentType(interface: use.interface, name: use.name)
            else {
                problems.append(.init(module: use.interface, name: use.name, reason: ""))
                continue
            }
            guard !program.isType(of: use, type) else { continue }
            var problem = CompilerError.UnknownImport(
                module: use.interface, name: use.name,
                reason: "provided as \(type), imported as something else")
            problem.isIncompatible = true
            problems.append(problem)
        }
        if !problems.isEmpty { throw CompilerError(.unknownImports(problems)) }
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
                    case .host(let module, let name): .host(module: module, name: name)
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
