// Several tickets to a person or into a group's queue, with a reason; what stayed where it was is said with its why.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import type { AgentView, AssignBody, AssignedView, GroupView, TicketView } from "../../shared/wire";
import { lang } from "../store";
import { Cards, Segments } from "./choices";
import { call, useAct } from "./door";
import { Modal } from "./modal";
import { Alarm, Area } from "./parts";
import { called, counted, fill, words } from "./words";

interface ReassignProps {
  tickets: TicketView[];
  agents: AgentView[];
  groups: readonly GroupView[];
  onDone(): void;
  onClose(): void;
}

const WHY_MAX = 500;

export function Reassign({ tickets, agents, groups, onDone, onClose }: ReassignProps) {
  const t = words.value;
  const kind = useSignal<"person" | "group">("person");
  const whom = useSignal("");
  const why = useSignal("");
  const tried = useSignal(false);
  const answer = useSignal<AssignedView | null>(null);
  // The list behind the window changes while one chooses: what was chosen at the beginning is what goes.
  const all = useSignal(tickets).value;
  const act = useAct();
  const go = async () => {
    tried.value = true;
    if (!whom.value || !why.value.trim()) return;
    const to = kind.value === "person" ? { operator: whom.value } : { group: whom.value };
    const body: AssignBody = { tickets: all.map(({ id }) => id), why: why.value.trim(), ...to };
    await act.run(async () => {
      answer.value = await call<AssignedView>("POST", "assign", body);
      onDone();
      if (!Object.keys(answer.value.refused).length) onClose();
    });
  };
  if (answer.value) return <Result answer={answer.value} tickets={all} onClose={onClose} />;
  return (
    <Modal
      title={`${t.assign.title}: ${counted(all.length, t.team.chosen).toLocaleLowerCase(lang.value)}`}
      onClose={onClose}
      onSubmit={() => void go()}
      actions={
        <>
          <button type="button" class="button" onClick={onClose}>
            {t.cancel}
          </button>
          <button class="button primary" disabled={act.busy}>
            {t.assign.go}
          </button>
        </>
      }
    >
      <Alarm text={act.error || (tried.value && !whom.value ? t.assign.pick : "")} />
      <Segments
        label={t.assign.to}
        value={kind.value}
        options={[
          ["person", t.assign.person],
          ["group", t.assign.group],
        ]}
        onPick={(next) => {
          kind.value = next as "person" | "group";
          whom.value = "";
        }}
      />
      {kind.value === "person" ? (
        <Cards legend={t.assign.person} name="operator" value={whom.value} options={people(agents)} onPick={(id) => (whom.value = id)} />
      ) : (
        <Cards
          legend={t.assign.group}
          name="group"
          value={whom.value}
          options={groups.map((group) => ({ value: group.id, title: group[lang.value] }))}
          onPick={(id) => (whom.value = id)}
        />
      )}
      <Area
        label={t.assign.why}
        hint={t.assign.whyHint}
        placeholder={t.assign.whyPlaceholder}
        rows={2}
        maxLength={WHY_MAX}
        value={why.value}
        error={tried.value && !why.value.trim() ? t.required : ""}
        onText={(text) => (why.value = text)}
      />
    </Modal>
  );
}

/** Those who can take something first; the others are shown with what is in the way. */
function people(agents: AgentView[]) {
  const t = words.value;
  const can = ({ presence, load, cap }: AgentView) => presence === "online" && load < cap;
  return [...agents]
    .sort((a, b) => Number(can(b)) - Number(can(a)) || a.load - b.load)
    .map((agent) => ({
      value: agent.id,
      title: agent.name,
      hint: `${called(t.presence, agent.presence)} · ${agent.load < agent.cap ? fill(t.team.holds, { load: agent.load, cap: agent.cap }) : t.assign.full}`,
      disabled: !can(agent),
    }));
}

function Result({ answer, tickets, onClose }: { answer: AssignedView; tickets: TicketView[]; onClose(): void }) {
  const t = words.value;
  const number = (id: string) => tickets.find((one) => one.id === id)?.number ?? id;
  return (
    <Modal
      title={counted(answer.moved.length, t.assign.moved)}
      onClose={onClose}
      onSubmit={onClose}
      actions={<button class="button primary">{t.close}</button>}
    >
      <p role="status">{t.assign.refusedTitle}:</p>
      <ul class="refused">
        {Object.entries(answer.refused).map(([id, code]) => (
          <li key={id}>
            <b>№{number(id)}</b> — {called(t.assign.refused, code)}
          </li>
        ))}
      </ul>
    </Modal>
  );
}
