// `smelt run`: compiles into the cache and becomes the program, so that its signals and its exit
// status are its own.

internal import ArgumentParser
internal import Compiler
internal import Platform
internal import SystemPackage

struct RunCommand: AsyncParsableCommand, DiagnosingCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Compile a module, unless that has been done before, and run it.",
        discussion: """
            The first word behind the module that is not a grant begins the program's own \
            arguments; -- does so in any case. Compiled programs are kept in \
            $XDG_CACHE_HOME/smelt or ~/.cache/smelt.
            """)

    @Argument(
        help: ArgumentHelp("The module.", valueName: "in.wasm"),
        completion: .file(extensions: ["wasm", "wat"]))
    var input: ByteString

    @Argument(
        parsing: .captureForPassthrough,
        help: ArgumentHelp("Grants, then what the program gets.", valueName: "arguments"))
    var rest: [ByteString] = []

    @OptionGroup var machine: TargetOptions
    @OptionGroup var modules: ModuleOptions
    @OptionGroup var embedding: EmbeddingOptions
    @OptionGroup var reports: ReportOptions
    @OptionGroup var code: CodeOptions
    @OptionGroup(title: "Grants") var grantOptions: GrantOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    func run() async throws {
        var grants = try inheritedGrants()
        grants.list += try grantOptions.grants().list
        let (trailing, arguments) = try trailingGrants()
        grants.list += trailing.list

        let module = try CompilerInput(reading: FilePath(input))
        var options = code.compilationOptions()
        options.target = machine.target
        options.cpu = machine.cpu ?? (machine.target == .host ? .native : .baseline)
        options.embeddedFolders = try embedding.folders()
        modules.apply(to: &options)
        var pipeline = Pipeline(options: options)
        pipeline.providers = try modules.providers()
        pipeline.companions = try modules.companionInputs()
        pipeline.warn = { Diagnostics.warn($0) }
        GrantOptions.warn(about: grants)
        let report = reports.observe(&pipeline)
        let progress = reports.verbose ? nil : ProgressLine.show(for: &pipeline)
        defer { progress?.end() }
        let program = try await pipeline.compileIntoCache(module)
        if let problem = program.cacheProblem { warn(about: problem) }
        if let report { Diagnostics.say(report.text) }
        try become(program.descriptor, arguments: arguments, grants: grants)
    }

    private func warn(about problem: CompilerError) {
        var problem = problem
        problem.furtherNotes.append("the compiled program is not kept for the next time")
        Diagnostics.warn(problem)
    }

    /// What SMELT_GRANTS grants already.
    private func inheritedGrants() throws -> Grants {
        guard let value = getenv("SMELT_GRANTS") else { return Grants() }
        do {
            return try Grants(environmentValue: ByteString(cString: value))
        } catch {
            throw CompilerError(.option("\(error)"))
        }
    }

    /// Grants behind the module's name, and the program's arguments behind them.
    private func trailingGrants() throws -> (Grants, [ByteString]) {
        var words: [ByteString] = []
        var rest = rest[...]
        while let word = rest.first, word != "--" {
            guard Grants.isOption(word) else { break }
            words.append(rest.removeFirst())
            if Grants.takesNextWord(word), let value = rest.popFirst() { words.append(value) }
        }
        if rest.first == "--" { rest.removeFirst() }
        do {
            return (try Grants(words: words), Array(rest))
        } catch {
            throw CompilerError(.option("\(error)"))
        }
    }

    /// Replaces this process by the program that was looked at, whatever its name means by now.
    private func become(
        _ program: FileDescriptor, arguments: [ByteString], grants: Grants
    ) throws -> Never {
        if !grants.isEmpty {
            zeroTerminated(grants.environmentValue).withUnsafeBufferPointer {
                _ = setenv("SMELT_GRANTS", $0.baseAddress!, 1)
            }
        }
        // Like a shell would: the program sees the name that it was called by.
        var pointers: [UnsafeMutablePointer<CChar>?] = ([input] + arguments).map { word in
            zeroTerminated(word).withUnsafeBufferPointer { strdup($0.baseAddress!) }
        }
        pointers.append(nil)
        signal(SIGXFSZ, SIG_DFL)
        fexecve(program.rawValue, pointers, environ)
        if errno == ENOEXEC, machine.target != .host {
            // Another machine's, and the kernel knows no emulator. One of them opens the program.
            _ = fcntl(program.rawValue, F_SETFD, 0)
            let emulator = "qemu-\(machine.target.triple.prefix { $0 != "-" })"
            let path = strdup("/proc/self/fd/\(program.rawValue)")
            var words = [strdup(emulator), strdup("-0"), pointers[0], path] + pointers.dropFirst()
            words.append(nil)
            execvp(emulator, words)
            var error = CompilerError(
                .option("programs for \(machine.target.triple) do not run on this machine"))
            error.furtherNotes = ["install \(emulator), which runs them: apt-get install qemu-user"]
            throw error
        }
        throw CompilerError(
            .file(FilePath(input), reason: "cannot be executed: \(Errno(rawValue: errno))"))
    }

    private func zeroTerminated(_ word: ByteString) -> [CChar] {
        word.bytes.map { CChar(bitPattern: $0) } + [0]
    }
}
