// What stands between the turns: a colleague's note, and the line where a request began.
import { h } from "preact";
import { Icon } from "../shared/icons";
import { clock } from "../shared/time";
import type { NoteView, TicketView } from "../shared/wire";
import { NOTE } from "./icons";
import { toTicket } from "./route";
import { acts, agents, lang, may, me, words } from "./store";

export function Note({ note, mine }: { note: NoteView; mine: boolean }) {
  return (
    <article class={`note ${note.mentions.includes(me.value) ? "to-me" : ""}`} data-note={note.id}>
      <p class="meta name">
        <Icon d={NOTE} />
        {words.value.note} · {mine ? words.value.you : note.author_name} · <time dateTime={note.at}>{clock(note.at, lang.value)}</time>
      </p>
      <p class="plain" dir="auto">
        <Mentions text={note.text} />
      </p>
      {note.approval && <Proposal note={note} />}
    </article>
  );
}

/** What a lead has been asked to decide, and what became of it. */
function Proposal({ note }: { note: NoteView }) {
  const t = words.value;
  if (note.approval === "pending" && may("assign"))
    return (
      <p class="decide" data-approval="pending">
        <button type="button" class="button" onClick={() => void acts.value?.decide(note, true)}>
          {t.approve}
        </button>
        <button type="button" class="button" onClick={() => void acts.value?.decide(note, false)}>
          {t.refuse}
        </button>
      </p>
    );
  return (
    <p class={`decide ${note.approval}`} data-approval={note.approval}>
      {t.approval[note.approval]}
      {note.decided_by && `: ${note.decided_by}`}
    </p>
  );
}

/** Names of colleagues after an @ stand out. */
function Mentions({ text }: { text: string }) {
  const names = agents.value.map(({ name }) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (!names.length) return <span>{text}</span>;
  const parts = text.split(new RegExp(`(@(?:${names.sort((a, b) => b.length - a.length).join("|")}))`));
  return <span>{parts.map((part, at) => (at % 2 ? <b class="called" key={at}>{part}</b> : part))}</span>;
}

export function Episode({ ticket, current }: { ticket: TicketView; current: boolean }) {
  const t = words.value;
  const title = `${t.episode} №${ticket.number} · ${t.reason[ticket.reason]}`;
  return (
    <p class="episode" data-episode={ticket.number}>
      {current ? (
        <span>{title}</span>
      ) : (
        <a href={toTicket(ticket.id)}>
          {title}
          {ticket.outcome && ` · ${t.outcome[ticket.outcome]}`}
        </a>
      )}
    </p>
  );
}
