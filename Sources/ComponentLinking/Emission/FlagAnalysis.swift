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

    /// Which functions switch the flag, and which look at it.
    func leaveFacts(_ reachability: Reachability) -> LeaveFacts {
        var roots: [Source: Int] = [:]
        for adapter in adapters() {
            guard case .call(let function, let caller, let options) = adapter else { continue }
            if let realloc = options.realloc { roots[realloc] = caller }
            if case .lifted(_, let options, let callee) = function.target {
                for source in [options.realloc, options.postReturn] {
                    if let source { roots[source] = callee }
                }
            }
        }
        var facts = LeaveFacts()
        for (source, instance) in roots {
            guard let reached = reachability.adapters(from: source) else {
                facts.roots.insert(source)
                facts.instances.insert(instance)
                continue
            }
            if !reached.isEmpty { facts.roots.insert(source) }
            facts.adapters.formUnion(reached)
        }
        return facts
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
