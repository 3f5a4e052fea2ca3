// From bytes to a module that may be lowered: what it is, whether it is valid, whether all its
// imports are provided and whether it is a program.

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

    /// Refuses modules that cannot become executables. All that stands in the way is reported
    /// together.
    static func requireProgram(_ validated: ValidatedModule) throws(CompilerError) {
        let module = validated.module
        // What an object file lacks comes with linking.
        try requireModule(validated)
        var obstacles = [commandProblem(of: module), ImportCheck.problem(with: module)]
            .compactMap(\.self)
        guard !obstacles.isEmpty else { return }
        var first = obstacles.removeFirst()
        first.others = obstacles
        throw first
    }

    /// Why a module is no command; nil if it is one.
    private static func commandProblem(of module: Module) -> CompilerError? {
        func exports(_ name: String) -> Export? {
            module.exports.first { $0.name == name && $0.kind == .function }
        }
        guard let start = exports("_start") else {
            return CompilerError(.noEntryPoint(isReactor: exports("_initialize") != nil))
        }
        guard let type = module.functionType(start.index), type != FunctionType() else {
            return nil
        }
        return CompilerError(.entryPointType("\(type)"))
    }
}
