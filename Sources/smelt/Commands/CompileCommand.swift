// `smelt compile`, which is also what `smelt` does when no subcommand is named.

public import ArgumentParser
public import Compiler
internal import SystemPackage

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
    var input: ByteString

    @Option(
        name: .customShort("o", allowingJoined: true),
        help: ArgumentHelp(
            "The output (default: the input's name without extension, in this folder).",
            valueName: "out"),
        completion: .file())
    var output: ByteString?

    @OptionGroup var machine: TargetOptions

    @Option(help: ArgumentHelp("What to write (default: exe)."))
    var emit: EmitKind?

    @Flag(name: .customShort("S"), help: "The same as --emit asm.")
    var emitsAssembly = false

    @Flag(name: .customShort("c"), help: "The same as --emit obj.")
    var emitsObject = false

    @OptionGroup var modules: ModuleOptions

    @OptionGroup(title: "Libraries") var library: LibraryCommandOptions

    @OptionGroup var embedding: EmbeddingOptions

    @Flag(help: "Leave out the symbol table and, without -g, backtraces.")
    var strip = false

    @OptionGroup var reports: ReportOptions

    @Option(
        name: .customLong("access-proof"),
        help: ArgumentHelp(
            "What becomes of accesses that are not proved to stay in the sandbox.",
            visibility: .hidden))
    var accessProof: AccessProofMode?

    @OptionGroup var code: CodeOptions
    @OptionGroup(title: "Grants") var grantOptions: GrantOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    /// What to write, chosen in one of the ways.
    private var kind: EmitKind {
        emit ?? (emitsAssembly ? .assembly : emitsObject ? .object : .executable)
    }

    func validate() throws {
        let ways = [emit != nil, emitsAssembly, emitsObject].filter(\.self)
        guard ways.count <= 1 else {
            throw ValidationError("--emit, -S and -c: only one can say what to write")
        }
    }

    func run() async throws {
        var options = code.compilationOptions()
        options.target = machine.target
        options.cpu = machine.cpu ?? .baseline
        options.emit = kind
        options.stripsSymbols = strip
        options.grants = try grantOptions.grants()
        options.embeddedFolders = try embedding.folders()
        modules.apply(to: &options)
        if let accessProof { options.accessProof = accessProof }
        GrantOptions.warn(about: options.grants)
        if strip, kind != .executable {
            Diagnostics.warn(CompilerError(.option("--strip does nothing: no executable is made")))
        }
        let module = try CompilerInput(reading: FilePath(input))
        let destination = try outputPath()
        options.library = try library.options(for: kind, output: destination)
        var pipeline = Pipeline(options: options)
        pipeline.providers = try modules.providers()
        pipeline.companions = try modules.companionInputs()
        pipeline.warn = { Diagnostics.warn($0) }
        let report = reports.observe(&pipeline, if: accessProof == .report)
        let progress = reports.verbose ? nil : ProgressLine.show(for: &pipeline)
        defer { progress?.end() }
        if options.library != nil {
            try await pipeline.compile(module, to: destination, headers: library.headers)
        } else {
            try await pipeline.compile(module, to: destination)
        }
        if let report, reports.timeReport { Diagnostics.say(report.text) }
        if let found = report?.accesses, accessProof == .report {
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
        var path: FilePath = "a.out"
        if input != "-", let name = FilePath(input).lastComponent {
            path = FilePath(root: nil, [name])
            path.extension = nil
        }
        if let type = kind.fileExtension {
            path = FilePath(ByteString(ByteString(path).bytes + Array(".\(type)".utf8)))
        }
        guard path != FilePath(input) else {
            throw CompilerError(
                .option("the output would replace the input \(input): name one with -o"))
        }
        return path
    }
}
