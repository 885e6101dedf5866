"""Lets Rasa start without TensorFlow: an import hook with inert stand-ins, and a wall against pipelines that need it.

TensorFlow is nine tenths of a Rasa process that uses none of it (measured to the first answer: 562 MB and 17.6 s with
it, 196 MB and 3.8 s without). `install()` before the first `rasa` import, `forbid_components()` after it.
"""

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Iterator, Sequence
from typing import Any

from actions.engine.upstream import expect

ROOTS = ("tensorflow", "tensorflow_hub", "tensorflow_text", "tensorflow_addons", "keras")


class _StandInType(type):
    """Class of every stand-in: any attribute is another stand-in, so that Rasa's class bodies and annotations load."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return _StandInType(name, (_StandIn,), {})

    def __iter__(cls) -> Iterator[Any]:
        return iter(())

    def __or__(cls, other: object) -> Any:
        return cls

    __ror__ = __or__

    def __getitem__(cls, item: object) -> Any:
        return cls

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if args and isinstance(args[0], types.FunctionType):
            return args[0]
        return super().__call__(*args, **kwargs)


class _StandIn(metaclass=_StandInType):
    """Base of every stand-in; called as a decorator it gives the function back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None: ...

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return args[0] if args and isinstance(args[0], types.FunctionType) else self

    def __init_subclass__(cls, **kwargs: Any) -> None: ...


class _StandInModule(types.ModuleType):
    __version__ = "0.0.0"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        stand_in = _StandInType(name, (_StandIn,), {"__module__": self.__name__})
        setattr(self, name, stand_in)
        return stand_in


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] in ROOTS:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _StandInModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None: ...


def install() -> None:
    """Put the stand-ins in front of the import system. Error: RuntimeError when TensorFlow is already loaded."""
    if any(root in sys.modules for root in ROOTS):
        raise RuntimeError("no_tensorflow.install() must run before anything imports TensorFlow.")
    sys.meta_path.insert(0, _Finder())


def needs_tensorflow(component: type) -> bool:
    """True when a module that defines `component` or one of its bases imported TensorFlow (here: a stand-in of it)."""
    modules = (sys.modules.get(base.__module__) for base in component.__mro__)
    return any(isinstance(value, _StandInModule) for module in modules if module for value in vars(module).values())


def forbid_components() -> None:
    """Make Rasa refuse, at training and at loading, any pipeline with a component that needs TensorFlow.

    Error: UpstreamChanged when Rasa's own method is not the known one."""
    from rasa.engine.graph import GraphNode  # noqa: PLC0415  imports Rasa, which needs the hook
    from rasa.shared.exceptions import RasaException  # noqa: PLC0415

    class TensorFlowAbsent(RasaException):
        """The pipeline names a component that this installation cannot run."""

    expect(GraphNode.__init__, "57cca60b25eb")
    original = GraphNode.__init__

    def guarded(self: Any, node_name: str, component_class: type, *args: Any, **kwargs: Any) -> None:
        if needs_tensorflow(component_class):
            raise TensorFlowAbsent(
                f"{component_class.__name__} needs TensorFlow, which this Rasa runs without. "
                "Remove it from config.yml, or install TensorFlow and start Rasa by its own `rasa` command."
            )
        original(self, node_name, component_class, *args, **kwargs)

    GraphNode.__init__ = guarded
