// Names of functions as their authors wrote them, from what compilers made of them.

internal import Platform

enum ReadableNames {
    /// A name without the marks of C++'s and Rust's mangling; others stay as they are.
    static func readable(_ name: String) -> String {
        let name = withoutPromotion(name)
        let plain = name.hasPrefix("_Z") ? demangle(name) ?? name : name
        return withoutRustHash(plain).map(decodeRust) ?? plain
    }

    /// A name without what LLVM puts behind it when it makes a local function of one unit visible
    /// to others, `.llvm.` and a number, which says nothing to people.
    static func withoutPromotion(_ name: String) -> String {
        let digits = name.utf8.reversed().prefix { (0x30...0x39).contains($0) }.count
        let mark = ".llvm."
        guard digits > 0, name.utf8.dropLast(digits).reversed().starts(with: mark.utf8.reversed())
        else { return name }
        return String(Substring(name.utf8.dropLast(digits + mark.utf8.count)))
    }

    /// A mangled name refers back to its own parts, so each reference can double its length: 300
    /// bytes can stand for gigabytes.
    private static let (longestMangled, longestPlain) = (4096, 1 << 22)

    private static func isShort(_ mangled: String) -> Bool {
        var largest = mangled.utf8.count
        guard largest <= longestMangled else { return false }
        var isReference = false
        for byte in mangled.utf8 {
            switch byte {
            case UInt8(ascii: "S"), UInt8(ascii: "T"): isReference = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"): break
            case UInt8(ascii: "_") where isReference:
                largest *= 2
                if largest > longestPlain { return false }
                isReference = false
            default: isReference = false
            }
        }
        return true
    }

    /// The Itanium C++ ABI's mangling. LLVM brings the library that knows it.
    private static func demangle(_ name: String) -> String? {
        guard isShort(name) else { return nil }
        typealias Function =
            @convention(c) (
                UnsafePointer<CChar>, UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<Int>?,
                UnsafeMutablePointer<Int32>?
            ) -> UnsafeMutablePointer<CChar>?
        guard let address = dlsym(nil, "__cxa_demangle") else { return nil }
        let function = unsafeBitCast(address, to: Function.self)
        guard let text = function(name, nil, nil, nil) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }

    /// A path of Rust's older mangling, which ends in a hash; nil for others.
    private static func withoutRustHash(_ name: String) -> Substring? {
        // A note about a copy of the function may follow.
        let path = name.prefix { $0 != " " }
        let hash = path.suffix(19)
        guard hash.hasPrefix("::h"), hash.count == 19,
            hash.dropFirst(3).allSatisfy({ $0.isHexDigit && !$0.isUppercase })
        else { return nil }
        return path.dropLast(19)
    }

    /// Rust's spelling of what symbols may not contain, such as `$LT$` for `<`.
    private static func decodeRust(_ path: Substring) -> String {
        let codes = [
            "LT": "<", "GT": ">", "RF": "&", "BP": "*", "C": ",", "LP": "(", "RP": ")", "SP": "@",
        ]
        var result = ""
        var rest = path.replacing("_$", with: "$").replacing("..", with: "::")[...]
        while let start = rest.firstIndex(of: "$") {
            let behind = rest[rest.index(after: start)...]
            guard let end = behind.firstIndex(of: "$") else { break }
            let code = String(behind[..<end])
            let scalar =
                code.hasPrefix("u")
                ? UInt32(code.dropFirst(), radix: 16).flatMap(Unicode.Scalar.init) : nil
            guard let text = codes[code] ?? scalar.map({ String(Character($0)) }) else {
                result += rest[..<end]
                rest = rest[end...]
                continue
            }
            result += rest[..<start] + text
            rest = behind[behind.index(after: end)...]
        }
        return result + rest
    }
}
