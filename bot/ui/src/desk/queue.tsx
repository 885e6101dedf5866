// The left column: mine, those who wait, those with colleagues; arrows walk through all of them.
import { h } from "preact";
import { Icon, Mark } from "../shared/icons";
import type { TicketView } from "../shared/wire";
import type { Desk } from "./desk";
import { urgency, waited } from "./format";
import { BELL, BELL_OFF } from "./icons";
import { Menu, switchLang } from "./menu";
import { chime } from "./sound";
import { draft, keep, mine, now, others, selected, session, sound, status, waiting, words } from "./store";

export function Queue({ desk }: { desk: Desk }) {
  const t = words.value;
  const empty = !mine.value.length && !waiting.value.length;
  return (
    <nav class="queue" aria-label={t.queue}>
      <Top desk={desk} />
      <div class="queue-list" onKeyDown={walk}>
        <h1 class="hidden">{t.queue}</h1>
        {empty && (
          <div class="nobody">
            <b>{t.nobody}</b>
            <p>{t.nobodyHint}</p>
          </div>
        )}
        <Group title={t.mine} tickets={mine.value} />
        <Group title={t.waiting} tickets={waiting.value} />
        <Group title={t.others} tickets={others.value} />
      </div>
    </nav>
  );
}

function walk(event: KeyboardEvent): void {
  const list = event.currentTarget as HTMLElement;
  const all = [...list.querySelectorAll<HTMLElement>("a")];
  const at = all.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  all[Math.min(Math.max(to, 0), all.length - 1)]?.focus();
}

function Group({ title, tickets }: { title: string; tickets: TicketView[] }) {
  if (!tickets.length) return null;
  return (
    <section class="group">
      <h2>
        {title} <span>{tickets.length}</span>
      </h2>
      <ul>
        {tickets.map((ticket) => (
          <li key={ticket.id}>
            <Ticket ticket={ticket} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Ticket({ ticket }: { ticket: TicketView }) {
  const t = words.value;
  const current = selected.value === ticket.id;
  return (
    <a class="ticket" href={`#/ticket/${ticket.id}`} aria-current={current ? "true" : undefined}>
      <span class="ticket-head">
        <span class="who">{ticket.customer_name || t.guest}</span>
        <Wait ticket={ticket} />
      </span>
      <span class="ticket-subject" dir="auto">
        {ticket.subject}
      </span>
      <span class="badges">
        <span class={`badge ${ticket.reason}`}>{t.reason[ticket.reason]}</span>
        <span class="badge">{ticket.lang.toUpperCase()}</span>
        <span class="badge">{ticket.channel === "telegram" ? t.telegram : t.site}</span>
        {ticket.assignee_name && ticket.assignee !== session.value?.operator.id && <span class="badge">{ticket.assignee_name}</span>}
        {!current && draft(ticket.id) && <span class="badge draft">✎</span>}
      </span>
    </a>
  );
}

/** Ticks by itself, so that a second does not draw the whole list. */
function Wait({ ticket }: { ticket: TicketView }) {
  const t = words.value;
  const queued = ticket.status === "queued";
  const passed = now.value - Date.parse((queued ? null : ticket.claimed_at) ?? ticket.opened_at);
  return (
    <span class={`wait ${queued ? urgency(passed) : ""}`}>
      <span class="hidden">{queued ? t.waits : t.inWork}</span> {waited(passed, t)}
    </span>
  );
}

function Top({ desk }: { desk: Desk }) {
  const t = words.value;
  const name = session.value?.operator.name ?? "";
  const turnSound = () => {
    sound.value = !sound.value;
    keep.set("desk.sound", sound.value ? "on" : "off");
    if (sound.value) chime();
  };
  return (
    <header class="top">
      <Mark />
      <span class="brand">
        Zeroline
        <i class={`dot ${status.value}`} />
      </span>
      <button type="button" class="tool" aria-label={t.sound} aria-pressed={sound.value} title={t.sound} onClick={turnSound}>
        <Icon d={sound.value ? BELL : BELL_OFF} />
      </button>
      <Menu
        kind="face"
        label={name.charAt(0)}
        name={t.menu}
        head={<p class="menu-head">{name}</p>}
        items={[
          { title: t.language, act: switchLang },
          { title: t.signOut, act: () => void desk.signOut() },
        ]}
      />
    </header>
  );
}
