"""Puts the methods of a profile into the order in which they are to lie in the executable: prints their symbols.

    perf script -F ip,sym,dso -i DATA | python3 eng/hot-order.py EXECUTABLE [ORDER]

The call stacks become a tree, and the tree is walked from its root, the busiest child first: what one event of a socket runs lies together then, on few pages.
By the number of samples alone it would be scattered over all that is ever busy. What ORDER, made before, names already keeps its place in front.
"""

import re
import sys

FRAME = re.compile(r"\s*[0-9a-f]+ (.+?)(?:\+0x[0-9a-f]+)? \((.*)\)$")


class Node:
    """A method as called by the one above it."""

    __slots__ = ("samples", "called")

    def __init__(self):
        self.samples = 0
        self.called = {}


def stacks(lines, executable):
    """Each sample's frames in the executable, the innermost first."""
    stack = []
    for line in lines:
        frame = FRAME.match(line)
        if frame and frame[2].endswith("/" + executable):
            stack.append(frame[1])
        elif not line.strip() and stack:
            yield stack
            stack = []
    if stack:
        yield stack


def tree(samples):
    root = Node()
    for stack in samples:
        node = root
        for method in reversed(stack):
            node = node.called.setdefault(method, Node())
            node.samples += 1
    return root


def walk(root):
    waiting = [("", root)]
    while waiting:
        method, node = waiting.pop()
        yield method
        waiting.extend(sorted(node.called.items(), key=lambda item: (item[1].samples, item[0])))


def main():
    executable, earlier = sys.argv[1], sys.argv[2:]
    placed = dict.fromkeys(line.rstrip("\n") for file in earlier for line in open(file, encoding="utf-8"))
    # The native compiler places managed methods only; of those each symbol has two underscores.
    placed.update(dict.fromkeys(method for method in walk(tree(stacks(sys.stdin, executable))) if "__" in method))
    print("\n".join(placed))


main()
