// Callers of a program: the start of a command, and the commands of a test script.

import WasmTypes

/// A call that a script makes.
public struct ScriptCommand: Sendable {
    public var export: ExportedFunction
    public var arguments: [ComponentValue]
    /// What the call has to return; nil if it does not matter.
    public var expected: ComponentValue?

    public init(
        export: ExportedFunction, arguments: [ComponentValue], expected: ComponentValue? = nil
    ) {
        self.export = export
        self.arguments = arguments
        self.expected = expected
    }
}

extension ComponentProgram {
    /// The name of the exported function of a command's driver.
    public static let startName = "_start"

    /// The exported function that makes the component a command: `run` of the newest version of
    /// `wasi:cli/run` of the track 0.2.
    public var command: ExportedFunction? {
        var newest: (version: UInt, export: ExportedFunction)?
        for export in exports where export.path.count == 2 && export.path[1] == "run" {
            guard let version = export.path[0].wholeVersion(of: "wasi:cli/run@0.2.") else {
                continue
            }
            if newest.map({ version > $0.version }) ?? true { newest = (version, export) }
        }
        return newest?.export
    }

    /// Adds an instance whose export ``startName`` runs a command and exits with 1 if it fails.
    public mutating func addStart(_ command: ExportedFunction) throws(LinkingError) {
        guard command.type.parameters.isEmpty, !command.type.isAsync,
            let result = command.type.result, types[result] == .result(success: nil, failure: nil)
        else {
            throw LinkingError(
                "\(command.path.joined(separator: "#")) does not have the type of a command, "
                    + "func() -> result")
        }
        let instance = try evaluator.addInstance(parent: nil, name: "start")
        evaluator.instances[instance].isDriver = true
        let source = evaluator.graph.add(
            .call(function(command), caller: instance, ResolvedOptions()))
        var builder = ModuleBuilder()
        let run = builder.importFunction("link", "run", CoreSignature([], [.i32]))
        let exit = builder.importFunction("wasi:cli/exit", "exit", CoreSignature([.i32]))
        var body = FunctionBuilder(name: Self.startName, CoreSignature())
        body.call(run)
        body.if()
        body.i32(1)
        body.call(exit)
        body.op(.unreachable)
        body.end()
        builder.export(Self.startName, builder.add(body))
        let module = DriverModule(
            bytes: builder.encode(name: "start"),
            imports: [source, .host(module: "wasi:cli/exit", name: "exit")])
        _ = try addDriver(Node(name: "start", kind: .driver(module)))
    }

    /// Adds an instance that exports a function () -> i32 for each command, named by its number from 0. Its
    /// result is 0, or 1 if the component's function returned something else than was expected.
    public mutating func addScript(_ commands: [ScriptCommand]) throws(LinkingError) {
        var script = ScriptBuilder(types: types)
        let instance = try evaluator.addInstance(parent: nil, name: "script")
        evaluator.instances[instance].isDriver = true
        for command in commands { try script.add(command) }
        let memory = DriverModule(
            bytes: script.memoryModule(), imports: [], memory: script.memoryType)
        let node = try addDriver(Node(name: "script memory", kind: .driver(memory)))
        let options = ResolvedOptions(
            memory: .export(instance: node, name: "memory"),
            realloc: .export(instance: node, name: "realloc"))
        let sources = commands.map {
            evaluator.graph.add(.call(function($0.export), caller: instance, options))
        }
        let module = DriverModule(
            bytes: script.commandModule(),
            imports: sources + [.export(instance: node, name: "memory")])
        _ = try addDriver(Node(name: "script", kind: .driver(module)))
    }
}

extension String {
    /// The number behind a prefix.
    fileprivate func wholeVersion(of prefix: String) -> UInt? {
        hasPrefix(prefix) ? UInt(dropFirst(prefix.count).prefix { $0.isNumber }) : nil
    }
}
