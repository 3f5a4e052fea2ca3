// From what was evaluated to core modules: everything that was only described is generated here.

import ComponentModel
import WasmTypes
import WasmValidation

/// Makes the graph of a program whose nodes are all there.
struct GraphEmitter {
    let evaluator: Evaluator
    private let facts: ProgramFacts
    private let analysis: FlagAnalysis
    private var stateUse: [Int: Set<StateItem>] = [:]
    private var hostImports: [HostImport] = []
    private var hostSignatures: [HostImport: CoreSignature] = [:]
    private(set) var problems: [String] = []
    private var graph = CoreGraph()
    private var stateModules: [Set<StateItem>: Int] = [:]
    /// How much code the adapters have that are there already. A few bytes of a file can ask for one more function
    /// with a type that is as large as the file.
    private var codeSize = 0
    private static let codeLimit = 64 << 20

    private var nodes: [Node] { evaluator.graph.nodes }

    init(_ evaluator: Evaluator) throws(LinkingError) {
        self.evaluator = evaluator
        analysis = FlagAnalysis(
            graph: evaluator.graph, instances: evaluator.instances,
            resources: evaluator.resources)
        facts = ProgramFacts(
            types: evaluator.types, resources: evaluator.resources,
            instances: evaluator.instances,
            leave: analysis.leaveFacts(
                Reachability(graph: evaluator.graph, empty: try evaluator.emptyModule())),
            mayEnterIsSeen: analysis.mayEnterIsSeen(), usesContext: analysis.usesContext(),
            usesBackpressure: analysis.usesBackpressure(),
            hasExceptions: analysis.hasExceptions())
    }

    /// - Parameter provided: whether the runtime has a function; others become what `stubs` says.
    mutating func emit() throws(LinkingError) -> CoreGraph {
        graph.modules = evaluator.graph.modules
        graph.instances = nodes.map { CoreGraph.Instance(name: $0.name, module: -1, imports: []) }
        for (number, node) in nodes.enumerated() {
            switch node.kind {
            case .guest(let module, let imports):
                graph.instances[number].module = module
                graph.instances[number].imports = imports
            case .adapters(let specs): try emitAdapters(specs, number)
            case .driver(let driver): try add(driver.bytes, driver.imports, number)
            case .state, .host: break
            }
        }
        for (number, node) in nodes.enumerated() {
            if case .state = node.kind { try emitState(number) }
            if case .host = node.kind { try emitHost(number) }
        }
        return graph
    }

    private mutating func add(
        _ bytes: [UInt8], _ imports: [Source], _ node: Int
    ) throws(LinkingError) {
        graph.modules.append(try evaluator.validated(bytes, generatedFor: nodes[node].name))
        graph.instances[node].module = graph.modules.count - 1
        graph.instances[node].imports = imports
    }

    private mutating func emitState(_ node: Int) throws(LinkingError) {
        let use = stateUse[node] ?? []
        if let known = stateModules[use] {
            graph.instances[node].module = known
            graph.instances[node].imports =
                use.contains { !$0.isGlobal } ? StateModule.imports : []
            return
        }
        let (bytes, imports) = StateModule.make(use)
        try add(bytes, imports, node)
        stateModules[use] = graph.instances[node].module
    }

    private mutating func emitHost(_ node: Int) throws(LinkingError) {
        let imports = hostImports.map {
            (item: $0, signature: hostSignatures[$0] ?? CoreSignature())
        }
        try add(
            HostModule.make(imports), hostImports.map { .host(module: $0.module, name: $0.name) },
            node)
    }

    // Adapters -------------------------------------------------------------------------------

    private mutating func emitAdapters(
        _ specs: [AdapterSpec], _ node: Int
    ) throws(LinkingError) {
        let module = ModuleEmitter(facts: facts)
        for (number, spec) in specs.enumerated() {
            module.builder.export(
                "\(number)", try emit(spec, number: "\(number)", of: node, in: module))
            guard codeSize + module.builder.codeSize <= Self.codeLimit else {
                throw LinkingError(
                    "the component's functions have so many and such large types that their adapters "
                        + "have more than \(Self.codeLimit >> 20) MiB of code")
            }
        }
        codeSize += module.builder.codeSize
        for (state, items) in module.stateUse { stateUse[state, default: []].formUnion(items) }
        try add(module.builder.encode(name: "adapters"), module.imports, node)
    }

