// What happens to accesses of memory that cannot be proved to stay in the sandbox.

/// What is done with the proof that accesses stay in the sandbox; for tests and development.
public enum AccessProofMode: String, Sendable, Hashable, CaseIterable {
    /// There is none.
    case off
    /// What is not proved is listed.
    case report
    /// What is not proved is checked when it is executed.
    case enforce
}
