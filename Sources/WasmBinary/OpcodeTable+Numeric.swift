// Numbers (WebAssembly 3.0, section 5.4.8, and the wide-arithmetic proposal).

import WasmTypes

private typealias Row = OpcodeRow

// swift-format-ignore: a row is a line
extension OpcodeTable {
    /// Constants and comparisons.
    static let comparisons = OpcodeGroup(
        prefix: .none, feature: .minimumViableProduct,
        rows: [
            Row(0x41, "i32.const", .i32Const, .gives(.i32)),
            Row(0x42, "i64.const", .i64Const, .gives(.i64)),
            Row(0x43, "f32.const", .f32Const, .gives(.f32)),
            Row(0x44, "f64.const", .f64Const, .gives(.f64)),
            Row(0x45, "i32.eqz", .plain(.integerTestZero(.i32)), .convert(.i32, to: .i32)),
            Row(0x46, "i32.eq", .plain(.integerCompare(.i32, .equal)), .compare(.i32)),
            Row(0x47, "i32.ne", .plain(.integerCompare(.i32, .notEqual)), .compare(.i32)),
            Row(0x48, "i32.lt_s", .plain(.integerCompare(.i32, .lessSigned)), .compare(.i32)),
            Row(0x49, "i32.lt_u", .plain(.integerCompare(.i32, .lessUnsigned)), .compare(.i32)),
            Row(0x4A, "i32.gt_s", .plain(.integerCompare(.i32, .greaterSigned)), .compare(.i32)),
            Row(0x4B, "i32.gt_u", .plain(.integerCompare(.i32, .greaterUnsigned)), .compare(.i32)),
            Row(
                0x4C, "i32.le_s", .plain(.integerCompare(.i32, .lessOrEqualSigned)), .compare(.i32)),
            Row(
                0x4D, "i32.le_u", .plain(.integerCompare(.i32, .lessOrEqualUnsigned)),
                .compare(.i32)),
            Row(
                0x4E, "i32.ge_s", .plain(.integerCompare(.i32, .greaterOrEqualSigned)),
                .compare(.i32)),
            Row(
                0x4F, "i32.ge_u", .plain(.integerCompare(.i32, .greaterOrEqualUnsigned)),
                .compare(.i32)),
            Row(0x50, "i64.eqz", .plain(.integerTestZero(.i64)), .convert(.i64, to: .i32)),
            Row(0x51, "i64.eq", .plain(.integerCompare(.i64, .equal)), .compare(.i64)),
            Row(0x52, "i64.ne", .plain(.integerCompare(.i64, .notEqual)), .compare(.i64)),
            Row(0x53, "i64.lt_s", .plain(.integerCompare(.i64, .lessSigned)), .compare(.i64)),
            Row(0x54, "i64.lt_u", .plain(.integerCompare(.i64, .lessUnsigned)), .compare(.i64)),
            Row(0x55, "i64.gt_s", .plain(.integerCompare(.i64, .greaterSigned)), .compare(.i64)),
            Row(0x56, "i64.gt_u", .plain(.integerCompare(.i64, .greaterUnsigned)), .compare(.i64)),
            Row(
                0x57, "i64.le_s", .plain(.integerCompare(.i64, .lessOrEqualSigned)), .compare(.i64)),
            Row(
                0x58, "i64.le_u", .plain(.integerCompare(.i64, .lessOrEqualUnsigned)),
                .compare(.i64)),
            Row(
                0x59, "i64.ge_s", .plain(.integerCompare(.i64, .greaterOrEqualSigned)),
                .compare(.i64)),
            Row(
                0x5A, "i64.ge_u", .plain(.integerCompare(.i64, .greaterOrEqualUnsigned)),
                .compare(.i64)),
            Row(0x5B, "f32.eq", .plain(.floatCompare(.f32, .equal)), .compare(.f32)),
            Row(0x5C, "f32.ne", .plain(.floatCompare(.f32, .notEqual)), .compare(.f32)),
            Row(0x5D, "f32.lt", .plain(.floatCompare(.f32, .less)), .compare(.f32)),
            Row(0x5E, "f32.gt", .plain(.floatCompare(.f32, .greater)), .compare(.f32)),
            Row(0x5F, "f32.le", .plain(.floatCompare(.f32, .lessOrEqual)), .compare(.f32)),
            Row(0x60, "f32.ge", .plain(.floatCompare(.f32, .greaterOrEqual)), .compare(.f32)),
            Row(0x61, "f64.eq", .plain(.floatCompare(.f64, .equal)), .compare(.f64)),
            Row(0x62, "f64.ne", .plain(.floatCompare(.f64, .notEqual)), .compare(.f64)),
            Row(0x63, "f64.lt", .plain(.floatCompare(.f64, .less)), .compare(.f64)),
            Row(0x64, "f64.gt", .plain(.floatCompare(.f64, .greater)), .compare(.f64)),
            Row(0x65, "f64.le", .plain(.floatCompare(.f64, .lessOrEqual)), .compare(.f64)),
            Row(0x66, "f64.ge", .plain(.floatCompare(.f64, .greaterOrEqual)), .compare(.f64)),
        ])

