// Linear memory (WebAssembly 3.0, section 5.4.7).
//
// The number behind `.memory` is log2 of the natural alignment. The signature is that of the
// value: the address lies below its operands, and has the memory's address type.

import WasmTypes

private typealias Row = OpcodeRow

// One row, one line.
// swift-format-ignore
extension OpcodeTable {
    /// Loads and stores, and the size.
    static let memory = OpcodeGroup(
        prefix: .none, feature: .minimumViableProduct,
        rows: [
            Row(0x28, "i32.load",     .memory(2) { .load(.integer(.i32), $0) }, .gives(.i32)),
            Row(0x29, "i64.load",     .memory(3) { .load(.integer(.i64), $0) }, .gives(.i64)),
            Row(0x2A, "f32.load",     .memory(2) { .load(.float(.f32), $0) }, .gives(.f32)),
            Row(0x2B, "f64.load",     .memory(3) { .load(.float(.f64), $0) }, .gives(.f64)),
            Row(0x2C, "i32.load8_s",  .memory(0) { .load(.extending(.i32, from: .bits8, signed: true), $0) }, .gives(.i32)),
            Row(0x2D, "i32.load8_u",  .memory(0) { .load(.extending(.i32, from: .bits8, signed: false), $0) }, .gives(.i32)),
            Row(0x2E, "i32.load16_s", .memory(1) { .load(.extending(.i32, from: .bits16, signed: true), $0) }, .gives(.i32)),
            Row(0x2F, "i32.load16_u", .memory(1) { .load(.extending(.i32, from: .bits16, signed: false), $0) }, .gives(.i32)),
            Row(0x30, "i64.load8_s",  .memory(0) { .load(.extending(.i64, from: .bits8, signed: true), $0) }, .gives(.i64)),
            Row(0x31, "i64.load8_u",  .memory(0) { .load(.extending(.i64, from: .bits8, signed: false), $0) }, .gives(.i64)),
            Row(0x32, "i64.load16_s", .memory(1) { .load(.extending(.i64, from: .bits16, signed: true), $0) }, .gives(.i64)),
            Row(0x33, "i64.load16_u", .memory(1) { .load(.extending(.i64, from: .bits16, signed: false), $0) }, .gives(.i64)),
            Row(0x34, "i64.load32_s", .memory(2) { .load(.extending(.i64, from: .bits32, signed: true), $0) }, .gives(.i64)),
            Row(0x35, "i64.load32_u", .memory(2) { .load(.extending(.i64, from: .bits32, signed: false), $0) }, .gives(.i64)),
            Row(0x36, "i32.store",    .memory(2) { .store(.integer(.i32), $0) }, .takes(.i32)),
            Row(0x37, "i64.store",    .memory(3) { .store(.integer(.i64), $0) }, .takes(.i64)),
            Row(0x38, "f32.store",    .memory(2) { .store(.float(.f32), $0) }, .takes(.f32)),
            Row(0x39, "f64.store",    .memory(3) { .store(.float(.f64), $0) }, .takes(.f64)),
            Row(0x3A, "i32.store8",   .memory(0) { .store(.narrowing(.i32, to: .bits8), $0) }, .takes(.i32)),
            Row(0x3B, "i32.store16",  .memory(1) { .store(.narrowing(.i32, to: .bits16), $0) }, .takes(.i32)),
            Row(0x3C, "i64.store8",   .memory(0) { .store(.narrowing(.i64, to: .bits8), $0) }, .takes(.i64)),
            Row(0x3D, "i64.store16",  .memory(1) { .store(.narrowing(.i64, to: .bits16), $0) }, .takes(.i64)),
            Row(0x3E, "i64.store32",  .memory(2) { .store(.narrowing(.i64, to: .bits32), $0) }, .takes(.i64)),
            Row(0x3F, "memory.size",  .memoryIndex { .memorySize($0) }),
            Row(0x40, "memory.grow",  .memoryIndex { .memoryGrow($0) }),
        ])

    /// Many bytes at once.
    static let memoryRanges = OpcodeGroup(
        prefix: .miscellaneous, feature: .bulkMemory,
        rows: [
            Row(0x08, "memory.init", .dataAndMemory { .memoryInit($0, memory: $1) }),
            Row(0x09, "data.drop",   .index { .dataDrop($0) }),
            Row(0x0A, "memory.copy", .twoMemories { .memoryCopy(destination: $0, source: $1) }),
            Row(0x0B, "memory.fill", .memoryIndex { .memoryFill($0) }),
        ])
}
