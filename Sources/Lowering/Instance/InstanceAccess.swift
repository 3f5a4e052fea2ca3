// Where the state of an instance lives. The lowering asks this protocol and nothing else; only
// its implementations know whether an instance is static (state in globals of the program) or
// dynamic (state behind a pointer that every function gets).

internal import AccessProof
internal import LLVMKit
internal import Optimization
internal import WasmTypes

/// How a table is reached.
enum TableAccess {
    /// A table that nothing changes: constant entries of (type number, code), for calls.
    case immutable(entries: IRValue, count: UInt64)
    /// The address of a `smelt_table`.
    case descriptor(IRValue)
}

/// The contents of a data or element segment.
struct SegmentAccess {
    /// The address of the first byte or element.
    var contents: IRValue
    /// The address of an i64 with the number of bytes or elements: zero once it is dropped.
    var sizeAddress: IRValue
}

/// Answers where things are, as values of the function that is being lowered. Indices are those of the
/// instance's module, for what it imports as well.
protocol InstanceAccess: AnyObject {
    /// What compiled functions get in front of their own parameters.
    var leadingParameters: [IRType] { get }

    /// Whether somebody may look at the state after a trap. LLVM takes a trap for the program's
    /// end, and drops the stores in front of it.
    var outlivesTraps: Bool { get }

    /// From now on questions are asked in this function.
    func enter(_ function: IRFunction)

    /// Defines what other units of the same program may ask for.
    func defineShared()

    // Functions

    /// The leading arguments for a function of the same instance.
    func leadingArguments() -> [IRValue]
    /// The leading arguments for the function that a reference points to.
    func leadingArguments(forReference reference: IRValue) -> [IRValue]
    /// Where a function that gets these leading arguments finds the arguments that have no
    /// registers.
    func argumentArea(_ leading: [IRValue]) -> IRValue
    /// How an imported function is called.
    func importedFunction(_ index: FunctionIndex) -> ImportedFunction
    /// Makes sure that `smelt_type_parents` is defined somewhere in the program.
    func requireTypeHierarchy()
    /// The address of the function's `smelt_function`: what a funcref is.
    func functionReference(_ index: FunctionIndex) -> IRValue

    // State

    /// The address of the `smelt_tag`.
    func tag(_ index: TagIndex) -> IRValue
    /// The value of an immutable global, when it is known at compile time.
    func constantGlobal(_ index: GlobalIndex) -> IRValue?
    func globalAddress(_ index: GlobalIndex) -> IRValue
    /// The address of the memory's first byte.
    func memoryBase(_ index: MemoryIndex) -> IRValue
    /// Where passes find the memory that they know, if it is one of the instance's own.
    var guestMemory: GuestMemory? { get }
    /// Adds its memories and where things are to what the proof of accesses is told.
    func describe(_ facts: inout ProofFacts)
    /// The address of the `smelt_memory`.
    func memoryDescriptor(_ index: MemoryIndex) -> IRValue
    func table(_ index: TableIndex) -> TableAccess
    /// The address of the `smelt_table`, also for tables that never change.
    func tableDescriptor(_ index: TableIndex) -> IRValue
    func dataSegment(_ index: DataIndex) -> SegmentAccess
    func elementSegment(_ index: ElementIndex) -> SegmentAccess
}

/// What is behind an imported function.
enum ImportedFunction {
    /// A function of the runtime, called with the context first.
    case host(HostFunction, context: IRValue)
    /// A function that another instance of the program defines.
    case definition(EntityPlace)
    /// A function of another instance, by reference.
    case reference(IRValue)
    /// A C function that is defined where the object is linked, called with the context first.
    case symbol(String, context: IRValue)
    /// None: a call traps.
    case missing
    /// A function of the program that a library is in, called as C does. Where the functions are is in
    /// the instance.
    case embedder(LibraryPlan.FunctionImport, imports: IRValue)
}
