// The way from a module to a file: read, decode, validate, lower, emit, link, rename. This is
// the entry point of the library; the command line adds nothing but words.

internal import Linking
internal import Lowering
internal import WasmValidation
public import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A program that can be executed.
public struct CachedProgram: Sendable {
    /// The executable.
    public var path: FilePath
    /// Why it is not in the cache, if it is not.
    public var cacheProblem: CompilerError?
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
    /// - Parameter output: Where to write. `-` is standard output, for everything but executables.
    public func compile(_ input: CompilerInput, to output: FilePath) async throws(CompilerError) {
        do throws(CompilerError) {
            try checkOptions(output: output)
            if options.emit == .executable {
                let file = try AtomicOutput(output)
                let code = try await generate(input)
                // Not linked where it shall be: a linker that is interrupted leaves things behind.
                let scratch = try ScratchFolder(in: ScratchFolder.parent)
                let program = scratch.file("program")
                try await link(code, to: program)
                try file.adopt(program)
                try file.commit()
            } else if output == "-" {
                try writeToStandardOutput(try await generate(input).units)
            } else {
                let file = try AtomicOutput(output)
                try file.write(try await generate(input).units.reduce([], +))
                try file.commit()
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
            let code = try await generate(input)
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
            let key = Cache.Key(module: input.bytes, facts: try cacheFacts())
            guard let cache = Cache.ofThisUser else {
                return try await compileOnce(input, because: Cache.noFolder)
            }
            if let path = cache.find(key) { return CachedProgram(path: path) }
            let lock: CacheLock?
            do throws(CompilerError) {
                lock = try cache.lock(key)
            } catch {
                return try await compileOnce(input, because: error)
            }
            defer { lock?.unlock() }
            if let path = cache.find(key) { return CachedProgram(path: path) }
            let program = try await linkInMemory(try await generate(input))
            do throws(CompilerError) {
                return CachedProgram(path: try cache.publish(program, as: key))
            } catch {
                return CachedProgram(
                    path: try Files.unnamedExecutable(program), cacheProblem: error)
            }
        } catch {
            throw error.about(input)
        }
    }

    private func compileOnce(
        _ input: CompilerInput, because problem: CompilerError
    ) async throws(CompilerError) -> CachedProgram {
        let program = try await linkInMemory(try await generate(input))
        return CachedProgram(path: try Files.unnamedExecutable(program), cacheProblem: problem)
    }

    private func linkInMemory(_ code: GeneratedCode) async throws(CompilerError) -> [UInt8] {
        let scratch = try ScratchFolder(in: ScratchFolder.parent)
        let program = scratch.file("program")
        try await link(code, to: program)
        return try Files.read(program)
    }

    // Stages -----------------------------------------------------------------------------------

    private func checkOptions(output: FilePath) throws(CompilerError) {
        if options.cpu == .native, options.target != .host {
            throw CompilerError(
                .option(
                    "--cpu native is this machine's, but the target is \(options.target.triple)"))
        }
        if options.emit == .executable, output == "-" {
            throw CompilerError(.option("executables cannot be written to standard output"))
        }
    }

    private func generate(_ input: CompilerInput) async throws(CompilerError) -> GeneratedCode {
        CrashReports.begin(input)
        let bytes = try await input.binary(toolchain)
        do throws(CompilerError) {
            let clock = ContinuousClock()
            let start = clock.now
            let validated = try Frontend.load(bytes)
            try Frontend.requireProgram(validated.module)
            let validation = clock.now - start
            observe(.finished(.validation, validation))
            let code = try CodeGeneration.run(
                validated, options: options,
                warn: { warn(CompilerError(.debugInformation($0)).about(input)) },
                observe: observe)
            observe(.finished(.codeGeneration, clock.now - start - validation))
            return code
        } catch {
            throw error.located(in: bytes)
        }
    }

    private func link(_ code: GeneratedCode, to output: FilePath) async throws(CompilerError) {
        let start = ContinuousClock().now
        defer { observe(.finished(.linking, ContinuousClock().now - start)) }
        let runtime = try toolchain.runtimeFolder(for: options.target)
        let linker = try await toolchain.linker()
        let scratch = try ScratchFolder(in: ScratchFolder.parent)
        var objects: [FilePath] = []
        for (index, bytes) in code.units.enumerated() {
            let file = scratch.file("unit\(index).o")
            try Files.write(bytes, to: file)
            objects.append(file)
        }
        var plan = LinkPlan.program(
            architecture: options.target.architecture, objects: objects, runtimeFolder: runtime,
            output: output, memory: code.memory)
        plan.stackSize = options.grants.stackSize ?? Grants.defaultStackSize
        plan.stripsSymbols = options.stripsSymbols
        plan.hasBacktraces = options.hasBacktraces
        plan.keepsDebugInformation = options.debugInformation
        plan.threads = options.jobs
        do throws(LinkError) {
            if options.debugInformation {
                try await addSourceTable(to: &plan, linker, scratch)
            }
            try await linker.link(plan, scriptPath: scratch.file("script.ld"))
            if !options.stripsSymbols { try SymbolNames.finish(output, name: code.names.tableName) }
        } catch .file(let path, let reason) {
            throw CompilerError(.file(path, reason: reason))
        } catch {
            throw CompilerError(.link(error))
        }
    }

    /// Links once to learn where everything will be, and adds what backtraces tell about it.
    private func addSourceTable(
        to plan: inout LinkPlan, _ linker: Linker, _ scratch: borrowing ScratchFolder
    ) async throws(LinkError) {
        plan.hasSourceTable = true
        var first = plan
        first.output = scratch.file("first")
        first.stripsSymbols = false
        try await linker.link(first, scriptPath: scratch.file("first.ld"))
        guard let table = SourceTable(of: try ELFFile(reading: first.output)) else { return }
        let object = scratch.file("source.o")
        do {
            let bytes = try CodeGenerator.object(
                named: "smelt_source_table", in: "smelt_source", contents: table.bytes,
                triple: options.target.triple)
            try Files.write(bytes, to: object)
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
    private func cacheFacts() throws(CompilerError) -> [String] {
        let runtime = try toolchain.runtimeFolder(for: options.target)
        let cpu = try CPUSelection(options.cpu, target: options.target)
        var options = options
        // The output does not depend on it.
        options.jobs = 1
        var facts = [
            SmeltVersion.banner, Files.fingerprint(of: Toolchain.executablePath) ?? "",
            "\(options)", "\(cpu.name) \(cpu.features)",
        ]
        if !options.embeddedFolders.isEmpty {
            facts.append(Cache.digest(of: try EmbeddedImage.build(options.embeddedFolders)))
        }
        for name in LinkPlan.runtimeFiles {
            facts.append(Cache.digest(of: try Files.read(runtime.appending(name))))
        }
        return facts
    }
}
