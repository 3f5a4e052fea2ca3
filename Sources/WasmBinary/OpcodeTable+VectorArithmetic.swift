// Vector arithmetic (WebAssembly 3.0, section 5.4.9), relaxed instructions included.

import WasmTypes

private typealias Row = OpcodeRow

// swift-format-ignore: a row is a line
extension OpcodeTable {
    /// Integer lanes.
    static let vectorIntegers = OpcodeGroup(
        prefix: .vector, feature: .vectors,
        rows: [
            Row(
                0x60, "i8x16.abs", .plain(.vector(.integerUnary(.i8x16, .absolute))), .unary(.v128)),
            Row(0x61, "i8x16.neg", .plain(.vector(.integerUnary(.i8x16, .negate))), .unary(.v128)),
            Row(
                0x62, "i8x16.popcnt", .plain(.vector(.integerUnary(.i8x16, .countOnes))),
                .unary(.v128)),
            Row(0x6B, "i8x16.shl", .plain(.vector(.integerShift(.i8x16, .left))), .shift),
            Row(0x6C, "i8x16.shr_s", .plain(.vector(.integerShift(.i8x16, .rightSigned))), .shift),
            Row(
                0x6D, "i8x16.shr_u", .plain(.vector(.integerShift(.i8x16, .rightUnsigned))), .shift),
            Row(0x6E, "i8x16.add", .plain(.vector(.integerBinary(.i8x16, .add))), .binary(.v128)),
            Row(
                0x6F, "i8x16.add_sat_s",
                .plain(.vector(.integerBinary(.i8x16, .addSaturatingSigned))), .binary(.v128)),
            Row(
                0x70, "i8x16.add_sat_u",
                .plain(.vector(.integerBinary(.i8x16, .addSaturatingUnsigned))), .binary(.v128)),
            Row(
                0x71, "i8x16.sub", .plain(.vector(.integerBinary(.i8x16, .subtract))),
                .binary(.v128)),
            Row(
                0x72, "i8x16.sub_sat_s",
                .plain(.vector(.integerBinary(.i8x16, .subtractSaturatingSigned))), .binary(.v128)),
            Row(
                0x73, "i8x16.sub_sat_u",
                .plain(.vector(.integerBinary(.i8x16, .subtractSaturatingUnsigned))), .binary(.v128)
            ),
            Row(
                0x76, "i8x16.min_s", .plain(.vector(.integerBinary(.i8x16, .minimumSigned))),
                .binary(.v128)),
            Row(
                0x77, "i8x16.min_u", .plain(.vector(.integerBinary(.i8x16, .minimumUnsigned))),
                .binary(.v128)),
            Row(
                0x78, "i8x16.max_s", .plain(.vector(.integerBinary(.i8x16, .maximumSigned))),
                .binary(.v128)),
            Row(
                0x79, "i8x16.max_u", .plain(.vector(.integerBinary(.i8x16, .maximumUnsigned))),
                .binary(.v128)),
            Row(
                0x7B, "i8x16.avgr_u", .plain(.vector(.integerBinary(.i8x16, .averageUnsigned))),
                .binary(.v128)),
            Row(
                0x80, "i16x8.abs", .plain(.vector(.integerUnary(.i16x8, .absolute))), .unary(.v128)),
            Row(0x81, "i16x8.neg", .plain(.vector(.integerUnary(.i16x8, .negate))), .unary(.v128)),
            Row(
                0x82, "i16x8.q15mulr_sat_s",
                .plain(.vector(.integerBinary(.i16x8, .multiplyQ15Saturating))), .binary(.v128)),
            Row(0x8B, "i16x8.shl", .plain(.vector(.integerShift(.i16x8, .left))), .shift),
            Row(0x8C, "i16x8.shr_s", .plain(.vector(.integerShift(.i16x8, .rightSigned))), .shift),
            Row(
                0x8D, "i16x8.shr_u", .plain(.vector(.integerShift(.i16x8, .rightUnsigned))), .shift),
            Row(0x8E, "i16x8.add", .plain(.vector(.integerBinary(.i16x8, .add))), .binary(.v128)),
            Row(
                0x8F, "i16x8.add_sat_s",
                .plain(.vector(.integerBinary(.i16x8, .addSaturatingSigned))), .binary(.v128)),
            Row(
                0x90, "i16x8.add_sat_u",
                .plain(.vector(.integerBinary(.i16x8, .addSaturatingUnsigned))), .binary(.v128)),
            Row(
                0x91, "i16x8.sub", .plain(.vector(.integerBinary(.i16x8, .subtract))),
                .binary(.v128)),
            Row(
                0x92, "i16x8.sub_sat_s",
                .plain(.vector(.integerBinary(.i16x8, .subtractSaturatingSigned))), .binary(.v128)),
            Row(
                0x93, "i16x8.sub_sat_u",
                .plain(.vector(.integerBinary(.i16x8, .subtractSaturatingUnsigned))), .binary(.v128)
            ),
            Row(
                0x95, "i16x8.mul", .plain(.vector(.integerBinary(.i16x8, .multiply))),
                .binary(.v128)),
            Row(
                0x96, "i16x8.min_s", .plain(.vector(.integerBinary(.i16x8, .minimumSigned))),
                .binary(.v128)),
            Row(
                0x97, "i16x8.min_u", .plain(.vector(.integerBinary(.i16x8, .minimumUnsigned))),
                .binary(.v128)),
            Row(
                0x98, "i16x8.max_s", .plain(.vector(.integerBinary(.i16x8, .maximumSigned))),
                .binary(.v128)),
            Row(
                0x99, "i16x8.max_u", .plain(.vector(.integerBinary(.i16x8, .maximumUnsigned))),
                .binary(.v128)),
            Row(
                0x9B, "i16x8.avgr_u", .plain(.vector(.integerBinary(.i16x8, .averageUnsigned))),
                .binary(.v128)),
            Row(
                0xA0, "i32x4.abs", .plain(.vector(.integerUnary(.i32x4, .absolute))), .unary(.v128)),
            Row(0xA1, "i32x4.neg", .plain(.vector(.integerUnary(.i32x4, .negate))), .unary(.v128)),
            Row(0xAB, "i32x4.shl", .plain(.vector(.integerShift(.i32x4, .left))), .shift),
            Row(0xAC, "i32x4.shr_s", .plain(.vector(.integerShift(.i32x4, .rightSigned))), .shift),
            Row(
                0xAD, "i32x4.shr_u", .plain(.vector(.integerShift(.i32x4, .rightUnsigned))), .shift),
            Row(0xAE, "i32x4.add", .plain(.vector(.integerBinary(.i32x4, .add))), .binary(.v128)),
            Row(
                0xB1, "i32x4.sub", .plain(.vector(.integerBinary(.i32x4, .subtract))),
                .binary(.v128)),
            Row(
                0xB5, "i32x4.mul", .plain(.vector(.integerBinary(.i32x4, .multiply))),
                .binary(.v128)),
            Row(
                0xB6, "i32x4.min_s", .plain(.vector(.integerBinary(.i32x4, .minimumSigned))),
                .binary(.v128)),
            Row(
                0xB7, "i32x4.min_u", .plain(.vector(.integerBinary(.i32x4, .minimumUnsigned))),
                .binary(.v128)),
            Row(
                0xB8, "i32x4.max_s", .plain(.vector(.integerBinary(.i32x4, .maximumSigned))),
                .binary(.v128)),
            Row(
                0xB9, "i32x4.max_u", .plain(.vector(.integerBinary(.i32x4, .maximumUnsigned))),
                .binary(.v128)),
            Row(
                0xC0, "i64x2.abs", .plain(.vector(.integerUnary(.i64x2, .absolute))), .unary(.v128)),
            Row(0xC1, "i64x2.neg", .plain(.vector(.integerUnary(.i64x2, .negate))), .unary(.v128)),
            Row(0xCB, "i64x2.shl", .plain(.vector(.integerShift(.i64x2, .left))), .shift),
            Row(0xCC, "i64x2.shr_s", .plain(.vector(.integerShift(.i64x2, .rightSigned))), .shift),
            Row(
                0xCD, "i64x2.shr_u", .plain(.vector(.integerShift(.i64x2, .rightUnsigned))), .shift),
            Row(0xCE, "i64x2.add", .plain(.vector(.integerBinary(.i64x2, .add))), .binary(.v128)),
            Row(
                0xD1, "i64x2.sub", .plain(.vector(.integerBinary(.i64x2, .subtract))),
                .binary(.v128)),
            Row(
                0xD5, "i64x2.mul", .plain(.vector(.integerBinary(.i64x2, .multiply))),
                .binary(.v128)),
        ])

