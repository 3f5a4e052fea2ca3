// Programs of several units: whatever one of them declares, another one defines.

import Lowering
import TestSupport
import Testing
import TargetModel
import WasmBinary
import WasmValidation

@Suite struct PartitionTests {
    /// Everything that units share, used by the last function only.
    static let module = """
        (module
          (type $nullary (func (result i32)))
          (type $open (sub (func)))
          (memory (export "memory") 1 2)
          (table $constant funcref (elem $first $second))
          (table $written 4 funcref)
          (table $external 2 externref)
          (global $counter (mut i32) (i32.const 3))
          (global $reference funcref (ref.func $second))
          (data $passive "abc")
          (elem $segment func $first)
          (elem declare func $first)
          (func $first (result i32) (i32.const 1))
          (func $second (result i32) (i32.const 2))
          (func $last (export "_start")
            (global.set $counter (call_indirect $constant (type $nullary) (i32.const 0)))
            (table.set $written (i32.const 0) (ref.func $first))
            (table.set $written (i32.const 1) (global.get $reference))
            (drop (call_indirect $written (type $nullary) (i32.const 0)))
            (call_indirect $written (type $open) (i32.const 0))
            (drop (table.get $external (i32.const 0)))
            (drop (table.get $constant (i32.const 0)))
            (memory.init $passive (i32.const 0) (i32.const 0) (i32.const 3))
            (data.drop $passive)
            (table.init $written $segment (i32.const 0) (i32.const 0) (i32.const 1))
            (elem.drop $segment)
            (drop (memory.grow (i32.const 1)))))
        """

    @Test func sharedStateIsDefinedOnce() throws {
        let validated = try validate(Module.decode(try WasmTools.parse(Self.module)))
        let plan = try ProgramPlan(validated, partitionSize: 1)
        #expect(plan.partitionCount > 2)
        let options = CodeGenerationOptions(triple: "x86_64-linux-musl", cpu: "x86-64-v2")
        var declared: Set<Substring> = []
        var defined: [Substring] = []
        for partition in 0..<plan.partitionCount {
            let ir = try CodeGenerator.unoptimizedIR(plan, partition: partition, options: options)
            for line in ir.split(separator: "\n") {
                guard line.hasPrefix("@smelt_"), let name = line.split(separator: " ").first else {
                    continue
                }
                if line.contains(" = external ") { declared.insert(name) }
                if line.contains(" = hidden ") { defined.append(name) }
            }
        }
        // The runtime and the linker define these.
        declared.subtract(["@smelt_context", "@smelt_memory_0_base"])
        #expect(declared.subtracting(defined).isEmpty)
        #expect(Set(defined).count == defined.count, "defined twice")
        #expect(!declared.isEmpty)
    }

    @Test func oversizedFunctionsHaveAPartitionOfTheirOwn() throws {
        let size = ProgramPlan.oversizedFunction
        let body = String(repeating: "nop ", count: size)
        let text = "(module (func) (func \(body)) (func) (func (export \"_start\")))"
        let validated = try validate(Module.decode(try WasmTools.parse(text)))
        let plan = try ProgramPlan(validated)
        let partitions = 0..<plan.partitionCount
        #expect(partitions.map { plan.extent(ofPartition: $0).functions } == [1, 1, 2])
        #expect(partitions.map(plan.isOversized(partition:)) == [false, true, false])
        #expect(plan.unoptimizedFunctions == ["wasm-function[1]"])
        // Where there may be only one partition, it stays one.
        let whole = try ProgramPlan(validated, partitionSize: Int.max / 2)
        #expect(whole.partitionCount == 1)
        #expect(!whole.isOversized(partition: 0))
        #expect(whole.unoptimizedFunctions.count == 1)
    }

    /// What LLVM's passes take the square of, below and above the limits.
    static let shapes: [(below: String, above: String)] = [
        (repeated("(loop)", 600), repeated("(loop)", 601)),
        (
            repeated("(if (i32.const 1) (then ", 600, "))"),
            repeated("(if (i32.const 1) (then ", 601, "))")
        ),
        (repeated("nop ", 15_990), repeated("nop ", 16_001)),
        (
            repeated("(global.set $g (i32.const 1))", 4_000),
            repeated("(global.set $g (i32.const 1))", 4_001)
        ),
        (switchOver(targets: 740, entries: 740), switchOver(targets: 751, entries: 751)),
        (switchOver(targets: 40, entries: 2_990), switchOver(targets: 40, entries: 3_001)),
        // Many blocks are no harm.
        (repeated("(block)", 5_000), repeated("(loop)", 601)),
    ]

    static func repeated(_ opening: String, _ count: Int, _ closing: String = "") -> String {
        String(repeating: opening, count: count) + String(repeating: closing, count: count)
    }

    static func switchOver(targets: Int, entries: Int) -> String {
        let labels = (0..<entries).map { String($0 % targets) }.joined(separator: " ")
        return repeated("(block ", targets) + "(br_table \(labels) (i32.const 1))"
            + repeated(")", targets)
    }

    @Test(arguments: shapes.indices)
    func excessiveFunctionsHaveAPartitionOfTheirOwn(_ shape: Int) throws {
        for (body, isExcessive) in [
            (Self.shapes[shape].below, false), (Self.shapes[shape].above, true),
        ] {
            let text = """
                (module (global $g (mut i32) (i32.const 0))
                  (func) (func $large \(body)) (func) (func (export "_start")))
                """
            let validated = try validate(Module.decode(try WasmTools.parse(text)))
            let plan = try ProgramPlan(validated)
            #expect(plan.partitionCount == (isExcessive ? 3 : 1))
            #expect(plan.unoptimizedFunctions == (isExcessive ? ["large"] : []))
        }
    }

    @Test func excessiveFunctionsOfAUnitAreLeftAsTheyAre() throws {
        let text = """
            (module (func $large \(Self.repeated("(loop)", 601)))
              (func (export "_start") (call $large)))
            """
        let validated = try validate(Module.decode(try WasmTools.parse(text)))
        let plan = try ProgramPlan(validated, partitionSize: Int.max / 2)
        var options = CodeGenerationOptions(triple: "x86_64-linux-musl", cpu: "x86-64-v2")
        options.form = .ir
        for level in [OptimizationLevel.less, .standard, .aggressive, .size] {
            options.level = level
            let unit = try CodeGenerator.compile(plan, partition: 0, options: options)
            let ir = String(decoding: unit.bytes, as: UTF8.self)
            #expect(ir.contains("optnone"))
            #expect(ir.contains("call"), "it was inlined")
        }
    }
}
