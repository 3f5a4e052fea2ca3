// The generated module between adapters and the functions of the runtime: a memory of its own (the arena), from
// which parameters and results take their places, and which is empty again after each call.
//
// The u32 at address 0 is the arena's top, the next free byte; the runtime takes memory from it, too.

import WasmTypes

/// A function of the host that is used.
struct HostImport: Hashable {
    var module: String
    var name: String
}

struct HostModule {
    private static let topAddress: UInt32 = 0
    private static let base: UInt32 = 16
    static let memoryName = "memory"
    static let reallocName = "realloc"
    static let postReturnName = "post-return"

    static let memoryType = MemoryType(limits: Limits(minimum: 1))

    static func exportName(_ item: HostImport) -> String { "\(item.module)#\(item.name)" }

    static func make(_ imports: [(item: HostImport, signature: CoreSignature)]) -> [UInt8] {
        var builder = ModuleBuilder()
        let references = imports.map {
            builder.importFunction($0.item.module, $0.item.name, $0.signature)
        }
        let memory = builder.addMemory(pages: 1)
        builder.exportMemory(memoryName, memory)
        builder.addData(at: topAddress, [UInt8(base), 0, 0, 0])
        for (reference, (item, signature)) in zip(references, imports) {
            // The runtime is called by this instance, so that the arena is the memory that it sees.
            var body = FunctionBuilder(name: exportName(item), signature)
            for parameter in body.parameters { body.get(parameter) }
            body.call(reference)
            builder.export(exportName(item), builder.add(body))
        }
        builder.export(reallocName, builder.add(realloc(memory)))
        for (suffix, parameters) in [
            ("", []), (" i32", [.i32]), (" i64", [.i64]),
            (" f32", [.f32]), (" f64", [.f64]),
        ] as [(String, [CoreType])] {
            var body = FunctionBuilder(name: "post-return", CoreSignature(parameters))
            body.i32(0)
            body.i32(base)
            body.store(.i32, memory, offset: topAddress)
            builder.export(postReturnName + suffix, builder.add(body))
        }
        return builder.encode(name: "host")
    }

    /// The name of the post-return function for results of a type.
    static func postReturn(_ results: [CoreType]) -> String {
        switch results.first {
        case nil: postReturnName
        case .i32: "\(postReturnName) i32"
        case .i64: "\(postReturnName) i64"
        case .f32: "\(postReturnName) f32"
        case .f64: "\(postReturnName) f64"
        }
    }

    /// (old, old size, alignment, new size): memory at the top. What becomes larger is copied.
    private static func realloc(_ memory: UInt32) -> FunctionBuilder {
        var body = FunctionBuilder(
            name: "realloc", CoreSignature([.i32, .i32, .i32, .i32], [.i32]))
        let parameters = body.parameters
        let start = body.freshLocal(.i64)
        let end = body.freshLocal(.i64)
        body.get(parameters[3])
        body.get(parameters[1])
        body.op(.i32LeU)
        body.if()
        body.get(parameters[0])
        body.op(.i32Eqz)
        body.if()
        body.else()
        body.get(parameters[0])
        body.op(.return)
        body.end()
        body.end()
        body.i32(0)
        body.load(.i32, memory, offset: topAddress)
        body.op(.i64ExtendI32U)
        body.get(parameters[2])
        body.op(.i64ExtendI32U, .i64Add)
        body.i64(1)
        body.op(.i64Sub)
        body.i64(0)
        body.get(parameters[2])
        body.op(.i64ExtendI32U, .i64Sub, .i64And)
        body.tee(start)
        body.get(parameters[3])
        body.op(.i64ExtendI32U, .i64Add)
        body.set(end)
        writeGrowth(memory, to: end, &body)
        body.i32(0)
        body.get(end)
        body.op(.i32WrapI64)
        body.store(.i32, memory, offset: topAddress)
        body.get(start)
        body.op(.i32WrapI64)
        body.get(parameters[0])
        body.get(parameters[1])
        body.memoryCopy(to: memory, from: memory)
        body.get(start)
        body.op(.i32WrapI64)
        return body
    }

    /// Traps if the memory cannot become so large.
    private static func writeGrowth(
        _ memory: UInt32, to end: Local, _ body: inout FunctionBuilder
    ) {
        let pages = body.freshLocal(.i64)
        // Also where the memory is that large already: the top has 32 bits.
        body.get(end)
        body.i64(1 << 32)
        body.op(.i64GeU)
        body.if()
        body.op(.unreachable)
        body.end()
        body.get(end)
        body.i64(0xffff)
        body.op(.i64Add)
        body.i64(16)
        body.op(.i64ShrU)
        body.tee(pages)
        body.memorySize(memory)
        body.op(.i64ExtendI32U, .i64GtU)
        body.if()
        body.get(pages)
        body.op(.i32WrapI64)
        body.memorySize(memory)
        body.op(.i32Sub)
        body.memoryGrow(memory)
        body.i32(.max)
        body.op(.i32Eq)
        body.if()
        body.op(.unreachable)
        body.end()
        body.end()
    }
}
