// Priorities: the rules that decide what goes first, and a place to try them on a request.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import { Icon } from "../../shared/icons";
import type { PolicyView, RuleView } from "../../shared/wire";
import { PLUS, TRASH } from "./icons";
import { Empty, Pick, Section, Switch, Whole } from "./parts";
import { change, draft } from "./policy";
import { type Case, LIMITS, priorityOf } from "./policy-check";
import { PolicyScreen, problemAt, type Rules } from "./policy-page";
import { PriorityMark } from "./sla";
import { fill, topicName, words } from "./words";

type Options = readonly (readonly [string, string])[];

function choices(names: Record<string, string>): Options {
  return [["", words.value.any], ...Object.entries(names)];
}

function topicOptions(known: readonly string[], also: string): Options {
  const all = [...new Set([...known, ...(also ? [also] : [])])];
  return [["", words.value.any], ...all.map((topic) => [topic, topicName(topic)] as const)];
}

const priorityOptions = (): Options => [1, 2, 3, 4].map((one) => [String(one), `P${one} ${words.value.priority[one]}`] as const);

export function Priorities() {
  const t = words.value;
  const add = () => change("rules", [...draft.value!.rules, { priority: 2, topic: "", mood: "", reason: "", vip: false, waited: 0 }]);
  return (
    <PolicyScreen
      title={t.screens.priorities}
      hint={t.priorities.hint}
      wide
      actions={
        <button type="button" class="button" onClick={add} disabled={!draft.value}>
          <Icon d={PLUS} />
          {t.priorities.add}
        </button>
      }
    >
      {(rules) => (
        <>
          {rules.policy.rules.length ? <Table rules={rules} /> : <Empty title={t.priorities.empty} />}
          <Section title={t.priorities.tryOut} hint={t.priorities.tryHint}>
            <TryOut rules={rules} />
          </Section>
        </>
      )}
    </PolicyScreen>
  );
}

function Table({ rules: { policy, page } }: { rules: Rules }) {
  const t = words.value.priorities;
  return (
    <table class="matrix">
      <thead>
        <tr>
          {[t.topic, t.mood, t.reason, t.vip, t.waited, t.priority].map((title) => (
            <th scope="col" key={title}>
              {title}
            </th>
          ))}
          <td />
        </tr>
      </thead>
      <tbody>
        {policy.rules.map((rule, at) => (
          <Rule key={at} at={at} rule={rule} topics={page.topics} policy={policy} />
        ))}
      </tbody>
    </table>
  );
}

interface RuleProps {
  at: number;
  rule: RuleView;
  topics: string[];
  policy: PolicyView;
}

function Rule({ at, rule, topics, policy }: RuleProps) {
  const t = words.value;
  const which = fill(t.priorities.rule, { n: at + 1 });
  const problem = problemAt(`rules.${at}`);
  const set = (part: Partial<RuleView>) =>
    change(
      "rules",
      policy.rules.map((one, index) => (index === at ? { ...one, ...part } : one)),
    );
  const label = (title: string) => `${which}: ${title}`;
  return (
    <>
      <tr class={problem ? "wrong" : ""}>
        <td data-label={t.priorities.topic}>
          <Pick
            label={label(t.priorities.topic)}
            bare
            value={rule.topic ?? ""}
            options={topicOptions(topics, rule.topic ?? "")}
            onPick={(topic) => set({ topic })}
          />
        </td>
        <td data-label={t.priorities.mood}>
          <Pick
            label={label(t.priorities.mood)}
            bare
            value={rule.mood ?? ""}
            options={choices(t.mood)}
            onPick={(mood) => set({ mood: mood as RuleView["mood"] })}
          />
        </td>
        <td data-label={t.priorities.reason}>
          <Pick
            label={label(t.priorities.reason)}
            bare
            value={rule.reason ?? ""}
            options={choices(t.reason)}
            onPick={(reason) => set({ reason: reason as RuleView["reason"] })}
          />
        </td>
        <td data-label={t.priorities.vip} class="cell-tick">
          <input type="checkbox" aria-label={label(t.priorities.vip)} checked={rule.vip ?? false} onChange={(event) => set({ vip: event.currentTarget.checked })} />
        </td>
        <td data-label={t.priorities.waited} class="short">
          <Whole label={label(t.priorities.waited)} bare value={rule.waited || Number.NaN} limit={LIMITS.waited} onNumber={(waited) => set({ waited: waited || 0 })} />
        </td>
        <td data-label={t.priorities.priority} class={`to level-${rule.priority}`}>
          <Pick
            label={label(t.priorities.priority)}
            bare
            value={String(rule.priority)}
            options={priorityOptions()}
            onPick={(priority) => set({ priority: Number(priority) })}
          />
        </td>
        <td class="act">
          <button
            type="button"
            class="tool"
            aria-label={fill(t.priorities.removeRule, { n: at + 1 })}
            onClick={() => change("rules", policy.rules.filter((_, index) => index !== at))}
          >
            <Icon d={TRASH} />
          </button>
        </td>
      </tr>
      {problem && (
        <tr class="why">
          <td colSpan={7}>
            <p class="field-error">
              {which}: {problem}
            </p>
          </td>
        </tr>
      )}
    </>
  );
}

function TryOut({ rules: { policy, page } }: { rules: Rules }) {
  const t = words.value;
  const one = useSignal<Case>({ topic: "", mood: "calm", reason: "asked", vip: false, waited: 0 });
  const set = (part: Partial<Case>) => (one.value = { ...one.value, ...part });
  const found = priorityOf(policy.rules, one.value);
  return (
    <div class="try">
      <div class="field-row tight">
        <Pick label={t.priorities.topic} value={one.value.topic} options={topicOptions(page.topics, "")} onPick={(topic) => set({ topic })} />
        <Pick label={t.priorities.mood} value={one.value.mood} options={Object.entries(t.mood)} onPick={(mood) => set({ mood })} />
        <Pick label={t.priorities.reason} value={one.value.reason} options={Object.entries(t.reason)} onPick={(reason) => set({ reason })} />
        <Whole label={t.priorities.waited} value={one.value.waited} limit={LIMITS.waited} onNumber={(waited) => set({ waited: waited || 0 })} />
      </div>
      <Switch label={t.priorities.vip} on={one.value.vip} onSwitch={(vip) => set({ vip })} />
      <p class="try-result" role="status">
        <span class="hidden">{fill(t.priorities.result, { priority: "" })}</span>
        <PriorityMark priority={found.priority} />
        <span class="soft">{found.rule < 0 ? t.priorities.byDefault : fill(t.priorities.because, { n: found.rule + 1 })}</span>
      </p>
    </div>
  );
}
