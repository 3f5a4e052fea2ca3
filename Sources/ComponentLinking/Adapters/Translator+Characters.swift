// Characters of strings, read and written. An end may be 2^32, which is 0: addresses are compared for being
// equal, never for their order.

/// Where a string is being read.
struct SourceCursor {
    var position: Local
    var end: Local
    /// The character that was read last.
    var character: Local

    /// At the beginning of a string.
    init(_ body: inout FunctionBuilder, _ locals: StringLocals) {
        position = body.freshLocal(.i32)
        end = body.freshLocal(.i32)
        character = body.freshLocal(.i32)
        body.get(locals.source)
        body.set(position)
        body.get(locals.source)
        body.get(locals.byteLength)
        body.op(.i32Add)
        body.set(end)
    }
}

extension Translator {
    /// Does something with each character that is left.
    mutating func forEachCharacter(
        _ units: CodeUnits, _ cursor: SourceCursor, _ action: (inout Translator) -> Void
    ) {
        body.block()
        let out = body.depth
        body.loop()
        let again = body.depth
        body.get(cursor.position)
        body.get(cursor.end)
        body.op(.i32Eq)
        body.branchIf(to: out)
        decode(units, cursor)
        action(&self)
        body.branch(to: again)
        body.end()
        body.end()
    }

    // Reading --------------------------------------------------------------------------------

    /// Reads a character and moves on. There is one code unit at least.
    mutating func decode(_ units: CodeUnits, _ cursor: SourceCursor) {
        let memory = from.memory ?? 0
        body.get(cursor.position)
        body.load(units == .utf16 ? .i32u16 : .i32u8, memory)
        body.set(cursor.character)
        switch units {
        case .latin1: body.increment(cursor.position, by: 1)
        case .utf8:
            body.get(cursor.character)
            body.i32(0x80)
            body.op(.i32LtU)
            body.if()
            body.increment(cursor.position, by: 1)
            body.else()
            let result = body.takeLocal(.i64)
            body.get(cursor.position)
            body.get(cursor.end)
            body.call(decoderOfUTF8())
            body.tee(result)
            body.op(.i32WrapI64)
            body.set(cursor.character)
            body.get(result)
            body.i64(32)
            body.op(.i64ShrU, .i32WrapI64)
            body.get(cursor.position)
            body.op(.i32Add)
            body.set(cursor.position)
            body.release(result)
            body.end()
        case .utf16: decodeUTF16(cursor)
        }
    }

    private mutating func decodeUTF16(_ cursor: SourceCursor) {
        body.increment(cursor.position, by: 2)
        body.get(cursor.character)
        body.i32(0xf800)
        body.op(.i32And)
        body.i32(0xd800)
        body.op(.i32Eq)
        body.if()
        let second = body.takeLocal()
        body.get(cursor.character)
        body.i32(0xdc00)
        body.op(.i32GeU)
        body.get(cursor.position)
        body.get(cursor.end)
        body.op(.i32Eq, .i32Or)
        module.trapIf(.invalidUTF16, in: &body)
        body.get(cursor.position)
        body.load(.i32u16, from.memory ?? 0)
        body.tee(second)
        body.i32(0xfc00)
        body.op(.i32And)
        body.i32(0xdc00)
        body.op(.i32Ne)
        module.trapIf(.invalidUTF16, in: &body)
        // 0x10000 + (first - 0xd800) * 0x400 + (second - 0xdc00), modulo 2^32.
        body.get(cursor.character)
        body.i32(10)
        body.op(.i32Shl)
        body.get(second)
        body.op(.i32Add)
        body.i32(0x10000 &- (0xd800 << 10) &- 0xdc00)
        body.op(.i32Add)
        body.set(cursor.character)
        body.increment(cursor.position, by: 2)
        body.release(second)
        body.end()
    }