    /// Arithmetic.
    static let arithmetic = OpcodeGroup(
        prefix: .none, feature: .minimumViableProduct,
        rows: [
            Row(0x67, "i32.clz", .plain(.integerUnary(.i32, .countLeadingZeros)), .unary(.i32)),
            Row(0x68, "i32.ctz", .plain(.integerUnary(.i32, .countTrailingZeros)), .unary(.i32)),
            Row(0x69, "i32.popcnt", .plain(.integerUnary(.i32, .countOnes)), .unary(.i32)),
            Row(0x6A, "i32.add", .plain(.integerBinary(.i32, .add)), .binary(.i32)),
            Row(0x6B, "i32.sub", .plain(.integerBinary(.i32, .subtract)), .binary(.i32)),
            Row(0x6C, "i32.mul", .plain(.integerBinary(.i32, .multiply)), .binary(.i32)),
            Row(0x6D, "i32.div_s", .plain(.integerBinary(.i32, .divideSigned)), .binary(.i32)),
            Row(0x6E, "i32.div_u", .plain(.integerBinary(.i32, .divideUnsigned)), .binary(.i32)),
            Row(0x6F, "i32.rem_s", .plain(.integerBinary(.i32, .remainderSigned)), .binary(.i32)),
            Row(0x70, "i32.rem_u", .plain(.integerBinary(.i32, .remainderUnsigned)), .binary(.i32)),
            Row(0x71, "i32.and", .plain(.integerBinary(.i32, .and)), .binary(.i32)),
            Row(0x72, "i32.or", .plain(.integerBinary(.i32, .or)), .binary(.i32)),
            Row(0x73, "i32.xor", .plain(.integerBinary(.i32, .xor)), .binary(.i32)),
            Row(0x74, "i32.shl", .plain(.integerBinary(.i32, .shiftLeft)), .binary(.i32)),
            Row(0x75, "i32.shr_s", .plain(.integerBinary(.i32, .shiftRightSigned)), .binary(.i32)),
            Row(
                0x76, "i32.shr_u", .plain(.integerBinary(.i32, .shiftRightUnsigned)), .binary(.i32)),
            Row(0x77, "i32.rotl", .plain(.integerBinary(.i32, .rotateLeft)), .binary(.i32)),
            Row(0x78, "i32.rotr", .plain(.integerBinary(.i32, .rotateRight)), .binary(.i32)),
            Row(0x79, "i64.clz", .plain(.integerUnary(.i64, .countLeadingZeros)), .unary(.i64)),
            Row(0x7A, "i64.ctz", .plain(.integerUnary(.i64, .countTrailingZeros)), .unary(.i64)),
            Row(0x7B, "i64.popcnt", .plain(.integerUnary(.i64, .countOnes)), .unary(.i64)),
            Row(0x7C, "i64.add", .plain(.integerBinary(.i64, .add)), .binary(.i64)),
            Row(0x7D, "i64.sub", .plain(.integerBinary(.i64, .subtract)), .binary(.i64)),
            Row(0x7E, "i64.mul", .plain(.integerBinary(.i64, .multiply)), .binary(.i64)),
            Row(0x7F, "i64.div_s", .plain(.integerBinary(.i64, .divideSigned)), .binary(.i64)),
            Row(0x80, "i64.div_u", .plain(.integerBinary(.i64, .divideUnsigned)), .binary(.i64)),
            Row(0x81, "i64.rem_s", .plain(.integerBinary(.i64, .remainderSigned)), .binary(.i64)),
            Row(0x82, "i64.rem_u", .plain(.integerBinary(.i64, .remainderUnsigned)), .binary(.i64)),
            Row(0x83, "i64.and", .plain(.integerBinary(.i64, .and)), .binary(.i64)),
            Row(0x84, "i64.or", .plain(.integerBinary(.i64, .or)), .binary(.i64)),
            Row(0x85, "i64.xor", .plain(.integerBinary(.i64, .xor)), .binary(.i64)),
            Row(0x86, "i64.shl", .plain(.integerBinary(.i64, .shiftLeft)), .binary(.i64)),
            Row(0x87, "i64.shr_s", .plain(.integerBinary(.i64, .shiftRightSigned)), .binary(.i64)),
            Row(
                0x88, "i64.shr_u", .plain(.integerBinary(.i64, .shiftRightUnsigned)), .binary(.i64)),
            Row(0x89, "i64.rotl", .plain(.integerBinary(.i64, .rotateLeft)), .binary(.i64)),
            Row(0x8A, "i64.rotr", .plain(.integerBinary(.i64, .rotateRight)), .binary(.i64)),
            Row(0x8B, "f32.abs", .plain(.floatUnary(.f32, .absolute)), .unary(.f32)),
            Row(0x8C, "f32.neg", .plain(.floatUnary(.f32, .negate)), .unary(.f32)),
            Row(0x8D, "f32.ceil", .plain(.floatUnary(.f32, .ceiling)), .unary(.f32)),
            Row(0x8E, "f32.floor", .plain(.floatUnary(.f32, .floor)), .unary(.f32)),
            Row(0x8F, "f32.trunc", .plain(.floatUnary(.f32, .truncate)), .unary(.f32)),
            Row(0x90, "f32.nearest", .plain(.floatUnary(.f32, .nearest)), .unary(.f32)),
            Row(0x91, "f32.sqrt", .plain(.floatUnary(.f32, .squareRoot)), .unary(.f32)),
            Row(0x92, "f32.add", .plain(.floatBinary(.f32, .add)), .binary(.f32)),
            Row(0x93, "f32.sub", .plain(.floatBinary(.f32, .subtract)), .binary(.f32)),
            Row(0x94, "f32.mul", .plain(.floatBinary(.f32, .multiply)), .binary(.f32)),
            Row(0x95, "f32.div", .plain(.floatBinary(.f32, .divide)), .binary(.f32)),
            Row(0x96, "f32.min", .plain(.floatBinary(.f32, .minimum)), .binary(.f32)),
            Row(0x97, "f32.max", .plain(.floatBinary(.f32, .maximum)), .binary(.f32)),
            Row(0x98, "f32.copysign", .plain(.floatBinary(.f32, .copySign)), .binary(.f32)),
            Row(0x99, "f64.abs", .plain(.floatUnary(.f64, .absolute)), .unary(.f64)),
            Row(0x9A, "f64.neg", .plain(.floatUnary(.f64, .negate)), .unary(.f64)),
            Row(0x9B, "f64.ceil", .plain(.floatUnary(.f64, .ceiling)), .unary(.f64)),
            Row(0x9C, "f64.floor", .plain(.floatUnary(.f64, .floor)), .unary(.f64)),
            Row(0x9D, "f64.trunc", .plain(.floatUnary(.f64, .truncate)), .unary(.f64)),
            Row(0x9E, "f64.nearest", .plain(.floatUnary(.f64, .nearest)), .unary(.f64)),
            Row(0x9F, "f64.sqrt", .plain(.floatUnary(.f64, .squareRoot)), .unary(.f64)),
            Row(0xA0, "f64.add", .plain(.floatBinary(.f64, .add)), .binary(.f64)),
            Row(0xA1, "f64.sub", .plain(.floatBinary(.f64, .subtract)), .binary(.f64)),
            Row(0xA2, "f64.mul", .plain(.floatBinary(.f64, .multiply)), .binary(.f64)),
            Row(0xA3, "f64.div", .plain(.floatBinary(.f64, .divide)), .binary(.f64)),
            Row(0xA4, "f64.min", .plain(.floatBinary(.f64, .minimum)), .binary(.f64)),
            Row(0xA5, "f64.max", .plain(.floatBinary(.f64, .maximum)), .binary(.f64)),
            Row(0xA6, "f64.copysign", .plain(.floatBinary(.f64, .copySign)), .binary(.f64)),
        ])

