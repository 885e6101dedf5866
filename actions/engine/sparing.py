"""Two components of a loaded model that answer as Rasa's own do, and do only what the answer needs.

They take the place of the loaded ones in the graph (`actions/engine/lean.py`); training runs Rasa's.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from rasa.core.featurizers.tracker_featurizers import MaxHistoryTrackerFeaturizer, TrackerFeaturizer
from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH
from rasa.core.policies.rule_policy import RulePolicy as RasaRulePolicy
from rasa.engine.graph import GraphComponent, GraphNode
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.core.constants import PREVIOUS_ACTION
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from actions.engine.classifier import LinearIntentClassifier
from actions.engine.letters import CountVectorsFeaturizer
from actions.engine.light import State, last_states
from actions.engine.upstream import expect

REMEMBERED = 4096
"""States whose rules are remembered; the shipped rules know some hundreds."""


class RulePolicy(RasaRulePolicy):
    """Rasa's, whose name it keeps, since events carry it. The dialogue is replayed once for a prediction and not
    twice, states are made only as far back as a rule looks, and rules once tried on like states are not tried again."""

    @classmethod
    def of(cls, policy: RasaRulePolicy) -> RulePolicy:
        """The same, of a trained policy that needs every state it is given (no `max_history`)."""
        sparing = cls.__new__(cls)
        sparing.__dict__.update(policy.__dict__)
        lookups = [policy.lookup[RULES], policy.lookup[RULES_FOR_LOOP_UNHAPPY_PATH]]
        rules = [policy._rule_key_to_state(key) for lookup in lookups for key in lookup]
        sparing._longest = max(map(len, rules), default=1)
        sparing._looked_at = {
            (kind, name) for rule in rules for state in rule for kind, values in state.items() for name in values
        }
        sparing._known = {}
        sparing._past = None
        return sparing

    def _predict(self, tracker: DialogueStateTracker, domain: Domain) -> Any:
        self._past = None
        try:
            return super()._predict(tracker, domain)
        finally:
            self._past = None

    def _prediction_states(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool = False, **_: Any
    ) -> list[State]:
        if self._past is None:
            self._past = last_states(tracker, domain, self._longest)
        states = [{kind: dict(values) for kind, values in state.items()} for state in self._past]
        self.featurizer._choose_last_user_input([states], use_text_for_last_user_input)
        return states

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        possible = set(lookup)
        for turn, state in enumerate(reversed(states)):
            possible &= self._applicable(lookup, turn, state)
        return possible

    def _applicable(self, lookup: dict[str, str], turn: int, state: State) -> set[str]:
        """The rules of the whole look-up that this state, so many turns back, does not contradict."""
        asked = (lookup is self.lookup[RULES], turn, self._seen(state))
        if asked not in self._known:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[asked] = {key for key in lookup if self._is_rule_applicable(key, turn, state)}
        found: set[str] = self._known[asked]
        return found

    def _seen(self, state: State) -> Hashable:
        """Of a state what any rule looks at; and whether anything was done before it, which is asked of all."""
        return bool(state.get(PREVIOUS_ACTION)), frozenset(
            (kind, name, value)
            for kind, values in state.items()
            for name, value in values.items()
            if (kind, name) in self._looked_at
        )

    def _create_feature_key(self, states: list[State]) -> None:
        """Names, where no rule applies, the dialogue as the source of the prediction; no rule has such a name."""


def lighten(nodes: dict[str, GraphNode]) -> None:
    """Put the two in the place of Rasa's in the graph of a loaded model, where they do the same."""
    components = [node._component for node in nodes.values()]
    readers = [one for one in components if isinstance(one, IntentClassifier | EntityExtractorMixin)]
    known = (LinearIntentClassifier, FallbackClassifier, RegexMessageHandler)
    # Other classifiers may read the counts of each word.
    ours_alone = all(isinstance(one, known) for one in readers)
    for node, component in zip(nodes.values(), components, strict=True):
        if type(component) is RasaRulePolicy and _sees_all(component.featurizer) and component.lookup:
            _put(node, RulePolicy.of(component))
        elif ours_alone and CountVectorsFeaturizer.can_replace(component):
            _put(node, CountVectorsFeaturizer.of(component))


def _put(node: GraphNode, component: GraphComponent) -> None:
    """A node calls the method of the class that it was made for."""
    node._component = component
    node._fn = getattr(type(component), node._fn_name)


def _sees_all(featurizer: TrackerFeaturizer) -> bool:
    return type(featurizer) is MaxHistoryTrackerFeaturizer and featurizer.max_history is None


def check() -> None:
    """Look at what is imitated here. Error: UpstreamChanged when it is not as known."""
    expect(RasaRulePolicy._predict, "f5182d8a1063")
    expect(RasaRulePolicy._find_action_from_rules, "be6da6ee0f54")
    expect(RasaRulePolicy._get_possible_keys, "2915fd81711e")
    expect(RasaRulePolicy._is_rule_applicable, "64a108b016b4")
    expect(RasaRulePolicy._does_rule_match_state, "d3109c1a97de")
    expect(RasaRulePolicy._rule_prediction, "90316ddf7eb4")
    expect(Policy._prediction_states, "ed9b82bed2f2")
    expect(MaxHistoryTrackerFeaturizer.prediction_states, "451caf09a389")
    expect(GraphNode.__call__, "66127a2bfb6f")
