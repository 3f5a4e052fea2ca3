// The words of the command line, which are bytes, for a parser that takes strings. A byte that is
// not part of UTF-8 becomes a character from the end of the last private plane, and is that byte
// again when the parser hands the word over. Such characters in the words themselves are taken
// apart into bytes, too, so that no two command lines look the same.

public import ArgumentParser
public import Compiler

enum CommandLineWords {
    /// The words behind the command's name.
    static var ofThisProcess: [ByteString] {
        (1..<max(1, Int(CommandLine.argc))).compactMap { index in
            CommandLine.unsafeArgv[index].map { ByteString(cString: $0) }
        }
    }

    /// U+10FF80 stands for the byte 0x80, and so on.
    private static let standIns: ClosedRange<UInt32> = 0x10_ff80...0x10_ffff

    private static let difference: UInt32 = 0x10_ff00

    /// A word as the parser gets it.
    static func encode(_ word: ByteString) -> String {
        var result = String.UnicodeScalarView()
        var rest = word.bytes[...]
        while let byte = rest.first {
            // A scalar has at most four bytes, and the shortest valid beginning is one.
            let scalar = (1...4).lazy
                .compactMap { String(validating: rest.prefix($0), as: UTF8.self) }
                .first?.unicodeScalars.first
            if let scalar, !standIns.contains(scalar.value) {
                result.append(scalar)
                rest = rest.dropFirst(UTF8.width(scalar))
            } else {
                result.append(Unicode.Scalar(difference + UInt32(byte))!)
                rest = rest.dropFirst()
            }
        }
        return String(result)
    }

    /// The word that the parser was given.
    static func decode(_ text: String) -> ByteString {
        ByteString(
            text.unicodeScalars.flatMap { scalar in
                standIns.contains(scalar.value)
                    ? [UInt8(scalar.value - difference)] : Array(String(scalar).utf8)
            })
    }

    /// A text of the parser's with the words in it as messages show them.
    static func readable(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { decode(String($0)).description }.joined(separator: "\n")
    }
}

extension ByteString: ExpressibleByArgument {
    public init?(argument: String) { self = CommandLineWords.decode(argument) }
}
