// Small modules that ask for much: what the compiler makes of them stays within a budget.

import Lowering
import TargetModel
import TestSupport
import Testing
import WasmBinary
import WasmTypes
import WasmValidation

@Suite struct LimitTests {
    private func plan(_ text: String) throws -> ProgramPlan {
        try ProgramPlan(validate(Module.decode(try WasmTools.parse(text))))
    }

    /// A function whose branches, one to each of some nested blocks, carry so many operands.
    private func branches(depth: Int, operands: Int) -> String {
        let results = String(repeating: "i32 ", count: operands)
        let values = String(repeating: "local.get 0 ", count: operands)
        let labels = (0..<depth).map(String.init).joined(separator: " ")
        return """
            (module (func) (func (param i32) (result \(results))
              \(String(repeating: "block (result \(results)) ", count: depth))
              \(values) local.get 0 br_table \(labels)
              \(String(repeating: "end ", count: depth))))
            """
    }

    @Test func carriedOperandsAreLimited() throws {
        let options = CodeGenerationOptions(triple: "x86_64-linux-musl", cpu: "x86-64-v2")
        _ = try CodeGenerator.unoptimizedIR(
            try plan(branches(depth: 10, operands: 100)), partition: 0, options: options)
        let excessive = try plan(branches(depth: 1100, operands: 1000))
        let error = try #require(throws: ModuleError.self) {
            // Its switch has so many targets that it has a partition of its own.
            try CodeGenerator.unoptimizedIR(excessive, partition: 1, options: options)
        }
        #expect(error.kind == .limitExceeded)
        #expect(error.function == 1)
    }

    /// A function whose tries carry too many locals to their handlers is compiled as it is, at all
    /// levels; one with fewer is not touched.
    @Test(arguments: [(100, false), (700, true)])
    func handlersCarryOnlySoMuch(count: Int, isExcessive: Bool) throws {
        let locals = String(repeating: "i32 ", count: count)
        let calls = (0..<count).map { "(local.set \($0) (i32.const \($0))) (call $may)" }
        let sum = (0..<count).map { "(local.get \($0)) i32.add" }.joined(separator: " ")
        let plan = try plan(
            """
            (module (tag $e) (func $may (throw $e)) (func (result i32) (local \(locals))
              (block $caught (try_table (catch_all $caught) \(calls.joined())))
              i32.const 0 \(sum)))
            """)
        for level in [OptimizationLevel.none, .less, .standard, .aggressive, .size] {
            let options = CodeGenerationOptions(
                triple: "x86_64-linux-musl", cpu: "x86-64-v2", level: level)
            let text = try CodeGenerator.unoptimizedIR(plan, partition: 0, options: options)
            #expect(text.contains("optnone") == isExcessive)
            #expect(text.contains(" = phi ") != isExcessive)
            #expect(try !CodeGenerator.compile(plan, partition: 0, options: options).bytes.isEmpty)
        }
    }

    /// Beyond the gaps that separate segments of the executable, and a MiB, nothing is written for
    /// sparse data, and no later segment comes before an earlier one.
    @Test func sparseDataIsNotPartOfTheImage() throws {
        let data = (0..<100).map { "(data (i32.const \($0 << 20)) \"x\")" }.joined()
        let sparse = try plan("(module (memory 1600) \(data) (data (i32.const 0) \"y\"))")
        let chunks = try #require(sparse.mappedMemory).chunks
        #expect(chunks.map(\.offset) == (0..<33).map { $0 << 20 })
        #expect(chunks.first?.bytes == [UInt8(ascii: "x")])
        let few = (0..<32).map { "(data (i32.const \($0 << 20)) \"x\")" }.joined()
        let image = try plan("(module (memory 1600) \(few) (data (i32.const 0) \"y\"))")
        #expect(image.mappedMemory?.chunks.count == 32)
        #expect(image.mappedMemory?.chunks.first?.bytes == [UInt8(ascii: "y")])
    }
}