    /// Conversions and sign extension.
    static let conversions = OpcodeGroup(
        prefix: .none, feature: .minimumViableProduct,
        rows: [
            Row(0xA7, "i32.wrap_i64", .plain(.convert(.wrap)), .convert(.i64, to: .i32)),
            Row(
                0xA8, "i32.trunc_f32_s", .plain(.convert(.truncate(.f32, to: .i32, signed: true))),
                .convert(.f32, to: .i32)),
            Row(
                0xA9, "i32.trunc_f32_u", .plain(.convert(.truncate(.f32, to: .i32, signed: false))),
                .convert(.f32, to: .i32)),
            Row(
                0xAA, "i32.trunc_f64_s", .plain(.convert(.truncate(.f64, to: .i32, signed: true))),
                .convert(.f64, to: .i32)),
            Row(
                0xAB, "i32.trunc_f64_u", .plain(.convert(.truncate(.f64, to: .i32, signed: false))),
                .convert(.f64, to: .i32)),
            Row(
                0xAC, "i64.extend_i32_s", .plain(.convert(.extend(signed: true))),
                .convert(.i32, to: .i64)),
            Row(
                0xAD, "i64.extend_i32_u", .plain(.convert(.extend(signed: false))),
                .convert(.i32, to: .i64)),
            Row(
                0xAE, "i64.trunc_f32_s", .plain(.convert(.truncate(.f32, to: .i64, signed: true))),
                .convert(.f32, to: .i64)),
            Row(
                0xAF, "i64.trunc_f32_u", .plain(.convert(.truncate(.f32, to: .i64, signed: false))),
                .convert(.f32, to: .i64)),
            Row(
                0xB0, "i64.trunc_f64_s", .plain(.convert(.truncate(.f64, to: .i64, signed: true))),
                .convert(.f64, to: .i64)),
            Row(
                0xB1, "i64.trunc_f64_u", .plain(.convert(.truncate(.f64, to: .i64, signed: false))),
                .convert(.f64, to: .i64)),
            Row(
                0xB2, "f32.convert_i32_s", .plain(.convert(.convert(.i32, to: .f32, signed: true))),
                .convert(.i32, to: .f32)),
            Row(
                0xB3, "f32.convert_i32_u",
                .plain(.convert(.convert(.i32, to: .f32, signed: false))), .convert(.i32, to: .f32)),
            Row(
                0xB4, "f32.convert_i64_s", .plain(.convert(.convert(.i64, to: .f32, signed: true))),
                .convert(.i64, to: .f32)),
            Row(
                0xB5, "f32.convert_i64_u",
                .plain(.convert(.convert(.i64, to: .f32, signed: false))), .convert(.i64, to: .f32)),
            Row(0xB6, "f32.demote_f64", .plain(.convert(.demote)), .convert(.f64, to: .f32)),
            Row(
                0xB7, "f64.convert_i32_s", .plain(.convert(.convert(.i32, to: .f64, signed: true))),
                .convert(.i32, to: .f64)),
            Row(
                0xB8, "f64.convert_i32_u",
                .plain(.convert(.convert(.i32, to: .f64, signed: false))), .convert(.i32, to: .f64)),
            Row(
                0xB9, "f64.convert_i64_s", .plain(.convert(.convert(.i64, to: .f64, signed: true))),
                .convert(.i64, to: .f64)),
            Row(
                0xBA, "f64.convert_i64_u",
                .plain(.convert(.convert(.i64, to: .f64, signed: false))), .convert(.i64, to: .f64)),
            Row(0xBB, "f64.promote_f32", .plain(.convert(.promote)), .convert(.f32, to: .f64)),
            Row(
                0xBC, "i32.reinterpret_f32", .plain(.convert(.reinterpretFloat(.f32))),
                .convert(.f32, to: .i32)),
            Row(
                0xBD, "i64.reinterpret_f64", .plain(.convert(.reinterpretFloat(.f64))),
                .convert(.f64, to: .i64)),
            Row(
                0xBE, "f32.reinterpret_i32", .plain(.convert(.reinterpretInteger(.i32))),
                .convert(.i32, to: .f32)),
            Row(
                0xBF, "f64.reinterpret_i64", .plain(.convert(.reinterpretInteger(.i64))),
                .convert(.i64, to: .f64)),
            Row(
                0xC0, "i32.extend8_s", .plain(.integerUnary(.i32, .extend8)), .unary(.i32),
                feature: .signExtension),
            Row(
                0xC1, "i32.extend16_s", .plain(.integerUnary(.i32, .extend16)), .unary(.i32),
                feature: .signExtension),
            Row(
                0xC2, "i64.extend8_s", .plain(.integerUnary(.i64, .extend8)), .unary(.i64),
                feature: .signExtension),
            Row(
                0xC3, "i64.extend16_s", .plain(.integerUnary(.i64, .extend16)), .unary(.i64),
                feature: .signExtension),
            Row(
                0xC4, "i64.extend32_s", .plain(.integerUnary(.i64, .extend32)), .unary(.i64),
                feature: .signExtension),
        ])

