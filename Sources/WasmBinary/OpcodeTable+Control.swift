// Control and parametric instructions (WebAssembly 3.0, sections 5.4.1 and 5.4.2). Their types
// depend on the context, so almost no row has a signature. br_on_cast is with the aggregates,
// whose prefix it has.

import WasmTypes

private typealias Row = OpcodeRow

// One row, one line.
// swift-format-ignore
extension OpcodeTable {
    /// Blocks, branches, calls, exceptions, drop and select.
    static let control = OpcodeGroup(
        prefix: .none, feature: .minimumViableProduct,
        rows: [
            Row(0x00, "unreachable",          .plain(.unreachable)),
            Row(0x01, "nop",                  .plain(.nop), .nothing),
            Row(0x02, "block",                .block { .block($0) }),
            Row(0x03, "loop",                 .block { .loop($0) }),
            Row(0x04, "if",                   .block { .if($0) }),
            Row(0x05, "else",                 .plain(.else)),
            Row(0x06, "try",                  .block { .try($0) }, feature: .legacyExceptions),
            Row(0x07, "catch",                .index { .catch($0) }, feature: .legacyExceptions),
            Row(0x08, "throw",                .index { .throw($0) }, feature: .exceptionHandling),
            Row(0x09, "rethrow",              .index { .rethrow($0) }, feature: .legacyExceptions),
            Row(0x0A, "throw_ref",            .plain(.throwReference), feature: .exceptionHandling),
            Row(0x0B, "end",                  .end),
            Row(0x0C, "br",                   .index { .branch($0) }),
            Row(0x0D, "br_if",                .index { .branchIf($0) }),
            Row(0x0E, "br_table",             .branchTable),
            Row(0x0F, "return",               .plain(.return)),
            Row(0x10, "call",                 .index { .call($0) }),
            Row(0x11, "call_indirect",        .typeAndTable { .callIndirect(type: $0, table: $1) }),
            Row(0x12, "return_call",          .index { .returnCall($0) }, feature: .tailCalls),
            Row(0x13, "return_call_indirect", .typeAndTable { .returnCallIndirect(type: $0, table: $1) }, feature: .tailCalls),
            Row(0x14, "call_ref",             .index { .callReference($0) }, feature: .typedFunctionReferences),
            Row(0x15, "return_call_ref",      .index { .returnCallReference($0) }, feature: .typedFunctionReferences),
            Row(0x18, "delegate",             .closingIndex { .delegate($0) }, feature: .legacyExceptions),
            Row(0x19, "catch_all",            .plain(.catchAll), feature: .legacyExceptions),
            Row(0x1A, "drop",                 .plain(.drop)),
            Row(0x1B, "select",               .plain(.select)),
            Row(0x1C, "select",               .selectTypes, feature: .referenceTypes),
            Row(0x1F, "try_table",            .tryTable, feature: .exceptionHandling),
            Row(0xD5, "br_on_null",           .index { .branchOnNull($0) }, feature: .typedFunctionReferences),
            Row(0xD6, "br_on_non_null",       .index { .branchOnNonNull($0) }, feature: .typedFunctionReferences),
        ])
}
