"""Binary trees: small objects by the hundred million, most of which die young."""


class Node:
    left: "Node"
    right: "Node"


def make(depth: i32) -> "Node":
    if depth == 0:
        return Node(None, None)
    return Node(make(depth - 1), make(depth - 1))


def count(node: "Node") -> i32:
    if node.left is None:
        return 1
    return 1 + count(node.left) + count(node.right)


def main() -> None:
    deepest = 21
    print(count(make(deepest)))
    kept = make(deepest - 1)
    for depth in range(4, deepest, 2):
        nodes: i64 = 0
        for turn in range(1 << (deepest - 1 - depth + 4)):
            nodes += i64(count(make(depth)))
        print(nodes)
    print(count(kept))
