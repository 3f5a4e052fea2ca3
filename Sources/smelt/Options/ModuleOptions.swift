// The options about what the program is made of and where it begins; `compile` and `run` share them.

internal import ArgumentParser
internal import Compiler

struct ModuleOptions: ParsableArguments {
    @Option(
        name: .customLong("import"),
        help: ArgumentHelp(
            "Link another module, from which this one imports under the name MODULE.",
            valueName: "module=file"),
        completion: .file(extensions: ["wasm", "wat"]))
    var imports: [ByteString] = []

    @Flag(
        name: .customLong("stub-imports"),
        help: "Let functions that nobody provides trap when they are called.")
    var stubsImports = false

    @Option(
        help: ArgumentHelp(
            "Call this exported function, with arguments from the command line, and print its results.",
            valueName: "name"))
    var invoke: [String] = []

    /// Modules that the program imports from.
    func providers() throws -> [ModuleProvider] { try imports.map(ModuleProvider.init(parsing:)) }

    func apply(to options: inout CompilationOptions) {
        options.invocations = invoke
        options.stubsImports = stubsImports
    }
}
