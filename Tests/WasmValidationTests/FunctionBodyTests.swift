import Testing
import WasmBinary
import WasmTypes
import WasmValidation

/// Rules of function bodies that are easily got wrong.
@Suite struct FunctionBodyTests {
    private let builder = ModuleBuilder()

    // Unreachable code -------------------------------------------------------------------------

    @Test func unreachableCodeHasAnyOperands() {
        // unreachable; i32.add
        #expect(builder.complaint([], [.i32], [0x00, 0x6a]) == nil)
        // unreachable; f32.const 0; i32.add
        let error = builder.complaint([], [.i32], [0x00, 0x43, 0, 0, 0, 0, 0x6a])
        #expect(error?.message == "type mismatch: expected i32, found f32")
        #expect(error?.function == 0 && error?.offset == 6)
        // unreachable; select; drop
        #expect(builder.complaint([], [], [0x00, 0x1b, 0x1a]) == nil)
        // unreachable; i64.const 0; i32.const 0; select leaves an i64
        #expect(builder.complaint([], [.i64], [0x00, 0x42, 0, 0x41, 0, 0x1b]) == nil)
        #expect(builder.complaint([], [.i32], [0x00, 0x42, 0, 0x41, 0, 0x1b]) != nil)
        // unreachable; ref.as_non_null; i32.eqz
        #expect(builder.complaint([], [.i32], [0x00, 0xd4, 0x45]) != nil)
        // unreachable; ref.is_null
        #expect(builder.complaint([], [.i32], [0x00, 0xd1]) == nil)
    }

    @Test func unreachableEndsWithItsBlock() {
        // block unreachable end; i32.add
        let error = builder.complaint([], [.i32], [0x02, 0x40, 0x00, 0x0b, 0x6a])
        #expect(error?.message == "type mismatch: expected i32, found nothing")
        // unreachable; block end; i32.add: the outer block stays unreachable
        #expect(builder.complaint([], [.i32], [0x00, 0x02, 0x40, 0x0b, 0x6a]) == nil)
        // unreachable; block; i32.add: the inner one is reachable as far as anybody knows
        #expect(builder.complaint([], [], [0x00, 0x02, 0x40, 0x6a, 0x1a, 0x0b]) != nil)
    }

    @Test func branchTablesInUnreachableCode() {
        // block (result i32) block (result i64) unreachable; br_table 0 1 end ...: the operand is
        // unknown, so it may be both.
        let both: [UInt8] = [
            0x02, 0x7f, 0x02, 0x7e, 0x00, 0x0e, 0x01, 0x00, 0x01, 0x0b, 0x1a, 0x41, 0x00, 0x0b,
        ]
        #expect(builder.complaint([], [.i32], both) == nil)
        // Labels of different arity are refused even so.
        let arities: [UInt8] = [
            0x02, 0x7f, 0x02, 0x40, 0x00, 0x0e, 0x01, 0x00, 0x01, 0x0b, 0x41, 0x00, 0x0b,
        ]
        #expect(builder.complaint([], [.i32], arities)?.message.hasPrefix("type mismatch") == true)
    }

    @Test func fixedArraysOfUnknownOperands() {
        var builder = ModuleBuilder()
        builder.group(
            SubType(composite: .array(FieldType(storage: .value(.i32), isMutable: false))))
        // unreachable; array.new_fixed 0 0xffffffff; drop
        let code: [UInt8] = [0x00, 0xfb, 0x08, 0x00, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x1a]
        #expect(builder.complaint([], [], code) == nil)
    }

    // Locals -----------------------------------------------------------------------------------

    private let functionReference = FunctionBody.LocalGroup(
        count: 1, type: .abstract(.function))

