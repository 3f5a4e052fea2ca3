// Values of one core value each, and handles.

import ComponentModel

extension Translator {
    /// Reads a core value. In memory it has `size` bytes; in a slot that several cases share it may be in a
    /// wider one.
    mutating func load(
        _ type: CoreType, _ size: UInt32, _ place: Place, isSigned: Bool = false, slot: Int = 0
    ) {
        switch place {
        case .flat(let locals):
            body.get(locals[slot])
            convert(locals[slot].type, type)
        case .memory(let base, let offset):
            body.get(base)
            let access: CoreLoad =
                switch (type, size) {
                case (.i32, 1): isSigned ? .i32s8 : .i32u8
                case (.i32, 2): isSigned ? .i32s16 : .i32u16
                case (.i32, _): .i32
                case (.i64, _): .i64
                case (.f32, _): .f32
                case (.f64, _): .f64
                }
            body.load(access, from.memory ?? 0, offset: offset)
        }
    }

    /// Writes the core value on the stack.
    mutating func store(_ type: CoreType, _ size: UInt32, _ place: Place, slot: Int = 0) {
        switch place {
        case .flat(let locals):
            convert(type, locals[slot].type)
            body.set(locals[slot])
        case .memory(let base, let offset):
            let value = body.takeLocal(type)
            body.set(value)
            body.get(base)
            body.get(value)
            body.release(value)
            let access: CoreStore =
                switch (type, size) {
                case (.i32, 1): .i32as8
                case (.i32, 2): .i32as16
                case (.i32, _): .i32
                case (.i64, _): .i64
                case (.f32, _): .f32
                case (.f64, _): .f64
                }
            body.store(access, to.memory ?? 0, offset: offset)
        }
    }

    private mutating func convert(_ have: CoreType, _ want: CoreType) {
        switch (have, want) {
        case (.i32, .f32): body.op(.f32ReinterpretI32)
        case (.i64, .i32): body.op(.i32WrapI64)
        case (.i64, .f32): body.op(.i32WrapI64, .f32ReinterpretI32)
        case (.i64, .f64): body.op(.f64ReinterpretI64)
        case (.f32, .i32): body.op(.i32ReinterpretF32)
        case (.i32, .i64): body.op(.i64ExtendI32U)
        case (.f32, .i64): body.op(.i32ReinterpretF32, .i64ExtendI32U)
        case (.f64, .i64): body.op(.i64ReinterpretF64)
        default: precondition(have == want, "No case of a variant has such a slot")
        }
    }

    mutating func passPrimitive(
        _ type: PrimitiveType, _ source: Place, _ target: Place
    ) throws(LinkingError) {
        var isFlat = false
        if case .flat = source { isFlat = true }
        switch type {
        case .bool:
            load(.i32, 1, source)
            body.i32(0)
            body.op(.i32Ne)
            store(.i32, 1, target)
        case .u8, .u16:
            let size: UInt32 = type == .u8 ? 1 : 2
            load(.i32, size, source)
            if isFlat {
                body.i32(type == .u8 ? 0xff : 0xffff)
                body.op(.i32And)
            }
            store(.i32, size, target)
        case .s8, .s16:
            let size: UInt32 = type == .s8 ? 1 : 2
            load(.i32, size, source, isSigned: true)
            if isFlat { body.op(type == .s8 ? .i32Extend8S : .i32Extend16S) }
            store(.i32, size, target)
        case .s32, .u32: pass(.i32, 4, source, target)
        case .s64, .u64: pass(.i64, 8, source, target)
        case .f32: pass(.f32, 4, source, target)
        case .f64: pass(.f64, 8, source, target)
        case .char: passCharacter(source, target)
        case .string, .errorContext:
            throw LinkingError("values of the type error-context cannot be passed")
        }
    }

    private mutating func pass(
        _ type: CoreType, _ size: UInt32, _ source: Place, _ target: Place
    ) {
        load(type, size, source)
        store(type, size, target)
    }

    private mutating func passCharacter(_ source: Place, _ target: Place) {
        let value = body.takeLocal()
        load(.i32, 4, source)
        body.tee(value)
        // Too large, or one of the 2048 surrogates.
        body.i32(0x110000)
        body.op(.i32GeU)
        body.get(value)
        body.i32(0xd800)
        body.op(.i32Sub)
        body.i32(0x800)
        body.op(.i32LtU, .i32Or)
        module.trapIf(.invalidCharacter, in: &body)
        body.get(value)
        store(.i32, 4, target)
        body.release(value)
    }

    // Handles --------------------------------------------------------------------------------

    mutating func passOwn(
        _ id: ResourceID, _ source: Place, _ target: Place
    ) throws(LinkingError) {
        let tag = module.tag(id)
        if module.hasRepresentation(id, to), to.instance == Evaluator.host {
            body.i32(tag)
            load(.i32, 4, source)
            body.call(module.state(.take, of: from.instance))
        } else {
            try requireGuest(id)
            body.i32(tag)
            if module.hasRepresentation(id, from), from.instance == Evaluator.host {
                load(.i32, 4, source)
            } else {
                body.i32(tag)
                load(.i32, 4, source)
                body.call(module.state(.take, of: from.instance))
            }
            body.call(module.state(.add, of: to.instance))
        }
        store(.i32, 4, target)
    }

    mutating func passBorrow(
        _ id: ResourceID, _ source: Place, _ target: Place
    ) throws(LinkingError) {
        let tag = module.tag(id)
        let handle: Local
        if isDynamic {
            handle = body.takeLocal()
        } else {
            handle = body.freshLocal(.i32)
            lenders.append(handle)
        }
        load(.i32, 4, source)
        body.set(handle)
        let isPlain = module.hasRepresentation(id, to)
        if !isPlain {
            try requireGuest(id)
            body.i32(tag)
        }
        body.i32(tag)
        body.get(handle)
        body.call(module.state(.lend, of: from.instance))
        if !isPlain { body.call(module.state(.addBorrow, of: to.instance)) }
        store(.i32, 4, target)
        if isDynamic {
            body.get(handle)
            body.call(module.state(.pushLender, of: from.instance))
            body.release(handle)
        }
    }

    /// The host has no handles for what components define.
    private func requireGuest(_ id: ResourceID) throws(LinkingError) {
        guard from.instance != Evaluator.host || module.hasRepresentation(id, from),
            to.instance != Evaluator.host
        else {
            throw LinkingError(
                "a resource that a component defines is passed to the host, which is not supported")
        }
    }
}
