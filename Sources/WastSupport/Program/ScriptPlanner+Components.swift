// Components in scripts: what linking makes of one are core modules, which are planned like all others.

internal import ComponentLinking
internal import ComponentModel
internal import RuntimeABI
internal import WasmBinary
internal import WasmTypes
internal import WasmValidation

extension ScriptPlanner {
    // Definitions ----------------------------------------------------------------------------

    /// Decodes and validates a component that must be right; nil if it is not, which is a failure.
    mutating func defineComponent(_ bytes: [UInt8], _ name: WastName?) -> ScriptComponent? {
        components.lastDefinition = nil
        if let name { components.definitions[name] = nil }
        do throws(ModuleError) {
            let definition = ScriptComponent(
                component: try loadComponent(bytes), bytes: bytes)
            components.lastDefinition = definition
            if let name { components.definitions[name] = definition }
            return definition
        } catch {
            fail("the component was refused: \(error)")
            return nil
        }
    }

    func loadComponent(_ bytes: [UInt8]) throws(ModuleError) -> Component {
        let component = try Component.decode(bytes)
        _ = try validate(component, of: bytes, features: .ofScripts)
        return component
    }

    // Instances ------------------------------------------------------------------------------

    /// Makes an instance, together with the calls that the script makes of it.
    mutating func instantiate(_ definition: ScriptComponent, _ name: WastName?) {
        let instance = ScriptComponentInstance()
        components.lastInstance = instance
        if let name { components.instances[name] = instance }
        do {
            let result = try link(definition, instance)
            try plan(result, instance)
        } catch let error as LinkingError {
            fail("the component cannot be linked: \(error)")
        } catch let error as SkippedComponent {
            instance.skipReason = error.reason
            skip(error.reason)
        } catch {
            fail("\(error)")
        }
    }

    private struct SkippedComponent: Error {
        var reason: String
    }

    private mutating func link(
        _ definition: ScriptComponent, _ instance: ScriptComponentInstance
    ) throws -> ComponentProgram.Result {
        let compiler = compiler
        var program = try ComponentProgram(
            ComponentFile(
                component: definition.component, bytes: definition.bytes, name: "component")
        ) { bytes throws(ModuleError) in try compiler.load(bytes) }
        var calls: [ScriptCommand] = []
        for place in script.actions(ofInstanceAt: place) {
            guard let call = try command(at: place, of: program) else { continue }
            instance.calls[place] = calls.count
            calls.append(call)
        }
        try program.addScript(calls)
        return try program.link(devirtualizes: false)
    }

    /// A call of the script; nil if there is no such function, which is said when the command is planned.
    private func command(
        at place: Int, of program: ComponentProgram
    ) throws -> ScriptCommand? {
        let command = script.commands[place].kind
        guard let action = command.action, case .invoke = action.kind,
            let export = program.exports.first(where: {
                $0.path == ["\(action.field)"]
            })
        else { return nil }
        let arguments = action.componentArguments.compactMap(\.self)
        guard arguments.count == action.componentArguments.count else { return nil }
        var expected: ComponentValue?
        if case .assertReturn(_, let results) = command { expected = results.first?.component }
        return ScriptCommand(export: export, arguments: arguments, expected: expected)
    }

    private mutating func plan(
        _ result: ComponentProgram.Result, _ instance: ScriptComponentInstance
    ) throws {
        let modules = result.graph.modules.map { ScriptModule($0, types: compiler.types) }
        var made: [ScriptInstance] = []
        let driver = result.drivers.last
        for (number, node) in result.graph.instances.enumerated() {
            let module = modules[node.module]
            let imports = try zip(module.module.imports, node.imports).map {
                try resolve($0, $1, made)
            }
            let first = plan.programCommands.count
            let core = instantiate(module, imports, "component", "success", .success)
            for index in first..<plan.programCommands.count {
                plan.programCommands[index].isCounted = number == driver
            }
            made.append(core)
        }
        instance.driver = driver.map { made[$0] }
    }

    private mutating func resolve(
        _ item: Import, _ source: CoreGraph.Source, _ made: [ScriptInstance]
    ) throws -> ResolvedImport {
        let owner: ScriptInstance
        let field: String
        switch source {
        case .export(let number, let name): (owner, field) = (made[number], name.text)
        case .host("smelt:component", let name): (owner, field) = (try trapInstance(), name)
        case .host(let module, let name), .stub(let module, let name):
            throw SkippedComponent(reason: "scripts have no function \(module)#\(name)")
        }
        guard let export = owner.export(WastName(field)) else {
            throw LinkingError("There is no export \(field) for \(item.module) \(item.name)")
        }
        return ResolvedImport(
            kind: export.kind, entity: owner.entity(export), owner: owner, index: export.index,
            minimum: item.type.minimum)
    }