    @Test func localsWithoutDefaultMustBeSet() {
        // local.get 0; drop
        let error = builder.complaint([], [], locals: [functionReference], [0x20, 0, 0x1a])
        #expect(error?.message == "uninitialized local 0")
        // unreachable; local.set 0; local.get 0; drop
        #expect(
            builder.complaint(
                [], [], locals: [functionReference], [0x00, 0x21, 0, 0x20, 0, 0x1a]) == nil)
        // As a parameter it has a value.
        #expect(builder.complaint([.abstract(.function)], [], [0x20, 0, 0x1a]) == nil)
    }

    @Test func settingALocalLastsUntilTheBlockEnds() {
        // (param (ref func)) (local (ref func)): block; local.set 1 (local.get 0) ...
        let inside: [UInt8] = [0x02, 0x40, 0x20, 0, 0x21, 1, 0x20, 1, 0x1a, 0x0b]
        let parameters = [ValueType.abstract(.function)]
        #expect(builder.complaint(parameters, [], locals: [functionReference], inside) == nil)
        #expect(
            builder.complaint(
                parameters, [], locals: [functionReference], inside + [0x20, 1, 0x1a])?
                .message.hasPrefix("uninitialized local 1") == true)
        // What was set before the block is still set behind it.
        let before: [UInt8] = [0x20, 0, 0x21, 1] + inside + [0x20, 1, 0x1a]
        #expect(builder.complaint(parameters, [], locals: [functionReference], before) == nil)
        // if sets, else may not rely on it
        let otherwise: [UInt8] = [
            0x41, 0, 0x04, 0x40, 0x20, 0, 0x22, 1, 0x1a, 0x05, 0x20, 1, 0x1a, 0x0b,
        ]
        #expect(builder.complaint(parameters, [], locals: [functionReference], otherwise) != nil)
    }

    @Test func manyLocals() {
        let groups = (0..<300).map {
            FunctionBody.LocalGroup(count: 100, type: $0 % 2 == 0 ? .i32 : .f64)
        }
        // local.get 29999 is in the last group (f64), 29899 in the one before it
        #expect(builder.complaint([], [.f64], locals: groups, [0x20, 0xaf, 0xea, 0x01]) == nil)
        #expect(builder.complaint([], [.i32], locals: groups, [0x20, 0xcb, 0xe9, 0x01]) == nil)
        #expect(
            builder.complaint([], [.f64], locals: groups, [0x20, 0xb0, 0xea, 0x01])?
                .message.hasPrefix("unknown local 30000") == true)
        let tooMany = FunctionBody.LocalGroup(count: .max, type: .i32)
        #expect(
            builder.complaint([], [], locals: [tooMany, tooMany], [])?.kind == .limitExceeded)
    }

    // Messages and limits ------------------------------------------------------------------------

    @Test func messagesSayWhatWasExpectedAndFound() {
        // i64.const 0; i32.const 0; i32.add
        #expect(
            builder.complaint([], [.i32], [0x42, 0, 0x41, 0, 0x6a])?.description
                == "invalid module at 0x4 in function #0: "
                + "type mismatch: expected i32, found i64")
        #expect(builder.complaint([], [], [0x20, 3])?.message == "unknown local 3")
        #expect(builder.complaint([], [], [0x0c, 1])?.message == "unknown label 1")
    }

    @Test func deepNestingIsBounded() {
        func nested(_ depth: Int) -> ModuleError? {
            var code: [UInt8] = []
            for _ in 0..<depth { code += [0x02, 0x40] }
            return builder.complaint([], [], code + Array(repeating: 0x0b, count: depth))
        }
        #expect(nested(ImplementationLimits.controlDepth - 1) == nil)
        #expect(nested(ImplementationLimits.controlDepth + 1)?.kind == .limitExceeded)
    }

    @Test func operandsAreBounded() {
        var builder = ModuleBuilder()
        // Calls itself, with a thousand results each time.
        let results = Array(repeating: ValueType.i32, count: 1_000)
        builder.function([], results, Array(repeating: [0x10, 0x00], count: 1_001).flatMap { $0 })
        #expect(builder.complaint()?.kind == .limitExceeded)
    }

    @Test func codeBehindTheEnd() {
        #expect(builder.complaint([], [], [0x0b])?.kind == .malformed)
        #expect(builder.complaint([], [], [0x02, 0x40])?.kind == .malformed)
        #expect(builder.complaint([], [], [0x05]) != nil)
    }

    @Test func bodiesCanBeValidatedOneByOne() async throws {
        var builder = ModuleBuilder()
        for _ in 0..<20 { builder.function([.i32], [.i32], [0x20, 0]) }
        builder.function([], [.i32], [0x42, 0])
        let validator = try ModuleValidator(builder.module)
        let failures = await withTaskGroup(of: Int?.self) { group in
            for index in builder.module.bodies.indices {
                group.addTask {
                    do { _ = try validator.validateBody(at: index) } catch { return index }
                    return nil
                }
            }
            return await group.reduce(into: [Int]()) { if let index = $1 { $0.append(index) } }
        }
        #expect(failures == [20])
    }
}

/// Rules of blocks that the official suite tests in passing only.
@Suite struct BlockTests {
    @Test func elseTakesTheOperandsOfItsIfAgain() {
        var builder = ModuleBuilder()
        builder.group(.function([.i64], [.i32]))
        // i64.const 0; i32.const 0; if (type 0) i32.wrap_i64 else drop; i32.const 1 end
        let code: [UInt8] = [0x42, 0, 0x41, 0, 0x04, 0, 0xa7, 0x05, 0x1a, 0x41, 1, 0x0b]
        #expect(builder.complaint([], [.i32], code) == nil)
        // The same where the code around it cannot be reached.
        #expect(builder.complaint([], [.i32], [0x00] + code.dropFirst(4)) == nil)
    }

    @Test func ifWithoutElseHandsItsOperandsOn() {
        var builder = ModuleBuilder()
        builder.group(.function([.i64], [.i64]))
        builder.group(.function([.i64], []))
        let code: [UInt8] = [0x42, 0, 0x41, 0, 0x04, 0, 0x0b, 0x1a]
        #expect(builder.complaint([], [], code) == nil)
        let dropping: [UInt8] = [0x42, 0, 0x41, 0, 0x04, 1, 0x1a, 0x0b]
        #expect(
            builder.complaint([], [], dropping)?.message.hasPrefix("type mismatch") == true)
    }
}

/// Names of exports are bytes.
@Suite struct ExportTests {
    @Test func namesThatLookAlikeAreDifferent() {
        func exports(_ names: String...) -> ModuleError? {
            var builder = ModuleBuilder()
            let function = builder.function([], [], [])
            for name in names { builder.export(name, function) }
            return builder.complaint()
        }
        #expect(exports("\u{c5}", "A\u{30a}", "\u{212b}") == nil)
        #expect(exports("a", "b", "a")?.message == "duplicate export name \"a\"")
    }
}
