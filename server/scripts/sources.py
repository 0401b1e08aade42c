"""Definitions of our own modules as text, with all they need: a script shows the very code its data come from."""

import ast
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType


def definitions_of(module: ModuleType, names: Iterable[str]) -> list[str]:
    """Source of the named functions and constants of a module and of what they use of it, in the module's order.

    Annotations are left out: they name types that a script does not have.
    """
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    known = {name: node for node in tree.body for name in _defined(node)}
    wanted = _closure(known, names)
    nodes = {id(known[name]): known[name] for name in known if name in wanted}
    return [ast.unparse(_Bare().visit(node)) for node in nodes.values()]


def _closure(known: dict[str, ast.stmt], names: Iterable[str]) -> set[str]:
    """The names, and every name of the module that their definitions use."""
    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in known and name not in wanted:
            wanted.add(name)
            waiting += [node.id for node in ast.walk(_Bare().visit(known[name])) if isinstance(node, ast.Name)]
    return wanted


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
        return [node.target.id]
    return []


class _Bare(ast.NodeTransformer):
    """Takes the annotations away."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        bare = ast.Assign(targets=[node.target], value=node.value or ast.Constant(None), lineno=node.lineno)
        return self.generic_visit(bare)
