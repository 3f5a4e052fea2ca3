// The command line: `smelt compile`, `run`, `inspect`, `targets` and `wast`. Each subcommand is a
// file of its own; all of them only translate words into calls of the libraries.

internal import ArgumentParser
internal import Compiler

@main
struct Smelt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "smelt",
        abstract: "Turns WebAssembly modules into native Linux executables.",
        version: SmeltVersion.banner,
        subcommands: [
            CompileCommand.self, RunCommand.self, InspectCommand.self, TargetsCommand.self,
            WastCommand.self,
        ],
        defaultSubcommand: CompileCommand.self)

    static func main() async {
        TemporaryFiles.removeOnSignals()
        let words = GrantOptions.normalize(Array(CommandLine.arguments.dropFirst()))
        do {
            var command = try parseAsRoot(words)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as CompilerError {
            Diagnostics.finish(with: error)
        } catch {
            Diagnostics.finish(with: error)
        }
    }
}
