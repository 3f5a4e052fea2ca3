// Strings: every pair of encodings (Canonical ABI, "Loading" and "Storing" of strings). How often and with
// which sizes memory is asked for is a part of the specification.

import ComponentModel

/// How the characters of one string are coded.
enum CodeUnits {
    case utf8, utf16, latin1

    var size: UInt32 { self == .utf16 ? 2 : 1 }
}

/// The locals of a function that passes a string.
struct StringLocals {
    var source: Local
    /// In code units.
    var length: Local
    /// Of the source, in bytes.
    var byteLength: Local
    var target: Local
    /// How long the result is, in bytes.
    var written: Local
}

extension Translator {
    /// The tag of a length that counts UTF-16 code units.
    private static let tag: UInt32 = 1 << 31

    /// A function (address, tagged length) whose result is the new address and, in the upper half, the new
    /// tagged length.
    mutating func writeString() throws(LinkingError) {
        let parameters = body.parameters
        let locals = StringLocals(
            source: parameters[0], length: parameters[1], byteLength: body.freshLocal(.i32),
            target: body.freshLocal(.i32), written: body.freshLocal(.i32))
        switch from.encoding {
        case .utf8:
            checkSource(.utf8, locals, alignment: 1)
            try passString(.utf8, locals)
        case .utf16:
            checkSource(.utf16, locals, alignment: 2)
            try passString(.utf16, locals)
        case .latin1OrUTF16:
            body.get(locals.length)
            body.i32(Self.tag)
            body.op(.i32And)
            body.ifValue(.i64)
            body.get(locals.length)
            body.i32(Self.tag)
            body.op(.i32Xor)
            body.set(locals.length)
            checkSource(.utf16, locals, alignment: 2)
            if to.encoding == .latin1OrUTF16 {
                try passProbableUTF16(locals)
            } else {
                try passString(.utf16, locals)
            }
            body.else()
            checkSource(.latin1, locals, alignment: 2)
            try passString(.latin1, locals)
            body.end()
        }
    }

    private mutating func checkSource(
        _ units: CodeUnits, _ locals: StringLocals, alignment: UInt32
    ) {
        let size = body.takeLocal(.i64)
        body.get(locals.length)
        body.op(.i64ExtendI32U)
        body.i64(UInt64(units.size))
        body.op(.i64Mul)
        body.tee(size)
        body.i64(TypeTable.sizeLimit)
        body.op(.i64GeU)
        module.trapIf(.stringTooLong, in: &body)
        checkRange(
            locals.source, size, alignment: alignment, on: from,
            outside: to.isDriver ? .stringPointerOutOfBounds : .stringOutOfBounds)
        body.get(size)
        body.op(.i32WrapI64)
        body.set(locals.byteLength)
        body.release(size)
    }

    private mutating func passString(
        _ units: CodeUnits, _ locals: StringLocals
    ) throws(LinkingError) {
        switch (units, to.encoding) {
        case (.utf8, .utf8), (.utf16, .utf16): try copyString(units, locals, alignment: units.size)
        case (.latin1, .latin1OrUTF16): try copyString(units, locals, alignment: 2)
        case (.utf16, .utf8): try passToUTF8(units, locals, worstFactor: 3)
        case (.latin1, .utf8): try passToUTF8(units, locals, worstFactor: 2)
        case (.utf8, .utf16), (.latin1, .utf16): try passToUTF16(units, locals)
        case (.utf8, .latin1OrUTF16), (.utf16, .latin1OrUTF16):
            try passToLatin1OrUTF16(units, locals)
        }
    }

    /// The result of the function: an address and a length in a local, with a tag.
    private mutating func finish(_ target: Local, _ length: Local, tag: UInt32 = 0) {
        body.get(target)
        body.op(.i64ExtendI32U)
        body.get(length)
        if tag != 0 {
            body.i32(tag)
            body.op(.i32Or)
        }
        body.op(.i64ExtendI32U)
        body.i64(32)
        body.op(.i64Shl, .i64Or)
    }

    // The same encoding ------------------------------------------------------------------------

