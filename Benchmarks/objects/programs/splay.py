"""A splay tree: stores of references into old objects, all the time."""

seed: i32 = 49734321
root: "Node" = None


class Payload:
    numbers: "Array[i32]"
    text: "Array[i8]"
    left: "Payload"
    right: "Payload"


class Node:
    key: i32
    value: "Payload"
    left: "Node"
    right: "Node"


def random() -> i32:
    seed = seed * 1103515245 + 12345
    return (seed >> 4) & 268435455


def payload(depth: i32, key: i32) -> "Payload":
    if depth == 0:
        return Payload(Array[i32](10, key), Array[i8](20, key), None, None)
    return Payload(None, None, payload(depth - 1, key), payload(depth - 1, key))


def splay(key: i32) -> None:
    if root is None:
        return
    dummy = Node(0, None, None, None)
    left = dummy
    right = dummy
    current = root
    while 1:
        if key < current.key:
            if current.left is None:
                break
            if key < current.left.key:
                other = current.left
                current.left = other.right
                other.right = current
                current = other
                if current.left is None:
                    break
            right.left = current
            right = current
            current = current.left
        else:
            if key == current.key:
                break
            if current.right is None:
                break
            if key > current.right.key:
                other = current.right
                current.right = other.left
                other.left = current
                current = other
                if current.right is None:
                    break
            left.right = current
            left = current
            current = current.right
    left.right = current.left
    right.left = current.right
    current.left = dummy.right
    current.right = dummy.left
    root = current


def insert(key: i32) -> i32:
    if root is not None:
        splay(key)
        if root.key == key:
            return 0
    node = Node(key, payload(5, key), None, None)
    if root is not None:
        if key > root.key:
            node.left = root
            node.right = root.right
            root.right = None
        else:
            node.right = root
            node.left = root.left
            root.left = None
    root = node
    return 1


def greatest_below(key: i32) -> "Node":
    splay(key)
    node = root if root.key < key else root.left
    while node is not None and node.right is not None:
        node = node.right
    return node


def remove(key: i32) -> None:
    splay(key)
    if root.key != key:
        return
    if root.left is None:
        root = root.right
        return
    right = root.right
    root = root.left
    splay(key)
    root.right = right


def size(node: "Node") -> i32:
    if node is None:
        return 0
    return 1 + size(node.left) + size(node.right)


def main() -> None:
    for index in range(8000):
        while not insert(random()):
            pass
    for turn in range(60000):
        key = random()
        while not insert(key):
            key = random()
        other = greatest_below(key)
        remove(key if other is None else other.key)
    print(size(root))
    print(root.key)
