// Golden files: expected text beside the tests, alone or behind the input that it is made from.
// With SMELT_UPDATE_GOLDEN set to anything, tests write what they get instead of comparing.

public import Foundation

/// A file with expected text.
public struct GoldenFile {
    private let url: URL
    private let separator: String?
    /// What stands in front of the separator, or nothing.
    public let input: String
    private let expected: String?

    /// - Parameter separator: stands between input and output in files that hold both.
    public init(_ url: URL, separator: String? = nil) throws {
        self.url = url
        self.separator = separator
        let text = try? String(contentsOf: url, encoding: .utf8)
        guard let separator else {
            (input, expected) = ("", text)
            return
        }
        guard let text else { throw CocoaError(.fileReadNoSuchFile) }
        let parts = text.components(separatedBy: separator)
        input = parts[0]
        expected = parts.count == 2 ? parts[1] : nil
    }

    /// The names of a folder's files with an extension, in their order.
    public static func names(in folder: URL, withExtension suffix: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".\(suffix)") }.sorted()
    }

    /// Whether golden files are written instead of being compared.
    public static var areRewritten: Bool {
        ProcessInfo.processInfo.environment["SMELT_UPDATE_GOLDEN"] != nil
    }

    /// Compares the output with what is expected, or writes it.
    ///
    /// - Returns: nil if they are the same, else the file with the first line that differs.
    public func difference(from output: String) throws -> String? {
        if Self.areRewritten {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            let text = separator.map { input + $0 + output } ?? output
            try text.write(to: url, atomically: true, encoding: .utf8)
            return nil
        }
        let name = url.lastPathComponent
        guard let expected else {
            return "\(name) expects nothing yet; run with SMELT_UPDATE_GOLDEN=1"
        }
        if expected == output { return nil }
        let (wanted, got) = (lines(of: expected), lines(of: output))
        let index = zip(wanted, got).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        let place = index ?? min(wanted.count, got.count)
        func line(_ lines: [Substring]) -> Substring {
            place < lines.count ? lines[place] : "<end>"
        }
        return """
            \(name): line \(place + 1) of the output differs
            expected: \(line(wanted))
            got:      \(line(got))
            all of it:
            \(output)
            """
    }

    private func lines(of text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
    }
}
