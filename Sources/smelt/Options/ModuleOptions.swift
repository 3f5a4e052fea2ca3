// The options about what the program is made of and where it begins; `compile` and `run` share them.

internal import ArgumentParser
internal import Compiler
internal import SystemPackage

struct ModuleOptions: ParsableArguments {
    @Option(
        name: .customLong("import"),
        help: ArgumentHelp(
            "Link another module, from which this one imports under the name MODULE.",
            valueName: "module=file"),
        completion: .file(extensions: ["wasm", "wat"]))
    var imports: [ByteString] = []

    @Option(
        name: .customLong("with"),
        help: ArgumentHelp(
            "Compose with another component, whose exports stand for imports of this one.",
            valueName: "component"),
        completion: .file(extensions: ["wasm", "wat"]))
    var companions: [ByteString] = []

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

    /// Components that the program is composed with.
    func companionInputs() throws -> [CompilerInput] {
        try companions.map { try CompilerInput(reading: FilePath($0)) }
    }

    func apply(to options: inout CompilationOptions) {
        options.invocations = invoke
        options.stubsImports = stubsImports
    }
}
