// Runs test scripts: reads, plans, compiles, links and runs one, and puts the verdicts of the
// compiler and of the program together.

public import Compiler
internal import Lowering
public import SystemPackage
internal import WasmTypes

/// What came of a script.
public struct WastOutcome: Sendable {
    public var passed = 0
    public var failures: [WastFailure] = []
    public var skips: [WastSkip] = []
    /// What the proof of accesses has found, if there was one.
    public var accesses = AccessReport()

    /// Why commands were skipped, and how many for each reason.
    public var skipReasons: [(reason: String, count: Int)] {
        Dictionary(grouping: skips, by: \.reason)
            .map { (reason: $0.key, count: $0.value.count) }
            .sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
    }
}

/// Runs scripts with one set of options.
public struct WastRunner: Sendable {
    private let tools: WasmTools
    private let hosts: HostModules
    private let toolchain: Toolchain
    private let target: Target
    private let cpu: CPUSelection
    private let optimization: OptimizationLevel
    /// Whether every access to a memory is kept; see ``Compiler/CompilationOptions/exactTraps``.
    public var exactTraps = false
    /// Seconds that a script's program may take.
    public var timeLimit: UInt32
    /// What becomes of accesses that are not proved to stay in the sandbox.
    public var accessProof = AccessProofMode.standard

    /// - Parameters:
    ///   - toolchain: The runtime and the linker. Its search path is also where wasm-tools and
    ///     emulators are found.
    public init(
        target: Target, cpu: CPU = .baseline,
        optimization: OptimizationLevel = .standard,
        toolchain: Toolchain = .ofThisExecutable
    ) async throws(CompilerError) {
        self.target = target
        self.cpu = try CPUSelection(cpu, target: target)
        self.optimization = optimization
        self.toolchain = toolchain
        tools = try WasmTools(folders: toolchain.searchFolders)
        hosts = try await HostModules(using: tools)
        timeLimit = target == .host ? 20 : 120
    }

    /// Runs a script.
    public func run(_ file: FilePath) async throws(CompilerError) -> WastOutcome {
        let script = try await tools.script(file)
        let plan = try plan(script, features: Self.features(of: file))
        var outcome = WastOutcome(
            passed: plan.passed, failures: plan.failures, skips: plan.skips,
            accesses: plan.accesses)
        if !plan.programCommands.isEmpty {
            let program = try await ScriptProgram(plan, target: target, toolchain: toolchain)
            let report = try await program.run(emulator: emulator)
            outcome.add(report, of: plan.programCommands)
        }
        outcome.failures.sort { $0.line < $1.line }
        return outcome
    }

    private func plan(
        _ script: WastScript, features: FeatureSet
    ) throws(CompilerError) -> ScriptPlan {
        let compiler = ModuleCompiler(
            target: target, cpu: cpu, level: optimization, exactTraps: exactTraps,
            features: features, accessProof: accessProof)
        let plans = WorkerThreads.map(count: 1, threads: 1) { _ in
            var planner = ScriptPlanner(compiler: compiler)
            return planner.run(script, hosts: hosts, timeLimit: timeLimit)
        }
        return plans[0]
    }

    /// The program that runs programs for another machine.
    private var emulator: [String] {
        if target == .host { return [] }
        return switch target {
        case .x86_64LinuxMusl: ["qemu-x86_64"]
        case .aarch64LinuxMusl: ["qemu-aarch64"]
        }
    }

    /// The scripts of the threads proposal are older than the language: they expect that some of
    /// what came later is refused.
    private static func features(of file: FilePath) -> FeatureSet {
        var features = FeatureSet.all
        if file.removingLastComponent().lastComponent?.string == "threads" {
            features.remove(.multipleMemories)
            features.remove(.referenceTypes)
        }
        return features
    }
}

extension WastOutcome {
    /// Adds what the program of a script says. When it crashed, the command that it was at and
    /// all behind it have failed.
    fileprivate mutating func add(_ report: ScriptReport, of commands: [ProgramCommand]) {
        for (number, command) in commands.enumerated() {
            let message: String
            if let outcome = report.outcomes[number] {
                message = "expected \(command.expectation), but " + outcome.text(of: command)
            } else if let crash = report.crash, number >= report.performed {
                message = number == report.performed ? crash : "not performed: \(crash)"
            } else {
                if command.isCounted { passed += 1 }
                continue
            }
            failures.append(
                WastFailure(line: command.line, message: "\(command.text): \(message)"))
        }
    }
}