    private mutating func trapInstance() throws -> ScriptInstance {
        if let known = components.trapInstance { return known }
        let module = ScriptModule(
            try compiler.load(componentTraps), types: compiler.types)
        let first = plan.programCommands.count
        let instance = instantiate(module, [], "traps", "success", .success)
        for index in first..<plan.programCommands.count {
            plan.programCommands[index].isCounted = false
        }
        components.trapInstance = instance
        return instance
    }

    // Calls ----------------------------------------------------------------------------------

    /// The instance of a component that an action is about; nil if it is about a core instance.
    func componentInstance(_ action: WastAction) -> ScriptComponentInstance? {
        guard let name = action.instance else { return components.lastInstance }
        return components.instances[name]
    }

    mutating func plan(
        _ action: WastAction, of instance: ScriptComponentInstance, _ expectation: String,
        trap: String?
    ) {
        if let reason = instance.skipReason { return skip(reason) }
        guard let driver = instance.driver, let call = instance.calls[place] else {
            return fail("\(action.text): there is no such function, or an argument of no type")
        }
        guard case .planned(let number) = driver.state,
            let export = driver.exportNumber(WastName("\(call)"))
        else { return fail("there is no instance for \(action.text)") }
        let traps = trap.map(ComponentTrap.all(meantBy:)) ?? []
        if !traps.isEmpty { resetTrap() }
        let outcomes: AcceptedOutcomes
        if let trap {
            outcomes =
                traps.isEmpty
                ? AcceptedOutcomes(trap: trap)
                : AcceptedOutcomes(bits: 1 << SMELT_TRAP_UNREACHABLE.rawValue)
        } else {
            outcomes = .success
        }
        let same = WastPattern(type: "i32", lane: nil, words: ["0"])
        do throws(CommandEncoder.Unsupported) {
            try encoder.invoke(
                export: export, of: number, arguments: [], results: trap == nil ? [same] : [],
                accepting: outcomes)
        } catch {
            return skip(error.reason)
        }
        plan.programCommands.append(
            ProgramCommand(
                line: line, text: action.text, expectation: expectation,
                results: trap == nil ? [same] : []))
        if let trap, !traps.isEmpty { expectTrap(traps, trap, action) }
    }

    private mutating func resetTrap() {
        guard let instance = components.trapInstance, case .planned(let number) = instance.state,
            let export = instance.exportNumber(WastName("reset"))
        else { return }
        try? encoder.invoke(
            export: export, of: number, arguments: [], results: [], accepting: .success)
        plan.programCommands.append(
            ProgramCommand(line: line, text: "reset", expectation: "success", isCounted: false))
    }

    /// Looks at what the trap was.
    private mutating func expectTrap(_ traps: [ComponentTrap], _ text: String, _ action: WastAction)
    {
        guard let instance = components.trapInstance, case .planned(let number) = instance.state
        else { return fail("\(action.text): nothing in the component can trap so") }
        func get(_ name: String, _ words: [String]) {
            guard let export = instance.export(WastName(name)) else { return }
            let pattern = WastPattern(
                either: words.map { WastPattern(type: "i32", lane: nil, words: [$0]) })
            try? encoder.get(global: export.index, of: number, results: [pattern])
            plan.programCommands.append(
                ProgramCommand(
                    line: line, text: "\(name) of the trap of \(action.text)",
                    expectation: "\(pattern.text), for \"\(text)\"", results: [pattern],
                    isCounted: false))
        }
        get("code", traps.map { "\($0.rawValue)" })
        if traps.count == 1, let detail = traps[0].number(shownBy: text), detail >= 0 {
            get("detail", ["\(Int32(truncatingIfNeeded: detail))"])
        }
    }
}

extension ComponentFeatureSet {
    /// What the official suite wants to be switched on; what it does not name has to be refused.
    fileprivate static let ofScripts = {
        var features = ComponentFeatureSet.stable
        for feature in [
            ComponentFeature.moreAsyncBuiltIns, .threading, .asyncStackful, .fixedLengthLists,
        ] {
            features.insert(feature)
        }
        return features
    }()
}
