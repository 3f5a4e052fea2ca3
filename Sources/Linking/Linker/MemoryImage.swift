// The initial contents of linear memory 0, as the linker sees them: a list of chunks, grouped
// into segments of the executable.
//
// A segment covers everything from its first byte up to the next segment (or up to the memory's
// initial size), so after `execve` the whole memory is mapped and zero where no chunk is, but for the
// end of a large one, which the runtime adds. A
// segment starts on a page boundary: the kernel maps whole pages of the file, and bytes before
// an unaligned start would be whatever the file holds there instead of zeros.

internal import PlantedFaults
internal import RuntimeABI
internal import Sandbox

/// The initial contents of linear memory 0.
public struct MemoryImage: Sendable, Hashable {
    /// A piece of initialised memory. The bytes are the contents of all input sections that are
    /// called `sectionName`.
    public struct Chunk: Sendable, Hashable {
        /// Where the chunk starts, in bytes from the start of the memory.
        public var offset: UInt64
        /// Its size in bytes.
        public var size: UInt64

        public init(offset: UInt64, size: UInt64) {
            self.offset = offset
            self.size = size
        }

        /// The first byte behind the chunk.
        public var end: UInt64 { offset + size }

        /// The input section that holds the chunk's bytes: `SMELT_SECTION_MEMORY.<offset in hex>`.
        public var sectionName: String { SMELT_SECTION_MEMORY + "." + String(offset, radix: 16) }
    }

    /// Neighbouring chunks that share one segment of the executable.
    package struct Segment: Hashable {
        /// Where the segment starts in the memory, in bytes: a page boundary.
        package var start: UInt64
        /// The first byte behind the segment: where the next one starts, or the end of what is mapped.
        package var end: UInt64
        /// What it contains, by ascending offset. Only the first segment may be empty.
        package var chunks: [Chunk]
    }

    /// The initial size of the memory in bytes.
    public let initialSize: UInt64
    /// The address space that is the memory's own, in bytes, its size included.
    public let reservedSize: UInt64
    /// The initialised parts, by ascending offset, without overlap.
    public let chunks: [Chunk]

    /// Describes a memory.
    ///
    /// - Parameters:
    ///   - initialSize: The initial size in bytes; zero is fine.
    ///   - reservedSize: The address space that the program takes, if that is more.
    ///   - chunks: The initialised parts in any order. Empty ones are dropped.
    /// - Throws: ``LinkError/overlappingChunks(offset:)``, ``LinkError/chunkOutsideMemory(offset:)`` or
    ///   ``LinkError/memoryTooLarge(size:)``.
    public init(
        initialSize: UInt64, reservedSize: UInt64 = 0, chunks: [Chunk] = []
    ) throws(LinkError) {
        for size in [initialSize, reservedSize] where size > MemoryPlan.largestSize {
            throw .memoryTooLarge(size: size)
        }
        let ordered = chunks.filter { $0.size > 0 }.sorted { $0.offset < $1.offset }
        var end: UInt64 = 0
        for chunk in ordered {
            let (chunkEnd, overflow) = chunk.offset.addingReportingOverflow(chunk.size)
            guard !overflow, chunkEnd <= initialSize else {
                throw .chunkOutsideMemory(offset: chunk.offset)
            }
            guard chunk.offset >= end else { throw .overlappingChunks(offset: chunk.offset) }
            end = chunkEnd
        }
        self.initialSize = initialSize
        self.reservedSize = max(initialSize, reservedSize)
        self.chunks = ordered
    }

    /// How much of the memory the kernel maps, in whole pages: its initial size, or of a large one
    /// what the limit and the contents ask for.
    package func mappedSize(pageSize: UInt64) -> UInt64 {
        min(initialSize, max(MemoryPlacement.mappedLimit, chunks.last?.end ?? 0))
            .roundedUp(to: pageSize) + (PlantedFault.imageEnd.isPlanted ? pageSize : 0)
    }

    /// The segments that the memory is made of, for a page size. None when the memory is empty.
    package func segments(pageSize: UInt64) -> [Segment] {
        let limit = mappedSize(pageSize: pageSize)
        guard limit > 0 else { return [] }
        guard let first = chunks.first else { return [Segment(start: 0, end: limit, chunks: [])] }

        let splits = splitPoints(pageSize: pageSize)
        var segments: [Segment] = []
        if first.offset.roundedDown(to: pageSize) > 0 {
            segments.append(Segment(start: 0, end: 0, chunks: []))
        }
        for (index, chunk) in chunks.enumerated() {
            if index == 0 || splits.contains(index) {
                let start = chunk.offset.roundedDown(to: pageSize)
                segments.append(Segment(start: start, end: 0, chunks: []))
            }
            segments[segments.count - 1].chunks.append(chunk)
        }
        for index in segments.indices {
            segments[index].end = index + 1 < segments.count ? segments[index + 1].start : limit
        }
        return segments
    }

    /// The indices of the chunks that begin a segment of their own: those that have at least one
    /// whole untouched page before them, the widest gaps first when there are too many.
    private func splitPoints(pageSize: UInt64) -> Set<Int> {
        var gaps: [(index: Int, size: UInt64)] = []
        for index in chunks.indices.dropFirst() {
            let from = chunks[index - 1].end.roundedUp(to: pageSize)
            let to = chunks[index].offset.roundedDown(to: pageSize)
            if to > from { gaps.append((index, to - from)) }
        }
        if gaps.count >= MemoryPlacement.maximumSegments {
            gaps.sort { ($1.size, $0.index) < ($0.size, $1.index) }
            gaps.removeLast(gaps.count - MemoryPlacement.maximumSegments + 1)
        }
        return Set(gaps.map(\.index))
    }
}

extension UInt64 {
    func roundedDown(to unit: UInt64) -> UInt64 { self / unit * unit }

    /// Sizes of memories are far from 2^64.
    func roundedUp(to unit: UInt64) -> UInt64 { (self + unit - 1) / unit * unit }
}
