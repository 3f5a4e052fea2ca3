// The processors that code can be generated for, and what each of them can do.
//
// LLVM's C interface neither lists processors nor tells their features, and an unknown name makes
// it abort. So the names are listed here, and features are asked for in a roundabout way that
// gives LLVM's own answer: a function is inlined only into callers whose processor has all of its
// features, so for every feature that matters there is a function to be inlined, and what is left
// of the calls says what is missing.

internal import CLLVM
internal import TargetModel

/// A processor by LLVM's name.
public enum TargetCPU {
    /// The x86-64 processors of level 2 and above; older ones lack instructions that vector code
    /// relies on.
    public static let x86_64: [String] = [
        "x86-64-v2", "x86-64-v3", "x86-64-v4", "alderlake", "arrowlake", "arrowlake-s", "bdver1",
        "bdver2", "bdver3", "bdver4", "broadwell", "btver2", "cannonlake", "cascadelake",
        "clearwaterforest", "cooperlake", "diamondrapids", "emeraldrapids", "goldmont",
        "goldmont-plus", "gracemont", "grandridge", "graniterapids", "graniterapids-d", "haswell",
        "icelake-client", "icelake-server", "ivybridge", "lunarlake", "meteorlake", "nehalem",
        "novalake", "pantherlake", "raptorlake", "rocketlake", "sandybridge", "sapphirerapids",
        "sierraforest", "silvermont", "skylake", "skylake-avx512", "tigerlake", "tremont",
        "westmere", "wildcatlake", "znver1", "znver2", "znver3", "znver4", "znver5",
    ]

    /// The AArch64 processors of the A profile.
    public static let aarch64: [String] = [
        "generic", "a64fx", "ampere1", "ampere1a", "ampere1b", "ampere1c", "apple-a10",
        "apple-a11", "apple-a12", "apple-a13", "apple-a14", "apple-a15", "apple-a16", "apple-a17",
        "apple-a18", "apple-a19", "apple-a7", "apple-a8", "apple-a9", "apple-m1", "apple-m2",
        "apple-m3", "apple-m4", "apple-m5", "c1-nano", "c1-premium", "c1-pro", "c1-ultra",
        "carmel", "cobalt-100", "cortex-a320", "cortex-a34", "cortex-a35", "cortex-a510",
        "cortex-a520", "cortex-a520ae", "cortex-a53", "cortex-a55", "cortex-a57", "cortex-a65",
        "cortex-a65ae", "cortex-a710", "cortex-a715", "cortex-a72", "cortex-a720",
        "cortex-a720ae", "cortex-a725", "cortex-a73", "cortex-a75", "cortex-a76", "cortex-a76ae",
        "cortex-a77", "cortex-a78", "cortex-a78ae", "cortex-a78c", "cortex-x1", "cortex-x1c",
        "cortex-x2", "cortex-x3", "cortex-x4", "cortex-x925", "exynos-m3", "exynos-m4",
        "exynos-m5", "falkor", "fujitsu-monaka", "gb10", "grace", "kryo", "neoverse-512tvb",
        "neoverse-e1", "neoverse-n1", "neoverse-n2", "neoverse-n3", "neoverse-v1", "neoverse-v2",
        "neoverse-v3", "neoverse-v3ae", "olympus", "oryon-1", "saphira", "thunderx",
        "thunderx2t99", "thunderx3t110", "thunderxt81", "thunderxt83", "thunderxt88", "tsv110",
    ]

    /// Which of the features a processor has.
    ///
    /// - Parameters:
    ///   - cpu: one of the names above that belong to the triple's architecture.
    ///   - candidates: LLVM's names of features.
    public static func features(
        of cpu: String, triple: String, among candidates: [String]
    ) throws(LLVMError) -> Set<String> {
        let machine = try TargetMachine(triple: triple, cpu: cpu, features: "", level: .none)
        let module = IRModule(name: "features", for: machine)
        let type = module.types.function([], returning: module.types.void)
        let builder = module.builder
        for (index, feature) in candidates.enumerated() {
            let callee = module.addFunction(
                "has.\(index)", type: type, convention: .c, linkage: .internal)
            module.addAttribute(string: "target-cpu", cpu, to: callee)
            module.addAttribute(string: "target-features", "+\(feature)", to: callee)
            builder.position(atEndOf: builder.addBlock("", to: callee))
            builder.returnVoid()
            let caller = module.addFunction(
                "asks.\(index)", type: type, convention: .c, linkage: .hidden)
            module.addAttribute(string: "target-cpu", cpu, to: caller)
            builder.position(atEndOf: builder.addBlock("", to: caller))
            _ = builder.call(callee, [])
            builder.returnVoid()
        }
        try machine.run(passes: "cgscc(inline),globaldce", on: module)
        // A callee that is still there was not inlined.
        let remaining = Set(module.definedFunctions.map(\.name))
        return Set(
            candidates.indices.filter { !remaining.contains("has.\($0)") }.map { candidates[$0] })
    }
}
