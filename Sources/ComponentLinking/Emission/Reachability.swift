// Which functions code can get to by calls that name them.

import WasmBinary
import WasmTypes
import WasmValidation

struct Reachability {
    let graph: GraphBuilder
    /// What functions that go through constant tables lead to.
    private let targets: [Source: Source]

    /// - Parameter empty: a module without anything, for nodes that are not generated yet.
    init(graph: GraphBuilder, empty: ValidatedModule) {
        self.graph = graph
        var sketch = CoreGraph()
        sketch.modules = graph.modules + [empty]
        sketch.instances = graph.nodes.map { node in
            guard case .guest(let module, let imports) = node.kind else {
                return CoreGraph.Instance(name: "", module: graph.modules.count, imports: [])
            }
            return CoreGraph.Instance(name: "", module: module, imports: imports)
        }
        targets = Devirtualization.targets(of: sketch)
    }

    struct Place: Hashable {
        var node: Int
        var index: UInt32
    }

    /// The adapters that a function can call; nil if it can be any, as calls through tables that change can
    /// be of anything.
    func adapters(from source: Source) -> Set<Source>? {
        var seen: Set<Place> = []
        var result: Set<Source> = []
        var rest: [Place] = []
        guard add(source, to: &rest, &result) else { return nil }
        while let place = rest.popLast() {
            guard seen.insert(place).inserted else { continue }
            guard case .guest(let number, let imports) = graph.nodes[place.node].kind else {
                return nil
            }
            let module = graph.modules[number].module
            guard place.index < module.importedFunctionCount else {
                guard let callees = Self.calls(of: place.index, in: module) else { return nil }
                rest += callees.map { Place(node: place.node, index: $0) }
                continue
            }
            let functions = zip(module.imports, imports).filter { $0.0.type.isOf(.function) }
            guard add(functions[Int(place.index)].1, to: &rest, &result) else { return nil }
        }
        return result
    }

    /// Adds a function to those to look at, or to the result.
    private func add(
        _ source: Source, to rest: inout [Place], _ result: inout Set<Source>
    ) -> Bool {
        var source = source
        var steps = 0
        while let next = targets[source], steps < targets.count {
            source = next
            steps += 1
        }
        if let (node, _, index) = graph.definition(source, .function) {
            rest.append(Place(node: node, index: index))
            return true
        }
        guard case .export(let node, _) = source, graph.nodes.indices.contains(node),
            case .adapters = graph.nodes[node].kind
        else { return false }
        result.insert(source)
        return true
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
