// The function behind a lowered function: it calls what was lifted (Canonical ABI, `canon lower` and `canon
// lift` in one).

import ComponentModel
import WasmTypes

/// A lifted core function, that of the host included.
struct Callee {
    var source: Source
    var options: ResolvedOptions
    var instance: Int
    var type: ResolvedFunctionType
    var name: String
}

/// Writes one such function.
struct CallEmitter {
    let module: ModuleEmitter
    let callee: Callee
    let caller: Side
    let target: Side
    /// Component instances whose flag "may enter" the call takes.
    let entered: [Int]
    private var translator: Translator
    private var lenderCount: Local?

    private var types: TypeTable { module.facts.types }

    init(
        module: ModuleEmitter, callee: Callee, caller: Side, target: Side, entered: [Int]
    ) {
        self.module = module
        self.callee = callee
        self.caller = caller
        self.target = target
        self.entered = entered
        let signature = module.facts.types.lowered(callee.type)
        translator = Translator(
            module: module, from: caller, to: target,
            body: FunctionBuilder(name: "call \(callee.name)", signature))
    }

    /// - Returns: the function, without the check that the caller may leave if `checksLeave` is off.
    mutating func emit() throws(LinkingError) -> FunctionReference {
        module.leaveCheck(caller.instance, in: &translator.body)
        writeEnter()
        writeBackpressureCheck()
        let hasBorrow = callee.type.types.contains { types.layout($0).hasBorrow }
        let hasHandles = callee.type.types.contains { needsScope($0) }
        if hasBorrow, callee.type.types.contains(where: { hasDynamicBorrow($0) }) {
            let count = translator.body.freshLocal(.i32)
            translator.body.call(module.state(.lenderCount, of: caller.instance))
            translator.body.set(count)
            lenderCount = count
        }
        if hasHandles { translator.body.call(module.state(.openScope, of: target.instance)) }
        let saved = translator.enterContext(target.context)
        let arguments = try writeArguments()
        let result = writeCall(arguments)
        let output = try writeResult(result, closesScope: hasHandles)
        writePostReturn(result)
        translator.leaveContext(target.context, saved)
        writeLeave()
        writeUnlend()
        if let output { translator.body.get(output) }
        let reference = module.builder.declare(translator.body.signature)
        module.builder.define(reference, translator.body)
        return reference
    }

    // Flags ----------------------------------------------------------------------------------

    private mutating func writeEnter() {
        let flags = entered.map { module.stateGlobal(.mayEnter, of: $0) }
        for flag in flags {
            translator.body.globalGet(flag)
            translator.body.op(.i32Eqz)
            module.trapIf(.cannotEnter, in: &translator.body)
        }
        for flag in flags { translator.setFlag(flag, 0) }
    }

    /// Functions that could wait for room would wait here.
    private mutating func writeBackpressureCheck() {
        guard callee.type.isAsync, module.facts.usesBackpressure.contains(target.instance) else {
            return
        }
        translator.body.globalGet(module.stateGlobal(.backpressure, of: target.instance))
        module.trapIf(.notSupported, in: &translator.body)
    }

    private mutating func writeLeave() {
        for instance in entered {
            translator.setFlag(module.stateGlobal(.mayEnter, of: instance), 1)
        }
    }

    // Borrows --------------------------------------------------------------------------------

    /// Whether the callee gets borrow handles: not for resources of its own.
    private func needsScope(_ id: TypeID) -> Bool {
        types.contains(id) { type in
            guard case .borrow(let resource) = type else { return false }
            return !module.hasRepresentation(resource, target)
        }
    }

    /// Whether a borrow may be passed by code that does not know how often it runs.
    private func hasDynamicBorrow(_ id: TypeID) -> Bool {
        types.layout(id).hasBorrow
            && (types.layout(id).cost > Translator.inlineCost
                || types.contains(id) { type in
                    switch type {
                    case .list, .map, .fixedLengthList: true
                    default: false
                    }
                })
    }

    private mutating func writeUnlend() {
        for handle in translator.lenders {
            translator.body.get(handle)
            translator.body.call(module.state(.unlend, of: caller.instance))
        }
        if let lenderCount {
            translator.body.get(lenderCount)
            translator.body.call(module.state(.popLenders, of: caller.instance))
        }
    }

    // Arguments ------------------------------------------------------------------------------

    private mutating func writeArguments() throws(LinkingError) -> [Local] {
        let parameters = translator.body.parameters
        guard let flat = types.flat(callee.type.types) else {
            return [try writeArgumentArea(parameters[0])]
        }
        let arguments = flat.map { translator.body.freshLocal($0) }
        var slot = 0
        for id in callee.type.types {
            let end = slot + (types.layout(id).flat?.count ?? 0)
            try translator.pass(
                id, .flat(Array(parameters[slot..<end])), .flat(Array(arguments[slot..<end])))
            slot = end
        }
        return arguments
    }

    /// Arguments that are too many for parameters are in memory on both sides.
    private mutating func writeArgumentArea(_ source: Local) throws(LinkingError) -> Local {
        let area = types.area(of: callee.type.types)
        let size = translator.body.freshLocal(.i32)
        let address = translator.body.freshLocal(.i32)
        translator.body.i32(area.size)
        translator.body.set(size)
        translator.checkRange(
            source, size, alignment: area.alignment, on: caller, outside: .argumentsOutOfBounds)
        try translator.allocate(
            address, alignment: area.alignment, size: size, for: .arguments)
        for (id, offset) in zip(callee.type.types, area.offsets) {
            try translator.pass(id, .memory(source, offset), .memory(address, offset))
        }
        return address
    }

