// Passing on: to a colleague or a group, up a tier, and many at once for leads; always with a reason.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import type { AgentView } from "../../shared/wire";
import { agents, dialog, groups, lang, picked, ticket, toast, words } from "../store";
import { plural } from "../format";
import { Form, Option, Why } from "./frame";
import type { DialogProps } from "./main";
import { say } from "./words";

/** Who can take one more, the freest first; then the others, so that one sees why not. */
function people(without: string | null | undefined): AgentView[] {
  const rank = (one: AgentView) => (able(one) ? 0 : one.presence === "offline" ? 2 : 1);
  return agents.value
    .filter(({ id, role }) => id !== without && role !== "read_only" && role !== "editor")
    .sort((a, b) => rank(a) - rank(b) || a.load / a.cap - b.load / b.cap || a.name.localeCompare(b.name));
}

const able = ({ presence, load, cap }: AgentView): boolean => presence === "online" && load < cap;

interface TargetProps {
  to: string;
  onChoose(to: string): void;
  without?: string | null;
}

function Target({ to, onChoose, without }: TargetProps) {
  const t = say.value;
  const all = people(without);
  const first = all.find(able);
  return (
    <>
      <fieldset>
        <legend>{t.toPerson}</legend>
        {!first && <p class="soft">{t.noPeople}</p>}
        <div class="options scrolls">
          {all.map((one) => (
            <Option key={one.id} name="to" value={`operator:${one.id}`} chosen={to} onChoose={onChoose} disabled={!able(one)} first={one === first}>
              <i class={`presence ${one.presence}`} />
              <span>{one.name}</span>
              <small>
                {!able(one) && `${one.presence === "online" ? t.fullAway.full : t.fullAway[one.presence as "away" | "offline"]} · `}
                {one.load}/{one.cap}
              </small>
            </Option>
          ))}
        </div>
      </fieldset>
      <fieldset>
        <legend>{t.toGroup}</legend>
        <div class="options">
          {groups.value.map((one) => (
            <Option key={one.id} name="to" value={`group:${one.id}`} chosen={to} onChoose={onChoose} first={!first && one === groups.value[0]}>
              <span>{one[lang.value]}</span>
            </Option>
          ))}
        </div>
      </fieldset>
    </>
  );
}

const body = (to: string): { operator?: string; group?: string } => {
  const [kind, id] = [to.slice(0, to.indexOf(":")), to.slice(to.indexOf(":") + 1)];
  return kind === "operator" ? { operator: id } : { group: id };
};

export function Transfer({ desk }: DialogProps) {
  const to = useSignal("");
  const why = useSignal("");
  return (
    <Form title={say.value.transfer} act={say.value.transfer} ready={to.value !== "" && why.value.trim() !== ""} onAct={() => desk.acts.transfer(body(to.value), why.value.trim())}>
      <Target to={to.value} onChoose={(value) => (to.value = value)} without={ticket.value?.assignee} />
      <Why value={why.value} onWrite={(text) => (why.value = text)} />
    </Form>
  );
}

export function Assign({ desk }: DialogProps) {
  const t = say.value;
  const to = useSignal("");
  const why = useSignal("");
  const act = async () => {
    const error = await desk.acts.assign({ ...body(to.value), why: why.value.trim() });
    const left = picked.value.size;
    if (!error && left) toast({ id: "assign", kind: "failed", text: `${left} ${t.left}`, stays: 9_000 });
    return error;
  };
  return (
    <Form title={`${t.assign}: ${plural(picked.value.size, lang.value, words.value.selected)}`} act={t.assign} ready={to.value !== "" && why.value.trim() !== ""} onAct={act}>
      <p class="soft">{t.assignHint}</p>
      <Target to={to.value} onChoose={(value) => (to.value = value)} />
      <Why value={why.value} onWrite={(text) => (why.value = text)} />
    </Form>
  );
}

const LAST_TIER = 3;

export function Escalate({ desk }: DialogProps) {
  const t = say.value;
  const why = useSignal("");
  const party = useSignal("");
  const tier = ticket.value?.tier ?? 1;
  const out = tier >= LAST_TIER;
  const ready = why.value.trim() !== "" && (!out || party.value.trim() !== "");
  if (!ticket.value) dialog.value = null;
  return (
    <Form title={t.escalate} act={t.escalate} ready={ready} onAct={() => desk.acts.escalate(why.value.trim(), party.value.trim())}>
      <p class="soft">{out ? t.escalateOut : `${t.escalateLead} ${tier + 1}.`}</p>
      {out && (
        <label class="labelled">
          {t.party}
          <input name="party" maxLength={100} required value={party.value} onInput={(event) => (party.value = event.currentTarget.value)} />
        </label>
      )}
      <Why value={why.value} onWrite={(text) => (why.value = text)} />
    </Form>
  );
}
