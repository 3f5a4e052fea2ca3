// The options that decide what code looks like; `compile` and `run` share them.

public import ArgumentParser
public import Compiler
internal import Platform

extension OptimizationLevel: EnumerableFlag {
    public static func name(for value: Self) -> NameSpecification {
        .customLong(value.rawValue, withSingleDash: true)
    }

    public static func help(for value: Self) -> ArgumentHelp? {
        switch value {
        case .none: "Compile as fast as possible."
        case .less: "Optimise a little."
        case .standard: "Optimise (the default)."
        case .aggressive: "Optimise more, whatever it costs."
        case .size: "Optimise for size."
        }
    }
}

struct CodeOptions: ParsableArguments {
    @Flag(exclusivity: .chooseLast)
    var optimization: OptimizationLevel = .standard

    @Flag(name: .customShort("g"), help: "Carry the module's debug information over.")
    var debugInformation = false

    @Flag(help: "Make every access to memory as the module has it, so that no trap is lost.")
    var exactTraps = false

    @Option(
        name: .customShort("j", allowingJoined: true),
        help: ArgumentHelp(
            "How many threads may work (default: one per processor).", valueName: "threads"))
    var jobs: Int?

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("-j: at least one thread is needed") }
    }

    /// Options for the library, with everything else at its default.
    func compilationOptions() -> CompilationOptions {
        var options = CompilationOptions()
        options.optimization = optimization
        options.debugInformation = debugInformation
        options.exactTraps = exactTraps
        options.jobs = jobs ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        return options
    }
}

extension CPU: ExpressibleByArgument {
    public init?(argument: String) {
        switch argument {
        case "": return nil
        case "native": self = .native
        case "baseline": self = .baseline
        default: self = .named(argument)
        }
    }
}
