// Vectors (WebAssembly 3.0, section 5.4.9): memory, lanes, comparisons and bits. Arithmetic is in
// OpcodeTable+VectorArithmetic.swift.

import WasmTypes

private typealias Row = OpcodeRow

// One row, one line.
// swift-format-ignore
extension OpcodeTable {
    /// Loads and stores; the address lies below the operands of the signature.
    static let vectorMemory = OpcodeGroup(
        prefix: .vector, feature: .vectors,
        rows: [
            Row(0x00, "v128.load",         .memory(4) { .vector(.load($0)) }, .gives(.v128)),
            Row(0x01, "v128.load8x8_s",    .memory(3) { .vector(.loadExtending(from: .bits8, signed: true, $0)) }, .gives(.v128)),
            Row(0x02, "v128.load8x8_u",    .memory(3) { .vector(.loadExtending(from: .bits8, signed: false, $0)) }, .gives(.v128)),
            Row(0x03, "v128.load16x4_s",   .memory(3) { .vector(.loadExtending(from: .bits16, signed: true, $0)) }, .gives(.v128)),
            Row(0x04, "v128.load16x4_u",   .memory(3) { .vector(.loadExtending(from: .bits16, signed: false, $0)) }, .gives(.v128)),
            Row(0x05, "v128.load32x2_s",   .memory(3) { .vector(.loadExtending(from: .bits32, signed: true, $0)) }, .gives(.v128)),
            Row(0x06, "v128.load32x2_u",   .memory(3) { .vector(.loadExtending(from: .bits32, signed: false, $0)) }, .gives(.v128)),
            Row(0x07, "v128.load8_splat",  .memory(0) { .vector(.loadSplat(.bits8, $0)) }, .gives(.v128)),
            Row(0x08, "v128.load16_splat", .memory(1) { .vector(.loadSplat(.bits16, $0)) }, .gives(.v128)),
            Row(0x09, "v128.load32_splat", .memory(2) { .vector(.loadSplat(.bits32, $0)) }, .gives(.v128)),
            Row(0x0A, "v128.load64_splat", .memory(3) { .vector(.loadSplat(.bits64, $0)) }, .gives(.v128)),
            Row(0x0B, "v128.store",        .memory(4) { .vector(.store($0)) }, .takes(.v128)),
            Row(0x54, "v128.load8_lane",   .memoryLane(0) { .vector(.loadLane(.bits8, $0, lane: $1)) }, .unary(.v128)),
            Row(0x55, "v128.load16_lane",  .memoryLane(1) { .vector(.loadLane(.bits16, $0, lane: $1)) }, .unary(.v128)),
            Row(0x56, "v128.load32_lane",  .memoryLane(2) { .vector(.loadLane(.bits32, $0, lane: $1)) }, .unary(.v128)),
            Row(0x57, "v128.load64_lane",  .memoryLane(3) { .vector(.loadLane(.bits64, $0, lane: $1)) }, .unary(.v128)),
            Row(0x58, "v128.store8_lane",  .memoryLane(0) { .vector(.storeLane(.bits8, $0, lane: $1)) }, .takes(.v128)),
            Row(0x59, "v128.store16_lane", .memoryLane(1) { .vector(.storeLane(.bits16, $0, lane: $1)) }, .takes(.v128)),
            Row(0x5A, "v128.store32_lane", .memoryLane(2) { .vector(.storeLane(.bits32, $0, lane: $1)) }, .takes(.v128)),
            Row(0x5B, "v128.store64_lane", .memoryLane(3) { .vector(.storeLane(.bits64, $0, lane: $1)) }, .takes(.v128)),
            Row(0x5C, "v128.load32_zero",  .memory(2) { .vector(.loadZero(.bits32, $0)) }, .gives(.v128)),
            Row(0x5D, "v128.load64_zero",  .memory(3) { .vector(.loadZero(.bits64, $0)) }, .gives(.v128)),
        ])

