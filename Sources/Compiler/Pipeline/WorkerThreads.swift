// Independent pieces of work on a bounded number of threads of their own. LLVM recurses deeply
// on large functions, so the threads have large stacks, which the language's own pool has not.

internal import Platform
internal import Synchronization

package enum WorkerThreads {
    /// Bytes of stack for each thread; only what is touched is ever used.
    private static let stackSize = 256 << 20

    /// Results in the order of the pieces, whatever order they were done in. After the first
    /// failure no further piece is begun; of several failures the first in order is thrown.
    package static func map<Output: Sendable, Failure: Error>(
        count: Int, threads: Int,
        _ body: @escaping @Sendable (Int) throws(Failure) -> Output
    ) throws(Failure) -> [Output] {
        let work = Work(count: count, body: body)
        let handles = (0..<max(1, min(threads, count))).map { _ in start { work.run() } }
        for handle in handles { pthread_join(handle, nil) }
        var outputs: [Output] = []
        for result in work.results {
            guard let result else { break }
            outputs.append(try result.get())
        }
        return outputs
    }

    /// What the threads share.
    private final class Work<Output: Sendable, Failure: Error>: Sendable {
        private let count: Int
        private let body: @Sendable (Int) throws(Failure) -> Output
        private let state: Mutex<State>

        private struct State {
            var next = 0
            var results: [Result<Output, Failure>?]
        }

        init(count: Int, body: @escaping @Sendable (Int) throws(Failure) -> Output) {
            self.count = count
            self.body = body
            state = Mutex(State(results: Array(repeating: nil, count: count)))
        }

        var results: [Result<Output, Failure>?] { state.withLock { $0.results } }

        func run() {
            while let index = takeNext() {
                let result: Result<Output, Failure>
                do throws(Failure) {
                    result = .success(try body(index))
                } catch {
                    result = .failure(error)
                }
                state.withLock { state in
                    state.results[index] = result
                    if case .failure = result { state.next = count }
                }
            }
        }

        private func takeNext() -> Int? {
            state.withLock { state in
                guard state.next < count else { return nil }
                state.next += 1
                return state.next - 1
            }
        }
    }

    /// A thread's body, handed over through a pointer.
    private final class Body {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }

    private static func start(_ body: @escaping () -> Void) -> pthread_t {
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        pthread_attr_init(attributes)
        pthread_attr_setstacksize(attributes, stackSize)
        defer {
            pthread_attr_destroy(attributes)
            attributes.deallocate()
        }
        var thread = pthread_t()
        let context = Unmanaged.passRetained(Body(body)).toOpaque()
        let status = pthread_create(
            &thread, attributes,
            { context in
                let alternateStack = AlternateStack()
                defer { alternateStack.remove() }
                Unmanaged<Body>.fromOpaque(context!).takeRetainedValue().run()
                return nil
            }, context)
        precondition(status == 0, "no thread could be started: error \(status)")
        return thread
    }
}