    /// A function (address, end) that reads a character of several bytes: the character, and in the upper
    /// half its length.
    func decoderOfUTF8() -> FunctionReference {
        let memory = from.memory ?? 0
        let key = HelperKey.decodeUTF8(memory: memory)
        if let known = module.helpers[key] { return known }
        let signature = CoreSignature([.i32, .i32], [.i64])
        let reference = module.builder.declare(signature)
        module.helpers[key] = reference
        var inner = Translator(
            module: module, from: from, to: to,
            body: FunctionBuilder(name: "decode UTF-8", signature))
        inner.writeDecoderOfUTF8(memory)
        module.builder.define(reference, inner.body)
        return reference
    }

    private mutating func writeDecoderOfUTF8(_ memory: UInt32) {
        let (address, end) = (body.parameters[0], body.parameters[1])
        let first = body.freshLocal(.i32)
        let length = body.freshLocal(.i32)
        let value = body.freshLocal(.i32)
        body.get(address)
        body.load(.i32u8, memory)
        body.tee(first)
        body.i32(0xc2)
        body.op(.i32Sub)
        body.i32(0xf5 - 0xc2)
        body.op(.i32GeU)
        module.trapIf(.invalidUTF8, in: &body)
        // Two bytes, and one more from each of two limits on.
        body.i32(2)
        for limit in [0xe0, 0xf0] as [UInt32] {
            body.get(first)
            body.i32(limit)
            body.op(.i32GeU, .i32Add)
        }
        body.tee(length)
        body.get(end)
        body.get(address)
        body.op(.i32Sub, .i32GtU)
        module.trapIf(.incompleteUTF8, in: &body)
        // The lower bits of the first byte: five, four or three.
        body.get(first)
        body.i32(0x7f)
        body.get(length)
        body.op(.i32ShrU, .i32And)
        body.set(value)
        for index in 1...3 as ClosedRange<UInt32> {
            if index > 1 {
                body.get(length)
                body.i32(index)
                body.op(.i32GtU)
                body.if()
            }
            appendContinuation(value, first, address, index, memory)
            if index > 1 { body.end() }
        }
        refuseOverlong(value, length)
        body.get(value)
        body.op(.i64ExtendI32U)
        body.get(length)
        body.op(.i64ExtendI32U)
        body.i64(32)
        body.op(.i64Shl, .i64Or)
    }

    private mutating func appendContinuation(
        _ value: Local, _ byte: Local, _ address: Local, _ index: UInt32, _ memory: UInt32
    ) {
        body.get(address)
        body.load(.i32u8, memory, offset: index)
        body.i32(0x80)
        body.op(.i32Xor)
        body.tee(byte)
        body.i32(0x3f)
        body.op(.i32GtU)
        module.trapIf(.invalidUTF8, in: &body)
        body.get(value)
        body.i32(6)
        body.op(.i32Shl)
        body.get(byte)
        body.op(.i32Or)
        body.set(value)
    }

    /// Three bytes begin at 0x800 and leave out surrogates, four begin at 0x10000 and end below 0x110000.
    private mutating func refuseOverlong(_ value: Local, _ length: Local) {
        body.get(length)
        body.i32(3)
        body.op(.i32Eq)
        body.if()
        body.get(value)
        body.i32(0x800)
        body.op(.i32LtU)
        body.get(value)
        body.i32(11)
        body.op(.i32ShrU)
        body.i32(0xd800 >> 11)
        body.op(.i32Eq, .i32Or)
        module.trapIf(.invalidUTF8, in: &body)
        body.end()
        body.get(length)
        body.i32(4)
        body.op(.i32Eq)
        body.if()
        body.get(value)
        body.i32(0x10000)
        body.op(.i32Sub)
        body.i32(0x100000)
        body.op(.i32GeU)
        module.trapIf(.invalidUTF8, in: &body)
        body.end()
    }

    /// A function (address, length) that checks UTF-8.
    func validatorOfUTF8() -> FunctionReference {
        let memory = from.memory ?? 0
        let key = HelperKey.validateUTF8(memory: memory)
        if let known = module.helpers[key] { return known }
        let signature = CoreSignature([.i32, .i32])
        let reference = module.builder.declare(signature)
        module.helpers[key] = reference
        var inner = Translator(
            module: module, from: from, to: to,
            body: FunctionBuilder(name: "check UTF-8", signature))
        inner.writeValidatorOfUTF8(memory)
        module.builder.define(reference, inner.body)
        return reference
    }

