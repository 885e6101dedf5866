// In the composer's place while the conversation is not mine: whose it is, how to get it, a note for colleagues.
import { Fragment, h } from "preact";
import { Icon } from "../shared/icons";
import { Composer } from "./composer";
import type { Desk } from "./desk";
import { NOTE } from "./icons";
import { go, toTicket } from "./route";
import { busy, conversation, draft, known, list, may, me, mode, ticket, words } from "./store";

export function Instead({ desk }: { desk: Desk }) {
  const t = words.value;
  if (!may("answer")) return <p class="instead">{t.readOnly}</p>;
  const noting = mode.value === "note" || draft(conversation.value, true) !== "";
  return (
    <>
      {noting && <Composer desk={desk} noteOnly />}
      <div class="instead">
        <Situation />
        <div class="instead-acts">
          {!noting && (
            <button type="button" class="button" aria-keyshortcuts="N" onClick={() => (mode.value = "note")}>
              <Icon d={NOTE} />
              {t.note}
            </button>
          )}
          <Step desk={desk} />
        </div>
      </div>
    </>
  );
}

function Situation() {
  const t = words.value;
  const open = ticket.value;
  const name = open?.assignee_name ?? "";
  if (!open) return <p>{t.botHint}</p>;
  switch (open.status) {
    case "queued":
      return <p>{t.claimHint}</p>;
    case "offered":
      return open.offered_to === me.value ? <p>{t.claimHint}</p> : <p>{t.offeredHint}</p>;
    case "snoozed":
      return (
        <p>
          {t.snoozedHint} {name}
          {open.snooze_note && <q>{open.snooze_note}</q>}
        </p>
      );
    case "closed":
      return <p>{t.closedHint}</p>;
    default:
      return (
        <p>
          <b>{name}</b> {t.colleague}
        </p>
      );
  }
}

/** The one step that leads on from here. */
function Step({ desk }: { desk: Desk }) {
  const t = words.value;
  const open = ticket.value;
  const next = list("unassigned").find(({ id, status }) => id !== open?.id && status === "queued");
  const button = (title: string, act: () => void, keys?: string) => (
    <button type="button" class="button primary" disabled={busy.value} aria-keyshortcuts={keys} onClick={act}>
      {title}
    </button>
  );
  if (!open || open.status === "closed")
    return (
      <>
        {known.value && (
          <button type="button" class={`button ${open ? "" : "primary"}`} disabled={busy.value} aria-keyshortcuts="Control+M" onClick={() => void desk.acts.take()}>
            {t.take}
          </button>
        )}
        {open && next && button(t.nextOne, () => go(toTicket(next.id)))}
      </>
    );
  if (open.status === "queued" || (open.status === "offered" && open.offered_to === me.value))
    return button(t.claim, () => void desk.acts.claim(), "Control+M");
  if (open.status === "snoozed" && open.assignee === me.value) return button(t.wake, () => void desk.acts.wake());
  return null;
}
