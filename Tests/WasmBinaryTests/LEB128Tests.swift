import Testing
import WasmBinary
import WasmTypes

/// Numbers (WebAssembly 3.0, section 5.2.2).
@Suite struct LEB128Tests {
    private func read<Number>(
        _ bytes: [UInt8], _ read: (inout BinaryReader) throws(ModuleError) -> Number
    ) -> Result<Number, ModuleError> {
        var reader = BinaryReader(bytes: bytes, range: 0..<bytes.count)
        do throws(ModuleError) {
            let number = try read(&reader)
            #expect(reader.isAtEnd, "\(bytes)")
            return .success(number)
        } catch {
            return .failure(error)
        }
    }

    private func u32(_ bytes: UInt8...) -> Result<UInt32, ModuleError> {
        read(bytes) { (reader) throws(ModuleError) in try reader.readU32() }
    }
    private func u64(_ bytes: [UInt8]) -> Result<UInt64, ModuleError> {
        read(bytes) { (reader) throws(ModuleError) in try reader.readU64() }
    }
    private func s32(_ bytes: UInt8...) -> Result<Int32, ModuleError> {
        read(bytes) { (reader) throws(ModuleError) in try reader.readS32() }
    }
    private func s33(_ bytes: UInt8...) -> Result<Int64, ModuleError> {
        read(bytes) { (reader) throws(ModuleError) in try reader.readS33() }
    }
    private func s64(_ bytes: [UInt8]) -> Result<Int64, ModuleError> {
        read(bytes) { (reader) throws(ModuleError) in try reader.readS64() }
    }
    private func message<Number>(_ result: Result<Number, ModuleError>) -> String? {
        if case .failure(let error) = result { error.message } else { nil }
    }
    private func value<Number>(_ result: Result<Number, ModuleError>) -> Number? {
        if case .success(let number) = result { number } else { nil }
    }

    private let tooLong = "integer representation too long"
    private let tooLarge = "integer too large"
    private let end = "unexpected end of section or function"

    @Test func unsigned32() {
        #expect(value(u32(0)) == 0)
        #expect(value(u32(0x7F)) == 127)
        #expect(value(u32(0x80, 0x01)) == 128)
        #expect(value(u32(0xE5, 0x8E, 0x26)) == 624_485)
        #expect(value(u32(0xFF, 0xFF, 0xFF, 0xFF, 0x0F)) == .max)
        #expect(value(u32(0x83, 0x80, 0x80, 0x80, 0x00)) == 3)
        #expect(message(u32(0x83, 0x80, 0x80, 0x80, 0x80, 0x00)) == tooLong)
        #expect(message(u32(0x83, 0x80, 0x80, 0x80, 0x10)) == tooLarge)
        #expect(message(u32(0xFF, 0xFF, 0xFF, 0xFF, 0x7F)) == tooLarge)
        #expect(message(u32(0x80)) == end)
        #expect(message(u32()) == end)
    }

    @Test func unsigned64() {
        let nines = Array(repeating: UInt8(0xFF), count: 9)
        #expect(value(u64([0x2A])) == 42)
        #expect(value(u64(nines + [0x01])) == .max)
        #expect(message(u64(nines + [0x02])) == tooLarge)
        #expect(message(u64(nines + [0x81, 0x00])) == tooLong)
        #expect(message(u64(nines)) == end)
    }

    @Test func signed32() {
        #expect(value(s32(0x7F)) == -1)
        #expect(value(s32(0x40)) == -64)
        #expect(value(s32(0x3F)) == 63)
        #expect(value(s32(0xC0, 0x00)) == 64)
        #expect(value(s32(0xC0, 0xBB, 0x78)) == -123_456)
        #expect(value(s32(0xFF, 0xFF, 0xFF, 0xFF, 0x07)) == .max)
        #expect(value(s32(0x80, 0x80, 0x80, 0x80, 0x78)) == .min)
        #expect(value(s32(0xFF, 0xFF, 0xFF, 0xFF, 0x7F)) == -1)
        #expect(message(s32(0xFF, 0xFF, 0xFF, 0xFF, 0x0F)) == tooLarge)
        #expect(message(s32(0x80, 0x80, 0x80, 0x80, 0x70)) == tooLarge)
        #expect(message(s32(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F)) == tooLong)
        #expect(message(s32(0x80, 0x80)) == end)
    }

    @Test func signed33() {
        #expect(value(s33(0xFF, 0xFF, 0xFF, 0xFF, 0x0F)) == Int64(UInt32.max))
        #expect(value(s33(0x80, 0x80, 0x80, 0x80, 0x70)) == -(1 << 32))
        #expect(value(s33(0x70)) == -16)
        #expect(message(s33(0xFF, 0xFF, 0xFF, 0xFF, 0x1F)) == tooLarge)
        #expect(message(s33(0x80, 0x80, 0x80, 0x80, 0x60)) == tooLarge)
    }

    @Test func signed64() {
        let nines = Array(repeating: UInt8(0xFF), count: 9)
        let zeros = Array(repeating: UInt8(0x80), count: 9)
        #expect(value(s64([0x7F])) == -1)
        #expect(value(s64(nines + [0x00])) == .max)
        #expect(value(s64(zeros + [0x7F])) == .min)
        #expect(value(s64(nines + [0x7F])) == -1)
        #expect(message(s64(nines + [0x01])) == tooLarge)
        #expect(message(s64(zeros + [0x7E])) == tooLarge)
        #expect(message(s64(zeros + [0xFF, 0x7F])) == tooLong)
    }

    @Test func names() {
        func name(_ bytes: UInt8...) -> Result<String, ModuleError> {
            read(bytes) { (reader) throws(ModuleError) in try reader.readName() }
        }
        #expect(value(name(0)) == "")
        #expect(value(name(2, 0xC3, 0xA9)) == "é")
        #expect(value(name(3, 0xEF, 0xBB, 0xBF))?.unicodeScalars.count == 1)
        for bad: [UInt8] in [
            [1, 0x80], [2, 0xC0, 0x80], [3, 0xED, 0xA0, 0x80], [4, 0xF4, 0x90, 0x80, 0x80],
            [1, 0xC3], [1, 0xFF],
        ] {
            let result = read(bad) { (reader) throws(ModuleError) in try reader.readName() }
            #expect(message(result) == "malformed UTF-8 encoding", "\(bad)")
        }
        #expect(message(name(2, 0x61))?.hasPrefix("length out of bounds") == true)
        #expect(message(name(0xFF, 0xFF, 0xFF, 0xFF, 0x0F))?.hasPrefix("length out") == true)
    }

    @Test func namesHaveALimit() {
        let count = ImplementationLimits.nameLength + 1
        let bytes = BinaryBuilder.number(UInt64(count)) + Array(repeating: 0x61, count: count)
        let result = read(bytes) { (reader) throws(ModuleError) in try reader.readName() }
        guard case .failure(let error) = result else {
            Issue.record("accepted")
            return
        }
        #expect(error.kind == .limitExceeded)
    }

    @Test func rangesOutsideOfTheBytesAreCutOff() {
        let reader = BinaryReader(bytes: [1, 2], range: 1..<100)
        #expect(reader.remaining == 1)
        #expect(BinaryReader(bytes: [1, 2], range: 50..<100).remaining == 0)
    }
}
