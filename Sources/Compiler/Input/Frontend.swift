// From bytes to modules that may be lowered: what they are, whether they are valid, whether all their
// imports are provided and where the program begins.

internal import Lowering
internal import WasmBinary
internal import WasmTypes
internal import WasmValidation

enum Frontend {
    /// Decodes and validates.
    static func load(_ bytes: [UInt8]) throws(CompilerError) -> ValidatedModule {
        do throws(ModuleError) {
            return try validate(try Module.decode(bytes))
        } catch {
            throw CompilerError(.module(error))
        }
    }

    /// Refuses what has not been linked.
    static func requireModule(_ validated: ValidatedModule) throws(CompilerError) {
        if validated.module.isObjectFile { throw CompilerError(.notLinked) }
    }

    /// Connects a module with what it imports from. All that stands in the way is reported together.
    ///
    /// - Parameters:
    ///   - modules: all modules, the program's own first.
    ///   - instances: the name of each instance in imports, what the user calls it, and the number of its
    ///     module; the program's own first.
    static func link(
        _ modules: [ValidatedModule], _ instances: [(name: String, file: String, module: Int)],
        options: CompilationOptions
    ) throws(CompilerError) -> LinkedModules {
        // What an object file lacks comes with linking.
        for instance in instances where modules[instance.module].module.isObjectFile {
            throw CompilerError(.notLinked, input: instance.file)
        }
        let unknown: UnknownImports =
            options.stubsImports ? .stubs : options.emit == .executable ? .refused : .symbols
        let linked = LinkedModules(
            modules: modules, instances: instances.map { ($0.name, $0.module) }, unknown: unknown)
        if let name = linked.unusedNames.first {
            throw CompilerError(.option("--import \(name): no module imports from '\(name)'"))
        }
        var obstacles = [
            entryProblem(of: modules[0], options),
            ImportCheck.problem(with: linked, names: instances.map(\.file)),
        ].compactMap(\.self)
        guard !obstacles.isEmpty else { return linked }
        var first = obstacles.removeFirst()
        first.others = obstacles
        throw first
    }

    /// Why a program cannot begin in a module; nil if it can.
    private static func entryProblem(
        of validated: ValidatedModule, _ options: CompilationOptions
    ) -> CompilerError? {
        let module = validated.module
        guard options.invocations.isEmpty else {
            return options.invocations.lazy.compactMap {
                invocationProblem(of: $0, in: module)
            }.first
        }
        // Who links an object calls what it exports.
        guard options.emit == .executable else { return nil }
        guard let start = module.exportedFunction("_start") else {
            return CompilerError(
                .noEntryPoint(
                    isReactor: module.exportedFunction("_initialize") != nil,
                    functions: callableFunctions(of: module)))
        }
        guard let type = module.functionType(start), type != FunctionType() else { return nil }
        return CompilerError(.entryPointType("\(type)"))
    }

    private static func invocationProblem(of name: String, in module: Module) -> CompilerError? {
        guard let index = module.exportedFunction(name), let type = module.functionType(index)
        else {
            return CompilerError(
                .unknownFunction(name, functions: callableFunctions(of: module)))
        }
        let isReference = type.parameters.contains {
            if case .reference = $0 { true } else { false }
        }
        return isReference ? CompilerError(.referenceParameter(name, type: "\(type)")) : nil
    }

    /// What `--invoke` can name, in the module's order.
    static func callableFunctions(of module: Module) -> [String] {
        module.exports.filter {
            $0.kind == .function && !["_start", "_initialize"].contains($0.name)
        }.map(\.name)
    }

    /// What is odd about a program whose `_start` does nothing while it exports other functions; nil for
    /// others.
    static func emptyEntryPoint(of module: Module, _ options: CompilationOptions) -> CompilerError?
    {
        guard options.invocations.isEmpty, options.emit == .executable,
            let start = module.exportedFunction("_start").map(Int.init),
            start >= module.importedFunctionCount
        else { return nil }
        let functions = callableFunctions(of: module)
        // Nothing but the end of the function.
        guard module.bodies[start - module.importedFunctionCount].code.count == 1,
            !functions.isEmpty
        else { return nil }
        return CompilerError(.emptyEntryPoint(functions: functions))
    }
}

extension Module {
    fileprivate func exportedFunction(_ name: String) -> FunctionIndex? {
        exports.first { $0.name == name && $0.kind == .function }?.index
    }
}
