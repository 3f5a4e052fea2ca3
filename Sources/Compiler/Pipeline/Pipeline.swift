// The way from a module to a file: read, decode, validate, lower, emit, link, rename. This is
// the entry point of the library; the command line adds nothing but words.

internal import Linking
internal import Lowering
internal import Platform
internal import WasmValidation
public import SystemPackage

/// A program that can be executed.
public struct CachedProgram: Sendable {
    /// The executable, to be started with `fexecve`. It is the file that was looked at, whatever stands
    /// in its place by now.
    public var descriptor: FileDescriptor
    /// Why it is not in the cache, if it is not.
    public var cacheProblem: CompilerError?

    init(_ descriptor: FileDescriptor, cacheProblem: CompilerError? = nil) {
        self.descriptor = descriptor
        self.cacheProblem = cacheProblem
    }
}

/// Compiles modules with one set of options. This is where users of the library begin:
///
/// ```swift
/// let module = try CompilerInput(reading: "app.wasm")
/// try await Pipeline(toolchain: .installation("/usr/local")).compile(module, to: "app")
/// ```
///
/// All errors are ``CompilerError``s.
public struct Pipeline: Sendable {
    /// What is produced, and for which machine.
    public var options: CompilationOptions
    /// Where the runtime and the linker are.
    public var toolchain: Toolchain
    /// Modules that become a part of the program, for what it imports.
    public var providers: [ModuleProvider] = []
    /// Components that become a part of the program: what they export stands for what the component and
    /// they themselves import.
    public var companions: [CompilerInput] = []
    /// Is told about what does not stop a compilation.
    public var warn: @Sendable (CompilerError) -> Void = { _ in }
    /// Is told how a compilation goes on, on whatever thread that happens.
    public var observe: @Sendable (CompilationEvent) -> Void = { _ in }

    /// - Parameters:
    ///   - options: What is produced, and for which machine.
    ///   - toolchain: Where the runtime and the linker are.
    public init(
        options: CompilationOptions = CompilationOptions(), toolchain: Toolchain = .ofThisExecutable
    ) {
        self.options = options
        self.toolchain = toolchain
    }

    /// Compiles a module into a file. The file appears whole or not at all; an older one stays
    /// until then.
    ///
    /// - Parameters:
    ///   - input: The module, binary or text.
    ///   - output: Where to write. `-` is standard output, for everything but executables.
    public func compile(_ input: CompilerInput, to output: FilePath) async throws(CompilerError) {
        do throws(CompilerError) {
            try checkOptions(output: output)
            if options.library != nil {
                try await compileLibrary(input, to: output, LibraryHeaders())
            } else if options.emit == .executable {
                let file = try withFiles { () throws(FileError) in
                    try AtomicOutput(output, isExecutable: true)
                }
                let code = try await generate(input, try embeddedFiles())
                try await link(code) { program throws(FileError) in
                    try file.write(contentsOf: program)
                }
                try withFiles(file.commit)
            } else if output == "-" {
                try writeToStandardOutput(try await generate(input, try embeddedFiles()).units)
            } else {
                let file = try withFiles { () throws(FileError) in try AtomicOutput(output) }
                let code = try await generate(input, try embeddedFiles())
                try withFiles { () throws(FileError) in
                    try file.write(code.units.reduce([], +))
                    try file.commit()
                }
            }
        } catch {
            throw error.about(input)
        }
    }

    /// Compiles a module into memory.
    ///
    /// - Returns: What the file would contain: an executable, an object, or text in UTF-8.
    public func compile(_ input: CompilerInput) async throws(CompilerError) -> [UInt8] {
        do throws(CompilerError) {
            try checkOptions(output: "")
            if options.library != nil {
                throw CompilerError(.option("libraries are only made as files"))
            }
            let code = try await generate(input, try embeddedFiles())
            return options.emit == .executable
                ? try await linkInMemory(code) : code.units.reduce([], +)
        } catch {
            throw error.about(input)
        }
    }

