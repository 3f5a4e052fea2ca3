// From a script to a plan. Malformed, invalid and (as far as types go) unlinkable modules are
// judged here; modules that are to be run are compiled; what is left are the program's commands.

internal import Lowering
internal import WasmBinary
internal import WasmTypes
internal import WasmValidation

/// Plans one script. Needs a thread with a large stack.
struct ScriptPlanner {
    var compiler: ModuleCompiler
    var names = ScriptNames()
    var encoder = CommandEncoder()
    var plan: ScriptPlan
    private var instanceCount: UInt32 = 0
    /// The pieces of `spectest`, until they are needed.
    private var hosts: HostModules?
    /// The module that components trap with, binary.
    var componentTraps: [UInt8] = []
    var components = ScriptComponents()
    /// The script, and the place in it of the current command.
    var script = WastScript(name: "", commands: [])
    var place = 0
    /// The line of the current command.
    var line = 0

    init(compiler: ModuleCompiler) {
        self.compiler = compiler
        plan = ScriptPlan(types: compiler.types)
    }

    /// Plans a script.
    ///
    /// - Parameters:
    ///   - hosts: The modules that make up `spectest`.
    ///   - seconds: How long the program may take.
    mutating func run(
        _ script: WastScript, hosts: HostModules, timeLimit seconds: UInt32
    ) -> ScriptPlan {
        self.hosts = hosts
        self.script = script
        componentTraps = hosts.componentTraps
        for (place, command) in script.commands.enumerated() {
            self.place = place
            line = command.line
            perform(command.kind)
        }
        plan.objects = compiler.objects
        plan.accesses = compiler.accesses
        plan.script = encoder.script(instanceCount: instanceCount, timeLimit: seconds)
        return plan
    }

    private mutating func perform(_ command: WastCommand.Kind) {
        switch command {
        case .module(let source, let name): addModule(source, name)
        case .definition(let source, let name):
            if let bytes = source.component {
                if defineComponent(bytes, name) != nil { pass() }
                return
            }
            guard let module = define(source, name) else { return }
            names.lastDefinition = module
            pass()
        case .instance(let name, let definition): addInstance(name, of: definition)
        case .register(let name, let instance): register(name, instance)
        case .action(let action):
            if let instance = componentInstance(action) {
                return plan(action, of: instance, "success", trap: nil)
            }
            plan(action, [], "success", .success)
        case .assertReturn(let action, let results):
            let expectation =
                results.isEmpty ? "success" : results.map(\.text).joined(separator: ", ")
            if let instance = componentInstance(action) {
                return plan(action, of: instance, expectation, trap: nil)
            }
            plan(action, results, expectation, .success, comparesResults: true)
        case .assertTrap(let action, let text), .assertExhaustion(let action, let text):
            if let instance = componentInstance(action) {
                return plan(action, of: instance, "the trap \"\(text)\"", trap: text)
            }
            plan(action, [], "the trap \"\(text)\"", AcceptedOutcomes(trap: text))
        case .assertException(let action):
            plan(action, [], "an exception", .exception)
        case .assertMalformed(let source, let text): refuse(source, [.malformed], text)
        case .assertInvalid(let source, let text): refuse(source, [.invalid, .malformed], text)
        case .assertUnlinkable(let source, let text): assertUnlinkable(source, text)
        case .assertUninstantiable(let source, let text):
            guard let module = load(source), let imports = link(module) else { return }
            _ = instantiate(
                module, imports, "module", "the trap \"\(text)\"", AcceptedOutcomes(trap: text))
        case .unknown(let name): skip("the command \(name) is not known")
        }
    }
}

// Verdicts -----------------------------------------------------------------------------------

extension ScriptPlanner {
    mutating func pass() { plan.passed += 1 }

    mutating func fail(_ message: String) {
        plan.failures.append(WastFailure(line: line, message: message))
    }

    mutating func skip(_ reason: String) {
        plan.skips.append(WastSkip(line: line, reason: reason))
    }

