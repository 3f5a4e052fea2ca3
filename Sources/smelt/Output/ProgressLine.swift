// One line about how far a long compilation is, for people who watch.

internal import Compiler
internal import Platform
internal import Synchronization
internal import SystemPackage

/// Writes how many functions are compiled and how long the rest may take, over and over on one line
/// of the standard error stream. Nothing is written in the first second, nor if the stream is no
/// terminal.
final class ProgressLine: Sendable {
    private struct State {
        var functions = (done: 0, all: 0)
        var codeBytes = (done: 0, all: 0)
        var isShown = false
        var isOver = false
    }

    private let state = Mutex(State())
    private let start = ContinuousClock().now

    /// Nil if the output is not a terminal.
    private init?() {
        guard isatty(STDERR_FILENO) == 1, Diagnostics.format == .text else { return nil }
    }

    /// Lets a pipeline tell a line, if it is shown.
    static func show(for pipeline: inout Pipeline) -> ProgressLine? {
        guard let line = ProgressLine() else { return nil }
        let observe = pipeline.observe
        pipeline.observe = { event in
            observe(event)
            line.observe(event)
        }
        return line
    }

    func observe(_ event: CompilationEvent) {
        state.withLock { state in
            switch event {
            case .planned(let functions, let codeBytes):
                state.functions.all = functions
                state.codeBytes.all = codeBytes
            case .generated(let part):
                state.functions.done += part.functions
                state.codeBytes.done += part.codeBytes
                show(&state)
            case .finished(.codeGeneration, _): clear(&state)
            case .finished, .linking: break
            }
        }
    }

    /// Takes the line away, for whatever is written next.
    func end() { state.withLock { clear(&$0) } }

    private func show(_ state: inout State) {
        let elapsed = (ContinuousClock().now - start) / .seconds(1)
        guard elapsed >= 1, !state.isOver, state.codeBytes.done > 0 else { return }
        let left =
            elapsed * Double(state.codeBytes.all - state.codeBytes.done)
            / Double(state.codeBytes.done)
        let text = "compiled \(state.functions.done) of \(state.functions.all) functions"
        write(left < 0.5 ? text : text + ", about \(Int(left.rounded(.up))) s left")
        state.isShown = true
    }

    private func clear(_ state: inout State) {
        if state.isShown { write("") }
        state.isShown = false
        state.isOver = true
    }

    private func write(_ text: String) {
        // To the line's beginning, and after the text clear the rest of it.
        _ = try? FileDescriptor.standardError.writeAll("\r\(text)\u{1b}[K".utf8)
    }
}