    /// Lanes that become wider or narrower.
    static let vectorWidths = OpcodeGroup(
        prefix: .vector, feature: .vectors,
        rows: [
            Row(
                0x65, "i8x16.narrow_i16x8_s", .plain(.vector(.narrow(.i8x16, signed: true))),
                .binary(.v128)),
            Row(
                0x66, "i8x16.narrow_i16x8_u", .plain(.vector(.narrow(.i8x16, signed: false))),
                .binary(.v128)),
            Row(
                0x7C, "i16x8.extadd_pairwise_i8x16_s",
                .plain(.vector(.extendedAddPairwise(.i16x8, signed: true))), .unary(.v128)),
            Row(
                0x7D, "i16x8.extadd_pairwise_i8x16_u",
                .plain(.vector(.extendedAddPairwise(.i16x8, signed: false))), .unary(.v128)),
            Row(
                0x7E, "i32x4.extadd_pairwise_i16x8_s",
                .plain(.vector(.extendedAddPairwise(.i32x4, signed: true))), .unary(.v128)),
            Row(
                0x7F, "i32x4.extadd_pairwise_i16x8_u",
                .plain(.vector(.extendedAddPairwise(.i32x4, signed: false))), .unary(.v128)),
            Row(
                0x85, "i16x8.narrow_i32x4_s", .plain(.vector(.narrow(.i16x8, signed: true))),
                .binary(.v128)),
            Row(
                0x86, "i16x8.narrow_i32x4_u", .plain(.vector(.narrow(.i16x8, signed: false))),
                .binary(.v128)),
            Row(
                0x87, "i16x8.extend_low_i8x16_s",
                .plain(.vector(.extend(.i16x8, half: .low, signed: true))), .unary(.v128)),
            Row(
                0x88, "i16x8.extend_high_i8x16_s",
                .plain(.vector(.extend(.i16x8, half: .high, signed: true))), .unary(.v128)),
            Row(
                0x89, "i16x8.extend_low_i8x16_u",
                .plain(.vector(.extend(.i16x8, half: .low, signed: false))), .unary(.v128)),
            Row(
                0x8A, "i16x8.extend_high_i8x16_u",
                .plain(.vector(.extend(.i16x8, half: .high, signed: false))), .unary(.v128)),
            Row(
                0x9C, "i16x8.extmul_low_i8x16_s",
                .plain(.vector(.extendedMultiply(.i16x8, half: .low, signed: true))), .binary(.v128)
            ),
            Row(
                0x9D, "i16x8.extmul_high_i8x16_s",
                .plain(.vector(.extendedMultiply(.i16x8, half: .high, signed: true))),
                .binary(.v128)),
            Row(
                0x9E, "i16x8.extmul_low_i8x16_u",
                .plain(.vector(.extendedMultiply(.i16x8, half: .low, signed: false))),
                .binary(.v128)),
            Row(
                0x9F, "i16x8.extmul_high_i8x16_u",
                .plain(.vector(.extendedMultiply(.i16x8, half: .high, signed: false))),
                .binary(.v128)),
            Row(
                0xA7, "i32x4.extend_low_i16x8_s",
                .plain(.vector(.extend(.i32x4, half: .low, signed: true))), .unary(.v128)),
            Row(
                0xA8, "i32x4.extend_high_i16x8_s",
                .plain(.vector(.extend(.i32x4, half: .high, signed: true))), .unary(.v128)),
            Row(
                0xA9, "i32x4.extend_low_i16x8_u",
                .plain(.vector(.extend(.i32x4, half: .low, signed: false))), .unary(.v128)),
            Row(
                0xAA, "i32x4.extend_high_i16x8_u",
                .plain(.vector(.extend(.i32x4, half: .high, signed: false))), .unary(.v128)),
            Row(0xBA, "i32x4.dot_i16x8_s", .plain(.vector(.dotProduct)), .binary(.v128)),
            Row(
                0xBC, "i32x4.extmul_low_i16x8_s",
                .plain(.vector(.extendedMultiply(.i32x4, half: .low, signed: true))), .binary(.v128)
            ),
            Row(
                0xBD, "i32x4.extmul_high_i16x8_s",
                .plain(.vector(.extendedMultiply(.i32x4, half: .high, signed: true))),
                .binary(.v128)),
            Row(
                0xBE, "i32x4.extmul_low_i16x8_u",
                .plain(.vector(.extendedMultiply(.i32x4, half: .low, signed: false))),
                .binary(.v128)),
            Row(
                0xBF, "i32x4.extmul_high_i16x8_u",
                .plain(.vector(.extendedMultiply(.i32x4, half: .high, signed: false))),
                .binary(.v128)),
            Row(
                0xC7, "i64x2.extend_low_i32x4_s",
                .plain(.vector(.extend(.i64x2, half: .low, signed: true))), .unary(.v128)),
            Row(
                0xC8, "i64x2.extend_high_i32x4_s",
                .plain(.vector(.extend(.i64x2, half: .high, signed: true))), .unary(.v128)),
            Row(
                0xC9, "i64x2.extend_low_i32x4_u",
                .plain(.vector(.extend(.i64x2, half: .low, signed: false))), .unary(.v128)),
            Row(
                0xCA, "i64x2.extend_high_i32x4_u",
                .plain(.vector(.extend(.i64x2, half: .high, signed: false))), .unary(.v128)),
            Row(
                0xDC, "i64x2.extmul_low_i32x4_s",
                .plain(.vector(.extendedMultiply(.i64x2, half: .low, signed: true))), .binary(.v128)
            ),
            Row(
                0xDD, "i64x2.extmul_high_i32x4_s",
                .plain(.vector(.extendedMultiply(.i64x2, half: .high, signed: true))),
                .binary(.v128)),
            Row(
                0xDE, "i64x2.extmul_low_i32x4_u",
                .plain(.vector(.extendedMultiply(.i64x2, half: .low, signed: false))),
                .binary(.v128)),
            Row(
                0xDF, "i64x2.extmul_high_i32x4_u",
                .plain(.vector(.extendedMultiply(.i64x2, half: .high, signed: false))),
                .binary(.v128)),
        ])