    /// A module that must be refused. Some errors of the text format, such as numbers that are too
    /// large for what they mean, survive the translation and become errors of another kind.
    private mutating func refuse(
        _ source: WastModule, _ kinds: Set<ModuleError.Kind>, _ text: String
    ) {
        let bytes: [UInt8]
        var kinds = kinds
        switch source {
        case .text(_, binary: nil): return pass()
        case .text(_, binary: let translated?):
            bytes = translated
            kinds = [.malformed, .invalid]
        case .binary(let binary): bytes = binary
        }
        do throws(ModuleError) {
            if WastModule.binary(bytes).component != nil {
                // Some are invalid only as long as a feature is off.
                kinds.insert(.unsupported)
                _ = try loadComponent(bytes)
            } else {
                _ = try compiler.load(bytes)
            }
            fail("the module was accepted, expected \"\(text)\"")
        } catch {
            if kinds.contains(error.kind) { return pass() }
            fail("expected \"\(text)\", found: \(error)")
        }
    }
}

// Modules and instances ----------------------------------------------------------------------

extension ScriptPlanner {
    /// Decodes and validates a module that must be right; nil if it is not, which is a failure.
    private mutating func load(_ source: WastModule) -> ScriptModule? {
        guard case .binary(let bytes) = source else {
            fail("wasm-tools refuses the module")
            return nil
        }
        do throws(ModuleError) {
            return ScriptModule(try compiler.load(bytes), types: compiler.types)
        } catch {
            fail("the module was refused: \(error)")
            return nil
        }
    }

    private mutating func define(_ source: WastModule, _ name: WastName?) -> ScriptModule? {
        names.lastDefinition = nil
        if let name { names.definitions[name] = nil }
        guard let module = load(source) else { return nil }
        if let name { names.definitions[name] = module }
        return module
    }

    private mutating func addModule(_ source: WastModule, _ name: WastName?) {
        if let bytes = source.component {
            guard let definition = defineComponent(bytes, name) else { return }
            return instantiate(definition, name)
        }
        components.lastInstance = nil
        names.lastInstance = nil
        if let name { names.instances[name] = .some(nil) }
        guard let module = define(source, name), let imports = link(module) else { return }
        setInstance(instantiate(module, imports, "module", "success", .success), name)
    }

    private mutating func addInstance(_ name: WastName?, of definition: WastName?) {
        if let component = definition.map({ components.definitions[$0] })
            ?? components.lastDefinition
        {
            return instantiate(component, name)
        }
        components.lastInstance = nil
        names.lastInstance = nil
        let module =
            if let definition { names.definitions[definition] } else { names.lastDefinition }
        guard let module else { return fail("there is no such module") }
        guard let imports = link(module) else { return }
        setInstance(instantiate(module, imports, "instance", "success", .success), name)
    }

    private mutating func setInstance(_ instance: ScriptInstance, _ name: WastName?) {
        names.lastInstance = instance
        if let name { names.instances[name] = instance }
    }

    private mutating func register(_ name: WastName, _ instance: WastName?) {
        guard let instance = find(instance) else {
            names.registered[name] = []
            return fail("there is no such instance")
        }
        names.registered[name] = [instance]
        if case .skipped(let reason) = instance.state { return skip(reason) }
        pass()
    }

    private func find(_ name: WastName?) -> ScriptInstance? {
        guard let name else { return names.lastInstance }
        return names.instances[name] ?? nil
    }

    /// Finds what a module imports; nil if it cannot be linked, which is a failure.
    private mutating func link(_ module: ScriptModule) -> [ResolvedImport]? {
        switch resolve(module) {
        case .success(let imports): return imports
        case .failure(let error):
            fail("the module cannot be linked: \(error.text)")
            return nil
        }
    }

    /// The specification's words for imports of another type.
    private static let incompatible = "incompatible import type"

    private struct LinkFailure: Error {
        /// In the specification's words.
        var text: String
    }

    private mutating func resolve(
        _ module: ScriptModule
    ) -> Result<[ResolvedImport], LinkFailure> {
        var imports: [ResolvedImport] = []
        for item in module.module.imports {
            if WastName(item.module) == HostModules.name { addHosts() }
            guard let (owner, export) = names.find(item) else {
                return .failure(LinkFailure(text: "unknown import"))
            }
            imports.append(
                ResolvedImport(
                    kind: export.kind, entity: owner.entity(export), owner: owner,
                    index: export.index, minimum: item.type.minimum))
        }
        for (item, resolved) in zip(module.module.imports, imports)
        where !compiler.types.matches(
            resolved.entity.type, of: resolved.entity.types, as: item.type, of: module.types)
        {
            return .failure(LinkFailure(text: Self.incompatible))
        }
        return .success(imports)
    }

