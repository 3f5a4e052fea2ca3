// Where exceptions go that leave the body of a try: what is known of it while the body is lowered.

internal import LLVMKit

/// The handler of a try_table, or of a try of the older encoding.
struct ExceptionHandler {
    /// Where calls in the body go in an exception; made when the first one is.
    private(set) var landingPad: BasicBlock?
    /// For each such call its block, and the locals that the frame assigns.
    private(set) var unwindEdges: [ControlFrame.Edge] = []
    /// Where the function itself goes with an exception, from a throw or a handler inside of the body.
    private(set) var entry: BasicBlock?
    /// For each of these ways the block, the exception, and the locals that the frame assigns.
    private(set) var entryEdges: [ControlFrame.Edge] = []
    /// Of the older encoding: where an exception goes that none of the handlers so far was for, with
    /// the locals that the frame assigns.
    var rest: (block: BasicBlock, exception: IRValue, locals: [IRValue])?

    /// Whether anything in the body can throw.
    var isUsed: Bool { landingPad != nil || entry != nil }

    /// Adds a call, in this block, that goes to the landing pad.
    mutating func addUnwindEdge(from block: BasicBlock, locals: [IRValue], to pad: BasicBlock) {
        landingPad = pad
        unwindEdges.append((block, locals))
    }

    /// Adds a way with an exception, from the end of this block to the entry.
    mutating func addEntryEdge(
        from block: BasicBlock, exception: IRValue, locals: [IRValue], to entry: BasicBlock
    ) {
        self.entry = entry
        entryEdges.append((block, [exception] + locals))
    }
}
