import Foundation
import TestSupport
import Testing
import WasmBinary
import WasmTypes
import WasmValidation

/// Modules that `wasm-tools smith` made: valid ones, and of every kind.
@Suite struct SmithTests {
    /// Small modules with a bit of everything, large functions, many types.
    static let settings: [[String]] = [
        [],
        ["--max-instructions", "2000", "--max-funcs", "30"],
        ["--max-types", "200", "--max-globals", "50", "--max-tags", "20"],
    ]

    private static let enabled = [
        "bulk-memory", "exceptions", "gc", "custom-page-sizes", "memory64", "multi-value",
        "reference-types", "relaxed-simd", "simd", "tail-call", "threads", "wide-arithmetic",
        "extended-const",
    ]
    /// Proposals that the compiler does not know.
    private static let disabled = [
        "compact-imports", "custom-descriptors", "shared-everything-threads",
    ]

    @Test(arguments: settings.indices)
    func generatedModulesAreAccepted(settings: Int) throws {
        guard let tool = TestEnvironment.tool("wasm-tools") else {
            try Test.cancel("no wasm-tools")
        }
        let directory = try TemporaryDirectory()
        let seed = directory.url.appendingPathComponent("seed")
        let arguments =
            ["smith", seed.path, "--max-memories", "3", "--max-tables", "5"]
            + Self.enabled.flatMap { ["--\($0)-enabled", "true"] }
            + Self.disabled.flatMap { ["--\($0)-enabled", "false"] } + Self.settings[settings]
        var generated = 0
        for number in 0..<100 as Range<UInt64> {
            try Data(randomBytes(seed: UInt64(settings) << 32 | number)).write(to: seed)
            // A seed now and then does not suffice for a module.
            guard let data = try output(of: tool, arguments) else { continue }
            generated += 1
            do throws(ModuleError) {
                _ = try validate(try Module.decode([UInt8](data)))
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