    /// Makes `spectest` importable. Pieces that are not translated yet are no failure: modules that
    /// import from them are skipped.
    mutating func addHosts() {
        guard let pieces = hosts else { return }
        hosts = nil
        let skips = plan.skips
        for bytes in pieces.binaries {
            guard let module = load(.binary(bytes)) else { continue }
            let commands = plan.programCommands.count
            let instance = instantiate(module, [], "spectest", "success", .success)
            names.registered[HostModules.name, default: []].append(instance)
            for index in commands..<plan.programCommands.count {
                plan.programCommands[index].isCounted = false
            }
        }
        plan.skips = skips
    }

    private mutating func assertUnlinkable(_ source: WastModule, _ text: String) {
        guard let module = load(source) else { return }
        switch resolve(module) {
        case .failure(let error):
            if error.text.hasPrefix(text) { return pass() }
            fail("expected \"\(text)\", found \"\(error.text)\"")
        case .success(let imports):
            let sized: Set<ExternalKind> = [.memory, .table]
            guard imports.contains(where: { sized.contains($0.kind) }) else {
                return fail("the module can be linked, expected \"\(text)\"")
            }
            let isTextRight = Self.incompatible.hasPrefix(text)
            _ = instantiate(
                module, imports, "module", "\"\(text)\"",
                isTextRight ? .unlinkable : AcceptedOutcomes(bits: 0))
        }
    }

    /// Plans the making of an instance.
    mutating func instantiate(
        _ module: ScriptModule, _ imports: [ResolvedImport], _ text: String,
        _ expectation: String, _ outcomes: AcceptedOutcomes
    ) -> ScriptInstance {
        var state = ScriptInstance.State.failed
        defer {
            if case .skipped(let reason) = state { skip(reason) }
        }
        var encoded: [CommandEncoder.Import] = []
        for item in imports {
            switch item.owner.state {
            case .failed:
                fail("it imports from an instance that could not be made")
                return ScriptInstance(of: module, imports: imports, state: state)
            case .skipped(let reason):
                state = .skipped(reason)
                return ScriptInstance(of: module, imports: imports, state: state)
            case .planned(let number):
                encoded.append(
                    CommandEncoder.Import(
                        kind: item.kind, instance: number, index: item.index,
                        minimum: item.minimum))
            }
        }
        let output = module.output ?? compiler.compile(module.validated)
        module.output = output
        switch output {
        case .unsupported(let reason): state = .skipped(reason)
        case .failed(let message): fail("the module could not be compiled: \(message)")
        case .compiled(let number):
            encoder.instantiate(
                module: number, as: instanceCount, imports: encoded, accepting: outcomes)
            plan.programCommands.append(
                ProgramCommand(line: line, text: text, expectation: expectation))
            state = .planned(instanceCount)
            instanceCount += 1
        }
        return ScriptInstance(of: module, imports: imports, state: state)
    }
}

// Actions ------------------------------------------------------------------------------------

extension ScriptPlanner {
    private mutating func plan(
        _ action: WastAction, _ results: [WastPattern], _ expectation: String,
        _ outcomes: AcceptedOutcomes, comparesResults: Bool = false
    ) {
        guard let instance = find(action.instance) else {
            return fail("there is no instance for \(action.text)")
        }
        let number: UInt32
        switch instance.state {
        case .failed: return fail("there is no instance for \(action.text)")
        case .skipped(let reason): return skip(reason)
        case .planned(let planned): number = planned
        }
        guard let export = instance.export(action.field) else {
            return fail("\(action.text): there is no such export")
        }
        do throws(CommandEncoder.Unsupported) {
            switch (action.kind, instance.entity(export).type) {
            case (.invoke(let arguments), .function):
                let type = instance.module.module.functionType(export.index)
                if comparesResults, type?.results.count != results.count {
                    return fail("\(action.text): the number of results is another one")
                }
                try encoder.invoke(
                    export: instance.exportNumber(action.field)!, of: number,
                    arguments: arguments, results: results, accepting: outcomes)
            case (.get, .global):
                try encoder.get(global: export.index, of: number, results: results)
            default: return fail("\(action.text): the export is of another kind")
            }
        } catch {
            return skip(error.reason)
        }
        plan.programCommands.append(
            ProgramCommand(
                line: line, text: action.text, expectation: expectation, results: results))
    }
}

extension WastAction {
    /// For messages.
    var text: String {
        let place = instance.map { "\($0) " } ?? ""
        return switch kind {
        case .invoke: "invoke \(place)\"\(field)\""
        case .get: "get \(place)\"\(field)\""
        }
    }
}