    private mutating func writeValidatorOfUTF8(_ memory: UInt32) {
        let (position, end) = (body.parameters[0], body.parameters[1])
        body.get(position)
        body.get(end)
        body.op(.i32Add)
        body.set(end)
        body.block()
        let out = body.depth
        body.loop()
        let again = body.depth
        // Sixteen bytes of ASCII at once.
        body.block()
        let slow = body.depth
        body.loop()
        let fast = body.depth
        body.get(end)
        body.get(position)
        body.op(.i32Sub)
        body.i32(16)
        body.op(.i32LtU)
        body.branchIf(to: slow)
        body.get(position)
        body.load(.i64, memory)
        body.get(position)
        body.load(.i64, memory, offset: 8)
        body.op(.i64Or)
        body.i64(0x8080_8080_8080_8080)
        body.op(.i64And)
        body.i64(0)
        body.op(.i64Ne)
        body.branchIf(to: slow)
        body.increment(position, by: 16)
        body.branch(to: fast)
        body.end()
        body.end()
        body.get(position)
        body.get(end)
        body.op(.i32Eq)
        body.branchIf(to: out)
        skipCharacter(position, end, memory)
        body.branch(to: again)
        body.end()
        body.end()
    }

    private mutating func skipCharacter(_ position: Local, _ end: Local, _ memory: UInt32) {
        body.get(position)
        body.load(.i32u8, memory)
        body.i32(0x80)
        body.op(.i32LtU)
        body.ifValue(.i32)
        body.i32(1)
        body.else()
        body.get(position)
        body.get(end)
        body.call(decoderOfUTF8())
        body.i64(32)
        body.op(.i64ShrU, .i32WrapI64)
        body.end()
        body.get(position)
        body.op(.i32Add)
        body.set(position)
    }

    // Writing --------------------------------------------------------------------------------

    mutating func storeByte(_ value: Local, at position: Local) {
        body.get(position)
        body.get(value)
        body.store(.i32as8, to.memory ?? 0)
        body.increment(position, by: 1)
    }

    mutating func encodeUTF16(_ character: Local, at position: Local) {
        let memory = to.memory ?? 0
        body.get(character)
        body.i32(0x10000)
        body.op(.i32LtU)
        body.if()
        body.get(position)
        body.get(character)
        body.store(.i32as16, memory)
        body.increment(position, by: 2)
        body.else()
        body.get(position)
        body.get(character)
        body.i32(10)
        body.op(.i32ShrU)
        body.i32(0xd800 - (0x10000 >> 10))
        body.op(.i32Add)
        body.store(.i32as16, memory)
        body.get(position)
        body.get(character)
        body.i32(0x3ff)
        body.op(.i32And)
        body.i32(0xdc00)
        body.op(.i32Or)
        body.store(.i32as16, memory, offset: 2)
        body.increment(position, by: 4)
        body.end()
    }

    mutating func encodeUTF8(_ character: Local, at position: Local) {
        body.block()
        let out = body.depth
        for (length, limit) in [(1, 0x80), (2, 0x800), (3, 0x10000)] as [(UInt32, UInt32)] {
            body.get(character)
            body.i32(limit)
            body.op(.i32LtU)
            body.if()
            writeUTF8(character, length, at: position)
            body.branch(to: out)
            body.end()
        }
        writeUTF8(character, 4, at: position)
        body.end()
    }

    private mutating func writeUTF8(_ character: Local, _ length: UInt32, at position: Local) {
        let marks: [UInt32] = [0, 0xc0, 0xe0, 0xf0]
        for index in 0..<length {
            body.get(position)
            body.get(character)
            let shift = 6 * (length - 1 - index)
            if shift > 0 {
                body.i32(shift)
                body.op(.i32ShrU)
            }
            if index > 0 {
                body.i32(0x3f)
                body.op(.i32And)
                body.i32(0x80)
                body.op(.i32Or)
            } else if length > 1 {
                body.i32(marks[Int(length) - 1])
                body.op(.i32Or)
            }
            body.store(.i32as8, to.memory ?? 0, offset: index)
        }
        body.increment(position, by: length)
    }
}
