// `smelt integrate`: extensions of databases and interpreters.

public import ArgumentParser
public import Compiler
internal import SystemPackage

extension IntegrationHost: ExpressibleByArgument {}

struct IntegrateCommand: AsyncParsableCommand, DiagnosingCommand {
    static let configuration = CommandConfiguration(
        commandName: "integrate",
        abstract: "Make functions of SQLite, PostgreSQL or Python out of a module.",
        discussion: """
            What is made is loaded by that program and needs nothing else. Without a manifest its \
            functions are those that the module exports and that take and return numbers; a manifest \
            declares functions of texts, bytes and arrays, aggregates and tables.

              smelt integrate sqlite in.wasm -o name.so
              smelt integrate postgresql in.wasm -o name.so    and name.control, name--1.0.sql
              smelt integrate python in.wasm --name name       name-1.0-cp311-abi3-....whl
            """)

    @Argument(help: "The program that loads it.")
    var host: IntegrationHost

    @Argument(
        help: ArgumentHelp("The module; - reads standard input.", valueName: "in.wasm"),
        completion: .file(extensions: ["wasm", "wat"]))
    var input: ByteString

    @Option(
        help: ArgumentHelp("The file that declares the functions.", valueName: "file"),
        completion: .file())
    var manifest: ByteString?

    @Option(
        name: .customShort("o", allowingJoined: true),
        help: ArgumentHelp(
            "The output (default: by the extension's name, in this folder).", valueName: "out"),
        completion: .file(extensions: ["so", "whl"]))
    var output: ByteString?

    @Option(help: ArgumentHelp("What the extension is called (default: the output's name)."))
    var name: String?

    @Option(
        name: .customLong("extension-version"),
        help: ArgumentHelp("The extension's version (default: 1.0).", valueName: "version"))
    var version = "1.0"

    @OptionGroup var machine: TargetOptions
    @OptionGroup var reports: ReportOptions
    @OptionGroup var code: CodeOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    func validate() throws {
        let isVersion =
            !version.isEmpty && version.utf8.count <= 32
            && version.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard isVersion else {
            throw ValidationError("--extension-version: a version has digits and points")
        }
    }

    func run() async throws {
        var options = code.compilationOptions()
        options.target = machine.target
        options.cpu = machine.cpu ?? .baseline
        options.emit = .sharedLibrary
        var integration = try IntegrationOptions(host: host, name: extensionName)
        integration.version = version
        integration.manifest = manifest.map { FilePath($0) }
        options.library = try LibraryOptions(prefix: "extension")
        options.library?.integration = integration
        options.library?.isInterruptible = true
        let module = try CompilerInput(reading: FilePath(input))
        var pipeline = Pipeline(options: options)
        pipeline.warn = { Diagnostics.warn($0) }
        let report = reports.observe(&pipeline)
        let progress = reports.verbose ? nil : ProgressLine.show(for: &pipeline)
        defer { progress?.end() }
        let destination =
            output.map { FilePath($0) } ?? FilePath(root: nil, [pipeline.extensionName!])
        try await pipeline.integrate(module, to: destination)
        if let report { Diagnostics.say(report.text) }
    }

    /// `plates` for `out/plates.so`, `plates.abi3.so` and `plates-1.0-....whl`.
    private var extensionName: String {
        if let name { return name }
        let file = FilePath(output ?? input).lastComponent?.string ?? ""
        let stem = file.prefix { $0 != "." && $0 != "-" }
        return String(stem)
    }
}
