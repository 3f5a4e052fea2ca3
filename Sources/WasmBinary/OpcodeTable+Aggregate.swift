// References, structures, arrays and casts (WebAssembly 3.0, sections 5.4.5 and 5.4.6).

import WasmTypes

private typealias Row = OpcodeRow

// One row, one line.
// swift-format-ignore
extension OpcodeTable {
    /// References of any kind.
    static let references = OpcodeGroup(
        prefix: .none, feature: .referenceTypes,
        rows: [
            Row(0xD0, "ref.null",        .heapType { .refNull($0) }),
            Row(0xD1, "ref.is_null",     .plain(.refIsNull)),
            Row(0xD2, "ref.func",        .index { .refFunction($0) }),
            Row(0xD3, "ref.eq",          .plain(.refEqual), .compare(.eqref), feature: .garbageCollection),
            Row(0xD4, "ref.as_non_null", .plain(.refAsNonNull), feature: .typedFunctionReferences),
        ])

    /// Garbage-collected objects.
    static let aggregates = OpcodeGroup(
        prefix: .aggregate, feature: .garbageCollection,
        rows: [
            Row(0x00, "struct.new",         .index { .aggregate(.structNew($0)) }),
            Row(0x01, "struct.new_default", .index { .aggregate(.structNewDefault($0)) }),
            Row(0x02, "struct.get",         .twoIndices { .aggregate(.structGet(.plain, type: $0, field: $1)) }),
            Row(0x03, "struct.get_s",       .twoIndices { .aggregate(.structGet(.signed, type: $0, field: $1)) }),
            Row(0x04, "struct.get_u",       .twoIndices { .aggregate(.structGet(.unsigned, type: $0, field: $1)) }),
            Row(0x05, "struct.set",         .twoIndices { .aggregate(.structSet(type: $0, field: $1)) }),
            Row(0x06, "array.new",          .index { .aggregate(.arrayNew($0)) }),
            Row(0x07, "array.new_default",  .index { .aggregate(.arrayNewDefault($0)) }),
            Row(0x08, "array.new_fixed",    .twoIndices { .aggregate(.arrayNewFixed($0, count: $1)) }),
            Row(0x09, "array.new_data",     .twoIndices { .aggregate(.arrayNewData($0, $1)) }),
            Row(0x0A, "array.new_elem",     .twoIndices { .aggregate(.arrayNewElement($0, $1)) }),
            Row(0x0B, "array.get",          .index { .aggregate(.arrayGet(.plain, type: $0)) }),
            Row(0x0C, "array.get_s",        .index { .aggregate(.arrayGet(.signed, type: $0)) }),
            Row(0x0D, "array.get_u",        .index { .aggregate(.arrayGet(.unsigned, type: $0)) }),
            Row(0x0E, "array.set",          .index { .aggregate(.arraySet($0)) }),
            Row(0x0F, "array.len",          .plain(.aggregate(.arrayLength)), .convert(.arrayref, to: .i32)),
            Row(0x10, "array.fill",         .index { .aggregate(.arrayFill($0)) }),
            Row(0x11, "array.copy",         .twoIndices { .aggregate(.arrayCopy(destination: $0, source: $1)) }),
            Row(0x12, "array.init_data",    .twoIndices { .aggregate(.arrayInitData($0, $1)) }),
            Row(0x13, "array.init_elem",    .twoIndices { .aggregate(.arrayInitElement($0, $1)) }),
            Row(0x14, "ref.test",           .heapType { .refTest(ReferenceType(isNullable: false, heapType: $0)) }),
            Row(0x15, "ref.test",           .heapType { .refTest(ReferenceType(isNullable: true, heapType: $0)) }),
            Row(0x16, "ref.cast",           .heapType { .refCast(ReferenceType(isNullable: false, heapType: $0)) }),
            Row(0x17, "ref.cast",           .heapType { .refCast(ReferenceType(isNullable: true, heapType: $0)) }),
            Row(0x18, "br_on_cast",         .castBranch { .branchOnCast($0) }),
            Row(0x19, "br_on_cast_fail",    .castBranch { .branchOnCastFail($0) }),
            Row(0x1A, "any.convert_extern", .plain(.aggregate(.anyConvertExternal))),
            Row(0x1B, "extern.convert_any", .plain(.aggregate(.externalConvertAny))),
            Row(0x1C, "ref.i31",            .plain(.aggregate(.refI31)), .convert(.i32, to: .i31)),
            Row(0x1D, "i31.get_s",          .plain(.aggregate(.i31Get(signed: true))), .convert(.i31ref, to: .i32)),
            Row(0x1E, "i31.get_u",          .plain(.aggregate(.i31Get(signed: false))), .convert(.i31ref, to: .i32)),
        ])
}
