// What the lowering wants to know about the target: just enough to choose between a machine's
// own instruction and a general form.

internal import RuntimeABI
internal import TargetModel

/// The instruction set that a unit is lowered for.
struct TargetInfo: Sendable {
    let architecture: Architecture
    /// Whether a fused multiply-add is one instruction.
    let hasFusedMultiplyAdd: Bool
    /// What compiled functions get their arguments in.
    let argumentRegisters: ArgumentRegisters

    init(_ options: CodeGenerationOptions) {
        guard let architecture = Architecture(triple: options.triple) else {
            preconditionFailure("no architecture of ours: \(options.triple)")
        }
        hasFusedMultiplyAdd =
            architecture == .aarch64
            || Self.requiredFeatures(architecture, options).contains {
                String(cString: $0.name) == "fma"
            }
        self.architecture = architecture
        argumentRegisters =
            switch architecture {
            case .aarch64: ArgumentRegisters(integers: 8, floats: 8)
            case .x86_64: ArgumentRegisters(integers: 6, floats: 8)
            }
    }

    /// The rows of the features that running programs are checked for.
    static func requiredFeatures(
        _ architecture: Architecture, _ options: CodeGenerationOptions
    ) -> [smelt_cpu_feature] {
        var count = 0
        let rows =
            switch architecture {
            case .aarch64: smelt_aarch64_cpu_features(&count)
            case .x86_64: smelt_x86_64_cpu_features(&count)
            }
        return UnsafeBufferPointer(start: rows, count: count)
            .filter { options.requiredCPUFeatures >> UInt64($0.bit) & 1 == 1 }
    }
}
