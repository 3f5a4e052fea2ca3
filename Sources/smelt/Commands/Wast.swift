// `smelt wast`: runs a script of the WebAssembly test suite with compiled code.

internal import ArgumentParser
internal import Compiler
internal import Platform
internal import SystemPackage
internal import WastSupport

struct WastCommand: AsyncParsableCommand, DiagnosingCommand {
    static let configuration = CommandConfiguration(
        commandName: "wast",
        abstract: "Run a test script with compiled code.",
        discussion: """
            Compiles the modules of the script for the target, links them into one program and \
            runs that, under qemu if it is for another machine. Needs wasm-tools.
            """)

    @Argument(
        help: ArgumentHelp("The script.", valueName: "script.wast"),
        completion: .file(extensions: ["wast"]))
    var input: ByteString

    @Option(help: ArgumentHelp("The machine to run on.", valueName: "triple"))
    var target: Target = .host

    @Option(
        help: ArgumentHelp("The processor to compile for.", valueName: "name|native"),
        completion: .list(["native"] + Target.allCases.flatMap(\.cpus)))
    var cpu: CPU?

    @Flag(exclusivity: .chooseLast)
    var optimization: OptimizationLevel = .standard

    @Flag(help: "Make every access to memory as the module has it, so that no trap is lost.")
    var exactTraps = false
    @Option(
        name: .customLong("access-proof"),
        help: ArgumentHelp(
            "What becomes of accesses that are not proved to stay in the sandbox.",
            visibility: .hidden))
    var accessProof = AccessProofMode.standard

    @OptionGroup var diagnostics: DiagnosticOptions

    func run() async throws {
        var runner = try await WastRunner(
            target: target, cpu: cpu ?? .baseline, optimization: optimization)
        runner.exactTraps = exactTraps
        runner.accessProof = accessProof
        let outcome = try await runner.run(FilePath(input))
        for failure in outcome.failures { print("\(input):\(failure.line): \(failure.message)") }
        for (reason, count) in outcome.skipReasons { print("skipped \(count): \(reason)") }
        print(
            "\(outcome.passed) passed, \(outcome.failures.count) failed,"
                + " \(outcome.skips.count) skipped")
        if accessProof == .report { print(outcome.accesses.text) }
        if !outcome.failures.isEmpty || !outcome.accesses.failures.isEmpty { endWithFailure() }
    }
}

/// Ends the process without another word: what went wrong has been said.
func endWithFailure() -> Never { exit(1) }
