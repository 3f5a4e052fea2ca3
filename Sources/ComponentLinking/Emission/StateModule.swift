// The generated module of a component instance: its handle table, its flags and variables. The table is in a
// memory of its own, so that nobody else can reach it.
//
// An entry has 16 bytes: the number of its resource type, 0 in free ones; the representation, or the next free
// entry; the address of the borrow scope, 0 if the handle owns; and how often it is lent. Entry 0 is never
// used. A scope is a counter of borrow handles, in the first page of the second memory, behind which handles
// that are lent inside of lists are remembered.

import WasmTypes

struct StateModule {
    private var builder = ModuleBuilder()
    private let use: Set<StateItem>
    private var globals: [StateItem: UInt32] = [:]
    private var functions: [StateItem: FunctionReference] = [:]
    private var trap: FunctionReference?
    // Memories and globals that are not exported.
    private var table: UInt32 = 0
    private var scopes: UInt32 = 0
    private var free: UInt32 = 0
    private var length: UInt32 = 0
    private var scope: UInt32 = 0
    private var lenders: UInt32 = 0

    /// Entries that a table has at most, entry 0 included.
    private static let limit: UInt32 = 1 << 28
    private static let pageSize: UInt32 = 1 << 16

    /// The imports of every state module with handles.
    static let imports: [Source] = [.host(module: "smelt:component", name: "trap")]

    /// - Returns: the binary and what is behind its imports.
    static func make(_ use: Set<StateItem>) -> (bytes: [UInt8], imports: [Source]) {
        var module = StateModule(use: use)
        let hasHandles = use.contains { !$0.isGlobal }
        if hasHandles { module.writeHandles() }
        module.writeGlobals()
        return (module.builder.encode(name: "handles"), hasHandles ? imports : [])
    }

    private init(use: Set<StateItem>) {
        self.use = use
    }

    private mutating func writeGlobals() {
        let all: [StateItem] = [.mayLeave, .mayEnter, .context0, .context1, .backpressure]
        for item in all where use.contains(item) {
            let isFlag = item == .mayLeave || item == .mayEnter
            builder.exportGlobal(
                item.rawValue, builder.addGlobal(item.globalType, isFlag ? 1 : 0))
        }
    }

    private mutating func writeHandles() {
        trap = builder.importFunction(
            "smelt:component", "trap", CoreSignature([.i32, .i32]))
        table = builder.addMemory(pages: 1)
        free = builder.addGlobal(.i32, 0)
        length = builder.addGlobal(.i32, 1)
        scope = builder.addGlobal(.i32, 0)
        lenders = builder.addGlobal(.i32, 0)
        if !use.isDisjoint(with: [.openScope, .pushLender, .addBorrow, .drop]) {
            scopes = builder.addMemory(pages: 1)
        }
        let find = builder.add(finder())
        let insert = builder.add(inserter())
        let remove = builder.add(remover())
        export(.add) { $0.writeAdd(insert, scope: nil, &$1) }
        export(.addBorrow) { $0.writeAdd(insert, scope: $0.scope, &$1) }
        export(.take) { $0.writeTake(find, remove, &$1) }
        export(.drop) { $0.writeDrop(find, remove, &$1) }
        export(.lend) { $0.writeLend(find, &$1) }
        export(.rep) { state, body in
            for parameter in body.parameters { body.get(parameter) }
            body.call(find)
            body.load(.i32, state.table, offset: 4)
        }
        export(.unlend) { state, body in state.writeUnlend(body.parameters[0], &body) }
        export(.lenderCount) { $1.globalGet($0.lenders) }
        export(.pushLender) { $0.writePushLender(&$1) }
        export(.popLenders) { $0.writePopLenders(&$1) }
        export(.openScope) { $0.writeOpenScope(&$1) }
        export(.closeScope) { $0.writeCloseScope(&$1) }
    }

    private mutating func export(
        _ item: StateItem, _ write: (StateModule, inout FunctionBuilder) -> Void
    ) {
        guard use.contains(item) else { return }
        var body = FunctionBuilder(name: "\(item.rawValue) handle", item.signature)
        write(self, &body)
        builder.export(item.rawValue, builder.add(body))
    }

    private func trapIf(
        _ trap: ComponentTrap, detail: Local? = nil, in body: inout FunctionBuilder
    ) {
        guard let function = self.trap else { return }
        body.if()
        body.i32(trap.rawValue)
        if let detail { body.get(detail) } else { body.i32(0) }
        body.call(function)
        body.op(.unreachable)
        body.end()
    }

    // Entries ----------------------------------------------------------------------------------

