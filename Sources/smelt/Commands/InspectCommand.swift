// `smelt inspect`: what a module contains, the world of a component, or what an executable was made of and granted.

internal import ArgumentParser
internal import Compiler
internal import SystemPackage

struct InspectCommand: AsyncParsableCommand, DiagnosingCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: """
            Show what a module or a component contains, or what an executable was granted and needs.
            """)

    @Argument(
        help: ArgumentHelp(
            "The module, component or executable; - reads standard input.", valueName: "file"),
        completion: .file(extensions: ["wasm", "wat"]))
    var input: ByteString

    @Flag(help: "Print JSON instead of text.")
    var json = false

    @OptionGroup var diagnostics: DiagnosticOptions

    func run() async throws {
        let file = try CompilerInput(reading: FilePath(input))
        if ProgramDescription.isExecutable(file) {
            let program = try ProgramDescription(of: file)
            try Output.print(json ? program.json : program.text)
            return
        }
        if let component = try await ComponentInspection(of: file) {
            try Output.print(json ? component.json : component.text)
            return
        }
        let inspection = try await Inspection(of: file)
        try Output.print(json ? inspection.json : inspection.text)
    }
}
