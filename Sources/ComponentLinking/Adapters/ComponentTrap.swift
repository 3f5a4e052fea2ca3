// What can go wrong between components. Generated code calls the runtime with one of these numbers, and a
// second one that some texts show.

/// A trap of the Component Model. The numbers are known to the runtime.
public enum ComponentTrap: UInt32, Sendable, CaseIterable {
    case unknownHandle = 0
    case wrongResourceType = 1
    case handleIsLent = 2
    case handleIsBorrowed = 3
    case borrowsRemain = 4
    case tooManyHandles = 5
    case cannotLeave = 6
    case cannotEnter = 7
    case invalidUTF8 = 8
    case invalidUTF16 = 9
    case invalidCharacter = 10
    case invalidDiscriminant = 11
    case stringOutOfBounds = 12
    case listOutOfBounds = 13
    case argumentsOutOfBounds = 14
    case unalignedPointer = 15
    case stringTooLong = 16
    case listTooLong = 17
    case reallocOutOfBounds = 18
    case reallocUnaligned = 19
    case uncaughtException = 20
    case notSupported = 21
    case incompleteUTF8 = 22
    case stringPointerOutOfBounds = 23
    case backpressureOutOfRange = 24

    /// With `%u` where the second number belongs.
    public var text: String {
        switch self {
        case .unknownHandle: "unknown handle index %u"
        case .wrongResourceType:
            "handle index %u used with the wrong type, "
                + "expected guest-defined resource but found a different guest-defined resource"
        case .handleIsLent: "cannot remove owned resource while borrowed"
        case .handleIsBorrowed: "handle index %u is a borrow where an own is needed"
        case .borrowsRemain: "borrow handles still remain at the end of the call"
        case .tooManyHandles: "resource table has no free keys"
        case .cannotLeave: "cannot leave component instance"
        case .cannotEnter: "cannot enter component instance"
        case .invalidUTF8: "invalid utf-8"
        case .invalidUTF16: "unpaired surrogate in a UTF-16 string"
        case .invalidCharacter: "invalid `char` bit pattern"
        case .invalidDiscriminant: "invalid variant discriminant"
        case .stringOutOfBounds: "string content out-of-bounds"
        case .listOutOfBounds: "list content out-of-bounds"
        case .argumentsOutOfBounds: "parameters or results out of bounds of memory"
        case .unalignedPointer: "unaligned pointer"
        case .stringTooLong: "string is longer than 2^28 bytes"
        case .listTooLong: "list is longer than 2^28 bytes"
        case .reallocOutOfBounds: "realloc return: beyond end of memory"
        case .reallocUnaligned: "realloc return: result not aligned"
        case .uncaughtException: "an exception reached the border of a component"
        case .notSupported: "a function of the Component Model that is not supported"
        case .stringPointerOutOfBounds: "string pointer/length out of bounds of memory"
        case .backpressureOutOfRange: "backpressure counter overflow"
        case .incompleteUTF8: "incomplete utf-8 byte sequence"
        }
    }
}
