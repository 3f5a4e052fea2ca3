// Walks through a graph: breadth first, and Dijkstra's shortest paths with a binary heap.
#include "benchmark.h"

struct edge { uint32_t to, weight; };
struct item { uint64_t distance; uint32_t node; };

static uint32_t nodes, *starts, *queue, *depth;
static struct edge *edges;
static uint64_t *distances;
static struct item *heap;
static size_t heap_size;

static void make_graph(uint32_t degree) {
    uint32_t state = 43;
    starts = allocate(sizeof *starts * (nodes + 1));
    edges = allocate(sizeof *edges * nodes * degree);
    for (uint32_t i = 0; i < nodes; i++) {
        starts[i] = i * degree;
        for (uint32_t k = 0; k < degree; k++) {
            uint32_t r = next_random(&state);
            uint32_t to = k < 3 ? (i + 1 + r % 500) % nodes : r % nodes;
            edges[i * degree + k] = (struct edge){to, 1 + next_random(&state) % 1000};
        }
    }
    starts[nodes] = nodes * degree;
}

static uint64_t breadth_first(uint32_t from) {
    memset(depth, 0xff, sizeof *depth * nodes);
    size_t head = 0, tail = 0;
    uint64_t sum = 0;
    queue[tail++] = from;
    depth[from] = 0;
    while (head < tail) {
        uint32_t node = queue[head++];
        sum += depth[node];
        for (uint32_t i = starts[node]; i < starts[node + 1]; i++) {
            uint32_t to = edges[i].to;
            if (depth[to] != UINT32_MAX) continue;
            depth[to] = depth[node] + 1;
            queue[tail++] = to;
        }
    }
    return sum;
}

static void push(struct item item) {
    size_t i = heap_size++;
    for (; i > 0 && heap[(i - 1) / 2].distance > item.distance; i = (i - 1) / 2) {
        heap[i] = heap[(i - 1) / 2];
    }
    heap[i] = item;
}

static struct item pop(void) {
    struct item top = heap[0], last = heap[--heap_size];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < heap_size; i = child) {
        if (child + 1 < heap_size && heap[child + 1].distance < heap[child].distance) child++;
        if (heap[child].distance >= last.distance) break;
        heap[i] = heap[child];
    }
    heap[i] = last;
    return top;
}

static uint64_t shortest_paths(uint32_t from) {
    memset(distances, 0xff, sizeof *distances * nodes);
    distances[from] = 0;
    push((struct item){0, from});
    uint64_t sum = 0;
    while (heap_size > 0) {
        struct item item = pop();
        if (item.distance > distances[item.node]) continue;
        sum = mix(sum, item.distance);
        for (uint32_t i = starts[item.node]; i < starts[item.node + 1]; i++) {
            uint64_t distance = item.distance + edges[i].weight;
            if (distance >= distances[edges[i].to]) continue;
            distances[edges[i].to] = distance;
            push((struct item){distance, edges[i].to});
        }
    }
    return sum;
}

int main(int argc, char **argv) {
    uint32_t rounds = (uint32_t)size_for(argc, argv, 2, 16, 80), degree = 6;
    nodes = 60000;
    make_graph(degree);
    queue = allocate(sizeof *queue * nodes);
    depth = allocate(sizeof *depth * nodes);
    distances = allocate(sizeof *distances * nodes);
    heap = allocate(sizeof *heap * nodes * degree);
    uint64_t sum = 0;
    for (uint32_t round = 0; round < rounds; round++) {
        for (uint32_t i = 0; i < 3; i++) sum = mix(sum, breadth_first((round * 3 + i) * 977 % nodes));
        sum = mix(sum, shortest_paths(round * 7919 % nodes));
    }
    print_checksum(sum);
    return 0;
}