    /// Constants, shuffles and lanes.
    static let vectorLanes = OpcodeGroup(
        prefix: .vector, feature: .vectors,
        rows: [
            Row(0x0C, "v128.const",           .bytes { .vector(.constant($0)) }, .gives(.v128)),
            Row(0x0D, "i8x16.shuffle",        .bytes { .vector(.shuffle($0)) }, .binary(.v128)),
            Row(0x0E, "i8x16.swizzle",        .plain(.vector(.swizzle(relaxed: false))), .binary(.v128)),
            Row(0x0F, "i8x16.splat",          .plain(.vector(.splat(.integer(.i8x16)))), .convert(.i32, to: .v128)),
            Row(0x10, "i16x8.splat",          .plain(.vector(.splat(.integer(.i16x8)))), .convert(.i32, to: .v128)),
            Row(0x11, "i32x4.splat",          .plain(.vector(.splat(.integer(.i32x4)))), .convert(.i32, to: .v128)),
            Row(0x12, "i64x2.splat",          .plain(.vector(.splat(.integer(.i64x2)))), .convert(.i64, to: .v128)),
            Row(0x13, "f32x4.splat",          .plain(.vector(.splat(.float(.f32x4)))), .convert(.f32, to: .v128)),
            Row(0x14, "f64x2.splat",          .plain(.vector(.splat(.float(.f64x2)))), .convert(.f64, to: .v128)),
            Row(0x15, "i8x16.extract_lane_s", .lane { .vector(.extractLane(.integer(.i8x16), signed: true, lane: $0)) }, .convert(.v128, to: .i32)),
            Row(0x16, "i8x16.extract_lane_u", .lane { .vector(.extractLane(.integer(.i8x16), signed: false, lane: $0)) }, .convert(.v128, to: .i32)),
            Row(0x17, "i8x16.replace_lane",   .lane { .vector(.replaceLane(.integer(.i8x16), lane: $0)) }, .takes(.v128, .i32, gives: .v128)),
            Row(0x18, "i16x8.extract_lane_s", .lane { .vector(.extractLane(.integer(.i16x8), signed: true, lane: $0)) }, .convert(.v128, to: .i32)),
            Row(0x19, "i16x8.extract_lane_u", .lane { .vector(.extractLane(.integer(.i16x8), signed: false, lane: $0)) }, .convert(.v128, to: .i32)),
            Row(0x1A, "i16x8.replace_lane",   .lane { .vector(.replaceLane(.integer(.i16x8), lane: $0)) }, .takes(.v128, .i32, gives: .v128)),
            Row(0x1B, "i32x4.extract_lane",   .lane { .vector(.extractLane(.integer(.i32x4), signed: false, lane: $0)) }, .convert(.v128, to: .i32)),
            Row(0x1C, "i32x4.replace_lane",   .lane { .vector(.replaceLane(.integer(.i32x4), lane: $0)) }, .takes(.v128, .i32, gives: .v128)),
            Row(0x1D, "i64x2.extract_lane",   .lane { .vector(.extractLane(.integer(.i64x2), signed: false, lane: $0)) }, .convert(.v128, to: .i64)),
            Row(0x1E, "i64x2.replace_lane",   .lane { .vector(.replaceLane(.integer(.i64x2), lane: $0)) }, .takes(.v128, .i64, gives: .v128)),
            Row(0x1F, "f32x4.extract_lane",   .lane { .vector(.extractLane(.float(.f32x4), signed: false, lane: $0)) }, .convert(.v128, to: .f32)),
            Row(0x20, "f32x4.replace_lane",   .lane { .vector(.replaceLane(.float(.f32x4), lane: $0)) }, .takes(.v128, .f32, gives: .v128)),
            Row(0x21, "f64x2.extract_lane",   .lane { .vector(.extractLane(.float(.f64x2), signed: false, lane: $0)) }, .convert(.v128, to: .f64)),
            Row(0x22, "f64x2.replace_lane",   .lane { .vector(.replaceLane(.float(.f64x2), lane: $0)) }, .takes(.v128, .f64, gives: .v128)),
        ])