    /// Float lanes and conversions.
    static let vectorFloats = OpcodeGroup(
        prefix: .vector, feature: .vectors,
        rows: [
            Row(
                0x5E, "f32x4.demote_f64x2_zero", .plain(.vector(.convert(.demoteZero))),
                .unary(.v128)),
            Row(
                0x5F, "f64x2.promote_low_f32x4", .plain(.vector(.convert(.promoteLow))),
                .unary(.v128)),
            Row(0x67, "f32x4.ceil", .plain(.vector(.floatUnary(.f32x4, .ceiling))), .unary(.v128)),
            Row(0x68, "f32x4.floor", .plain(.vector(.floatUnary(.f32x4, .floor))), .unary(.v128)),
            Row(
                0x69, "f32x4.trunc", .plain(.vector(.floatUnary(.f32x4, .truncate))), .unary(.v128)),
            Row(
                0x6A, "f32x4.nearest", .plain(.vector(.floatUnary(.f32x4, .nearest))), .unary(.v128)
            ),
            Row(0x74, "f64x2.ceil", .plain(.vector(.floatUnary(.f64x2, .ceiling))), .unary(.v128)),
            Row(0x75, "f64x2.floor", .plain(.vector(.floatUnary(.f64x2, .floor))), .unary(.v128)),
            Row(
                0x7A, "f64x2.trunc", .plain(.vector(.floatUnary(.f64x2, .truncate))), .unary(.v128)),
            Row(
                0x94, "f64x2.nearest", .plain(.vector(.floatUnary(.f64x2, .nearest))), .unary(.v128)
            ),
            Row(0xE0, "f32x4.abs", .plain(.vector(.floatUnary(.f32x4, .absolute))), .unary(.v128)),
            Row(0xE1, "f32x4.neg", .plain(.vector(.floatUnary(.f32x4, .negate))), .unary(.v128)),
            Row(
                0xE3, "f32x4.sqrt", .plain(.vector(.floatUnary(.f32x4, .squareRoot))), .unary(.v128)
            ),
            Row(0xE4, "f32x4.add", .plain(.vector(.floatBinary(.f32x4, .add))), .binary(.v128)),
            Row(
                0xE5, "f32x4.sub", .plain(.vector(.floatBinary(.f32x4, .subtract))), .binary(.v128)),
            Row(
                0xE6, "f32x4.mul", .plain(.vector(.floatBinary(.f32x4, .multiply))), .binary(.v128)),
            Row(0xE7, "f32x4.div", .plain(.vector(.floatBinary(.f32x4, .divide))), .binary(.v128)),
            Row(0xE8, "f32x4.min", .plain(.vector(.floatBinary(.f32x4, .minimum))), .binary(.v128)),
            Row(0xE9, "f32x4.max", .plain(.vector(.floatBinary(.f32x4, .maximum))), .binary(.v128)),
            Row(
                0xEA, "f32x4.pmin", .plain(.vector(.floatBinary(.f32x4, .pseudoMinimum))),
                .binary(.v128)),
            Row(
                0xEB, "f32x4.pmax", .plain(.vector(.floatBinary(.f32x4, .pseudoMaximum))),
                .binary(.v128)),
            Row(0xEC, "f64x2.abs", .plain(.vector(.floatUnary(.f64x2, .absolute))), .unary(.v128)),
            Row(0xED, "f64x2.neg", .plain(.vector(.floatUnary(.f64x2, .negate))), .unary(.v128)),
            Row(
                0xEF, "f64x2.sqrt", .plain(.vector(.floatUnary(.f64x2, .squareRoot))), .unary(.v128)
            ),
            Row(0xF0, "f64x2.add", .plain(.vector(.floatBinary(.f64x2, .add))), .binary(.v128)),
            Row(
                0xF1, "f64x2.sub", .plain(.vector(.floatBinary(.f64x2, .subtract))), .binary(.v128)),
            Row(
                0xF2, "f64x2.mul", .plain(.vector(.floatBinary(.f64x2, .multiply))), .binary(.v128)),
            Row(0xF3, "f64x2.div", .plain(.vector(.floatBinary(.f64x2, .divide))), .binary(.v128)),
            Row(0xF4, "f64x2.min", .plain(.vector(.floatBinary(.f64x2, .minimum))), .binary(.v128)),
            Row(0xF5, "f64x2.max", .plain(.vector(.floatBinary(.f64x2, .maximum))), .binary(.v128)),
            Row(
                0xF6, "f64x2.pmin", .plain(.vector(.floatBinary(.f64x2, .pseudoMinimum))),
                .binary(.v128)),
            Row(
                0xF7, "f64x2.pmax", .plain(.vector(.floatBinary(.f64x2, .pseudoMaximum))),
                .binary(.v128)),
            Row(
                0xF8, "i32x4.trunc_sat_f32x4_s",
                .plain(.vector(.convert(.truncateF32(signed: true)))), .unary(.v128)),
            Row(
                0xF9, "i32x4.trunc_sat_f32x4_u",
                .plain(.vector(.convert(.truncateF32(signed: false)))), .unary(.v128)),
            Row(
                0xFA, "f32x4.convert_i32x4_s",
                .plain(.vector(.convert(.convertToF32(signed: true)))), .unary(.v128)),
            Row(
                0xFB, "f32x4.convert_i32x4_u",
                .plain(.vector(.convert(.convertToF32(signed: false)))), .unary(.v128)),
            Row(
                0xFC, "i32x4.trunc_sat_f64x2_s_zero",
                .plain(.vector(.convert(.truncateF64Zero(signed: true)))), .unary(.v128)),
            Row(
                0xFD, "i32x4.trunc_sat_f64x2_u_zero",
                .plain(.vector(.convert(.truncateF64Zero(signed: false)))), .unary(.v128)),
            Row(
                0xFE, "f64x2.convert_low_i32x4_s",
                .plain(.vector(.convert(.convertLowToF64(signed: true)))), .unary(.v128)),
            Row(
                0xFF, "f64x2.convert_low_i32x4_u",
                .plain(.vector(.convert(.convertLowToF64(signed: false)))), .unary(.v128)),
        ])

