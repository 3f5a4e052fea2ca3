// What a choice of processor means: LLVM's name and features for it, and what a program must
// check before it uses them.

internal import LLVMKit
internal import RuntimeABI

/// A processor that code is generated for.
package struct CPUSelection: Hashable {
    /// LLVM's name.
    package private(set) var name: String
    /// LLVM's features in addition to the name's: `+name` and `-name`, separated by commas.
    package private(set) var features: String
    /// How messages call it.
    var description: String
    /// What a machine must have, as bits of the runtime's table of features.
    var requiredFeatures: UInt64

    /// - Throws: an error that lists the names, if the name is not one of the target's.
    package init(_ cpu: CPU, target: Target) throws(CompilerError) {
        let table = Self.featureTable(of: target)
        switch cpu {
        case .baseline: (name, description) = (target.baselineCPU, target.baselineName)
        case .native: (name, description) = (LLVM.hostCPU.name, LLVM.hostCPU.name)
        case .named(target.baselineName):
            (name, description) = (target.baselineCPU, target.baselineName)
        case .named(let chosen): (name, description) = (chosen, chosen)
        }
        if cpu == .native {
            // Only what the runtime can check; the rest matters to kernels.
            let known = Set(table.map(\.name))
            let host = LLVM.hostCPU.features.split(separator: ",")
                .filter { known.contains(String($0.dropFirst())) }
            features = host.joined(separator: ",")
            let present = Set(host.filter { $0.hasPrefix("+") }.map { String($0.dropFirst()) })
            requiredFeatures = Self.bits(of: present, in: table)
            return
        }
        guard target.cpus.contains(name) else {
            let similar = Spelling.nearest(to: name, among: target.cpus)
            var error = CompilerError(.option("unknown CPU '\(name)' for \(target.triple)"))
            if let similar { error.furtherNotes.append("did you mean \(similar)?") }
            error.furtherNotes.append("smelt help targets lists the names")
            throw error
        }
        features = ""
        do {
            let present = try TargetCPU.features(
                of: name, triple: target.triple, among: table.map(\.name))
            requiredFeatures = Self.bits(of: present, in: table)
        } catch {
            throw CompilerError(.llvm(error))
        }
    }

    /// The names of the required features, in the order of the runtime's table.
    func requiredFeatureNames(for target: Target) -> [String] {
        Self.featureTable(of: target).filter { requiredFeatures >> UInt64($0.bit) & 1 == 1 }
            .map(\.name)
    }

    /// The runtime's table: the features that it can check, with their bits.
    private static func featureTable(of target: Target) -> [(name: String, bit: UInt8)] {
        var count = 0
        let rows =
            switch target {
            case .x86_64LinuxMusl: smelt_x86_64_cpu_features(&count)
            case .aarch64LinuxMusl: smelt_aarch64_cpu_features(&count)
            }
        return UnsafeBufferPointer(start: rows, count: count).map {
            (String(cString: $0.name), $0.bit)
        }
    }

    private static func bits(
        of names: Set<String>, in table: [(name: String, bit: UInt8)]
    ) -> UInt64 {
        table.reduce(0) { names.contains($1.name) ? $0 | 1 << UInt64($1.bit) : $0 }
    }
}

extension Target {
    /// The CPUs that `--cpu` knows, the baseline first.
    public var cpus: [String] {
        switch self {
        case .x86_64LinuxMusl: TargetCPU.x86_64
        case .aarch64LinuxMusl: TargetCPU.aarch64
        }
    }
}
