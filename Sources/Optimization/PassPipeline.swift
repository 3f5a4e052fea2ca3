// The passes of each level, in the order in which they run.
//
// They follow LLVM's own pipelines. What differs is that the input was optimised before it became
// WebAssembly, so what only helps fresh code is left out; each omission has its figure in the
// rationale.

/// A sequence of passes in two halves, in LLVM's textual form: loops get their second version
/// between them.
struct PassPipeline {
    /// Inlining and everything that makes code smaller or simpler.
    let simplification: String
    /// Vectors, unrolling, and the last touches.
    let optimization: String

    init(_ level: Optimizer.Level) {
        simplification = Self.simplification(level).joined(separator: ",")
        optimization = Self.optimization(level).joined(separator: ",")
    }

    private static let instcombine = "instcombine<max-iterations=1;no-verify-fixpoint>"
    private static let simplifycfg = "simplifycfg<switch-range-to-icmp>"
    private static let rotate = "loop-rotate<header-duplication;no-prepare-for-lto>"

    private static func simplification(_ level: Optimizer.Level) -> [String] {
        let isAggressive = level == .aggressive
        let body = "function<eager-inv;no-rerun>(\(functionPasses(level).joined(separator: ",")))"
        return [
            "function<eager-inv>(simplifycfg,sroa<modify-cfg>,early-cse<>)", "ipsccp", "globalopt",
            "function<eager-inv>(\(instcombine),\(simplifycfg))", "require<globals-aa>",
            "function(invalidate<aa>)", "require<profile-summary>",
            "cgscc(devirt<4>(inline,function-attrs<skip-non-recursive-function-attrs>,"
                + (isAggressive ? "argpromotion," : "") + body + ",function-attrs))",
            "deadargelim", "globalopt", "globaldce", "rpo-function-attrs", "recompute-globalsaa",
            "function<eager-inv>(float2int,lower-constant-intrinsics,"
                + "loop(\(rotate),loop-deletion),loop-simplify,lcssa)",
        ]
    }

    /// What is done with a function between two rounds of inlining into it.
    private static func functionPasses(_ level: Optimizer.Level) -> [String] {
        let sinkAndHoist =
            "simplifycfg<switch-range-to-icmp;switch-to-arithmetic;hoist-common-insts;"
            + "sink-common-insts>"
        let unswitch = level == .aggressive ? "nontrivial" : "no-nontrivial"
        let hoist =
            "loop-mssa(loop-instsimplify,loop-simplifycfg,licm<no-allowspeculation>,\(rotate),"
            + "licm<allowspeculation>,simple-loop-unswitch<\(unswitch);trivial>)"
        if level == .standard {
            return [
                "sroa<modify-cfg>", "early-cse<memssa>", "correlated-propagation", simplifycfg,
                instcombine, hoist, "loop(indvars,loop-unroll-full)", "gvn<>", "jump-threading",
                instcombine, "dse", sinkAndHoist,
            ]
        }
        return [
            "sroa<modify-cfg>", "early-cse<memssa>", "jump-threading", "correlated-propagation",
            simplifycfg, instcombine, hoist, simplifycfg, instcombine,
            "loop(loop-idiom,indvars,loop-deletion,loop-unroll-full)", "sroa<modify-cfg>",
            "vector-combine", "gvn<>", "sccp", "bdce", instcombine, "jump-threading",
            "correlated-propagation", "adce", "memcpyopt", "dse",
            "loop-mssa(licm<allowspeculation>)", sinkAndHoist, instcombine,
        ]
    }

    private static func optimization(_ level: Optimizer.Level) -> [String] {
        let isAggressive = level == .aggressive
        let unroll = isAggressive ? "O3" : "O2"
        var function: [String] = [simplifycfg, "adce", "loop(loop-idiom,loop-deletion)"]
        if isAggressive { function.append("loop-distribute") }
        function += [
            "loop-vectorize<no-interleave-forced-only;no-vectorize-forced-only;>",
            "infer-alignment",
        ]
        if isAggressive { function.append("loop-load-elim") }
        function += [
            instcombine,
            "simplifycfg<forward-switch-cond;switch-range-to-icmp;switch-to-arithmetic;"
                + "switch-to-lookup;no-keep-loops;hoist-common-insts;sink-common-insts>",
            "slp-vectorizer", "vector-combine",
        ]
        if isAggressive { function.append(instcombine) }
        function += [
            "loop-unroll<\(unroll)>", "sroa<preserve-cfg>", "infer-alignment", instcombine,
            "loop-mssa(licm<allowspeculation>)", "loop-sink", "instsimplify", "div-rem-pairs",
            "tailcallelim",
            "simplifycfg<switch-range-to-icmp;switch-to-arithmetic;"
                + "hoist-loads-stores-with-cond-faulting;speculate-unpredictables>",
        ]
        return [
            "function<eager-inv>(\(function.joined(separator: ",")))", "globaldce", "constmerge",
            "rel-lookup-table-converter",
        ]
    }
}
