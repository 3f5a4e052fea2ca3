// Calls through tables that are constant. Tools that make components of core modules put functions in front of
// what is not there yet: each calls an entry of a table, which the last instance fills. Once that is proved,
// whoever imports such a function gets what it leads to.
//
// What has to hold: the function does nothing else; no code changes the table; each entry is written once, by an
// active segment with constant places, with a function of the very type that is called; and no start function
// that runs before that can get to one of the functions, which would have trapped. Otherwise all stays as it is.

import WasmBinary
import WasmTypes
import WasmValidation

struct Devirtualization {
    private var graph: CoreGraph
    /// Generated modules are not there yet: what is called with a wrong type, which traps, is not told apart.
    private let isSketch: Bool
    /// What functions that go through constant tables lead to.
    private var targets: [CoreGraph.Source: CoreGraph.Source] = [:]

    /// A table by who defines it.
    private struct TablePlace: Hashable {
        var instance: Int
        var index: UInt32
    }

    /// A function that only calls an entry of a table.
    private struct Trampoline {
        var name: ExactName
        var entry: UInt32
        var type: FunctionType
    }

    /// - Returns: the graph with the functions behind tables in their places. They may be exports of instances
    ///   that come later in the order.
    static func run(_ graph: CoreGraph) -> CoreGraph {
        var pass = Devirtualization(graph: graph)
        for instance in graph.instances.indices { pass.resolve(instance) }
        pass.replace()
        return pass.graph
    }

    /// What functions lead to, for a graph whose generated modules are empty.
    static func targets(of sketch: CoreGraph) -> [CoreGraph.Source: CoreGraph.Source] {
        var pass = Devirtualization(graph: sketch, isSketch: true)
        for instance in sketch.instances.indices { pass.resolve(instance) }
        return pass.targets
    }

    private init(graph: CoreGraph, isSketch: Bool = false) {
        self.graph = graph
        self.isSketch = isSketch
    }

    private func module(_ instance: Int) -> Module {
        graph.modules[graph.instances[instance].module].module
    }

    private mutating func replace() {
        for instance in graph.instances.indices {
            graph.instances[instance].imports = graph.instances[instance].imports.map {
                var source = $0
                var steps = 0
                while let next = targets[source], steps < targets.count {
                    source = next
                    steps += 1
                }
                return source
            }
        }
    }

    // Trampolines ------------------------------------------------------------------------------

    private mutating func resolve(_ instance: Int) {
        let module = module(instance)
        // Such modules are small; nobody looks for a few of these functions in a large one.
        guard module.bodies.count <= 4096, !module.tables.isEmpty else { return }
        var trampolines: [TablePlace: [Trampoline]] = [:]
        for export in module.exports where export.kind == .function {
            if let (table, entry, type) = trampoline(export.index, in: module),
                let place = place(ofTable: table, in: instance)
            {
                trampolines[place, default: []].append(
                    Trampoline(name: ExactName(export.name), entry: entry, type: type))
            }
        }
        for (place, functions) in trampolines {
            guard let (entries, last) = constantEntries(of: place),
                startsAreHarmless(upTo: last, trampolinesOf: instance)
            else { continue }
            for function in functions {
                guard let target = entries[function.entry],
                    isSketch || type(of: target) == function.type
                else { continue }
                targets[.export(instance: instance, name: function.name)] = target
            }
        }
    }

    /// The table, the entry and the type of a function that passes its parameters on to an entry of a table.
    private func trampoline(
        _ function: UInt32, in module: Module
    ) -> (table: UInt32, entry: UInt32, type: FunctionType)? {
        guard function >= module.importedFunctionCount,
            let type = module.plainFunctionType(module.functions[Int(function)])
        else { return nil }
        let body = module.bodies[Int(function) - module.importedFunctionCount]
        guard body.code.count <= 16 + 8 * type.parameters.count else { return nil }
        var reader = InstructionReader(bytes: module.bytes, range: body.code)
        for index in type.parameters.indices {
            guard next(&reader) == .localGet(UInt32(index)) else { return nil }
        }
        guard case .i32Const(let entry) = next(&reader),
            case .callIndirect(let callee, let table) = next(&reader),
            module.plainFunctionType(callee) == type, next(&reader) == .end
        else { return nil }
        return (table, UInt32(bitPattern: entry), type)
    }

    private func next(_ reader: inout InstructionReader) -> Instruction? {
        try? reader.next().instruction
    }

    private func place(ofTable index: UInt32, in instance: Int) -> TablePlace? {
        let module = module(instance)
        guard index < module.importedTableCount else {
            return TablePlace(instance: instance, index: index)
        }
        let tables = zip(module.imports, graph.instances[instance].imports).filter {
            $0.0.type.isOf(.table)
        }
        guard case .export(let owner, let name) = tables[Int(index)].1,
            let export = self.module(owner).exports.first(where: {
                $0.kind == .table && ExactName($0.name) == name
            }), owner < instance
        else { return nil }
        return place(ofTable: export.index, in: owner)
    }

    // The table --------------------------------------------------------------------------------