    private func writeAddress(of handle: Local, _ body: inout FunctionBuilder) {
        body.get(handle)
        body.i32(4)
        body.op(.i32Shl)
    }

    /// (tag, handle) to the address of an entry of that type.
    private func finder() -> FunctionBuilder {
        var body = FunctionBuilder(name: "find handle", CoreSignature([.i32, .i32], [.i32]))
        let (tag, handle) = (body.parameters[0], body.parameters[1])
        let found = body.freshLocal(.i32)
        body.get(handle)
        body.globalGet(length)
        body.op(.i32GeU)
        trapIf(.unknownHandle, detail: handle, in: &body)
        writeAddress(of: handle, &body)
        body.load(.i32, table)
        body.tee(found)
        body.op(.i32Eqz)
        trapIf(.unknownHandle, detail: handle, in: &body)
        body.get(found)
        body.get(tag)
        body.op(.i32Ne)
        trapIf(.wrongResourceType, detail: handle, in: &body)
        writeAddress(of: handle, &body)
        return body
    }

    /// (tag, representation, scope) to a new handle: the one that became free last, or one more.
    private func inserter() -> FunctionBuilder {
        var body = FunctionBuilder(
            name: "insert handle", CoreSignature([.i32, .i32, .i32], [.i32]))
        let handle = body.freshLocal(.i32)
        body.globalGet(free)
        body.tee(handle)
        body.if()
        writeAddress(of: handle, &body)
        body.load(.i32, table, offset: 4)
        body.globalSet(free)
        body.else()
        body.globalGet(length)
        body.tee(handle)
        body.i32(Self.limit)
        body.op(.i32GeU)
        trapIf(.tooManyHandles, in: &body)
        writeGrowth(table, neededFor: handle, &body)
        body.get(handle)
        body.i32(1)
        body.op(.i32Add)
        body.globalSet(length)
        body.end()
        for (offset, parameter) in [(0, 0), (4, 1), (8, 2)] as [(UInt32, Int)] {
            writeAddress(of: handle, &body)
            body.get(body.parameters[parameter])
            body.store(.i32, table, offset: offset)
        }
        writeAddress(of: handle, &body)
        body.i32(0)
        body.store(.i32, table, offset: 12)
        body.get(handle)
        return body
    }

    /// Doubles the table if the entry is behind its end.
    private func writeGrowth(
        _ memory: UInt32, neededFor handle: Local, _ body: inout FunctionBuilder
    ) {
        body.get(handle)
        body.i32(12)
        body.op(.i32ShrU)
        body.memorySize(memory)
        body.op(.i32GeU)
        body.if()
        body.memorySize(memory)
        body.memoryGrow(memory)
        body.i32(.max)
        body.op(.i32Eq)
        trapIf(.tooManyHandles, in: &body)
        body.end()
    }

    /// (handle): the entry becomes the first free one.
    private func remover() -> FunctionBuilder {
        var body = FunctionBuilder(name: "remove handle", CoreSignature([.i32]))
        let handle = body.parameters[0]
        writeAddress(of: handle, &body)
        body.i32(0)
        body.store(.i32, table)
        writeAddress(of: handle, &body)
        body.globalGet(free)
        body.store(.i32, table, offset: 4)
        body.get(handle)
        body.globalSet(free)
        return body
    }

    private func writeAdd(
        _ insert: FunctionReference, scope: UInt32?, _ body: inout FunctionBuilder
    ) {
        for parameter in body.parameters { body.get(parameter) }
        if let scope {
            body.globalGet(scope)
            body.globalGet(scope)
            body.load(.i32, scopes)
            let count = body.freshLocal(.i32)
            body.set(count)
            body.globalGet(scope)
            body.get(count)
            body.i32(1)
            body.op(.i32Add)
            body.store(.i32, scopes)
        } else {
            body.i32(0)
        }
        body.call(insert)
    }

    /// Leaves the address of an entry that may be removed in a local.
    private func writeFind(
        _ find: FunctionReference, _ body: inout FunctionBuilder
    ) -> (entry: Local, handle: Local) {
        let entry = body.freshLocal(.i32)
        for parameter in body.parameters { body.get(parameter) }
        body.call(find)
        body.tee(entry)
        body.load(.i32, table, offset: 12)
        trapIf(.handleIsLent, in: &body)
        return (entry, body.parameters[1])
    }

    private func writeTake(
        _ find: FunctionReference, _ remove: FunctionReference, _ body: inout FunctionBuilder
    ) {
        let (entry, handle) = writeFind(find, &body)
        body.get(entry)
        body.load(.i32, table, offset: 8)
        trapIf(.handleIsBorrowed, detail: handle, in: &body)
        body.get(entry)
        body.load(.i32, table, offset: 4)
        body.get(handle)
        body.call(remove)
    }