    private mutating func copyString(
        _ units: CodeUnits, _ locals: StringLocals, alignment: UInt32
    ) throws(LinkingError) {
        try validate(units, locals)
        try allocate(locals.target, alignment: alignment, size: locals.byteLength, for: .string)
        copyBytes(locals)
        finish(locals.target, locals.length)
    }

    private mutating func copyBytes(_ locals: StringLocals) {
        body.get(locals.target)
        body.get(locals.source)
        body.get(locals.byteLength)
        body.memoryCopy(to: to.memory ?? 0, from: from.memory ?? 0)
    }

    private mutating func validate(
        _ units: CodeUnits, _ locals: StringLocals
    ) throws(LinkingError) {
        switch units {
        case .latin1: break
        case .utf8:
            body.get(locals.source)
            body.get(locals.byteLength)
            body.call(validatorOfUTF8())
        case .utf16:
            let cursor = SourceCursor(&body, locals)
            forEachCharacter(.utf16, cursor) { _ in }
        }
    }

    /// Latin-1 if all characters allow it, from UTF-16 that was chosen because they probably do not.
    private mutating func passProbableUTF16(_ locals: StringLocals) throws(LinkingError) {
        let cursor = SourceCursor(&body, locals)
        let isWide = body.takeLocal()
        body.i32(0)
        body.set(isWide)
        forEachCharacter(.utf16, cursor) { translator in
            translator.body.get(cursor.character)
            translator.body.i32(0xff)
            translator.body.op(.i32GtU)
            translator.body.get(isWide)
            translator.body.op(.i32Or)
            translator.body.set(isWide)
        }
        try allocate(locals.target, alignment: 2, size: locals.byteLength, for: .string)
        body.get(isWide)
        body.ifValue(.i64)
        copyBytes(locals)
        finish(locals.target, locals.length, tag: Self.tag)
        body.else()
        let second = SourceCursor(&body, locals)
        body.get(locals.target)
        body.set(locals.written)
        forEachCharacter(.utf16, second) { translator in
            translator.storeByte(second.character, at: locals.written)
        }
        try reallocate(
            locals.target, locals.byteLength, alignment: 1, size: locals.length)
        finish(locals.target, locals.length)
        body.end()
        body.release(isWide)
    }

    // To UTF-16 --------------------------------------------------------------------------------

    private mutating func passToUTF16(
        _ units: CodeUnits, _ locals: StringLocals
    ) throws(LinkingError) {
        let worst = doubled(locals.length)
        try allocate(locals.target, alignment: 2, size: worst, for: .string)
        let cursor = SourceCursor(&body, locals)
        body.get(locals.target)
        body.set(locals.written)
        forEachCharacter(units, cursor) { translator in
            translator.encodeUTF16(cursor.character, at: locals.written)
        }
        toLength(locals)
        try shrink(locals, from: worst, alignment: 2)
        halve(locals.written)
        finish(locals.target, locals.written)
    }

    private mutating func doubled(_ length: Local) -> Local {
        let result = body.takeLocal()
        body.get(length)
        body.i32(1)
        body.op(.i32Shl)
        body.set(result)
        return result
    }

    private mutating func halve(_ local: Local) {
        body.get(local)
        body.i32(1)
        body.op(.i32ShrU)
        body.set(local)
    }

    /// `written`, which was an address, becomes a length.
    private mutating func toLength(_ locals: StringLocals) {
        body.get(locals.written)
        body.get(locals.target)
        body.op(.i32Sub)
        body.set(locals.written)
    }

    /// Gives back what is behind the string.
    private mutating func shrink(
        _ locals: StringLocals, from size: Local, alignment: UInt32
    ) throws(LinkingError) {
        body.get(locals.written)
        body.get(size)
        body.op(.i32LtU)
        body.if()
        try reallocate(locals.target, size, alignment: alignment, size: locals.written)
        body.end()
    }

    // To UTF-8 ---------------------------------------------------------------------------------

