// Values and start definitions (Binary.md, sections of these names). Every value has to be used once.

import WasmBinary
import WasmTypes

extension ComponentValidator {
    /// Uses a value up.
    mutating func useValue(_ index: UInt32) throws(ModuleError) -> ValueTypeID {
        let type = try item(index, "value", { $0.values })
        guard !scope.usedValues[Int(index)] else {
            throw invalid("value \(index) cannot be used more than once")
        }
        scope.usedValues[Int(index)] = true
        return type
    }

    mutating func defineStart(_ start: ComponentStart) throws(ModuleError) {
        try require(.values, for: "a start definition")
        let function = types[try item(start.function, "function", { $0.functions })]
        guard function.parameters.count == start.arguments.count else {
            throw invalid(
                "the start function has \(function.parameters.count) parameters, and gets "
                    + "\(start.arguments.count)")
        }
        guard start.resultCount == (function.result == nil ? 0 : 1) else {
            throw invalid("the start function does not have \(start.resultCount) results")
        }
        for (parameter, argument) in zip(function.parameters, start.arguments) {
            let type = try useValue(argument)
            if let mismatch = try mismatch(.value(type), .value(parameter.type)) {
                throw invalid("argument \"\(parameter.label)\" of the start function: \(mismatch)")
            }
        }
        if let result = function.result { try append(.value(result)) }
    }

    mutating func defineValue(
        _ type: ComponentValueType, _ range: Range<Int>
    ) throws(ModuleError) {
        try require(.values, for: "a value")
        let type: ValueTypeID = try resolve(type)
        var reader = BinaryReader(bytes: bytes, range: range)
        try checkValue(type, &reader)
        guard reader.isAtEnd else {
            throw reader.malformed("a value is shorter than its length", at: reader.position)
        }
        try append(.value(type))
    }

    private mutating func checkValue(
        _ type: ValueTypeID, _ reader: inout BinaryReader
    ) throws(ModuleError) {
        // Types of nothing but parts take steps without any bytes.
        work += 1
        try checkWork()
        switch types[type] {
        case .primitive(let type): try checkPrimitive(type, &reader)
        case .record(let fields):
            for field in fields { try checkValue(field.type, &reader) }
        case .tuple(let parts):
            for part in parts { try checkValue(part, &reader) }
        case .list(let element):
            for _ in 0..<(try reader.readCount()) { try checkValue(element, &reader) }
        case .fixedLengthList(let element, let length):
            for _ in 0..<length { try checkValue(element, &reader) }
        case .map(let key, let value):
            for _ in 0..<(try reader.readCount()) {
                try checkValue(key, &reader)
                try checkValue(value, &reader)
            }
        case .variant(let cases):
            let index = try readCase(of: cases.count, &reader)
            if let payload = cases[index].payload { try checkValue(payload, &reader) }
        case .enumeration(let labels): _ = try readCase(of: labels.count, &reader)
        case .option(let type):
            if try readFlag(&reader) { try checkValue(type, &reader) }
        case .result(let success, let failure):
            if let payload = try readFlag(&reader) ? failure : success {
                try checkValue(payload, &reader)
            }
        case .flags(let labels):
            let bytes = reader.bytes[try reader.readBytes((labels.count + 7) / 8)]
            if labels.count % 8 != 0, let last = bytes.last, last >> UInt8(labels.count % 8) != 0 {
                throw reader.malformed("flags that there are not", at: reader.position - 1)
            }
        case .own, .borrow, .stream, .future:
            throw invalid("values of the type \(types.text(type)) cannot be written down")
        }
    }

    private func readFlag(_ reader: inout BinaryReader) throws(ModuleError) -> Bool {
        let start = reader.position
        let byte = try reader.readByte()
        guard byte < 2 else { throw reader.malformed("malformed value", at: start) }
        return byte == 1
    }

    private func readCase(
        of count: Int, _ reader: inout BinaryReader
    ) throws(ModuleError) -> Int {
        let start = reader.position
        let index = Int(try reader.readU32())
        guard index < count else {
            throw reader.malformed("case \(index) of a type with \(count) cases", at: start)
        }
        return index
    }

    private func checkPrimitive(
        _ type: PrimitiveType, _ reader: inout BinaryReader
    ) throws(ModuleError) {
        let start = reader.position
        switch type {
        case .bool: _ = try readFlag(&reader)
        case .s8, .u8: _ = try reader.readByte()
        case .s16:
            guard Int16(exactly: try reader.readS32()) != nil else {
                throw reader.malformed("integer too large", at: start)
            }
        case .u16:
            guard UInt16(exactly: try reader.readU32()) != nil else {
                throw reader.malformed("integer too large", at: start)
            }
        case .s32: _ = try reader.readS32()
        case .u32: _ = try reader.readU32()
        case .s64: _ = try reader.readS64()
        case .u64: _ = try reader.readU64()
        case .f32: try checkFloat(&reader, bytes: 4, exponentBits: 8, canonical: 0x7FC0_0000)
        case .f64:
            try checkFloat(
                &reader, bytes: 8, exponentBits: 11, canonical: 0x7FF8_0000_0000_0000)
        case .char: try checkCharacter(&reader)
        case .string: _ = try reader.readName()
        case .errorContext: throw invalid("values of error-context cannot be written down")
        }
    }

    /// Of the values that are not numbers only one can be written down.
    private func checkFloat(
        _ reader: inout BinaryReader, bytes: Int, exponentBits: UInt64, canonical: UInt64
    ) throws(ModuleError) {
        let start = reader.position
        var bits: UInt64 = 0
        for index in try reader.readBytes(bytes).reversed() {
            bits = bits << 8 | UInt64(reader.bytes[index])
        }
        let fractionBits = UInt64(bytes) * 8 - 1 - exponentBits
        let exponent = bits >> fractionBits & (1 << exponentBits - 1)
        let isNaN = exponent == 1 << exponentBits - 1 && bits & (1 << fractionBits - 1) != 0
        guard !isNaN || bits == canonical else {
            throw reader.malformed("a NaN that is not canonical", at: start)
        }
    }

    private func checkCharacter(_ reader: inout BinaryReader) throws(ModuleError) {
        let start = reader.position
        let first = try reader.readByte()
        let more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3
        _ = try reader.readBytes(more)
        guard
            let text = String(validating: reader.bytes[start..<reader.position], as: UTF8.self),
            text.unicodeScalars.count == 1
        else { throw reader.malformed("malformed UTF-8 encoding", at: start) }
    }
}