    /// Compiles a program into the cache, unless it is there already. Where there can be no cache
    /// the program lives as long as this process.
    public func compileIntoCache(
        _ input: CompilerInput
    ) async throws(CompilerError) -> CachedProgram {
        do throws(CompilerError) {
            try checkOptions(output: "")
            // The key and the program are made from one reading of everything that can change.
            let files = try embeddedFiles()
            let runtime = try runtimeDigests()
            let key = Cache.Key(module: input.bytes, facts: try cacheFacts(runtime, files))
            let cache: Cache
            let lock: CacheLock?
            do throws(CompilerError) {
                guard let own = Cache.ofThisUser else { throw Cache.noFolder }
                cache = own
                let found = try withFiles { () throws(FileError) in try cache.find(key) }
                if let found { return CachedProgram(found) }
                lock = try withFiles { () throws(FileError) in try cache.lock(key) }
            } catch {
                return try uncached(try await compileOnce(input, files), because: error)
            }
            defer { lock?.unlock() }
            if let program = try? cache.find(key) { return CachedProgram(program) }
            let program = try await compileOnce(input, files)
            do throws(CompilerError) {
                // The linker reads the runtime for itself.
                guard try runtimeDigests() == runtime else { throw .runtimeChanged }
                return try withFiles { () throws(FileError) in
                    CachedProgram(try cache.publish(program, as: key))
                }
            } catch {
                return try uncached(program, because: error)
            }
        } catch {
            throw error.about(input)
        }
    }

    private func uncached(
        _ program: [UInt8], because problem: CompilerError
    ) throws(CompilerError) -> CachedProgram {
        try withFiles { () throws(FileError) in
            CachedProgram(try Files.unnamedExecutable(program), cacheProblem: problem)
        }
    }

    private func compileOnce(
        _ input: CompilerInput, _ files: [UInt8]?
    ) async throws(CompilerError) -> [UInt8] {
        try await linkInMemory(try await generate(input, files))
    }

    private func linkInMemory(_ code: GeneratedCode) async throws(CompilerError) -> [UInt8] {
        try await link(code) { program throws(FileError) in try Self.readAll(program) }
    }

    static func readAll(_ output: FileDescriptor) throws(FileError) -> [UInt8] {
        do {
            return try Files.readAll(output, limit: Files.executableLimit)
        } catch {
            throw FileError("the linker's output", "cannot read: \(error)")
        }
    }

    // Stages -----------------------------------------------------------------------------------

    func checkOptions(output: FilePath) throws(CompilerError) {
        try CompilerError.checkDescriptors()
        if options.cpu == .native, options.target != .host {
            throw CompilerError(
                .option(
                    "--cpu native is this machine's, but the target is \(options.target.triple)"))
        }
        if options.emit == .executable || options.library != nil, output == "-" {
            throw CompilerError(
                .option(
                    options.library == nil
                        ? "executables cannot be written to standard output"
                        : "libraries cannot be written to standard output"))
        }
        if [.archive, .sharedLibrary].contains(options.emit), options.library == nil {
            throw CompilerError(.option("a library needs options of its own: set options.library"))
        }
    }

    func generate(
        _ input: CompilerInput, _ embeddedFiles: [UInt8]?
    ) async throws(CompilerError) -> GeneratedCode {
        CrashReports.begin(input)
        let bytes = try await input.binary(toolchain)
        let provided = try await providedModules()
        let companions = try await companionFiles()
        do throws(CompilerError) {
            let clock = ContinuousClock()
            let start = clock.now
            let linked: LinkedModules
            if InputFormat(of: bytes) == .component {
                try ComponentFrontend.check(options, hasProviders: !providers.isEmpty)
                linked = try ComponentFrontend.link(
                    (input.name, bytes), with: companions, options: options
                ) { warn($0.about(input)) }
            } else {
                linked = try linkModules(bytes, input, provided)
            }
            let validation = clock.now - start
            observe(.finished(.validation, validation))
            let code = try CodeGeneration.run(
                linked, options: options, embeddedFiles: embeddedFiles,
                warn: { warn($0.about(input)) },
                observe: observe)
            observe(.finished(.codeGeneration, clock.now - start - validation))
            return code
        } catch {
            throw error.located(in: bytes)
        }
    }

