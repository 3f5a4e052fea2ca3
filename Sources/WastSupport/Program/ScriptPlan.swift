// What a script becomes: verdicts that the compiler reaches alone, and a program for the rest.

internal import Compiler
internal import Lowering

/// A command that did not do what the script says.
public struct WastFailure: Sendable, Hashable {
    /// The command's line in the script.
    public var line: Int
    public var message: String
}

/// A command that was not performed, and why.
public struct WastSkip: Sendable, Hashable {
    public var line: Int
    public var reason: String
}

/// A command that the program performs.
struct ProgramCommand: Sendable {
    var line: Int
    /// For messages: `module`, `invoke "add"`.
    var text: String
    /// What must happen, for messages.
    var expectation: String
    /// What the results must look like.
    var results: [WastPattern] = []
    /// False for what the script does not say itself.
    var isCounted = true
}

/// A planned script.
struct ScriptPlan: Sendable {
    /// Commands that have passed already.
    var passed = 0
    var failures: [WastFailure] = []
    var skips: [WastSkip] = []
    /// Those that are left, in order.
    var programCommands: [ProgramCommand] = []
    /// The objects of the modules `m0`, `m1`...
    var objects: [[UInt8]] = []
    /// The modules' common type numbers.
    let types: TypeRegistry
    /// What the proof of accesses has found.
    var accesses = AccessReport()
    /// The bytes of the commands.
    var script: [UInt8] = []

    init(types: TypeRegistry) { self.types = types }
}
