// Names of imports, exports, fields, cases and parameters (Explainer.md, "Import and Export Definitions" and
// "Name Uniqueness"). All of them are ASCII.

/// What a name of an import or an export says.
enum ParsedName {
    case label
    case constructor(resource: String)
    case method(resource: String)
    case `static`(resource: String)
    /// With the version, if it has one.
    case interface(version: String?)

    /// Takes a name apart; nil if it is not one.
    init?(_ name: String) {
        if let label = name.suffix(behind: "[constructor]") {
            guard Self.isLabel(label.utf8) else { return nil }
            self = .constructor(resource: label)
        } else if let rest = name.suffix(behind: "[method]") {
            guard let resource = Self.resource(ofMember: rest) else { return nil }
            self = .method(resource: resource)
        } else if let rest = name.suffix(behind: "[static]") {
            guard let resource = Self.resource(ofMember: rest) else { return nil }
            self = .static(resource: resource)
        } else if name.utf8.contains(UInt8(ascii: ":")) {
            guard let path = InterfacePath(name) else { return nil }
            self = .interface(version: path.version)
        } else {
            guard Self.isLabel(name.utf8) else { return nil }
            self = .label
        }
    }

    /// The resource of `resource.member`.
    private static func resource(ofMember name: String) -> String? {
        let parts = name.utf8.split(
            separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, isLabel(parts[0]), isLabel(parts[1]) else { return nil }
        return String(decoding: parts[0], as: UTF8.self)
    }

    /// Whether a name is in kebab case: words of lower case or upper case letters and digits with hyphens
    /// between them, a letter at the beginning.
    static func isLabel(_ name: some Sequence<UInt8>) -> Bool {
        isKebab(name, isLowerCase: false)
    }

    static func isKebab(_ name: some Sequence<UInt8>, isLowerCase: Bool) -> Bool {
        /// What letters the word has so far.
        var hasLower = false
        var hasUpper = false
        var isEmpty = true
        var isFirst = true
        for byte in name {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): hasLower = true
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): hasUpper = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if isFirst && isEmpty { return false }
            case UInt8(ascii: "-"):
                if isEmpty { return false }
                (hasLower, hasUpper, isEmpty, isFirst) = (false, false, true, false)
                continue
            default: return false
            }
            isEmpty = false
            if hasLower && hasUpper || isLowerCase && hasUpper { return false }
        }
        return !isEmpty
    }

    /// The form in which names of one scope have to be different: without the difference of lower and upper
    /// case, and without annotations, but for a constructor's, which may be called as its resource.
    static func canonical(_ name: String) -> String {
        let name = name.lowercased()
        guard let member = name.suffix(behind: "[method]") ?? name.suffix(behind: "[static]") else {
            return name
        }
        let parts = member.split(separator: ".", maxSplits: 1)
        return parts.count == 2 && parts[0] == parts[1] ? String(parts[0]) : member
    }
}

/// The name of an interface: `namespace:package/interface@1.2.3`.
struct InterfacePath {
    /// How many namespaces and projections there are; more than one of either is gated.
    private(set) var isNested: Bool
    private(set) var version: String?

    init?(_ name: String) {
        let parts = name.utf8.split(
            separator: UInt8(ascii: "@"), maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 { version = String(decoding: parts[1], as: UTF8.self) }
        let projections = parts[0].split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let packages = projections[0].split(
            separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard packages.count >= 2, projections.count >= 2,
            packages.allSatisfy({ ParsedName.isKebab($0, isLowerCase: true) }),
            projections.dropFirst().allSatisfy({ ParsedName.isLabel($0) })
        else { return nil }
        isNested = packages.count > 2 || projections.count > 2
    }
}

/// Versions (semver.org 2.0).
enum SemanticVersion {
    /// Whether a text is one.
    static func isValid(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        var build: ArraySlice<UInt8>?
        if let plus = rest.firstIndex(of: UInt8(ascii: "+")) {
            build = rest[(plus + 1)...]
            rest = rest[..<plus]
        }
        var preRelease: ArraySlice<UInt8>?
        if let hyphen = rest.firstIndex(of: UInt8(ascii: "-")) {
            preRelease = rest[(hyphen + 1)...]
            rest = rest[..<hyphen]
        }
        let numbers = split(rest)
        return numbers.count == 3 && numbers.allSatisfy(isNumber)
            && (preRelease.map { split($0).allSatisfy { isIdentifier($0, isBuild: false) } } ?? true)
            && (build.map { split($0).allSatisfy { isIdentifier($0, isBuild: true) } } ?? true)
    }

    /// Whether a text is as much of a version as counts for compatibility: `1`, `0.2` or `0.0.3`.
    static func isCanonical(_ text: String) -> Bool {
        let numbers = split(Array(text.utf8)[...])
        guard (1...3).contains(numbers.count), numbers.allSatisfy(isNumber) else { return false }
        let zero = [UInt8(ascii: "0")][...]
        guard numbers.dropLast().allSatisfy({ $0 == zero }) else { return false }
        return numbers.count == 3 || numbers.last != zero
    }

    private static func split(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    }

    /// Without leading zeros, and as large as a number of 64 bits can be.
    private static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
        guard !text.isEmpty, text.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        guard text.count == 1 || text.first != 0x30 else { return false }
        return UInt64(String(decoding: text, as: UTF8.self)) != nil
    }

    private static func isIdentifier(_ text: ArraySlice<UInt8>, isBuild: Bool) -> Bool {
        guard !text.isEmpty else { return false }
        var isNumber = true
        for byte in text {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): continue
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "-"):
                isNumber = false
            default: return false
            }
        }
        return isBuild || !isNumber || text.count == 1 || text.first != 0x30
    }
}

extension String {
    /// What stands behind a prefix, if the text begins with it.
    fileprivate func suffix(behind prefix: String) -> String? {
        utf8.starts(with: prefix.utf8)
            ? String(decoding: utf8.dropFirst(prefix.utf8.count), as: UTF8.self) : nil
    }
}
