// Canonical definitions: functions of components made from core functions, and the other way round, and
// the functions that the Component Model itself provides to core modules.

public import WasmTypes

/// How strings are laid out in a core instance's memory.
public enum StringEncoding: UInt8, Hashable, Sendable, CaseIterable {
    case utf8 = 0x00
    case utf16 = 0x01
    case latin1OrUTF16 = 0x02
}

/// The options of a canonical definition; nil is an option that is not there.
public struct CanonicalOptions: Hashable, Sendable {
    public var stringEncoding: StringEncoding?
    /// The index of a core memory.
    public var memory: UInt32?
    /// The index of a core function.
    public var realloc: UInt32?
    /// The index of a core function.
    public var postReturn: UInt32?
    public var isAsync = false
    /// The index of a core function.
    public var callback: UInt32?

    public init() {}
}

/// A canonical definition (`canon`). All but `lift` define a core function.
public enum CanonicalDefinition: Hashable, Sendable {
    case lift(coreFunction: UInt32, options: CanonicalOptions, type: UInt32)
    case lower(function: UInt32, options: CanonicalOptions)
    case resourceNew(UInt32)
    case resourceDrop(UInt32)
    case resourceRep(UInt32)
    case backpressureIncrement
    case backpressureDecrement
    case taskReturn(result: ComponentValueType?, options: CanonicalOptions)
    case taskCancel
    case contextGet(ValueType, UInt32)
    case contextSet(ValueType, UInt32)
    case subtaskCancel(isAsync: Bool)
    case subtaskDrop
    case streamNew(UInt32)
    case streamRead(UInt32, CanonicalOptions)
    case streamWrite(UInt32, CanonicalOptions)
    case streamCancelRead(UInt32, isAsync: Bool)
    case streamCancelWrite(UInt32, isAsync: Bool)
    case streamDropReadable(UInt32)
    case streamDropWritable(UInt32)
    case futureNew(UInt32)
    case futureRead(UInt32, CanonicalOptions)
    case futureWrite(UInt32, CanonicalOptions)
    case futureCancelRead(UInt32, isAsync: Bool)
    case futureCancelWrite(UInt32, isAsync: Bool)
    case futureDropReadable(UInt32)
    case futureDropWritable(UInt32)
    case errorContextNew(CanonicalOptions)
    case errorContextDebugMessage(CanonicalOptions)
    case errorContextDrop
    case waitableSetNew
    case waitableSetWait(isCancellable: Bool, memory: UInt32)
    case waitableSetPoll(isCancellable: Bool, memory: UInt32)
    case waitableSetDrop
    case waitableJoin
    case threadIndex
    case threadNewIndirect(type: UInt32, table: UInt32)
    case threadResumeLater
    case threadSuspend(isCancellable: Bool)
    case threadYield(isCancellable: Bool)
    case threadSuspendThenResume(isCancellable: Bool)
    case threadYieldThenResume(isCancellable: Bool)
    case threadSuspendThenPromote(isCancellable: Bool)
    case threadYieldThenPromote(isCancellable: Bool)
    case threadSpawnRef(isShared: Bool, type: UInt32)
    case threadSpawnIndirect(isShared: Bool, type: UInt32, table: UInt32)
    case threadAvailableParallelism(isShared: Bool)
}
