// Which flags of component instances anybody can see to be off. What nobody can see is left out.

import WasmBinary
import WasmTypes
import WasmValidation

/// Which component instances call which.
struct FlagAnalysis {
    let graph: GraphBuilder
    let instances: [ComponentInstance]
    let resources: [Resource]

    /// An instance and all instances around it.
    private func selfAndAncestors(_ instance: Int) -> [Int] {
        var result = [instance]
        while let parent = instances[result[result.count - 1]].parent { result.append(parent) }
        return result
    }

    /// The instances that a call enters: those around the caller are entered already.
    func entered(_ callee: Int, from caller: Int) -> [Int] {
        let around = Set(selfAndAncestors(caller))
        return selfAndAncestors(callee).filter { !around.contains($0) && $0 != Evaluator.host }
    }

    // May enter ------------------------------------------------------------------------------

    /// Instances that can be entered while they are entered already.
    func mayEnterIsSeen() -> Set<Int> {
        var edges = Array(repeating: Set<Int>(), count: instances.count)
        for (caller, callee) in calls() {
            for instance in entered(callee, from: caller) {
                edges[caller].insert(instance)
                if instance != callee { edges[instance].insert(callee) }
            }
        }
        return Set(
            instances.indices.filter { start in
                var seen: Set<Int> = []
                var rest = Array(edges[start])
                while let next = rest.popLast() {
                    if next == start { return true }
                    if seen.insert(next).inserted { rest += edges[next] }
                }
                return false
            })
    }

    private func calls() -> [(caller: Int, callee: Int)] {
        adapters().compactMap { adapter in
            switch adapter {
            case .call(let function, let caller, _):
                if case .lifted(_, _, let callee) = function.target { return (caller, callee) }
                return nil
            case .resourceDrop(let resource, let instance):
                return resources[resource.index].instance.map { (instance, $0) }
            default: return nil
            }
        }
    }

    private func adapters() -> [AdapterSpec] {
        graph.nodes.flatMap { (node) -> [AdapterSpec] in
            if case .adapters(let specs) = node.kind { specs } else { [] }
        }
    }

    // May leave ------------------------------------------------------------------------------

    /// Instances whose allocation or cleaning up can reach a function that checks whether it may be left.
    func mayLeaveIsSeen() -> Set<Int> {
        var roots: [Int: [Source]] = [:]
        for adapter in adapters() {
            guard case .call(let function, let caller, let options) = adapter else { continue }
            roots[caller, default: []] += [options.realloc].compactMap { $0 }
            if case .lifted(_, let options, let callee) = function.target {
                roots[callee, default: []] += [options.realloc, options.postReturn].compactMap {
                    $0
                }
            }
        }
        var result: Set<Int> = []
        for (instance, sources) in roots where instance != Evaluator.host {
            if Reachability(graph: graph).reachesAdapter(from: sources) {
                result.insert(instance)
            }
        }
        return result
    }

    /// Instances with variables of tasks.
    func usesContext() -> Set<Int> {
        Set(
            adapters().compactMap {
                if case .context(_, _, _, let instance) = $0 { instance } else { nil }
            })
    }

    /// Instances that can ask for not being called.
    func usesBackpressure() -> Set<Int> {
        Set(
            adapters().compactMap {
                if case .backpressure(_, let instance) = $0 { instance } else { nil }
            })
    }

    /// Whether anything throws.
    func hasExceptions() -> Bool {
        graph.modules.contains {
            $0.usedFeatures.contains(.exceptionHandling)
                || $0.usedFeatures.contains(.legacyExceptions)
        }
    }
}

/// Which functions code can get to.
struct Reachability {
    let graph: GraphBuilder

    /// Whether functions can call an adapter. A call through a table can be one of anything.
    func reachesAdapter(from sources: [Source]) -> Bool {
        var seen: Set<Place> = []
        var rest: [Place] = []
        for source in sources {
            guard let (node, _, index) = graph.definition(source, .function) else { return true }
            rest.append(Place(node: node, index: index))
        }
        while let place = rest.popLast() {
            guard seen.insert(place).inserted else { continue }
            guard case .guest(let number, let imports) = graph.nodes[place.node].kind else {
                return true
            }
            let module = graph.modules[number].module
            guard place.index < module.importedFunctionCount else {
                guard let callees = Self.calls(of: place.index, in: module) else { return true }
                rest += callees.map { Place(node: place.node, index: $0) }
                continue
            }
            let functions = zip(module.imports, imports).filter { $0.0.type.isOf(.function) }
            let source = functions[Int(place.index)].1
            guard let (node, _, index) = graph.definition(source, .function) else { return true }
            rest.append(Place(node: node, index: index))
        }
        return false
    }

    struct Place: Hashable {
        var node: Int
        var index: UInt32
    }

    /// The functions that a function calls by their numbers; nil if it calls others.
    static func calls(of index: UInt32, in module: Module) -> [UInt32]? {
        let body = module.bodies[Int(index) - module.importedFunctionCount]
        var reader = InstructionReader(bytes: module.bytes, range: body.code)
        var result: [UInt32] = []
        while !reader.isAtEnd, reader.depth > 0 {
            guard let decoded = try? reader.next() else { return nil }
            switch decoded.instruction {
            case .call(let callee), .returnCall(let callee): result.append(callee)
            case .callIndirect, .callReference, .returnCallIndirect, .returnCallReference:
                return nil
            default: break
            }
        }
        return result
    }
}
