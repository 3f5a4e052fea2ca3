import Foundation
import Testing
import WasmBinary
import WasmTypes
import WasmValidation

/// Modules that a generator made: valid ones, and of every kind.
@Suite struct SmithTests {
    /// Settings of `wasm-tools smith`: one list favours the garbage collector, one has everything
    /// small, one makes large functions.
    static let settings: [[String]] = [
        [],
        ["--max-instructions", "2000", "--max-funcs", "30"],
        ["--max-types", "200", "--max-globals", "50", "--max-tags", "20"],
    ]

    private static let features = [
        "--bulk-memory-enabled", "--exceptions-enabled", "--gc-enabled",
        "--custom-page-sizes-enabled", "--memory64-enabled", "--multi-value-enabled",
        "--reference-types-enabled", "--relaxed-simd-enabled", "--simd-enabled",
        "--tail-call-enabled", "--threads-enabled", "--wide-arithmetic-enabled",
        "--extended-const-enabled",
    ]

    @Test(arguments: settings.indices)
    func generatedModulesAreAccepted(settings: Int) throws {
        guard let tool = WasmTools.path else {
            print("skipped: no wasm-tools, generated modules are not validated")
            return
        }
        let directory = try TemporaryDirectory()
        var generated = 0
        for number in 0..<100 as Range<UInt64> {
            let seed = directory.url.appendingPathComponent("seed")
            try Data(randomBytes(seed: UInt64(settings) << 32 | number)).write(to: seed)
            let output = directory.url.appendingPathComponent("out.wasm")
            var arguments = ["smith", seed.path, "-o", output.path]
            arguments += Self.features.flatMap { [$0, "true"] } + Self.settings[settings]
            arguments += ["--max-memories", "3", "--max-tables", "5"]
            // A seed now and then does not suffice for a module.
            guard try run(tool, arguments) == 0 else { continue }
            generated += 1
            let bytes = [UInt8](try Data(contentsOf: output))
            do throws(ModuleError) {
                _ = try validate(try Module.decode(bytes))
            } catch {
                Issue.record("seed \(number) of setting \(settings): \(error)")
            }
        }
        #expect(generated > 90)
    }

    /// Bytes from a fixed sequence (SplitMix64), so that every run tests the same modules.
    private func randomBytes(seed: UInt64) -> [UInt8] {
        var state = seed
        return (0..<4096).map { _ in
            state &+= 0x9e37_79b9_7f4a_7c15
            var value = state
            value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
            value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
            return UInt8(truncatingIfNeeded: value ^ value >> 31)
        }
    }
}
