"""A turn without what Rasa does over and over: its graph as a plain list of steps, one kept connection to the actions.

Given to Rasa where it takes them, as a graph runner, two of its nodes, an endpoint and a tracker store; no method of
Rasa is replaced.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, nullcontext
from graphlib import TopologicalSorter
from typing import Any

import aiohttp
from rasa.core.agent import Agent
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import DEFAULT_REQUEST_TIMEOUT, EndpointConfig

from actions.engine import letters, sparing
from actions.engine.tracker import slim
from actions.engine.upstream import expect

IDLE_SECONDS = 3.0
"""The action server hangs up after five idle seconds; a message sent at that moment would be lost."""


class PlainRunner(GraphRunner):
    """Runs the nodes of a loaded model one after another. Dask plans the same graph anew for every prediction, three
    times a message: a third of the CPU of a turn."""

    def __init__(self, schema: GraphSchema, nodes: dict[str, GraphNode]) -> None:
        self._schema = schema
        self._nodes = nodes
        self._plans: dict[tuple[str, ...], list[tuple[str, GraphNode, list[str]]]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> PlainRunner:
        loaded = DaskGraphRunner.create(graph_schema, model_storage, execution_context, hooks)
        return cls(graph_schema, loaded._instantiated_nodes)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        wanted = tuple(targets or self._schema.target_names)
        done: dict[str, tuple[str, Any]] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, node, needs in self._plan(wanted):
            # A node complains by itself about what it needs and nobody made.
            done[name] = node(*(done[need] for need in needs if need in done))
        return {name: done[name][1] for name in wanted}

    def _plan(self, targets: tuple[str, ...]) -> list[tuple[str, GraphNode, list[str]]]:
        if targets not in self._plans:
            steps = self._schema.minimal_graph_schema(list(targets)).nodes
            order = TopologicalSorter({name: step.needs.values() for name, step in steps.items()}).static_order()
            self._plans[targets] = [
                (name, self._nodes[name], list(steps[name].needs.values())) for name in order if name in steps
            ]
        return self._plans[targets]


class KeptEndpoint(EndpointConfig):
    """An endpoint whose connections stay open between two calls, where Rasa's own opens one for each; and which sends
    the evidence once, in the latest message, where Rasa's sends it four times."""

    _kept: aiohttp.ClientSession | None = None

    @classmethod
    def of(cls, endpoint: EndpointConfig) -> KeptEndpoint:
        kept = cls()
        kept.__dict__.update(endpoint.__dict__)
        return kept

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        tracker = (kwargs.get("json") or {}).get("tracker")
        if tracker:
            tracker["events"] = [slim(event) for event in tracker["events"]]
        return await super().request(*args, **kwargs)

    def session(self) -> AbstractAsyncContextManager[aiohttp.ClientSession]:
        """The kept session, which leaving the block does not close."""
        if self._kept is None or self._kept.closed:
            self._kept = aiohttp.ClientSession(
                headers=self.headers,
                timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
                connector=aiohttp.TCPConnector(keepalive_timeout=IDLE_SECONDS),
            )
        return nullcontext(self._kept)


def check() -> None:
    """Look at what the channel and this module read inside Rasa. Error: UpstreamChanged when it is not as known."""
    sparing.check()
    letters.check()
    expect(MessageProcessor.handle_message, "0c41d4780d2d")
    expect(MessageProcessor._handle_message_with_tracker, "f42e1ae30393")
    expect(MessageProcessor._run_prediction_loop, "cb30a0cbb690")
    expect(DaskGraphRunner.run, "45f0f52f574f")
    expect(DaskGraphRunner._instantiate_nodes, "1617dc20d930")
    expect(DaskGraphRunner._build_dask_graph, "5bb99f974d51")
    expect(EndpointConfig.session, "e55aa13d9d4f")
    expect(EndpointConfig.request, "ccdb778aed82")
    expect(Domain.is_empty, "884be90ef485")
    expect(FailSafeTrackerStore.__init__, "a1d5d95d2f96")


def lean(agent: Agent) -> MessageProcessor:
    """The agent's processor, made lean when its model has just been loaded."""
    processor = agent.processor
    if isinstance(processor.graph_runner, DaskGraphRunner):
        dask = processor.graph_runner
        sparing.lighten(dask._instantiated_nodes)
        processor.graph_runner = PlainRunner(dask._graph_schema, dask._instantiated_nodes)
        # Asked for every message; Rasa makes an empty domain each time, to compare with.
        is_empty = processor.domain.is_empty()
        processor.domain.is_empty = lambda: is_empty
        if processor.action_endpoint is not None and not isinstance(processor.action_endpoint, KeptEndpoint):
            processor.action_endpoint = agent.action_endpoint = KeptEndpoint.of(processor.action_endpoint)
        if isinstance(processor.tracker_store, FailSafeTrackerStore):
            # The wrapper goes on in memory when the store fails, which is a silent loss.
            processor.tracker_store = agent.tracker_store = processor.tracker_store._tracker_store
    return processor
