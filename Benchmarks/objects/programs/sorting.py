"""Sorting: a linked list by merging, and an array of objects with a heap and a comparison."""


class Item:
    key: i32
    weight: f64
    next: "Item"


def merge(first: "Item", second: "Item") -> "Item":
    head = Item(0, 0.0, None)
    last = head
    while first is not None and second is not None:
        if first.key <= second.key:
            last.next = first
            first = first.next
        else:
            last.next = second
            second = second.next
        last = last.next
    last.next = first if first is not None else second
    return head.next


def sorted(list: "Item", count: i32) -> "Item":
    if count < 2:
        if list is not None:
            list.next = None
        return list
    half = count // 2
    middle = list
    for index in range(half):
        middle = middle.next
    second = sorted(middle, count - half)
    return merge(sorted(list, half), second)


def less(first: "Item", second: "Item") -> i32:
    if first.key != second.key:
        return first.key < second.key
    return first.weight < second.weight


def sift(heap: "Array[Item]", place: i32, count: i32) -> None:
    item = heap[place]
    while 1:
        child = 2 * place + 1
        if child >= count:
            break
        if child + 1 < count and less(heap[child], heap[child + 1]):
            child += 1
        if not less(item, heap[child]):
            break
        heap[place] = heap[child]
        place = child
    heap[place] = item


def sort(heap: "Array[Item]") -> None:
    count = len(heap)
    for index in range(count // 2):
        sift(heap, count // 2 - 1 - index, count)
    for index in range(count - 1):
        last = count - 1 - index
        item = heap[0]
        heap[0] = heap[last]
        heap[last] = item
        sift(heap, 0, last)


def main() -> None:
    for turn in range(12):
        seed = 42 + turn
        list: "Item" = None
        items = Array[Item](200000)
        for index in range(200000):
            seed = seed * 1103515245 + 12345
            list = Item((seed >> 8) & 1048575, f64(index), list)
            items[index] = list
        list = sorted(list, 200000)
        sum = 0
        while list is not None:
            sum = sum * 3 + list.key
            list = list.next
        print(sum)
        sort(items)
        for index in range(199999):
            if less(items[index + 1], items[index]):
                print(b"wrong")
            sum = sum * 3 + items[index].key
        print(sum)
