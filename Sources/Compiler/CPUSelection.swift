// What a choice of processor means: LLVM's name and features for it, and what a program must
// check before it uses them.

internal import LLVMKit
internal import RuntimeABI

/// A processor that code is generated for.
struct CPUSelection: Hashable {
    /// LLVM's name.
    var name: String
    /// LLVM's features in addition to the name's: `+name` and `-name`, separated by commas.
    var features: String
    /// How messages call it.
    var description: String
    /// What a machine must have, as bits of the runtime's table of features.
    var requiredFeatures: UInt64

    init(_ cpu: CPU, target: Target) {
        switch cpu {
        case .baseline:
            name = target.baselineCPU
            features = ""
            description = target.baselineName
            requiredFeatures = Self.bits(of: Self.levels[target.baselineCPU] ?? [], target: target)
        case .native:
            (name, features) = LLVM.hostCPU
            description = name
            let present = features.split(separator: ",").filter { $0.hasPrefix("+") }
            requiredFeatures = Self.bits(of: present.map { String($0.dropFirst()) }, target: target)
        case .named(let name):
            self.name = name
            features = ""
            description = name
            requiredFeatures = Self.bits(of: Self.levels[name] ?? [], target: target)
        }
    }

    /// The features of the architecture levels of the x86-64 ABI, by LLVM's names. LLVM's C
    /// interface does not tell what a CPU's name stands for, so programs for other names start
    /// without a check.
    private static let levels: [String: [String]] = {
        let second = ["cx16", "sahf", "popcnt", "sse3", "ssse3", "sse4.1", "sse4.2", "crc32"]
        let third = second + ["avx", "avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe"]
        let fourth = third + ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]
        return ["x86-64-v2": second, "x86-64-v3": third, "x86-64-v4": fourth]
    }()

    private static func bits(of names: [String], target: Target) -> UInt64 {
        var count = 0
        let table =
            switch target {
            case .x86_64LinuxMusl: smelt_x86_64_cpu_features(&count)
            case .aarch64LinuxMusl: smelt_aarch64_cpu_features(&count)
            }
        let wanted = Set(names)
        return UnsafeBufferPointer(start: table, count: count).reduce(0) { bits, row in
            wanted.contains(String(cString: row.name)) ? bits | 1 << UInt64(row.bit) : bits
        }
    }
}
