// What happens to accesses of memory that cannot be proved to stay in the sandbox.

/// What is done with the proof that accesses stay in the sandbox. Anything but `standard` is for tests
/// and measurements.
public enum AccessProofMode: String, Sendable, Hashable, CaseIterable {
    /// There is none.
    case off
    /// What is not proved is listed.
    case report
    /// What is not proved is checked when it is executed. Code without optimisation of which that
    /// cannot be said is refused.
    case enforce
    /// The same in executables without garbage-collected objects, but code without optimisation is as
    /// the lowering has made it. Other modules have forms of accesses that the proof does not know.
    case standard
}
