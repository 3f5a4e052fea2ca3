// The command line: `smelt compile`, `run`, `inspect`, `targets`, `cache` and `wast`. Each subcommand is a
// file of its own; all of them only translate words into calls of the libraries.

internal import ArgumentParser
internal import Compiler
internal import Platform

@main
struct Smelt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "smelt",
        abstract: "Turns WebAssembly modules into native Linux executables.",
        discussion: HelpTopic.overview,
        version: SmeltVersion.banner,
        subcommands: [
            CompileCommand.self, RunCommand.self, IntegrateCommand.self, InspectCommand.self,
            TargetsCommand.self,
            CacheCommand.self, WastCommand.self, ManualCommand.self,
        ],
        defaultSubcommand: CompileCommand.self)

    static func main() async {
        occupyClosedStreams()
        TemporaryFiles.removeOnSignals()
        // A file that grows too large is an error like a full disk.
        signal(SIGXFSZ, SIG_IGN)
        let words = GrantOptions.normalize(CommandLineWords.ofThisProcess)
            .map(CommandLineWords.encode)
        Diagnostics.format = ErrorFormat(words: words)
        // Without it a process does not even know its arguments.
        if let problem = Toolchain.missingProc { Diagnostics.finish(with: problem) }
        CrashReports.install { Diagnostics.render($0) }
        do {
            if words.count == 2, words[0] == "help", !words[1].hasPrefix("-"),
                let text = try HelpTopic.text(for: words[1])
            {
                return try Output.print(text)
            }
            if [["--version"], ["-V"], ["version"]].contains(words) {
                return try Output.print(SmeltVersion.details(of: .ofThisExecutable))
            }
            var command = try parseAsRoot(words)
            if let command = command as? any DiagnosingCommand {
                Diagnostics.format = command.diagnostics.errorFormat
            }
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as CompilerError {
            Diagnostics.finish(with: error, words: words)
        } catch {
            Diagnostics.finish(with: error, words: words)
        }
    }
    /// Takes the numbers of standard streams that are closed: a file that is opened must not be
    /// where messages, or the output of a tool, go. Using them stays an error, and a program that
    /// this process becomes finds them closed.
    private static func occupyClosedStreams() {
        for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) < 0 {
            _ = open("/dev/null", (number == STDIN_FILENO ? O_WRONLY : O_RDONLY) | O_CLOEXEC)
        }
    }
}
