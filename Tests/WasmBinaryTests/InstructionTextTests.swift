// Instructions are shown as the text format writes them.

import Testing
import WasmBinary
import WasmTypes

@Suite struct InstructionTextTests {
    @Test(arguments: [
        ([0x6A], "i32.add"), ([0x41, 0x7F], "i32.const -1"),
        ([0x43, 0, 0, 0x80, 0x3F], "f32.const 1.0"),
        ([0x10, 1], "call $print"), ([0x10, 2], "call 2"), ([0x20, 0], "local.get $count"),
        ([0x21, 1], "local.set 1"), ([0x23, 0], "global.get $stack"),
        ([0x02, 0x40], "block"), ([0x03, 0x7F], "loop (result i32)"), ([0x04, 5], "if (type 5)"),
        ([0x0E, 2, 0, 1, 2], "br_table 0 1 2"),
        ([0x0E, 9] + Array(repeating: 0, count: 10), "br_table 0 0 0 0 0 0 0 0 ..."),
        ([0x11, 3, 0], "call_indirect (type 3)"), ([0x11, 3, 1], "call_indirect 1 (type 3)"),
        ([0x28, 2, 0], "i32.load"), ([0x28, 0, 8], "i32.load offset=8 align=1"),
        ([0x2D, 0x40, 1, 0], "i32.load8_u 1"), ([0xFC, 0x0A, 0, 0], "memory.copy"),
        ([0xFC, 0x08, 3, 0], "memory.init 3"), ([0xD0, 0x70], "ref.null func"),
        ([0xFD, 0x0F], "i8x16.splat"), ([0xFD, 0x15, 7], "i8x16.extract_lane_s 7"),
        ([0xFD, 0x0C] + Array(0...15), "v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15"),
        ([0xFE, 0x1E, 2, 4], "i32.atomic.rmw.add offset=4"), ([0xFB, 0x00, 1], "struct.new 1"),
        ([0x1F, 0x40, 1, 0, 2, 0], "try_table (catch 2 0)"),
    ])
    func text(code: [Int], expected: String) throws {
        let bytes = code.map { UInt8($0) } + Array(repeating: 0, count: 16)
        var reader = InstructionReader(bytes: bytes, range: 0..<bytes.count)
        var names = NameSection()
        names.functions = [1: "print"]
        names.locals = [4: [0: "count"]]
        names.globals = [0: "stack"]
        let text = InstructionText(bytes: bytes, names: names, function: 4)
        #expect(text.text(of: try reader.next()) == expected)
    }

    @Test func namesDoNotReachTheTerminalAsTheyAre() {
        #expect(InstructionText.identifier("a\u{1b}[31m\nb") == "$a\\u{1b}[31m\\u{a}b")
    }

    @Test func namesAreFoundInBrokenModules() {
        var builder = BinaryBuilder()
        let names = BinaryBuilder.list([BinaryBuilder.number(7) + BinaryBuilder.name("parse")])
        let subsection = [1] + BinaryBuilder.number(UInt64(names.count)) + names
        builder.section(0, BinaryBuilder.name("name") + subsection)
        let broken = builder.bytes + [99, 1, 0]
        #expect(NameSection(searching: broken).functions == [7: "parse"])
        for end in 0...broken.count { _ = NameSection(searching: Array(broken.prefix(end))) }
    }
}
