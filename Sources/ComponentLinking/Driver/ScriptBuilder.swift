// The modules of a test script: a memory with the values that it passes, and its commands.

import WasmTypes

/// Builds the two modules of a script: its memory, and its commands.
struct ScriptBuilder {
    private let types: TypeTable
    private var memory: DriverMemory
    private var builder = ModuleBuilder()
    private var bodies: [FunctionBuilder] = []
    private var calls: [(name: String, signature: CoreSignature)] = []
    private var equal: FunctionReference

    init(types: TypeTable) {
        self.types = types
        memory = DriverMemory(types: types)
        equal = builder.declare(CoreSignature([.i32, .i32, .i32], [.i32]))
        builder.define(equal, Self.equalBytes())
    }

    private var pages: UInt64 { UInt64(memory.end) / 65536 + 2 }

    var memoryType: MemoryType { MemoryType(limits: Limits(minimum: pages)) }

    mutating func add(_ command: ScriptCommand) throws(LinkingError) {
        let type = command.export.type
        let name = command.export.path.joined(separator: "#")
        guard command.arguments.count == type.types.count else {
            throw LinkingError("\(name) has \(type.types.count) parameters")
        }
        let signature = types.lowered(type)
        let call = builder.importFunction("link", name + " \(calls.count)", signature)
        calls.append((name, signature))
        var body = FunctionBuilder(name: name, CoreSignature([], [.i32]))
        let area = try writeArguments(command, signature, &body)
        body.call(call)
        let result = signature.results.first.map { body.freshLocal($0) }
        if let result { body.set(result) }
        body.block()
        let different = body.depth
        if let id = type.result, let expected = command.expected {
            var comparison = Comparison(
                types: types, memory: memory, body: body, equal: equal, different: different)
            let place: Place =
                if let result {
                    .flat([result])
                } else {
                    .memory(area, 0)
                }
            try comparison.compare(try types.plain(expected, id), id, place)
            body = comparison.body
            memory = comparison.memory
        }
        body.i32(0)
        body.op(.return)
        body.end()
        body.i32(1)
        builder.export("\(calls.count - 1)", builder.add(body))
    }

    /// Leaves the arguments on the stack.
    ///
    /// - Returns: a local with the address of the result's place.
    private mutating func writeArguments(
        _ command: ScriptCommand, _ signature: CoreSignature, _ body: inout FunctionBuilder
    ) throws(LinkingError) -> Local {
        let parameters = command.export.type.types
        var bits: [UInt64] = []
        if types.flat(parameters) != nil {
            for (value, id) in zip(command.arguments, parameters) {
                bits += try memory.flat(try types.plain(value, id), id)
            }
        } else {
            let area = types.area(of: parameters)
            let address = memory.allocate(area.size, alignment: area.alignment)
            for ((value, id), offset) in zip(zip(command.arguments, parameters), area.offsets) {
                try memory.store(try types.plain(value, id), id, at: address + offset)
            }
            bits = [UInt64(address)]
        }
        let local = body.freshLocal(.i32)
        if let result = command.export.type.result, signature.results.isEmpty {
            let layout = types.layout(result)
            let address = memory.allocate(layout.size, alignment: layout.alignment)
            body.i32(address)
            body.set(local)
            bits.append(UInt64(address))
        }
        for (bits, type) in zip(bits, signature.parameters) { body.constant(type, bits: bits) }
        return local
    }

    // Modules --------------------------------------------------------------------------------

    func commandModule() -> [UInt8] {
        var builder = builder
        _ = builder.importMemory("link", "memory", memoryType)
        return builder.encode(name: "script")
    }

    /// A memory with the values, and more of it for results.
    func memoryModule() -> [UInt8] {
        var builder = ModuleBuilder()
        let index = builder.addMemory(pages: pages)
        builder.exportMemory("memory", index)
        builder.addData(at: DriverMemory.base, memory.bytes)
        let top = builder.addGlobal(.i32, UInt64(alignedUp(memory.end, 16)))
        builder.export("realloc", builder.add(Self.realloc(index, top)))
        return builder.encode(name: "script memory")
    }

    /// Takes new memory each time, and copies what becomes larger.
    private static func realloc(_ memory: UInt32, _ top: UInt32) -> FunctionBuilder {
        var body = FunctionBuilder(
            name: "realloc", CoreSignature([.i32, .i32, .i32, .i32], [.i32]))
        let parameters = body.parameters
        let result = body.freshLocal(.i32)
        body.globalGet(top)
        body.set(result)
        body.get(result)
        body.get(parameters[3])
        body.op(.i32Add)
        body.i32(23)
        body.op(.i32Add)
        body.i32(~15)
        body.op(.i32And)
        body.globalSet(top)
        body.block()
        let done = body.depth
        body.loop()
        let again = body.depth
        body.globalGet(top)
        body.i32(16)
        body.op(.i32ShrU)
        body.memorySize(memory)
        body.op(.i32LtU)
        body.branchIf(to: done)
        body.memorySize(memory)
        body.memoryGrow(memory)
        body.i32(.max)
        body.op(.i32Eq)
        body.if()
        body.op(.unreachable)
        body.end()
        body.branch(to: again)
        body.end()
        body.end()
        body.get(result)
        body.get(parameters[0])
        body.get(parameters[1])
        body.get(parameters[3])
        body.get(parameters[1])
        body.get(parameters[3])
        body.op(.i32LtU, .select)
        body.memoryCopy(to: memory, from: memory)
        body.get(result)
        return body
    }

    private static func equalBytes() -> FunctionBuilder {
        var body = FunctionBuilder(
            name: "equal", CoreSignature([.i32, .i32, .i32], [.i32]))
        let (first, second, count) = (body.parameters[0], body.parameters[1], body.parameters[2])
        body.block()
        let out = body.depth
        body.loop()
        let again = body.depth
        body.get(count)
        body.op(.i32Eqz)
        body.branchIf(to: out)
        body.get(first)
        body.load(.i32u8, 0)
        body.get(second)
        body.load(.i32u8, 0)
        body.op(.i32Ne)
        body.if()
        body.i32(0)
        body.op(.return)
        body.end()
        body.increment(first, by: 1)
        body.increment(second, by: 1)
        body.increment(count, by: .max)
        body.branch(to: again)
        body.end()
        body.end()
        body.i32(1)
        return body
    }
}
