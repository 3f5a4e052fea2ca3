// `smelt compile`, which is also what `smelt` does when no subcommand is named.

public import ArgumentParser
public import Compiler
internal import SystemPackage

extension Target: ExpressibleByArgument {}

extension EmitKind: ExpressibleByArgument {}

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
    var input: ByteString

    @Option(
        name: .short,
        help: ArgumentHelp(
            "The output (default: the input's name without extension, in this folder).",
            valueName: "out"),
        completion: .file())
    var output: ByteString?

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
        let module = try CompilerInput(reading: FilePath(input))
        let destination = try outputPath()
        let report = timeReport ? TimeReport() : nil
        options.listsFunctions = timeReport
        var pipeline = Pipeline(options: options)
        pipeline.warn = { Diagnostics.warn($0) }
        if let report { pipeline.observe = { report.observe($0) } }
        let progress = ProgressLine.show(for: &pipeline)
        defer { progress?.end() }
        try await pipeline.compile(module, to: destination)
        if let report { Diagnostics.say(report.text) }
    }

    private func outputPath() throws(CompilerError) -> FilePath {
        if let output {
            guard !output.isEmpty else { throw CompilerError(.option("-o: the name is empty")) }
            guard output != input || output == "-" else {
                throw CompilerError(.option("the output would replace the input \(input)"))
            }
            return FilePath(output)
        }
        var path: FilePath = "a.out"
        if input != "-", let name = FilePath(input).lastComponent {
            path = FilePath(root: nil, [name])
            path.extension = nil
        }
        if let type = emit.fileExtension {
            path = FilePath(ByteString(ByteString(path).bytes + Array(".\(type)".utf8)))
        }
        guard path != FilePath(input) else {
            throw CompilerError(
                .option("the output would replace the input \(input): name one with -o"))
        }
        return path
    }
}
