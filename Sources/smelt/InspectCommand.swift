// `smelt inspect`: what a module contains.

internal import ArgumentParser
internal import Compiler
internal import SystemPackage

struct InspectCommand: AsyncParsableCommand, DiagnosingCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what a module imports, exports, uses and how large its parts are.")

    @Argument(
        help: ArgumentHelp("The module; - reads standard input.", valueName: "in.wasm"),
        completion: .file(extensions: ["wasm", "wat"]))
    var input: String

    @Flag(help: "Print JSON instead of text.")
    var json = false

    @OptionGroup var diagnostics: DiagnosticOptions

    func run() async throws {
        let module = try CompilerInput(reading: FilePath(input))
        let inspection = try await Inspection(of: module)
        try Output.print(json ? inspection.json : inspection.text)
    }
}