    /// Comparisons lane by lane.
    static let vectorComparisons = OpcodeGroup(
        prefix: .vector, feature: .vectors,
        rows: [
            Row(0x23, "i8x16.eq",   .plain(.vector(.integerCompare(.i8x16, .equal))), .binary(.v128)),
            Row(0x24, "i8x16.ne",   .plain(.vector(.integerCompare(.i8x16, .notEqual))), .binary(.v128)),
            Row(0x25, "i8x16.lt_s", .plain(.vector(.integerCompare(.i8x16, .lessSigned))), .binary(.v128)),
            Row(0x26, "i8x16.lt_u", .plain(.vector(.integerCompare(.i8x16, .lessUnsigned))), .binary(.v128)),
            Row(0x27, "i8x16.gt_s", .plain(.vector(.integerCompare(.i8x16, .greaterSigned))), .binary(.v128)),
            Row(0x28, "i8x16.gt_u", .plain(.vector(.integerCompare(.i8x16, .greaterUnsigned))), .binary(.v128)),
            Row(0x29, "i8x16.le_s", .plain(.vector(.integerCompare(.i8x16, .lessOrEqualSigned))), .binary(.v128)),
            Row(0x2A, "i8x16.le_u", .plain(.vector(.integerCompare(.i8x16, .lessOrEqualUnsigned))), .binary(.v128)),
            Row(0x2B, "i8x16.ge_s", .plain(.vector(.integerCompare(.i8x16, .greaterOrEqualSigned))), .binary(.v128)),
            Row(0x2C, "i8x16.ge_u", .plain(.vector(.integerCompare(.i8x16, .greaterOrEqualUnsigned))), .binary(.v128)),
            Row(0x2D, "i16x8.eq",   .plain(.vector(.integerCompare(.i16x8, .equal))), .binary(.v128)),
            Row(0x2E, "i16x8.ne",   .plain(.vector(.integerCompare(.i16x8, .notEqual))), .binary(.v128)),
            Row(0x2F, "i16x8.lt_s", .plain(.vector(.integerCompare(.i16x8, .lessSigned))), .binary(.v128)),
            Row(0x30, "i16x8.lt_u", .plain(.vector(.integerCompare(.i16x8, .lessUnsigned))), .binary(.v128)),
            Row(0x31, "i16x8.gt_s", .plain(.vector(.integerCompare(.i16x8, .greaterSigned))), .binary(.v128)),
            Row(0x32, "i16x8.gt_u", .plain(.vector(.integerCompare(.i16x8, .greaterUnsigned))), .binary(.v128)),
            Row(0x33, "i16x8.le_s", .plain(.vector(.integerCompare(.i16x8, .lessOrEqualSigned))), .binary(.v128)),
            Row(0x34, "i16x8.le_u", .plain(.vector(.integerCompare(.i16x8, .lessOrEqualUnsigned))), .binary(.v128)),
            Row(0x35, "i16x8.ge_s", .plain(.vector(.integerCompare(.i16x8, .greaterOrEqualSigned))), .binary(.v128)),
            Row(0x36, "i16x8.ge_u", .plain(.vector(.integerCompare(.i16x8, .greaterOrEqualUnsigned))), .binary(.v128)),
            Row(0x37, "i32x4.eq",   .plain(.vector(.integerCompare(.i32x4, .equal))), .binary(.v128)),
            Row(0x38, "i32x4.ne",   .plain(.vector(.integerCompare(.i32x4, .notEqual))), .binary(.v128)),
            Row(0x39, "i32x4.lt_s", .plain(.vector(.integerCompare(.i32x4, .lessSigned))), .binary(.v128)),
            Row(0x3A, "i32x4.lt_u", .plain(.vector(.integerCompare(.i32x4, .lessUnsigned))), .binary(.v128)),
            Row(0x3B, "i32x4.gt_s", .plain(.vector(.integerCompare(.i32x4, .greaterSigned))), .binary(.v128)),
            Row(0x3C, "i32x4.gt_u", .plain(.vector(.integerCompare(.i32x4, .greaterUnsigned))), .binary(.v128)),
            Row(0x3D, "i32x4.le_s", .plain(.vector(.integerCompare(.i32x4, .lessOrEqualSigned))), .binary(.v128)),
            Row(0x3E, "i32x4.le_u", .plain(.vector(.integerCompare(.i32x4, .lessOrEqualUnsigned))), .binary(.v128)),
            Row(0x3F, "i32x4.ge_s", .plain(.vector(.integerCompare(.i32x4, .greaterOrEqualSigned))), .binary(.v128)),
            Row(0x40, "i32x4.ge_u", .plain(.vector(.integerCompare(.i32x4, .greaterOrEqualUnsigned))), .binary(.v128)),
            Row(0x41, "f32x4.eq",   .plain(.vector(.floatCompare(.f32x4, .equal))), .binary(.v128)),
            Row(0x42, "f32x4.ne",   .plain(.vector(.floatCompare(.f32x4, .notEqual))), .binary(.v128)),
            Row(0x43, "f32x4.lt",   .plain(.vector(.floatCompare(.f32x4, .less))), .binary(.v128)),
            Row(0x44, "f32x4.gt",   .plain(.vector(.floatCompare(.f32x4, .greater))), .binary(.v128)),
            Row(0x45, "f32x4.le",   .plain(.vector(.floatCompare(.f32x4, .lessOrEqual))), .binary(.v128)),
            Row(0x46, "f32x4.ge",   .plain(.vector(.floatCompare(.f32x4, .greaterOrEqual))), .binary(.v128)),
            Row(0x47, "f64x2.eq",   .plain(.vector(.floatCompare(.f64x2, .equal))), .binary(.v128)),
            Row(0x48, "f64x2.ne",   .plain(.vector(.floatCompare(.f64x2, .notEqual))), .binary(.v128)),
            Row(0x49, "f64x2.lt",   .plain(.vector(.floatCompare(.f64x2, .less))), .binary(.v128)),
            Row(0x4A, "f64x2.gt",   .plain(.vector(.floatCompare(.f64x2, .greater))), .binary(.v128)),
            Row(0x4B, "f64x2.le",   .plain(.vector(.floatCompare(.f64x2, .lessOrEqual))), .binary(.v128)),
            Row(0x4C, "f64x2.ge",   .plain(.vector(.floatCompare(.f64x2, .greaterOrEqual))), .binary(.v128)),
            Row(0xD6, "i64x2.eq",   .plain(.vector(.integerCompare(.i64x2, .equal))), .binary(.v128)),
            Row(0xD7, "i64x2.ne",   .plain(.vector(.integerCompare(.i64x2, .notEqual))), .binary(.v128)),
            Row(0xD8, "i64x2.lt_s", .plain(.vector(.integerCompare(.i64x2, .lessSigned))), .binary(.v128)),
            Row(0xD9, "i64x2.gt_s", .plain(.vector(.integerCompare(.i64x2, .greaterSigned))), .binary(.v128)),
            Row(0xDA, "i64x2.le_s", .plain(.vector(.integerCompare(.i64x2, .lessOrEqualSigned))), .binary(.v128)),
            Row(0xDB, "i64x2.ge_s", .plain(.vector(.integerCompare(.i64x2, .greaterOrEqualSigned))), .binary(.v128)),
        ])

