// How wide vectors should be.

internal import Synchronization
internal import TargetModel

/// The vectors that LLVM's vectoriser prefers for a machine. LLVM's C interface does not tell; a loop
/// that it vectorises does, which takes some milliseconds, once for each kind of machine.
public struct PreferredVectors: Hashable, Sendable {
    private let triple, cpu, features: String

    private static let known = Mutex<[PreferredVectors: Int]>([:])

    public init(for machine: borrowing TargetMachine) {
        triple = machine.triple
        cpu = machine.cpu
        features = machine.features
    }

    /// The number of bytes in a vector; that of WebAssembly's if LLVM cannot be asked.
    public var byteCount: Int {
        if let known = Self.known.withLock({ $0[self] }) { return known }
        let count = (try? measure()) ?? 16
        Self.known.withLock { $0[self] = count }
        return count
    }

    private func measure() throws(LLVMError) -> Int {
        let machine = try TargetMachine(
            triple: triple, cpu: cpu, features: features, level: .none)
        let module = try IRModule(parsing: Self.increment, for: machine)
        let passes = "loop-vectorize<no-interleave-forced-only;no-vectorize-forced-only;>"
        try machine.run(passes: passes, on: module)
        let loads = module.functionDefinitions.flatMap(\.blocks).flatMap(\.instructions)
            .filter { $0.opcode == .load }
        return loads.compactMap { $0.type.storeByteCount }.max().map(Int.init) ?? 16
    }

    private static let increment = """
        define void @increment(ptr %p, i64 %n) {
        entry:
          br label %loop
        loop:
          %i = phi i64 [ 0, %entry ], [ %next, %loop ]
          %place = getelementptr inbounds i32, ptr %p, i64 %i
          %old = load i32, ptr %place
          %new = add i32 %old, 1
          store i32 %new, ptr %place
          %next = add nuw nsw i64 %i, 1
          %done = icmp eq i64 %next, %n
          br i1 %done, label %exit, label %loop
        exit:
          ret void
        }
        """
}