    private func companionFiles() async throws(CompilerError) -> [ComponentFrontend.NamedBytes] {
        var files: [ComponentFrontend.NamedBytes] = []
        for companion in companions {
            do throws(CompilerError) {
                let bytes = try await companion.binary(toolchain)
                guard InputFormat(of: bytes) == .component else {
                    throw CompilerError(.option("--with takes components, and this is a module"))
                }
                files.append((companion.name, bytes))
            } catch {
                throw error.about(companion)
            }
        }
        return files
    }

    private func linkModules(
        _ bytes: [UInt8], _ input: CompilerInput, _ provided: ProvidedModules
    ) throws(CompilerError) -> LinkedModules {
        if let companion = companions.first {
            throw CompilerError(
                .option("--with \(companion.name): only components are composed; see --import"))
        }
        let validated = try Frontend.load(bytes)
        if options.library != nil {
            try Frontend.requireModule(validated)
            return LinkedModules(validated, unknown: .symbols)
        }
        let linked = try Frontend.link(
            [validated] + provided.modules, [("", input.name, 0)] + provided.instances,
            options: options)
        if let oddity = Frontend.emptyEntryPoint(of: validated.module, options) {
            warn(oddity.about(input))
        }
        return linked
    }

    private typealias ProvidedModules = (
        modules: [ValidatedModule], instances: [(name: String, file: String, module: Int)]
    )

    /// The modules of the providers, each once, and their instances: modules are numbered from 1 on.
    private func providedModules() async throws(CompilerError) -> ProvidedModules {
        var modules: [ValidatedModule] = []
        var numbers: [[UInt8]: Int] = [:]
        var instances: [(name: String, file: String, module: Int)] = []
        for provider in providers {
            if instances.contains(where: { $0.name == provider.name }) {
                throw CompilerError(.option("--import \(provider.name): there are two of them"))
            }
            if numbers[provider.input.bytes] == nil {
                do throws(CompilerError) {
                    let bytes = try await provider.input.binary(toolchain)
                    try InputFormat(of: bytes).requireModule()
                    do throws(CompilerError) {
                        modules.append(try Frontend.load(bytes))
                    } catch {
                        throw error.located(in: bytes)
                    }
                } catch {
                    throw error.about(provider.input)
                }
                numbers[provider.input.bytes] = modules.count
            }
            instances.append(
                (provider.name, provider.input.name, numbers[provider.input.bytes]!))
        }
        return (modules, instances)
    }

    /// The image of the embedded folders; nil if there are none.
    private func embeddedFiles() throws(CompilerError) -> [UInt8]? {
        options.embeddedFolders.isEmpty ? nil : try EmbeddedImage.build(options.embeddedFolders)
    }