    /// All bits at once.
    static let vectorBits = OpcodeGroup(
        prefix: .vector, feature: .vectors,
        rows: [
            Row(0x4D, "v128.not",       .plain(.vector(.bitwiseNot)), .unary(.v128)),
            Row(0x4E, "v128.and",       .plain(.vector(.bitwise(.and))), .binary(.v128)),
            Row(0x4F, "v128.andnot",    .plain(.vector(.bitwise(.andNot))), .binary(.v128)),
            Row(0x50, "v128.or",        .plain(.vector(.bitwise(.or))), .binary(.v128)),
            Row(0x51, "v128.xor",       .plain(.vector(.bitwise(.xor))), .binary(.v128)),
            Row(0x52, "v128.bitselect", .plain(.vector(.bitSelect)), .ternary(.v128)),
            Row(0x53, "v128.any_true",  .plain(.vector(.anyTrue)), .convert(.v128, to: .i32)),
            Row(0x63, "i8x16.all_true", .plain(.vector(.allTrue(.i8x16))), .convert(.v128, to: .i32)),
            Row(0x64, "i8x16.bitmask",  .plain(.vector(.bitMask(.i8x16))), .convert(.v128, to: .i32)),
            Row(0x83, "i16x8.all_true", .plain(.vector(.allTrue(.i16x8))), .convert(.v128, to: .i32)),
            Row(0x84, "i16x8.bitmask",  .plain(.vector(.bitMask(.i16x8))), .convert(.v128, to: .i32)),
            Row(0xA3, "i32x4.all_true", .plain(.vector(.allTrue(.i32x4))), .convert(.v128, to: .i32)),
            Row(0xA4, "i32x4.bitmask",  .plain(.vector(.bitMask(.i32x4))), .convert(.v128, to: .i32)),
            Row(0xC3, "i64x2.all_true", .plain(.vector(.allTrue(.i64x2))), .convert(.v128, to: .i32)),
            Row(0xC4, "i64x2.bitmask",  .plain(.vector(.bitMask(.i64x2))), .convert(.v128, to: .i32)),
        ])
}
