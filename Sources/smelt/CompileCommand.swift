// `smelt compile`, which is also what `smelt` does when no subcommand is named.

public import ArgumentParser
public import Compiler
internal import SystemPackage

extension Target: ExpressibleByArgument {}

extension EmitKind: ExpressibleByArgument {}

extension AccessProofMode: ExpressibleByArgument {}

struct CompileCommand: AsyncParsableCommand, DiagnosingCommand {
    static let configuration = CommandConfiguration(
        commandName: "compile",
        abstract: "Compile a module to a static executable.",
        discussion: """
            The executable needs nothing on the machine that it runs on, and may touch nothing \
            but its standard streams and arguments, unless --dir, --env or --inherit-env grant \
            more. The environment variable SMELT_GRANTS grants the same things at run time: the \
            same words, separated by blanks, with a backslash before a blank or backslash that \
            belongs to a word.
            """)

    @Argument(
        help: ArgumentHelp("The module; - reads standard input.", valueName: "in.wasm"),
        completion: .file(extensions: ["wasm", "wat"]))
    var input: String

    @Option(
        name: .short,
        help: ArgumentHelp(
            "The output (default: the input's name without extension, in this folder).",
            valueName: "out"),
        completion: .file())
    var output: String?

    @Option(help: ArgumentHelp("What to compile for; see smelt targets.", valueName: "triple"))
    var target: Target = .host

    @Option(
        help: ArgumentHelp(
            "The oldest processor to support (default: x86-64-v2, armv8-a).",
            valueName: "name|native"),
        completion: .list(["native"] + Target.allCases.flatMap(\.cpus)))
    var cpu: CPU?

    @Option(help: ArgumentHelp("What to write."))
    var emit: EmitKind = .executable

    @OptionGroup var embedding: EmbeddingOptions

    @Flag(help: "Leave out the symbol table and, without -g, backtraces.")
    var strip = false

    @Flag(help: "Say on the standard error stream where the time went.")
    var timeReport = false

    @Option(
        name: .customLong("access-proof"),
        help: ArgumentHelp(
            "What becomes of accesses that are not proved to stay in the sandbox.",
            visibility: .hidden))
    var accessProof = AccessProofMode.off

    @OptionGroup var code: CodeOptions
    @OptionGroup(title: "Grants") var grantOptions: GrantOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    func run() async throws {
        var options = code.compilationOptions()
        options.target = target
        options.cpu = cpu ?? .baseline
        options.emit = emit
        options.stripsSymbols = strip
        options.grants = try grantOptions.grants()
        options.embeddedFolders = try embedding.folders()
        options.accessProof = accessProof
        let module = try CompilerInput(reading: FilePath(input))
        let destination = try outputPath()
        let report = TimeReport()
        options.listsFunctions = timeReport
        var pipeline = Pipeline(options: options)
        pipeline.warn = { Diagnostics.warn($0) }
        if timeReport || accessProof == .report { pipeline.observe = { report.observe($0) } }
        let progress = ProgressLine.show(for: &pipeline)
        defer { progress?.end() }
        try await pipeline.compile(module, to: destination)
        if timeReport { Diagnostics.say(report.text) }
        if accessProof == .report {
            let found = report.accesses
            Diagnostics.say(found.text)
            if !found.failures.isEmpty { endWithFailure() }
        }
    }

    private func outputPath() throws(CompilerError) -> FilePath {
        if let output {
            guard !output.isEmpty else { throw CompilerError(.option("-o: the name is empty")) }
            guard output != input || output == "-" else {
                throw CompilerError(.option("the output would replace the input \(input)"))
            }
            return FilePath(output)
        }
        let name = input == "-" ? "a.out" : FilePath(input).stem ?? "a.out"
        let path = emit.fileExtension.map { "\(name).\($0)" } ?? name
        guard path != input else {
            throw CompilerError(
                .option("the output would replace the input \(input): name one with -o"))
        }
        return FilePath(path)
    }
}