    private mutating func passToUTF8(
        _ units: CodeUnits, _ locals: StringLocals, worstFactor: UInt32
    ) throws(LinkingError) {
        try allocate(locals.target, alignment: 1, size: locals.length, for: .string)
        let cursor = SourceCursor(&body, locals)
        let worst = body.takeLocal()
        body.get(locals.target)
        body.set(locals.written)
        let (all, ascii) = whileSmaller(than: 0x80, units, cursor, locals)
        // The first character that is longer, and all behind it, with room for the worst.
        body.get(locals.length)
        body.i32(worstFactor)
        body.op(.i32Mul)
        body.set(worst)
        toLength(locals)
        try reallocate(locals.target, locals.length, alignment: 1, size: worst)
        body.get(locals.written)
        body.get(locals.target)
        body.op(.i32Add)
        body.set(locals.written)
        encodeUTF8(cursor.character, at: locals.written)
        forEachCharacter(units, cursor) { translator in
            translator.encodeUTF8(cursor.character, at: locals.written)
        }
        toLength(locals)
        try shrink(locals, from: worst, alignment: 1)
        body.branch(to: all)
        body.end()
        precondition(body.depth == ascii - 1)
        body.get(locals.length)
        body.set(locals.written)
        body.end()
        finish(locals.target, locals.written)
        body.release(worst)
    }

    /// Copies characters as single bytes as long as they are smaller than a limit. Behind it, two blocks
    /// are open: the code for the first other character comes next, in the inner one, and leaves to the
    /// first label; the second label is where all were small.
    private mutating func whileSmaller(
        than limit: UInt32, _ units: CodeUnits, _ cursor: SourceCursor, _ locals: StringLocals
    ) -> (all: Int, small: Int) {
        body.block()
        let all = body.depth
        body.block()
        let small = body.depth
        body.block()
        let large = body.depth
        body.loop()
        let again = body.depth
        body.get(cursor.position)
        body.get(cursor.end)
        body.op(.i32Eq)
        body.branchIf(to: small)
        decode(units, cursor)
        body.get(cursor.character)
        body.i32(limit)
        body.op(.i32GeU)
        body.branchIf(to: large)
        storeByte(cursor.character, at: locals.written)
        body.branch(to: again)
        body.end()
        body.end()
        return (all, small)
    }

    // To Latin-1 or UTF-16 ---------------------------------------------------------------------

    private mutating func passToLatin1OrUTF16(
        _ units: CodeUnits, _ locals: StringLocals
    ) throws(LinkingError) {
        try allocate(locals.target, alignment: 2, size: locals.length, for: .string)
        let cursor = SourceCursor(&body, locals)
        body.block()
        let done = body.depth
        body.get(locals.target)
        body.set(locals.written)
        let (all, _) = whileSmaller(than: 0x100, units, cursor, locals)
        let worst = doubled(locals.length)
        toLength(locals)
        try reallocate(locals.target, locals.length, alignment: 2, size: worst)
        widen(locals)
        encodeUTF16(cursor.character, at: locals.written)
        forEachCharacter(units, cursor) { translator in
            translator.encodeUTF16(cursor.character, at: locals.written)
        }
        toLength(locals)
        try shrink(locals, from: worst, alignment: 2)
        halve(locals.written)
        body.get(locals.written)
        body.i32(Self.tag)
        body.op(.i32Or)
        body.set(locals.written)
        body.branch(to: done)
        body.end()
        toLength(locals)
        try shrink(locals, from: locals.length, alignment: 2)
        body.branch(to: all)
        body.end()
        body.end()
        finish(locals.target, locals.written)
        body.release(worst)
    }

    /// Makes UTF-16 of so many bytes of Latin-1 in their place, from the last one on. `written` becomes the
    /// address behind them.
    private mutating func widen(_ locals: StringLocals) {
        let index = body.takeLocal()
        let memory = to.memory ?? 0
        body.get(locals.written)
        body.set(index)
        body.block()
        let out = body.depth
        body.loop()
        let again = body.depth
        body.get(index)
        body.op(.i32Eqz)
        body.branchIf(to: out)
        body.increment(index, by: .max)
        body.get(locals.target)
        body.get(index)
        body.i32(1)
        body.op(.i32Shl, .i32Add)
        body.get(locals.target)
        body.get(index)
        body.op(.i32Add)
        body.load(.i32u8, memory)
        body.store(.i32as16, memory)
        body.branch(to: again)
        body.end()
        body.end()
        body.get(locals.target)
        body.get(locals.written)
        body.i32(1)
        body.op(.i32Shl, .i32Add)
        body.set(locals.written)
        body.release(index)
    }
}
