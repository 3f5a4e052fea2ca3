// Names of functions as their authors wrote them, from what compilers made of them.

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

enum ReadableNames {
    /// A name without the marks of C++'s and Rust's mangling; others stay as they are.
    static func readable(_ name: String) -> String {
        let plain = name.hasPrefix("_Z") ? demangle(name) ?? name : name
        return withoutRustHash(plain).map(decodeRust) ?? plain
    }

    /// The Itanium C++ ABI's mangling. LLVM brings the library that knows it.
    private static func demangle(_ name: String) -> String? {
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
