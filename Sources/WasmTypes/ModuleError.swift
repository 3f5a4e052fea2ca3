// What can be wrong with a module, and where. Text is put together only when it is shown.

/// A reason to refuse a module.
public struct ModuleError: Error, Hashable, Sendable {
    /// The four ways in which a module can fail; each asks something else of its author.
    public enum Kind: Hashable, Sendable {
        /// Not a WebAssembly binary (section 5 of the specification).
        case malformed
        /// A binary that breaks a rule of validation (section 3).
        case invalid
        /// Perhaps valid, but using a feature that was not asked for.
        case unsupported
        /// Valid, but larger than what this implementation accepts (section A.2).
        case limitExceeded
    }

    /// What the file is that the error is in.
    public enum Subject: String, Hashable, Sendable {
        case module, component
    }

    /// What the author has to do about it.
    public var kind: Kind
    public var subject = Subject.module
    /// Lower case, without a full stop, in the specification's words where it has some.
    public var message: String
    /// Where in the file, in bytes from its start.
    public var offset: Int
    /// The function whose body the error is in, if it is in one.
    public var function: FunctionIndex?

    /// An error at an offset in the file.
    public init(
        _ kind: Kind, _ message: String, at offset: Int, in function: FunctionIndex? = nil
    ) {
        self.kind = kind
        self.message = message
        self.offset = offset
        self.function = function
    }
}

extension ModuleError {
    /// What messages begin with.
    public var label: String {
        switch kind {
        case .malformed: "malformed \(subject.rawValue)"
        case .invalid: "invalid \(subject.rawValue)"
        case .unsupported: "unsupported feature"
        case .limitExceeded: "implementation limit exceeded"
        }
    }
}

extension ModuleError: CustomStringConvertible {
    /// One line: what is wrong, where, and why.
    public var description: String { description(of: function.map { "#\($0)" }) }

    /// The same with a better name for the function than its index.
    public func description(of function: String?) -> String {
        let place = function.map { " in function \($0)" } ?? ""
        return "\(label) at 0x\(String(offset, radix: 16))\(place): \(message)"
    }
}
