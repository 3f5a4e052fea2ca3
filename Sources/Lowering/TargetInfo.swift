// What the lowering wants to know about the target: just enough to choose between a machine's
// own instruction and a general form.

internal import RuntimeABI

/// The instruction set that a unit is lowered for.
struct TargetInfo: Sendable {
    enum Architecture: Sendable {
        case x86_64, aarch64
    }

    let architecture: Architecture
    /// Whether a fused multiply-add is one instruction.
    let hasFusedMultiplyAdd: Bool

    init(_ options: CodeGenerationOptions) {
        architecture = options.triple.hasPrefix("aarch64") ? .aarch64 : .x86_64
        switch architecture {
        case .aarch64: hasFusedMultiplyAdd = true
        case .x86_64:
            hasFusedMultiplyAdd = Self.requires("fma", bits: options.requiredCPUFeatures)
        }
    }

    private static func requires(_ feature: String, bits: UInt64) -> Bool {
        var count = 0
        let rows = UnsafeBufferPointer(start: smelt_x86_64_cpu_features(&count), count: count)
        return rows.contains {
            String(cString: $0.name) == feature && bits & (1 << UInt64($0.bit)) != 0
        }
    }
}
