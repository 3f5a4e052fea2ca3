// From bytes to a module that may be lowered: what it is, whether it is valid, whether all its
// imports are provided and whether it is a program.

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

    /// Refuses modules that cannot become executables.
    static func requireProgram(_ module: Module) throws(CompilerError) {
        func exports(_ name: String) -> Export? {
            module.exports.first { $0.name == name && $0.kind == .function }
        }
        guard let start = exports("_start") else {
            if module.isObjectFile { throw CompilerError(.notLinked) }
            throw CompilerError(.noEntryPoint(isReactor: exports("_initialize") != nil))
        }
        if let type = module.functionType(start.index), type != FunctionType() {
            throw CompilerError(
                .module(
                    ModuleError(
                        .invalid, "_start has the type \(type) instead of () -> ()",
                        at: start.offset)))
        }
        try ImportCheck.check(module)
    }
}
