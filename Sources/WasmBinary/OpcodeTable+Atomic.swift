// Atomic memory access (the threads proposal). As in OpcodeTable+Memory.swift the address lies
// below the operands of the signature; the alignment must be exactly the natural one.

import WasmTypes

private typealias Row = OpcodeRow

// swift-format-ignore: a row is a line
extension OpcodeTable {
    /// Atomic accesses, waiting and fences.
    static let atomics = OpcodeGroup(
        prefix: .atomic, feature: .threads,
        rows: [
            Row(
                0x00, "memory.atomic.notify", .memory(2) { .atomic(.notify($0)) },
                .takes(.i32, gives: .i32)),
            Row(
                0x01, "memory.atomic.wait32", .memory(2) { .atomic(.wait(.i32, $0)) },
                .takes(.i32, .i64, gives: .i32)),
            Row(
                0x02, "memory.atomic.wait64", .memory(3) { .atomic(.wait(.i64, $0)) },
                .takes(.i64, .i64, gives: .i32)),
            Row(0x03, "atomic.fence", .zeroByte(.atomic(.fence)), .nothing),
            Row(
                0x10, "i32.atomic.load", .memory(2) { .atomic(.load(.i32, .bits32, $0)) },
                .gives(.i32)),
            Row(
                0x11, "i64.atomic.load", .memory(3) { .atomic(.load(.i64, .bits64, $0)) },
                .gives(.i64)),
            Row(
                0x12, "i32.atomic.load8_u", .memory(0) { .atomic(.load(.i32, .bits8, $0)) },
                .gives(.i32)),
            Row(
                0x13, "i32.atomic.load16_u", .memory(1) { .atomic(.load(.i32, .bits16, $0)) },
                .gives(.i32)),
            Row(
                0x14, "i64.atomic.load8_u", .memory(0) { .atomic(.load(.i64, .bits8, $0)) },
                .gives(.i64)),
            Row(
                0x15, "i64.atomic.load16_u", .memory(1) { .atomic(.load(.i64, .bits16, $0)) },
                .gives(.i64)),
            Row(
                0x16, "i64.atomic.load32_u", .memory(2) { .atomic(.load(.i64, .bits32, $0)) },
                .gives(.i64)),
            Row(
                0x17, "i32.atomic.store", .memory(2) { .atomic(.store(.i32, .bits32, $0)) },
                .takes(.i32)),
            Row(
                0x18, "i64.atomic.store", .memory(3) { .atomic(.store(.i64, .bits64, $0)) },
                .takes(.i64)),
            Row(
                0x19, "i32.atomic.store8", .memory(0) { .atomic(.store(.i32, .bits8, $0)) },
                .takes(.i32)),
            Row(
                0x1A, "i32.atomic.store16", .memory(1) { .atomic(.store(.i32, .bits16, $0)) },
                .takes(.i32)),
            Row(
                0x1B, "i64.atomic.store8", .memory(0) { .atomic(.store(.i64, .bits8, $0)) },
                .takes(.i64)),
            Row(
                0x1C, "i64.atomic.store16", .memory(1) { .atomic(.store(.i64, .bits16, $0)) },
                .takes(.i64)),
            Row(
                0x1D, "i64.atomic.store32", .memory(2) { .atomic(.store(.i64, .bits32, $0)) },
                .takes(.i64)),
            Row(
                0x1E, "i32.atomic.rmw.add",
                .memory(2) { .atomic(.readModifyWrite(.add, .i32, .bits32, $0)) }, .unary(.i32)),
            Row(
                0x1F, "i64.atomic.rmw.add",
                .memory(3) { .atomic(.readModifyWrite(.add, .i64, .bits64, $0)) }, .unary(.i64)),
            Row(
                0x20, "i32.atomic.rmw8.add_u",
                .memory(0) { .atomic(.readModifyWrite(.add, .i32, .bits8, $0)) }, .unary(.i32)),
            Row(
                0x21, "i32.atomic.rmw16.add_u",
                .memory(1) { .atomic(.readModifyWrite(.add, .i32, .bits16, $0)) }, .unary(.i32)),
            Row(
                0x22, "i64.atomic.rmw8.add_u",
                .memory(0) { .atomic(.readModifyWrite(.add, .i64, .bits8, $0)) }, .unary(.i64)),
            Row(
                0x23, "i64.atomic.rmw16.add_u",
                .memory(1) { .atomic(.readModifyWrite(.add, .i64, .bits16, $0)) }, .unary(.i64)),
            Row(
                0x24, "i64.atomic.rmw32.add_u",
                .memory(2) { .atomic(.readModifyWrite(.add, .i64, .bits32, $0)) }, .unary(.i64)),
            Row(
                0x25, "i32.atomic.rmw.sub",
                .memory(2) { .atomic(.readModifyWrite(.subtract, .i32, .bits32, $0)) }, .unary(.i32)
            ),
            Row(
                0x26, "i64.atomic.rmw.sub",
                .memory(3) { .atomic(.readModifyWrite(.subtract, .i64, .bits64, $0)) }, .unary(.i64)
            ),
            Row(
                0x27, "i32.atomic.rmw8.sub_u",
                .memory(0) { .atomic(.readModifyWrite(.subtract, .i32, .bits8, $0)) }, .unary(.i32)),
            Row(
                0x28, "i32.atomic.rmw16.sub_u",
                .memory(1) { .atomic(.readModifyWrite(.subtract, .i32, .bits16, $0)) }, .unary(.i32)
            ),
            Row(
                0x29, "i64.atomic.rmw8.sub_u",
                .memory(0) { .atomic(.readModifyWrite(.subtract, .i64, .bits8, $0)) }, .unary(.i64)),
            Row(
                0x2A, "i64.atomic.rmw16.sub_u",
                .memory(1) { .atomic(.readModifyWrite(.subtract, .i64, .bits16, $0)) }, .unary(.i64)
            ),
            Row(
                0x2B, "i64.atomic.rmw32.sub_u",
                .memory(2) { .atomic(.readModifyWrite(.subtract, .i64, .bits32, $0)) }, .unary(.i64)
            ),
            Row(
                0x2C, "i32.atomic.rmw.and",
                .memory(2) { .atomic(.readModifyWrite(.and, .i32, .bits32, $0)) }, .unary(.i32)),
            Row(
                0x2D, "i64.atomic.rmw.and",
                .memory(3) { .atomic(.readModifyWrite(.and, .i64, .bits64, $0)) }, .unary(.i64)),
            Row(
                0x2E, "i32.atomic.rmw8.and_u",
                .memory(0) { .atomic(.readModifyWrite(.and, .i32, .bits8, $0)) }, .unary(.i32)),
            Row(
                0x2F, "i32.atomic.rmw16.and_u",
                .memory(1) { .atomic(.readModifyWrite(.and, .i32, .bits16, $0)) }, .unary(.i32)),
            Row(
                0x30, "i64.atomic.rmw8.and_u",
                .memory(0) { .atomic(.readModifyWrite(.and, .i64, .bits8, $0)) }, .unary(.i64)),
            Row(
                0x31, "i64.atomic.rmw16.and_u",
                .memory(1) { .atomic(.readModifyWrite(.and, .i64, .bits16, $0)) }, .unary(.i64)),
            Row(
                0x32, "i64.atomic.rmw32.and_u",
                .memory(2) { .atomic(.readModifyWrite(.and, .i64, .bits32, $0)) }, .unary(.i64)),
            Row(
                0x33, "i32.atomic.rmw.or",
                .memory(2) { .atomic(.readModifyWrite(.or, .i32, .bits32, $0)) }, .unary(.i32)),
            Row(
                0x34, "i64.atomic.rmw.or",
                .memory(3) { .atomic(.readModifyWrite(.or, .i64, .bits64, $0)) }, .unary(.i64)),
            Row(
                0x35, "i32.atomic.rmw8.or_u",
                .memory(0) { .atomic(.readModifyWrite(.or, .i32, .bits8, $0)) }, .unary(.i32)),
            Row(
                0x36, "i32.atomic.rmw16.or_u",
                .memory(1) { .atomic(.readModifyWrite(.or, .i32, .bits16, $0)) }, .unary(.i32)),
            Row(
                0x37, "i64.atomic.rmw8.or_u",
                .memory(0) { .atomic(.readModifyWrite(.or, .i64, .bits8, $0)) }, .unary(.i64)),
            Row(
                0x38, "i64.atomic.rmw16.or_u",
                .memory(1) { .atomic(.readModifyWrite(.or, .i64, .bits16, $0)) }, .unary(.i64)),
            Row(
                0x39, "i64.atomic.rmw32.or_u",
                .memory(2) { .atomic(.readModifyWrite(.or, .i64, .bits32, $0)) }, .unary(.i64)),
            Row(
                0x3A, "i32.atomic.rmw.xor",
                .memory(2) { .atomic(.readModifyWrite(.xor, .i32, .bits32, $0)) }, .unary(.i32)),
            Row(
                0x3B, "i64.atomic.rmw.xor",
                .memory(3) { .atomic(.readModifyWrite(.xor, .i64, .bits64, $0)) }, .unary(.i64)),
            Row(
                0x3C, "i32.atomic.rmw8.xor_u",
                .memory(0) { .atomic(.readModifyWrite(.xor, .i32, .bits8, $0)) }, .unary(.i32)),
            Row(
                0x3D, "i32.atomic.rmw16.xor_u",
                .memory(1) { .atomic(.readModifyWrite(.xor, .i32, .bits16, $0)) }, .unary(.i32)),
            Row(
                0x3E, "i64.atomic.rmw8.xor_u",
                .memory(0) { .atomic(.readModifyWrite(.xor, .i64, .bits8, $0)) }, .unary(.i64)),
            Row(
                0x3F, "i64.atomic.rmw16.xor_u",
                .memory(1) { .atomic(.readModifyWrite(.xor, .i64, .bits16, $0)) }, .unary(.i64)),
            Row(
                0x40, "i64.atomic.rmw32.xor_u",
                .memory(2) { .atomic(.readModifyWrite(.xor, .i64, .bits32, $0)) }, .unary(.i64)),
            Row(
                0x41, "i32.atomic.rmw.xchg",
                .memory(2) { .atomic(.readModifyWrite(.exchange, .i32, .bits32, $0)) }, .unary(.i32)
            ),
            Row(
                0x42, "i64.atomic.rmw.xchg",
                .memory(3) { .atomic(.readModifyWrite(.exchange, .i64, .bits64, $0)) }, .unary(.i64)
            ),
            Row(
                0x43, "i32.atomic.rmw8.xchg_u",
                .memory(0) { .atomic(.readModifyWrite(.exchange, .i32, .bits8, $0)) }, .unary(.i32)),
            Row(
                0x44, "i32.atomic.rmw16.xchg_u",
                .memory(1) { .atomic(.readModifyWrite(.exchange, .i32, .bits16, $0)) }, .unary(.i32)
            ),
            Row(
                0x45, "i64.atomic.rmw8.xchg_u",
                .memory(0) { .atomic(.readModifyWrite(.exchange, .i64, .bits8, $0)) }, .unary(.i64)),
            Row(
                0x46, "i64.atomic.rmw16.xchg_u",
                .memory(1) { .atomic(.readModifyWrite(.exchange, .i64, .bits16, $0)) }, .unary(.i64)
            ),
            Row(
                0x47, "i64.atomic.rmw32.xchg_u",
                .memory(2) { .atomic(.readModifyWrite(.exchange, .i64, .bits32, $0)) }, .unary(.i64)
            ),
            Row(
                0x48, "i32.atomic.rmw.cmpxchg",
                .memory(2) { .atomic(.compareExchange(.i32, .bits32, $0)) }, .binary(.i32)),
            Row(
                0x49, "i64.atomic.rmw.cmpxchg",
                .memory(3) { .atomic(.compareExchange(.i64, .bits64, $0)) }, .binary(.i64)),
            Row(
                0x4A, "i32.atomic.rmw8.cmpxchg_u",
                .memory(0) { .atomic(.compareExchange(.i32, .bits8, $0)) }, .binary(.i32)),
            Row(
                0x4B, "i32.atomic.rmw16.cmpxchg_u",
                .memory(1) { .atomic(.compareExchange(.i32, .bits16, $0)) }, .binary(.i32)),
            Row(
                0x4C, "i64.atomic.rmw8.cmpxchg_u",
                .memory(0) { .atomic(.compareExchange(.i64, .bits8, $0)) }, .binary(.i64)),
            Row(
                0x4D, "i64.atomic.rmw16.cmpxchg_u",
                .memory(1) { .atomic(.compareExchange(.i64, .bits16, $0)) }, .binary(.i64)),
            Row(
                0x4E, "i64.atomic.rmw32.cmpxchg_u",
                .memory(2) { .atomic(.compareExchange(.i64, .bits32, $0)) }, .binary(.i64)),
        ])
}