    // The call -------------------------------------------------------------------------------

    private mutating func writeCall(_ arguments: [Local]) -> Local? {
        let signature = types.lifted(callee.type)
        let function = module.function(callee.source, signature, callee.name)
        let result = signature.results.first.map { translator.body.freshLocal($0) }
        module.callCore(function, arguments, result: result, in: &translator.body)
        return result
    }

    /// Passes the result back.
    ///
    /// - Returns: what the function returns.
    private mutating func writeResult(
        _ result: Local?, closesScope: Bool
    ) throws(LinkingError) -> Local? {
        if closesScope { translator.body.call(module.state(.closeScope, of: target.instance)) }
        guard let id = callee.type.result, let result else { return nil }
        let layout = types.layout(id)
        var back = Translator(
            module: module, from: target, to: caller, body: translator.body)
        defer { translator.body = back.body }
        if let flat = layout.flat, let first = flat.first, flat.count == 1 {
            let output = back.body.freshLocal(first)
            try back.pass(id, .flat([result]), .flat([output]))
            return output
        }
        let size = back.body.freshLocal(.i32)
        back.body.i32(layout.size)
        back.body.set(size)
        let output = back.body.parameters[back.body.parameters.count - 1]
        back.checkRange(
            result, size, alignment: layout.alignment, on: target, outside: .argumentsOutOfBounds)
        back.checkRange(
            output, size, alignment: layout.alignment, on: caller, outside: .argumentsOutOfBounds)
        try back.pass(id, .memory(result, 0), .memory(output, 0))
        return nil
    }

    private mutating func writePostReturn(_ result: Local?) {
        guard let postReturn = callee.options.postReturn else { return }
        let results = types.lifted(callee.type).results
        let function = module.function(postReturn, CoreSignature(results), "post-return")
        let flag =
            module.facts.leave.roots.contains(postReturn)
            ? module.stateGlobal(.mayLeave, of: target.instance) : nil
        translator.setFlag(flag, 0)
        module.callCore(
            function, result.map { [$0] } ?? [], result: nil, in: &translator.body)
        translator.setFlag(flag, 1)
    }
}

extension ModuleEmitter {
    /// Calls a core function. Exceptions do not get past the border of a component.
    func callCore(
        _ function: FunctionReference, _ arguments: [Local], result: Local?,
        in body: inout FunctionBuilder
    ) {
        for argument in arguments where !facts.hasExceptions { body.get(argument) }
        guard facts.hasExceptions else {
            body.call(function)
            if let result { body.set(result) }
            return
        }
        body.block()
        let out = body.depth
        body.block()
        body.catchAll(result.map { [$0.type] } ?? []) { body in
            for argument in arguments { body.get(argument) }
            body.call(function)
        }
        if let result { body.set(result) }
        body.branch(to: out)
        body.end()
        trap(.uncaughtException, in: &body)
        body.end()
    }
}

// Shapes -----------------------------------------------------------------------------------------

extension TypeTable {
    /// The core signature of a function where it is lifted.
    func lifted(_ type: ResolvedFunctionType) -> CoreSignature {
        let result = type.result.map { layout($0).flat }
        let results: [CoreType] =
            switch result {
            case .none: []
            case .some(.some(let flat)) where flat.count <= 1: flat
            case .some: [.i32]
            }
        return CoreSignature(flat(type.types) ?? [.i32], results)
    }

    /// The core signature of a function where it is lowered.
    func lowered(_ type: ResolvedFunctionType) -> CoreSignature {
        var signature = CoreSignature(flat(type.types) ?? [.i32])
        guard let result = type.result else { return signature }
        if let flat = layout(result).flat, flat.count <= 1 {
            signature.results = flat
        } else {
            signature.parameters.append(.i32)
        }
        return signature
    }

    /// Where values lie that are one behind the other like the fields of a record.
    func area(of types: [TypeID]) -> (size: UInt32, alignment: UInt32, offsets: [UInt32]) {
        var (size, alignment) = (0 as UInt32, 1 as UInt32)
        var offsets: [UInt32] = []
        for id in types {
            let part = layout(id)
            size = alignedUp(size, part.alignment)
            offsets.append(size)
            size &+= part.size
            alignment = max(alignment, part.alignment)
        }
        return (alignedUp(size, alignment), alignment, offsets)
    }

    /// Whether any part of a type satisfies a condition.
    func contains(_ id: TypeID, where condition: (ResolvedType) -> Bool) -> Bool {
        var seen: Set<TypeID> = []
        var rest = [id]
        while let next = rest.popLast() {
            guard seen.insert(next).inserted else { continue }
            if condition(self[next]) { return true }
            rest += parts(of: next)
        }
        return false
    }

    /// The types that a type is made of.
    func parts(of id: TypeID) -> [TypeID] {
        switch self[id] {
        case .list(let element), .fixedLengthList(let element, _): [element]
        case .map(let key, let value): [key, value]
        default: fields(of: id) ?? cases(of: id)?.compactMap { $0 } ?? []
        }
    }
}
