// What LLVM does with a unit, in parts with names (`PassList` has their order).
//
// They follow LLVM's own pipelines. What differs is that the input was optimised before it became
// WebAssembly, so what only helps fresh code is left out; each omission has its figure in the
// rationale.
//
// sandbox: rests on LLVM's passes keeping the value of every address. They may split it otherwise into
// index and constants, of which `MemoryPlan.swift` says why it does not matter. None of them may read
// where the program does not: the memory's base is a symbol without a size, or a pointer of which
// nothing is promised.

internal import TargetModel

/// Sequences of LLVM's passes, in the textual form of `opt -passes`.
enum LLVMPasses {
    /// What vectors of loops and versions that were lost leave behind.
    static let tidying = [perFunction([instcombine, tidyingBranches])]

    /// Vectors of straight code.
    static let packing = [perFunction(["slp-vectorizer", "vector-combine"])]

    private static func perFunction(_ passes: [String]) -> String {
        "function<eager-inv>(\(passes.joined(separator: ",")))"
    }

    private static let instcombine = "instcombine<max-iterations=1;no-verify-fixpoint>"
    private static let simplifycfg = "simplifycfg<switch-range-to-icmp>"
    private static let tidyingBranches =
        "simplifycfg<forward-switch-cond;switch-range-to-icmp;switch-to-arithmetic;"
        + "switch-to-lookup;no-keep-loops;hoist-common-insts;sink-common-insts>"
    private static let lastBranches =
        "simplifycfg<switch-range-to-icmp;switch-to-arithmetic;"
        + "hoist-loads-stores-with-cond-faulting;speculate-unpredictables>"
    private static let rotate = "loop-rotate<header-duplication;no-prepare-for-lto>"

    /// All that happens at -O1: inlining, and one look at each function after it.
    static let quick = [
        "function<eager-inv>(simplifycfg,sroa<modify-cfg>,early-cse<>)", "globalopt",
        "cgscc(inline,function<eager-inv;no-rerun>(sroa<modify-cfg>,early-cse<memssa>,"
            + "\(simplifycfg),\(instcombine),simplifycfg))",
        "globaldce",
    ]

    /// All that happens at -Os: what finds more to leave out than it adds. Branches that were joined
    /// before their returns leave calls that are no longer the last; `tailcallelim` undoes that.
    static let small =
        simplification(.size) + [
            perFunction([
                instcombine, tidyingBranches, instcombine, "sroa<preserve-cfg>", instcombine,
                "loop-mssa(licm<allowspeculation>)", "instsimplify", "div-rem-pairs",
                "tailcallelim", lastBranches,
            ]), "globaldce", "constmerge", "rel-lookup-table-converter",
        ]

    /// What the code of objects leaves behind: the window is loaded again for each of them.
    static let tidyingObjects = [perFunction(["early-cse<memssa>"])]

    /// Inlining and everything that makes code smaller or simpler.
    static func simplification(_ level: OptimizationLevel) -> [String] {
        let isAggressive = level == .aggressive
        let body = "function<eager-inv;no-rerun>(\(functionPasses(level).joined(separator: ",")))"
        return [
            "function<eager-inv>(simplifycfg,sroa<modify-cfg>,early-cse<>)", "ipsccp", "globalopt",
            "function<eager-inv>(\(instcombine),\(simplifycfg))", "require<globals-aa>",
            "function(invalidate<aa>)", "require<profile-summary>",
            "cgscc(devirt<4>(inline,function-attrs<skip-non-recursive-function-attrs>,"
                + (isAggressive ? "argpromotion," : "") + body
                + (level == .size ? "" : ",function-attrs") + "))",
            "deadargelim", "globalopt", "globaldce", "rpo-function-attrs", "recompute-globalsaa",
            "function<eager-inv>(float2int,lower-constant-intrinsics,"
                + "loop(\(rotate),loop-deletion),loop-simplify,lcssa)",
        ]
    }

    /// What is done with a function between two rounds of inlining into it.
    private static func functionPasses(_ level: OptimizationLevel) -> [String] {
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
                instcombine, hoist, "loop(indvars)", "gvn<>", "jump-threading",
                instcombine, "dse", sinkAndHoist,
            ]
        }
        if level == .size {
            return [
                "sroa<modify-cfg>", "early-cse<memssa>", "jump-threading", simplifycfg, instcombine,
                "loop-mssa(loop-instsimplify,loop-simplifycfg,licm<no-allowspeculation>,\(rotate))",
                simplifycfg, instcombine, "loop(loop-idiom,indvars,loop-deletion)",
                "sroa<modify-cfg>", instcombine, "jump-threading", "adce", "dse",
                "loop-mssa(licm<allowspeculation>)", sinkAndHoist, instcombine,
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

    /// Vectors of loops.
    static func loopVectorization(_ level: OptimizationLevel) -> [String] {
        let isAggressive = level == .aggressive
        var passes: [String] = [simplifycfg, "adce"]
        passes +=
            isAggressive
            ? ["loop(loop-idiom,loop-deletion)", "loop-distribute"] : ["loop(loop-deletion)"]
        passes += [
            "loop-vectorize<no-interleave-forced-only;no-vectorize-forced-only;>",
            "infer-alignment",
        ]
        if isAggressive { passes.append("loop-load-elim") }
        return [perFunction(passes)]
    }

    /// Unrolling and the last touches.
    static func finish(_ level: OptimizationLevel) -> [String] {
        let isAggressive = level == .aggressive
        let body =
            (isAggressive ? [instcombine] : []) + [
                "loop-unroll<\(isAggressive ? "O3" : "O2")>", "sroa<preserve-cfg>",
                "infer-alignment", instcombine, "loop-mssa(licm<allowspeculation>)", "loop-sink",
                "instsimplify", "div-rem-pairs", "tailcallelim", lastBranches,
            ]
        return [perFunction(body), "globaldce", "constmerge", "rel-lookup-table-converter"]
    }
}