    private mutating func emit(
        _ spec: AdapterSpec, number: String, of node: Int, in module: ModuleEmitter
    ) throws(LinkingError) -> FunctionReference {
        let adapter = Source.export(instance: node, name: ExactName(number))
        module.checksLeave = spec.instance.map { facts.leave.checks(adapter, of: $0) } ?? false
        switch spec {
        case .call(let function, let caller, let options):
            return try emitCall(function, caller, options, in: module)
        case .resourceNew(let id, let instance): return module.resourceNew(id, instance)
        case .resourceRepresentation(let id, let instance):
            return module.resourceRepresentation(id, instance)
        case .resourceDrop(let id, let instance):
            let resource = facts.resources[id.index]
            var destructor = resource.destructor
            if case .host(let module, let name) = destructor {
                destructor = hostFunction(
                    HostImport(module: module, name: name), CoreSignature([.i32]))
            }
            let entered = resource.instance.map { analysis.entered($0, from: instance) } ?? []
            return module.resourceDrop(
                id, instance, destructor: destructor,
                entered: entered.filter(facts.mayEnterIsSeen.contains))
        case .context(let type, let slot, let isSet, let instance):
            return module.context(type, slot: slot, isSet: isSet, instance)
        case .backpressure(let isIncrement, let instance):
            return module.backpressure(isIncrement: isIncrement, instance)
        case .unsupported(let name, let signature, let instance, _):
            return module.unsupported(name, signature, instance)
        }
    }

    private mutating func emitCall(
        _ function: ComponentFunction, _ caller: Int, _ options: ResolvedOptions,
        in module: ModuleEmitter
    ) throws(LinkingError) -> FunctionReference {
        let types = facts.types
        let signature = types.lowered(function.type)
        var reason: String?
        for id in function.type.types + [function.type.result].compactMap({ $0 }) {
            reason = reason ?? types.layout(id).unsupported.map { "values of the type \($0)" }
        }
        if case .unsupported(let what) = function.target { reason = what }
        if let reason {
            problems.append("\(function.name): \(reason) are not supported")
            return module.unsupported(function.name, signature, caller)
        }
        let callee = callee(function)
        let builder = evaluator.graph
        let memoryType = { (source: Source) throws(LinkingError) in try builder.memoryType(source) }
        do throws(LinkingError) {
            var side = try module.side(caller, options, memoryType: memoryType)
            side.isDriver = facts.instances[caller].isDriver
            var emitter = CallEmitter(
                module: module, callee: callee, caller: side,
                target: try module.side(callee.instance, callee.options, memoryType: memoryType),
                entered: analysis.entered(callee.instance, from: caller).filter(
                    facts.mayEnterIsSeen.contains))
            return try emitter.emit()
        } catch {
            throw LinkingError("\(function.name): \(error)")
        }
    }

    // The host -------------------------------------------------------------------------------

    /// What is called: for the host's functions, the generated module in front of them.
    private mutating func callee(_ function: ComponentFunction) -> Callee {
        switch function.target {
        case .lifted(let source, let options, let instance):
            return Callee(
                source: source, options: options, instance: instance, type: function.type,
                name: function.name)
        case .host(let module, let name):
            let signature = facts.types.lifted(function.type)
            let source = hostFunction(HostImport(module: module, name: name), signature)
            return Callee(
                source: source, options: hostOptions(function.type), instance: Evaluator.host,
                type: function.type, name: function.name)
        case .unsupported: preconditionFailure("Functions that are not supported are not called")
        }
    }

    private func hostOptions(_ type: ResolvedFunctionType) -> ResolvedOptions {
        let types = facts.types
        let all = type.types + [type.result].compactMap { $0 }
        let signature = types.lifted(type)
        let isSpilled =
            types.flat(type.types) == nil
            || type.result.map { types.layout($0).flat?.count != 1 } ?? false
        let export = { (name: String) in
            Source.export(instance: Evaluator.host, name: ExactName(name))
        }
        var options = ResolvedOptions(encoding: .utf8)
        guard isSpilled || all.contains(where: { types.layout($0).hasPointer }) else {
            return options
        }
        options.memory = export(HostModule.memoryName)
        options.realloc = export(HostModule.reallocName)
        options.postReturn = export(HostModule.postReturn(signature.results))
        return options
    }

    private mutating func hostFunction(_ item: HostImport, _ signature: CoreSignature) -> Source {
        if hostSignatures[item] == nil {
            hostSignatures[item] = signature
            hostImports.append(item)
        } else if hostSignatures[item] != signature {
            problems.append(
                "\(item.module): the function \(item.name) is imported with two different types")
        }
        return .export(instance: Evaluator.host, name: ExactName(HostModule.exportName(item)))
    }
}