    /// Links a program.
    ///
    /// - Parameter use: What is done with it, by its descriptor; it has no other place.
    private func link<Result>(
        _ code: GeneratedCode,
        _ use: (FileDescriptor) throws(FileError) -> Result
    ) async throws(CompilerError) -> Result {
        let start = ContinuousClock().now
        defer { observe(.finished(.linking, ContinuousClock().now - start)) }
        let runtime = Files.absolute(try toolchain.runtimeFolder(for: options.target))
        let linker = try await toolchain.linker()
        // Not linked where it shall be: a linker that is interrupted leaves things behind.
        let scratch = try withFiles(ScratchFolder.init)
        // The linker is started in the folder and sees names only.
        var objects: [FilePath] = []
        for (index, bytes) in code.units.enumerated() {
            let name = "unit\(index).o"
            do throws(FileError) {
                try scratch.write(bytes, to: name)
            } catch {
                throw CompilerError(error)
            }
            objects.append(FilePath(name))
        }
        let program = scratch.file("program")
        var plan = LinkPlan.program(
            architecture: options.target.architecture, objects: objects, runtimeFolder: runtime,
            output: "program", memory: code.memory)
        plan.stackSize = options.grants.stackSize ?? Grants.defaultStackSize
        plan.stripsSymbols = options.stripsSymbols
        plan.hasBacktraces = options.hasBacktraces
        plan.hasExceptions = code.hasExceptions
        plan.keepsDebugInformation = options.debugInformation
        plan.threads = options.jobs
        do throws(LinkError) {
            if options.debugInformation {
                try await addSourceTable(to: &plan, linker, scratch)
            }
            let script = FilePath(root: nil, [scratch.file("script.ld").lastComponent!])
            let words = plan.arguments(scriptPath: script)
            observe(.linking([linker.path.readable] + words))
            try await linker.link(
                plan, scriptPath: script, in: scratch.path)
            if !options.stripsSymbols {
                try SymbolNames.finish(program, name: code.names.tableName)
            }
        } catch .file(let path, let reason) {
            throw CompilerError(.file(scratch.shownPath(of: path), reason: reason))
        } catch {
            throw CompilerError(.link(error))
        }
        do throws(FileError) {
            let file = try scratch.open("program")
            defer { try? file.close() }
            return try use(file)
        } catch {
            throw CompilerError(error)
        }
    }

    /// Links once to learn where everything will be, and adds what backtraces tell about it.
    private func addSourceTable(
        to plan: inout LinkPlan, _ linker: Linker, _ scratch: borrowing ScratchFolder
    ) async throws(LinkError) {
        plan.hasSourceTable = true
        var first = plan
        first.output = "first"
        first.stripsSymbols = false
        try await linker.link(first, scriptPath: "first.ld", in: scratch.path)
        let executable = try ELFFile(reading: scratch.file("first"))
        guard let table = SourceTable(of: executable) else { return }
        let object: FilePath = "source.o"
        do {
            let bytes = try CodeGenerator.object(
                named: "smelt_source_table", in: "smelt_source", contents: table.bytes,
                triple: options.target.triple)
            try scratch.write(bytes, to: "source.o")
        } catch {
            throw .file(path: object, reason: "\(error)")
        }
        plan.inputs.append(object)
    }

    private func writeToStandardOutput(_ units: [[UInt8]]) throws(CompilerError) {
        do {
            for unit in units { try FileDescriptor.standardOutput.writeAll(unit) }
        } catch {
            throw CompilerError(.file("standard output", reason: "cannot write: \(error)"))
        }
    }

    /// Everything but the module that a compiled program depends on.
    private func cacheFacts(
        _ runtimeDigests: [String], _ embeddedFiles: [UInt8]?
    ) throws(CompilerError) -> [String] {
        let cpu = try CPUSelection(options.cpu, target: options.target)
        var options = options
        // The output does not depend on it.
        options.jobs = 1
        // The file that this process runs, even if another one has its name by now.
        let compiler = Files.fingerprint(of: "/proc/self/exe") ?? ""
        return [
            SmeltVersion.banner, compiler, "\(options)", "\(cpu.name) \(cpu.features)",
            embeddedFiles.map { Digest.of($0) } ?? "",
        ] + runtimeDigests + providers.flatMap { [$0.name, Digest.of($0.input.bytes)] }
            + ["with"] + companions.map { Digest.of($0.bytes) }
    }

    private func runtimeDigests() throws(CompilerError) -> [String] {
        let folder = try toolchain.runtimeFolder(for: options.target)
        var digests: [String] = []
        for name in LinkPlan.runtimeFiles {
            let file = folder.appending(name)
            digests.append(
                Digest.of(try withFiles { () throws(FileError) in try Files.read(file) }))
        }
        return digests
    }
}

extension CompilerError {
    /// What was hashed is not what was linked.
    fileprivate static var runtimeChanged: CompilerError {
        CompilerError(.option("the installed runtime has changed in the meantime"))
    }
}

extension Cache {
    /// There is no place for a cache.
    package static var noFolder: CompilerError {
        CompilerError(.option("no cache: neither XDG_CACHE_HOME nor HOME is set"))
    }
}
