// Team now: who is here, who holds what, how long the queues are; tickets are chosen here and reassigned together.
import { useComputed, useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import { useEffect } from "preact/hooks";
import { DOWN, Icon } from "../../shared/icons";
import type { AgentView, GroupView, PolicyPage, TeamView, TicketView } from "../../shared/wire";
import { initials, waited } from "../format";
import { agents, lang, list, may, now, words as deskWords } from "../store";
import { useLoad } from "./door";
import { Empty, Page, Ready, Section } from "./parts";
import { Reassign } from "./reassign";
import { PriorityMark } from "./sla";
import { called, counted, fill, topicName, words } from "./words";

/** Presence and load are asked for so often while somebody looks; the tickets come by themselves. */
const EVERY = 5_000;

export interface Choice {
  chosen: ReadonlySet<string>;
  choose(ids: readonly string[], on: boolean): void;
}

export function Team() {
  const t = words.value;
  const team = useLoad<TeamView>("team");
  const policy = useLoad<PolicyPage>("policy");
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  const asks = useSignal(false);
  useEffect(() => {
    const timer = setInterval(() => document.hidden || team.reload(), EVERY);
    return () => clearInterval(timer);
  }, []);
  const choose = (ids: readonly string[], on: boolean) => {
    const next = new Set(chosen.value);
    ids.forEach((id) => (on ? next.add(id) : next.delete(id)));
    chosen.value = next;
  };
  // A ticket that was closed meanwhile is no longer chosen.
  const open = list("all").filter(({ id }) => chosen.value.has(id));
  const groups = policy.data?.policy.groups ?? [];
  return (
    <>
      <Page title={t.screens.team} hint={t.team.hint} wide>
        <Ready loaded={team}>
          {(data) => (
            <>
              <Figures team={data} />
              <Queues team={data} groups={groups} />
              <Agents team={data} groups={groups} choice={{ chosen: chosen.value, choose }} />
            </>
          )}
        </Ready>
      </Page>
      {open.length > 0 && (
        <section class="save-bar" aria-label={t.team.reassign}>
          <b class="save-words">{counted(open.length, t.team.chosen)}</b>
          <button type="button" class="button" onClick={() => (chosen.value = new Set())}>
            {t.team.clear}
          </button>
          <button type="button" class="button primary" onClick={() => (asks.value = true)}>
            {t.team.reassign}
          </button>
        </section>
      )}
      {asks.value && team.data && (
        <Reassign
          tickets={open}
          agents={team.data.agents}
          groups={groups}
          onDone={() => {
            chosen.value = new Set();
            team.reload();
          }}
          onClose={() => (asks.value = false)}
        />
      )}
    </>
  );
}

function Figures({ team: { agents, queued, promises_made, promises_kept } }: { team: TeamView }) {
  const t = words.value.team;
  const sum = (values: number[]) => values.reduce((all, one) => all + one, 0);
  const kept = promises_made ? `${Math.round((promises_kept / promises_made) * 100)} %` : "—";
  const online = agents.filter(({ presence }) => presence === "online");
  return (
    <dl class="figures">
      <Figure name={t.online} value={String(online.length)} note={fill(t.ofPeople, { n: agents.length })} />
      <Figure name={t.queue} value={String(sum(Object.values(queued)))} />
      <Figure name={t.load} value={String(sum(agents.map(({ load }) => load)))} note={counted(sum(online.map(({ load, cap }) => Math.max(0, cap - load))), t.freeSlots)} />
      <Figure
        name={t.promises}
        value={kept}
        note={promises_made ? fill(t.promisesHint, { kept: promises_kept, made: promises_made }) : t.noPromises}
      />
    </dl>
  );
}

function Figure({ name, value, note }: { name: string; value: string; note?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <b>{value}</b> {note && <span>{note}</span>}
      </dd>
    </div>
  );
}

function groupTitle(groups: readonly GroupView[], id: string): string {
  return groups.find((one) => one.id === id)?.[lang.value] ?? id;
}

function Queues({ team, groups }: { team: TeamView; groups: readonly GroupView[] }) {
  const t = words.value.team;
  const ids = [...new Set([...groups.map(({ id }) => id), ...Object.keys(team.queued)])];
  if (ids.length < 2) return null;
  return (
    <Section title={t.queues}>
      <ul class="queues">
        {ids.map((id) => (
          <li key={id} class={team.queued[id] ? "" : "empty"}>
            <span>{groupTitle(groups, id)}</span>
            <b>{team.queued[id] ?? 0}</b>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Agents({ team, groups, choice }: { team: TeamView; groups: readonly GroupView[]; choice: Choice }) {
  const t = words.value.team;
  const ORDER = { online: 0, away: 1, offline: 2 };
  const agents = [...team.agents].sort(
    (a, b) => ORDER[a.presence] - ORDER[b.presence] || b.load - a.load || a.name.localeCompare(b.name, lang.value),
  );
  const waiting = useComputed(() => list("all").filter(({ status }) => status === "queued" || status === "offered"));
  return (
    <>
      <Section title={t.agents}>
        {!agents.length && <Empty title={t.empty} />}
        <ul class="agents">
          {agents.map((agent) => (
            <Agent key={agent.id} agent={agent} groups={groups} choice={choice} />
          ))}
        </ul>
      </Section>
      <Section title={t.waiting}>
        {waiting.value.length ? <Held name={t.waiting} tickets={waiting.value} choice={choice} /> : <p class="soft">{t.noneWaiting}</p>}
      </Section>
    </>
  );
}

function Agent({ agent, groups, choice }: { agent: AgentView; groups: readonly GroupView[]; choice: Choice }) {
  const t = words.value;
  const open = useSignal(false);
  const { name, presence, load, cap } = agent;
  const held = list("all").filter(({ assignee }) => assignee === agent.id);
  const facts = [
    agent.groups.length ? agent.groups.map((id) => groupTitle(groups, id)).join(", ") : t.team.anyGroup,
    agent.skills.length ? agent.skills.map(topicName).join(", ") : t.team.allSkills,
    agent.langs.length === 1 && agent.langs[0]!.toUpperCase(),
    agent.tier > 1 && fill(t.team.tier, { n: agent.tier }),
  ].filter(Boolean);
  return (
    <li class={`agent ${presence}`} data-agent={agent.id}>
      <button type="button" class="agent-row" aria-expanded={open.value} onClick={() => (open.value = !open.value)}>
        <span class="face">
          {initials(name)}
          <i class={`presence ${presence}`} />
        </span>
        <span class="agent-name">
          <b>{name}</b>
          <small>
            {called(t.presence, presence)} · {called(t.roles, agent.role)}
          </small>
        </span>
        <span class="agent-facts">{facts.join(" · ")}</span>
        <LoadBar load={load} cap={cap} />
        <span class="hidden">{fill(t.team.show, { name })}</span>
        <Icon d={DOWN} />
      </button>
      {open.value && (held.length ? <Held name={name} tickets={held} choice={choice} /> : <p class="soft held-none">{t.team.free}</p>)}
    </li>
  );
}

function LoadBar({ load, cap }: Pick<AgentView, "load" | "cap">) {
  return (
    <span class={`load ${load >= cap ? "full" : ""}`}>
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect width="100" height="6" />
        <rect class="filled" width={cap ? Math.min(100, (load / cap) * 100) : 0} height="6" />
      </svg>
      {fill(words.value.team.holds, { load, cap })}
    </span>
  );
}

function Held({ name, tickets, choice: { chosen, choose } }: { name: string; tickets: TicketView[]; choice: Choice }) {
  const t = words.value.team;
  const ids = tickets.map(({ id }) => id);
  return (
    <div class="holding" role="group" aria-label={name}>
      {may("assign") && tickets.length > 1 && (
        <label class="held-all">
          <input type="checkbox" checked={ids.every((id) => chosen.has(id))} onChange={(event) => choose(ids, event.currentTarget.checked)} />
          {t.chooseAll}
        </label>
      )}
      <ul>
        {tickets.map((ticket) => (
          <li key={ticket.id} class="held-row">
            {may("assign") && (
              <input
                type="checkbox"
                aria-label={fill(t.choose, { number: `№${ticket.number}` })}
                checked={chosen.has(ticket.id)}
                onChange={(event) => choose([ticket.id], event.currentTarget.checked)}
              />
            )}
            <a href={`#/t/${encodeURIComponent(ticket.id)}`}>
              <b>№{ticket.number}</b> {ticket.customer_name || t.guest}
            </a>
            <span class="held-subject" dir="auto">
              {ticket.subject || ticket.last_text}
            </span>
            <PriorityMark priority={ticket.priority} />
            <span class="held-state">{stateOf(ticket)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function stateOf({ status, offered_to, waiting_since }: TicketView): string {
  const t = words.value.team;
  if (status === "snoozed") return t.snoozed;
  if (status === "offered") return fill(t.offered, { name: agents.value.find(({ id }) => id === offered_to)?.name ?? "…" });
  return waiting_since ? fill(t.waits, { time: waited(now.value - Date.parse(waiting_since), deskWords.value) }) : t.answered;
}
