// How the chunks of linear memory 0 become segments of the executable.

import Testing

import Linking
import Sandbox

@Suite struct MemoryImageTests {
    private func image(_ size: UInt64, _ chunks: [(UInt64, UInt64)]) throws -> MemoryImage {
        try MemoryImage(
            initialSize: size,
            chunks: chunks.map { MemoryImage.Chunk(offset: $0.0, size: $0.1) })
    }

    private func bounds(_ image: MemoryImage, pageSize: UInt64 = 0x1000) -> [[UInt64]] {
        image.segments(pageSize: pageSize).map { [$0.start, $0.end] }
    }

    @Test func noMemoryNoSegment() throws {
        #expect(bounds(try image(0, [])) == [])
    }

    @Test func memoryWithoutDataIsOneSegment() throws {
        let memory = try image(0x1_0000, [])
        #expect(bounds(memory) == [[0, 0x1_0000]])
        #expect(memory.segments(pageSize: 0x1000)[0].chunks.isEmpty)
    }

    @Test func neighboursShareASegment() throws {
        let memory = try image(0x2_0000, [(0x800, 0x10), (0x400, 0x10), (0x1900, 4)])
        #expect(bounds(memory) == [[0, 0x2_0000]])
        #expect(
            memory.segments(pageSize: 0x1000)[0].chunks.map(\.offset) == [0x400, 0x800, 0x1900])
    }

    @Test func distantChunksGetSegments() throws {
        let memory = try image(0x10_0000, [(0x400, 0x10), (0x8_0010, 4)])
        #expect(bounds(memory) == [[0, 0x8_0000], [0x8_0000, 0x10_0000]])
        #expect(bounds(memory, pageSize: 0x1_0000) == [[0, 0x8_0000], [0x8_0000, 0x10_0000]])
    }

    @Test func untouchedStartIsASegmentOfZeros() throws {
        let memory = try image(0x10_0000, [(0x5_0010, 4)])
        #expect(bounds(memory) == [[0, 0x5_0000], [0x5_0000, 0x10_0000]])
        #expect(memory.segments(pageSize: 0x1000)[0].chunks.isEmpty)
    }

    @Test func tooManySegmentsAreJoinedAtTheSmallestGaps() throws {
        var chunks: [(UInt64, UInt64)] = []
        for index in 0..<UInt64(100) { chunks.append((index * 0x2000, 1)) }
        chunks.append((0x100_0000, 1))
        let segments = try image(0x200_0000, chunks).segments(pageSize: 0x1000)
        #expect(segments.count == MemoryPlacement.maximumSegments)
        #expect(segments.last?.start == 0x100_0000)
        #expect(segments.flatMap(\.chunks).count == 101)
    }

    /// Rounding up to pages cannot wrap around.
    @Test func sizesHaveALimit() throws {
        let largest: UInt64 = 1 << 46
        let memory = try MemoryImage(
            initialSize: largest - 1, reservedSize: largest,
            chunks: [MemoryImage.Chunk(offset: largest - 2, size: 1)])
        #expect(memory.mappedSize(pageSize: 0x1_0000) == largest)
        for size in [largest + 1, 1 << 47, 1 << 63, .max - 0xffff, .max] as [UInt64] {
            #expect(throws: LinkError.memoryTooLarge(size: size)) {
                try MemoryImage(initialSize: size)
            }
            #expect(throws: LinkError.memoryTooLarge(size: size)) {
                try MemoryImage(initialSize: 1, reservedSize: size)
            }
        }
    }

    /// The runtime adds the rest of a large memory.
    @Test func onlyTheBeginningOfALargeMemoryIsMapped() throws {
        let memory = try MemoryImage(initialSize: 1 << 40)
        #expect(bounds(memory, pageSize: 0x1000) == [[0, 1 << 28]])
        let distant = try image(1 << 30, [((1 << 29) + 1, 2)])
        #expect(distant.mappedSize(pageSize: 0x1000) == (1 << 29) + 0x1000)
    }

    @Test func emptyChunksAreDropped() throws {
        #expect(try image(0, [(0, 0)]).chunks == [])
    }

    @Test func overlapIsRefused() {
        #expect(throws: LinkError.overlappingChunks(offset: 2)) {
            try image(0x1_0000, [(0, 4), (2, 4)])
        }
    }

    @Test(arguments: [0xffff, UInt64.max, 0x1_0000])
    func chunksBeyondTheMemoryAreRefused(offset: UInt64) {
        #expect(throws: LinkError.chunkOutsideMemory(offset: offset)) {
            try image(0x1_0000, [(offset, 2)])
        }
    }

    @Test func sectionNamesAreHexadecimal() {
        #expect(MemoryImage.Chunk(offset: 0xabcd, size: 1).sectionName == ".smelt.memory0.abcd")
    }
}
