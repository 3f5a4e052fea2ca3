// Functions in LLVM's textual form, for the proof of accesses to look at.

import AccessProof
import LLVMKit
import TargetModel
import Testing

/// Functions that access a guarded memory (`@memory`, 4 GiB and 64 KiB), one without guard (`@small`)
/// and a table.
struct ProofCase: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String

    init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
    }

    var testDescription: String { name }

    static let guardBytes: UInt64 = 1 << 16

    static func facts(reachableBytes: UInt64 = (1 << 32) + guardBytes) -> ProofFacts {
        var facts = ProofFacts()
        facts.memories = [
            ProofFacts.Memory(
                reachableBytes: reachableBytes, minimumBytes: 65536, maximumBytes: 1 << 32),
            ProofFacts.Memory(
                reachableBytes: nil, minimumBytes: 0, maximumBytes: 1 << 47),
        ]
        facts.symbols = [
            "memory": .memoryBase(0), "descriptor": .memory(0), "small": .memoryBase(1),
            "small_descriptor": .memory(1), "table": .table(0),
        ]
        facts.segmentMemory = 0
        return facts
    }

    static let declarations = """
        @memory = external global [0 x i8]
        @descriptor = external global [0 x i8]
        @small = external global [0 x i8]
        @small_descriptor = external global [0 x i8]
        @table = external global [0 x i8]
        @numbers = internal global [4 x i32] zeroinitializer
        @constant = internal constant [4 x i32] zeroinitializer
        declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
        declare void @somebody(ptr)

        """

    static func module(_ text: String) throws -> IRModule {
        let machine = try TargetMachine(
            triple: "x86_64-linux-musl", cpu: "x86-64-v2", features: "", level: .standard)
        let module = try IRModule(parsing: text, for: machine)
        try module.verify()
        return module
    }

    func report(_ facts: ProofFacts = Self.facts()) throws -> ProofReport {
        AccessProof(facts).check(try Self.module(Self.declarations + text))
    }
}

func + (item: ProofCase, declaration: String) -> ProofCase {
    ProofCase(item.name, item.text + "\n" + declaration)
}