    /// Saturating conversions and 128-bit arithmetic.
    static let saturating = OpcodeGroup(
        prefix: .miscellaneous, feature: .saturatingFloatToInteger,
        rows: [
            Row(
                0x00, "i32.trunc_sat_f32_s",
                .plain(.convert(.truncateSaturating(.f32, to: .i32, signed: true))),
                .convert(.f32, to: .i32)),
            Row(
                0x01, "i32.trunc_sat_f32_u",
                .plain(.convert(.truncateSaturating(.f32, to: .i32, signed: false))),
                .convert(.f32, to: .i32)),
            Row(
                0x02, "i32.trunc_sat_f64_s",
                .plain(.convert(.truncateSaturating(.f64, to: .i32, signed: true))),
                .convert(.f64, to: .i32)),
            Row(
                0x03, "i32.trunc_sat_f64_u",
                .plain(.convert(.truncateSaturating(.f64, to: .i32, signed: false))),
                .convert(.f64, to: .i32)),
            Row(
                0x04, "i64.trunc_sat_f32_s",
                .plain(.convert(.truncateSaturating(.f32, to: .i64, signed: true))),
                .convert(.f32, to: .i64)),
            Row(
                0x05, "i64.trunc_sat_f32_u",
                .plain(.convert(.truncateSaturating(.f32, to: .i64, signed: false))),
                .convert(.f32, to: .i64)),
            Row(
                0x06, "i64.trunc_sat_f64_s",
                .plain(.convert(.truncateSaturating(.f64, to: .i64, signed: true))),
                .convert(.f64, to: .i64)),
            Row(
                0x07, "i64.trunc_sat_f64_u",
                .plain(.convert(.truncateSaturating(.f64, to: .i64, signed: false))),
                .convert(.f64, to: .i64)),
            Row(
                0x13, "i64.add128", .plain(.wideArithmetic(.add128)),
                .takes(.i64, .i64, .i64, .i64, gives: .i64, .i64), feature: .wideArithmetic),
            Row(
                0x14, "i64.sub128", .plain(.wideArithmetic(.subtract128)),
                .takes(.i64, .i64, .i64, .i64, gives: .i64, .i64), feature: .wideArithmetic),
            Row(
                0x15, "i64.mul_wide_s", .plain(.wideArithmetic(.multiplyWideSigned)),
                .takes(.i64, .i64, gives: .i64, .i64), feature: .wideArithmetic),
            Row(
                0x16, "i64.mul_wide_u", .plain(.wideArithmetic(.multiplyWideUnsigned)),
                .takes(.i64, .i64, gives: .i64, .i64), feature: .wideArithmetic),
        ])
}
