// The middle column: who it is, what may be done, the whole transcript, and the place to answer.
import type { Signal } from "@preact/signals";
import { h } from "preact";
import { Composer } from "./composer";
import type { Desk } from "./desk";
import { Head } from "./head";
import { Skeleton } from "./inbox";
import { Instead } from "./instead";
import { go, toTicket, toView } from "./route";
import { alarm, conversation, detail, isMine, known, lang, list, lookers, may, place, selected, ticket, view, welcomed, words } from "./store";
import { Transcript } from "./transcript";

interface ConversationProps {
  desk: Desk;
  panel: Signal<boolean>;
}

export function Conversation({ desk, panel }: ConversationProps) {
  const t = words.value;
  if (!selected.value) return <Choose />;
  if (detail.value === "gone") return <Gone />;
  const open = ticket.value;
  if (!open && !known.value) return <Loading desk={desk} />;
  return (
    <section class="conversation" aria-label={t.transcript} data-conversation={conversation.value}>
      <Head desk={desk} panel={panel} />
      <Lookers />
      {known.value ? <Transcript desk={desk} /> : <Skeleton />}
      <footer class="foot">
        {alarm.value && (
          <p class="alarm" role="alert">
            {alarm.value}
          </p>
        )}
        {known.value && (isMine.value ? <Composer key={conversation.value} desk={desk} /> : <Instead key={conversation.value} desk={desk} />)}
      </footer>
    </section>
  );
}

/** Colleagues who have this open now, so that two never answer at once. */
function Lookers() {
  const t = words.value;
  const people = lookers.value;
  if (!people.length) return null;
  const writing = people.filter((one) => one.typing);
  const named = writing.length ? writing : people;
  const names = new Intl.ListFormat(lang.value).format(named.map(({ name }) => name));
  const what = writing.length ? t.writes : t.looks;
  return (
    <p class={`lookers ${writing.length ? "writing" : ""}`} role="status" data-lookers={people.length}>
      {names} {what[named.length > 1 ? 1 : 0]}
    </p>
  );
}

function Choose() {
  const t = words.value;
  const first = may("answer") ? list("unassigned")[0] : undefined;
  if (!welcomed.value) return <section class="conversation" />;
  return (
    <section class="conversation empty">
      <b>{first ? t.pick : t.empty[view.value][0]}</b>
      <p>{first ? t.pickHint : t.empty[view.value][1]}</p>
      {first && (
        <button type="button" class="button" onClick={() => go(toTicket(first.id))}>
          {t.oldest}
        </button>
      )}
    </section>
  );
}

function Gone() {
  const t = words.value;
  return (
    <section class="conversation empty">
      <b>{t.gone}</b>
      <p>{t.goneHint}</p>
      <a href={toView(view.value)}>{t.back}</a>
    </section>
  );
}

function Loading({ desk }: { desk: Desk }) {
  const t = words.value;
  if (!alarm.value) return <section class="conversation"><Skeleton /></section>;
  return (
    <section class="conversation empty">
      <b>{t.loadFailed}</b>
      <p role="alert">{alarm.value}</p>
      <button type="button" class="button" onClick={() => void desk.visit(place.value)}>
        {t.retry}
      </button>
    </section>
  );
}
