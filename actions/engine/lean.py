"""A turn without what Rasa does over and over: its graph as a plain list of steps, kept connections to the actions, no
look for slots in words that fill none.

Given to Rasa where it takes them, as a graph runner, two of its nodes, an endpoint and a tracker store; no method of
Rasa's classes is replaced.
"""

from __future__ import annotations

import gc
from graphlib import TopologicalSorter
from typing import Any

from rasa.core.actions.action import ActionExtractSlots
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS, DEFAULT_SLOT_NAMES
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from actions.engine import letters, light, link, sparing
from actions.engine.link import KeptEndpoint
from actions.engine.upstream import expect


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


def check() -> None:
    """Look at what the channel and this module read inside Rasa. Error: UpstreamChanged when it is not as known."""
    sparing.check()
    letters.check()
    light.check()
    link.check()
    expect(MessageProcessor.handle_message, "0c41d4780d2d")
    expect(MessageProcessor._handle_message_with_tracker, "f42e1ae30393")
    expect(MessageProcessor._run_prediction_loop, "cb30a0cbb690")
    expect(DaskGraphRunner.run, "45f0f52f574f")
    expect(DaskGraphRunner._instantiate_nodes, "1617dc20d930")
    expect(DaskGraphRunner._build_dask_graph, "5bb99f974d51")
    expect(MessageProcessor.run_action_extract_slots, "ff52049be97d")
    expect(ActionExtractSlots.run, "13487835d751")
    expect(ActionExtractSlots._execute_validation_action, "3f1249f61cf2")
    expect(Domain.is_empty, "884be90ef485")
    expect(FailSafeTrackerStore.__init__, "a1d5d95d2f96")


def _fills_slots(domain: Domain) -> bool:
    """Whether any slot is filled from what is written, and not by the skills alone."""
    mappings = [mapping for slot in domain.slots if slot.name not in DEFAULT_SLOT_NAMES for mapping in slot.mappings]
    by_skills = all(mapping.get("type") == "custom" and not mapping.get("action") for mapping in mappings)
    return not by_skills or ACTION_VALIDATE_SLOT_MAPPINGS in domain.user_actions


async def _nothing_to_extract(_: OutputChannel, tracker: DialogueStateTracker) -> DialogueStateTracker:
    return tracker


def lean(agent: Agent) -> MessageProcessor:
    """The agent's processor, made lean when its model has just been loaded."""
    processor = agent.processor
    if isinstance(processor.graph_runner, DaskGraphRunner):
        dask = processor.graph_runner
        sparing.lighten(dask._instantiated_nodes)
        processor.graph_runner = PlainRunner(dask._graph_schema, dask._instantiated_nodes)
        if not _fills_slots(processor.domain):
            processor.run_action_extract_slots = _nothing_to_extract
        # Asked for every message; Rasa makes an empty domain each time, to compare with.
        is_empty = processor.domain.is_empty()
        processor.domain.is_empty = lambda: is_empty
        if processor.action_endpoint is not None and not isinstance(processor.action_endpoint, KeptEndpoint):
            processor.action_endpoint = agent.action_endpoint = KeptEndpoint.of(processor.action_endpoint)
        if isinstance(processor.tracker_store, FailSafeTrackerStore):
            # The wrapper goes on in memory when the store fails, which is a silent loss.
            processor.tracker_store = agent.tracker_store = processor.tracker_store._tracker_store
        # What is loaded now stays until the end, and need not be looked through for what can go.
        gc.collect()
        gc.freeze()
    return processor