    /// Instructions whose results may differ between machines.
    static let vectorRelaxed = OpcodeGroup(
        prefix: .vector, feature: .relaxedVectors,
        rows: [
            Row(
                0x100, "i8x16.relaxed_swizzle", .plain(.vector(.swizzle(relaxed: true))),
                .binary(.v128)),
            Row(
                0x101, "i32x4.relaxed_trunc_f32x4_s",
                .plain(.vector(.relaxed(.truncateF32(signed: true)))), .unary(.v128)),
            Row(
                0x102, "i32x4.relaxed_trunc_f32x4_u",
                .plain(.vector(.relaxed(.truncateF32(signed: false)))), .unary(.v128)),
            Row(
                0x103, "i32x4.relaxed_trunc_f64x2_s_zero",
                .plain(.vector(.relaxed(.truncateF64Zero(signed: true)))), .unary(.v128)),
            Row(
                0x104, "i32x4.relaxed_trunc_f64x2_u_zero",
                .plain(.vector(.relaxed(.truncateF64Zero(signed: false)))), .unary(.v128)),
            Row(
                0x105, "f32x4.relaxed_madd", .plain(.vector(.relaxed(.multiplyAdd(.f32x4)))),
                .ternary(.v128)),
            Row(
                0x106, "f32x4.relaxed_nmadd",
                .plain(.vector(.relaxed(.negativeMultiplyAdd(.f32x4)))), .ternary(.v128)),
            Row(
                0x107, "f64x2.relaxed_madd", .plain(.vector(.relaxed(.multiplyAdd(.f64x2)))),
                .ternary(.v128)),
            Row(
                0x108, "f64x2.relaxed_nmadd",
                .plain(.vector(.relaxed(.negativeMultiplyAdd(.f64x2)))), .ternary(.v128)),
            Row(
                0x109, "i8x16.relaxed_laneselect", .plain(.vector(.relaxed(.laneSelect(.i8x16)))),
                .ternary(.v128)),
            Row(
                0x10A, "i16x8.relaxed_laneselect", .plain(.vector(.relaxed(.laneSelect(.i16x8)))),
                .ternary(.v128)),
            Row(
                0x10B, "i32x4.relaxed_laneselect", .plain(.vector(.relaxed(.laneSelect(.i32x4)))),
                .ternary(.v128)),
            Row(
                0x10C, "i64x2.relaxed_laneselect", .plain(.vector(.relaxed(.laneSelect(.i64x2)))),
                .ternary(.v128)),
            Row(
                0x10D, "f32x4.relaxed_min", .plain(.vector(.relaxed(.minimum(.f32x4)))),
                .binary(.v128)),
            Row(
                0x10E, "f32x4.relaxed_max", .plain(.vector(.relaxed(.maximum(.f32x4)))),
                .binary(.v128)),
            Row(
                0x10F, "f64x2.relaxed_min", .plain(.vector(.relaxed(.minimum(.f64x2)))),
                .binary(.v128)),
            Row(
                0x110, "f64x2.relaxed_max", .plain(.vector(.relaxed(.maximum(.f64x2)))),
                .binary(.v128)),
            Row(
                0x111, "i16x8.relaxed_q15mulr_s", .plain(.vector(.relaxed(.multiplyQ15))),
                .binary(.v128)),
            Row(
                0x112, "i16x8.relaxed_dot_i8x16_i7x16_s", .plain(.vector(.relaxed(.dotProduct))),
                .binary(.v128)),
            Row(
                0x113, "i32x4.relaxed_dot_i8x16_i7x16_add_s",
                .plain(.vector(.relaxed(.dotProductAdd))), .ternary(.v128)),
        ])
}
