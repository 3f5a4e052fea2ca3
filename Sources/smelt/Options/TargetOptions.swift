// The options that say what code is made for; `compile` and `run` share them.

public import ArgumentParser
public import Compiler

extension Target: ExpressibleByArgument {
    /// The triple, or a short name of the processor.
    public init?(argument: String) {
        switch argument {
        case "x86_64", "x86-64", "amd64": self = .x86_64LinuxMusl
        case "aarch64", "arm64": self = .aarch64LinuxMusl
        default: self.init(rawValue: argument)
        }
    }
}

struct TargetOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What to compile for, also as x86_64 or arm64; see smelt targets.",
            valueName: "triple"))
    var target: Target = .host

    @Option(
        help: ArgumentHelp(
            "The oldest processor to support (default: x86-64-v2, armv8-a).",
            valueName: "name|native"),
        completion: .list(["native"] + Target.allCases.flatMap(\.cpus)))
    var cpu: CPU?
}
