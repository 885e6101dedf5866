// The middle column: who it is, what may be done, the whole transcript, the reply.
import type { Signal } from "@preact/signals";
import { Fragment, h } from "preact";
import { Icon } from "../shared/icons";
import type { TicketView } from "../shared/wire";
import { Composer } from "./composer";
import type { Desk } from "./desk";
import { BACK, INFO } from "./icons";
import { Menu } from "./menu";
import { alarm, detail, isMine, selected, ticket, waiting, words } from "./store";
import { Transcript } from "./transcript";

interface ConversationProps {
  desk: Desk;
  panel: Signal<boolean>;
}

export function Conversation({ desk, panel }: ConversationProps) {
  const t = words.value;
  const open = ticket.value;
  if (!selected.value || detail.value === "gone" || !open) return <Nothing />;
  return (
    <section class="conversation" aria-label={t.transcript}>
      <Head desk={desk} panel={panel} ticket={open} />
      <Transcript desk={desk} />
      <footer class="foot">
        {alarm.value && (
          <p class="alarm" role="alert">
            {alarm.value}
          </p>
        )}
        {isMine.value ? <Composer key={open.id} desk={desk} ticket={open} /> : <Instead desk={desk} ticket={open} />}
      </footer>
    </section>
  );
}

/** Before a ticket is chosen, while it loads, and when there is none. */
function Nothing() {
  const t = words.value;
  const oldest = waiting.value[0];
  if (selected.value && detail.value === null) return <section class="conversation empty">{t.loading}</section>;
  if (selected.value)
    return (
      <section class="conversation empty">
        <b>{t.gone}</b>
        <a href="#/">{t.back}</a>
      </section>
    );
  return (
    <section class="conversation empty">
      <b>{oldest ? t.pick : t.nobody}</b>
      <p>{oldest ? t.pickHint : t.nobodyHint}</p>
      {oldest && (
        <a class="button" href={`#/ticket/${oldest.id}`}>
          {t.oldest}
        </a>
      )}
    </section>
  );
}

function Head({ desk, panel, ticket: open }: ConversationProps & { ticket: TicketView }) {
  const t = words.value;
  return (
    <header class="head">
      <a class="tool back" href="#/" aria-label={t.back}>
        <Icon d={BACK} />
      </a>
      <div class="head-who">
        <h1>{open.customer_name || t.guest}</h1>
        <p>
          №{open.number} · {t.reason[open.reason]} · {open.lang.toUpperCase()} · {open.channel === "telegram" ? t.telegram : t.site}
        </p>
      </div>
      {isMine.value && (
        <div class="acts">
          <button type="button" class="button" onClick={() => void desk.giveBack()}>
            {t.giveBack}
          </button>
          <Menu
            kind="button"
            label={
              <>
                {t.finish}
                <i class="caret" />
              </>
            }
            items={[
              { title: t.solved, act: () => void desk.close("solved") },
              { title: t.unsolved, act: () => void desk.close("unsolved") },
            ]}
          />
        </div>
      )}
      <button type="button" class="tool info" aria-label={t.details} aria-expanded={panel.value} onClick={() => (panel.value = !panel.value)}>
        <Icon d={INFO} />
      </button>
    </header>
  );
}

/** In the composer's place while the ticket is not mine. */
function Instead({ desk, ticket: open }: { desk: Desk; ticket: TicketView }) {
  const t = words.value;
  if (open.status === "queued")
    return (
      <div class="instead">
        <p>{t.claimHint}</p>
        <button type="button" class="button primary" onClick={() => void desk.claim()}>
          {t.claim}
        </button>
      </div>
    );
  return (
    <p class="instead">
      {open.status === "closed" ? t.closedHint : `${open.assignee_name} ${t.colleague}`}
    </p>
  );
}