    /// What a table's entries are once all instances are there, and the last instance that writes one; nil if
    /// code can change them.
    private func constantEntries(
        of table: TablePlace
    ) -> (entries: [UInt32: CoreGraph.Source], last: Int)? {
        let owner = module(table.instance)
        let size = owner.tables[Int(table.index)].limits.minimum
        guard owner.tableInitializers[Int(table.index) - owner.importedTableCount] == nil else {
            return nil
        }
        var entries: [UInt32: CoreGraph.Source] = [:]
        var last = table.instance
        for instance in table.instance..<graph.instances.count {
            let module = module(instance)
            let indices = module.tables.indices.map(UInt32.init).filter {
                place(ofTable: $0, in: instance) == table
            }
            guard !indices.isEmpty else { continue }
            guard !changesTables(module) else { return nil }
            for segment in module.elements {
                guard case .active(let index, let offset) = segment.mode, indices.contains(index)
                else { continue }
                guard let start = constant(offset, in: module),
                    UInt64(start) + UInt64(segment.count) <= size
                else { return nil }
                for (position, function) in module.functionIndices(of: segment).enumerated() {
                    let entry = start + UInt32(position)
                    guard entries[entry] == nil, let source = source(of: function, in: instance)
                    else { return nil }
                    entries[entry] = source
                }
                guard case .functions = segment.items else { return nil }
                last = instance
            }
        }
        return (entries, last)
    }

    /// Whether any code of a module can change a table. Modules that have one of these tables are small.
    private func changesTables(_ module: Module) -> Bool {
        module.bodies.contains { body in
            var reader = InstructionReader(bytes: module.bytes, range: body.code)
            while reader.depth > 0 {
                switch next(&reader) {
                case .tableSet, .tableGrow, .tableFill, .tableCopy, .tableInit, nil: return true
                default: break
                }
            }
            return false
        }
    }

    private func constant(_ expression: ConstantExpression, in module: Module) -> UInt32? {
        var reader = InstructionReader(bytes: module.bytes, range: expression.range)
        guard case .i32Const(let value) = next(&reader), next(&reader) == .end else { return nil }
        return UInt32(bitPattern: value)
    }

    private func source(of function: UInt32, in instance: Int) -> CoreGraph.Source? {
        let module = module(instance)
        guard function < module.importedFunctionCount else {
            return module.exports.first { $0.kind == .function && $0.index == function }.map {
                .export(instance: instance, name: ExactName($0.name))
            }
        }
        return zip(module.imports, graph.instances[instance].imports).filter {
            $0.0.type.isOf(.function)
        }[Int(function)].1
    }

    /// The type of a function that an instance exports, as it defines or imports it.
    private func type(of source: CoreGraph.Source) -> FunctionType? {
        guard case .export(let instance, let name) = source,
            let export = module(instance).exports.first(where: {
                $0.kind == .function && ExactName($0.name) == name
            })
        else { return nil }
        let module = module(instance)
        return module.plainFunctionType(module.functions[Int(export.index)])
    }

    // Before the table is filled -----------------------------------------------------------------

    /// Whether no start function of the first instances can get to a function that goes through the table.
    private func startsAreHarmless(upTo last: Int, trampolinesOf shim: Int) -> Bool {
        for instance in 0..<last {
            guard let start = module(instance).start else { continue }
            guard !reaches(shim, from: start.function, of: instance) else { return false }
        }
        return true
    }

    private func reaches(_ shim: Int, from function: UInt32, of instance: Int) -> Bool {
        struct Place: Hashable {
            var instance: Int
            var function: UInt32
        }
        var seen: Set<Place> = []
        var rest = [Place(instance: instance, function: function)]
        while let place = rest.popLast() {
            guard place.instance != shim else { return true }
            guard seen.insert(place).inserted else { continue }
            let module = module(place.instance)
            guard place.function < module.importedFunctionCount else {
                guard let callees = Reachability.calls(of: place.function, in: module) else {
                    return true
                }
                rest += callees.map { Place(instance: place.instance, function: $0) }
                continue
            }
            guard let source = source(of: place.function, in: place.instance) else { return true }
            guard case .export(let owner, let name) = source else { continue }
            guard
                let export = self.module(owner).exports.first(where: {
                    $0.kind == .function && ExactName($0.name) == name
                })
            else { return true }
            rest.append(Place(instance: owner, function: export.index))
        }
        return false
    }
}

extension Module {
    /// A function type that is the same type as all others with these parameters and results: alone in its group,
    /// without subtypes, and of numbers.
    fileprivate func plainFunctionType(_ index: TypeIndex) -> FunctionType? {
        let definition = types[Int(index)]
        guard definition.isFinal, definition.supertypes.isEmpty,
            recursionGroups.contains(Int(index)..<Int(index) + 1),
            let type = definition.functionType,
            (type.parameters + type.results).allSatisfy({ !$0.isReference })
        else { return nil }
        return type
    }
}

extension CoreGraph {
    /// Instances that have no effect but on tables of other instances, and cannot fail: by number, those whose
    /// tables they fill.
    func tableFillers() -> [Int: Set<Int>] {
        var result: [Int: Set<Int>] = [:]
        for (number, instance) in instances.enumerated() {
            let module = modules[instance.module].module
            guard module.start == nil, module.dataSegments.isEmpty, module.memories.isEmpty,
                module.globals.isEmpty, module.elements.allSatisfy({ isInBounds($0, of: module) })
            else { continue }
            var owners: Set<Int> = []
            for (item, source) in zip(module.imports, instance.imports) {
                guard item.type.isOf(.table), case .export(let owner, _) = source else { continue }
                owners.insert(owner)
            }
            result[number] = owners
        }
        return result
    }

    /// Whether a segment is copied to where the table has room for sure.
    private func isInBounds(_ segment: ElementSegment, of module: Module) -> Bool {
        guard case .active(let index, let offset) = segment.mode else { return true }
        var reader = InstructionReader(bytes: module.bytes, range: offset.range)
        guard case .i32Const(let start) = try? reader.next().instruction,
            (try? reader.next().instruction) == .end
        else { return false }
        return UInt64(UInt32(bitPattern: start)) + UInt64(segment.count)
            <= module.tables[Int(index)].limits.minimum
    }
}