    /// The representation, and in the upper half whether the handle owned.
    private func writeDrop(
        _ find: FunctionReference, _ remove: FunctionReference, _ body: inout FunctionBuilder
    ) {
        let (entry, handle) = writeFind(find, &body)
        let scope = body.freshLocal(.i32)
        body.get(entry)
        body.load(.i32, table, offset: 4)
        body.op(.i64ExtendI32U)
        body.get(entry)
        body.load(.i32, table, offset: 8)
        body.tee(scope)
        body.op(.i32Eqz, .i64ExtendI32U)
        body.i64(32)
        body.op(.i64Shl, .i64Or)
        body.get(handle)
        body.call(remove)
        body.get(scope)
        body.if()
        body.get(scope)
        body.get(scope)
        body.load(.i32, scopes)
        body.i32(1)
        body.op(.i32Sub)
        body.store(.i32, scopes)
        body.end()
    }

    // Lending ----------------------------------------------------------------------------------

    private func writeLend(_ find: FunctionReference, _ body: inout FunctionBuilder) {
        let entry = body.freshLocal(.i32)
        for parameter in body.parameters { body.get(parameter) }
        body.call(find)
        body.tee(entry)
        body.get(entry)
        body.load(.i32, table, offset: 12)
        body.i32(1)
        body.op(.i32Add)
        body.store(.i32, table, offset: 12)
        body.get(entry)
        body.load(.i32, table, offset: 4)
    }

    /// Handles that are lent cannot be removed, so the entry is there; entry 0 takes what stands for none.
    private func writeUnlend(_ handle: Local, _ body: inout FunctionBuilder) {
        writeAddress(of: handle, &body)
        writeAddress(of: handle, &body)
        body.load(.i32, table, offset: 12)
        body.i32(1)
        body.op(.i32Sub)
        body.store(.i32, table, offset: 12)
    }

    /// Lenders are behind the first page; the global counts them.
    private func writePushLender(_ body: inout FunctionBuilder) {
        let address = body.freshLocal(.i32)
        // So many that their addresses stay below 2^32. The same handle may be there any number of times.
        body.globalGet(lenders)
        body.i32(Self.limit)
        body.op(.i32GeU)
        trapIf(.tooManyHandles, in: &body)
        body.globalGet(lenders)
        body.i32(2)
        body.op(.i32Shl)
        body.i32(Self.pageSize)
        body.op(.i32Add)
        body.tee(address)
        body.i32(16)
        body.op(.i32ShrU)
        body.memorySize(scopes)
        body.op(.i32GeU)
        body.if()
        body.memorySize(scopes)
        body.memoryGrow(scopes)
        body.i32(.max)
        body.op(.i32Eq)
        trapIf(.tooManyHandles, in: &body)
        body.end()
        body.get(address)
        body.get(body.parameters[0])
        body.store(.i32, scopes)
        body.globalGet(lenders)
        body.i32(1)
        body.op(.i32Add)
        body.globalSet(lenders)
    }

    private func writePopLenders(_ body: inout FunctionBuilder) {
        let handle = body.freshLocal(.i32)
        body.block()
        let out = body.depth
        body.loop()
        let again = body.depth
        body.globalGet(lenders)
        body.get(body.parameters[0])
        body.op(.i32LeU)
        body.branchIf(to: out)
        body.globalGet(lenders)
        body.i32(1)
        body.op(.i32Sub)
        body.globalSet(lenders)
        body.globalGet(lenders)
        body.i32(2)
        body.op(.i32Shl)
        body.load(.i32, scopes, offset: Self.pageSize)
        body.set(handle)
        writeUnlend(handle, &body)
        body.branch(to: again)
        body.end()
        body.end()
    }

    // Scopes -----------------------------------------------------------------------------------

    /// One page has room for more scopes than calls can be nested: an instance is entered again only from
    /// its descendants.
    private func writeOpenScope(_ body: inout FunctionBuilder) {
        body.globalGet(scope)
        body.i32(4)
        body.op(.i32Add)
        body.globalSet(scope)
        body.globalGet(scope)
        body.i32(Self.pageSize)
        body.op(.i32GeU)
        trapIf(.tooManyHandles, in: &body)
        body.globalGet(scope)
        body.i32(0)
        body.store(.i32, scopes)
    }

    private func writeCloseScope(_ body: inout FunctionBuilder) {
        body.globalGet(scope)
        body.load(.i32, scopes)
        trapIf(.borrowsRemain, in: &body)
        body.globalGet(scope)
        body.i32(4)
        body.op(.i32Sub)
        body.globalSet(scope)
    }
}
