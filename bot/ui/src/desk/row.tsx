// One line of a list: who, what they said last, how urgent, how long. Drawn again only when something of it changed.
import { Component, type ComponentChildren, Fragment, h } from "preact";
import { Icon } from "../shared/icons";
import { clock, day, sameDay } from "../shared/time";
import type { ConversationRow, Lang, TicketView } from "../shared/wire";
import { BOT, CLOCK } from "./icons";
import { channelName, Countdown, Mood, Priority, Tags } from "./marks";
import { toConversation, toTicket } from "./route";
import { groupName, groups, lang, me, words } from "./store";
import { WORDS } from "./words";

interface RowProps {
  ticket: TicketView;
  lang: Lang;
  current: boolean;
  reachable: boolean;
  unread: boolean;
  drafted: boolean;
  /** Undefined: this operator assigns nobody. */
  picked?: boolean;
  onPick(id: string, range: boolean): void;
}

export class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    return (Object.keys(next) as (keyof RowProps)[]).some((key) => key !== "onPick" && next[key] !== this.props[key]);
  }

  override render({ ticket, lang, current, reachable, unread, drafted, picked, onPick }: RowProps): ComponentChildren {
    const t = WORDS[lang];
    const tab = reachable ? 0 : -1;
    return (
      <div class={`row ${unread ? "unread" : ""} ${picked ? "picked" : ""}`} data-ticket={ticket.id} data-status={ticket.status}>
        <a class="row-link" href={toTicket(ticket.id)} tabIndex={tab} data-row={ticket.id} aria-current={current ? "true" : undefined}>
          <span class="row-head">
            <Priority priority={ticket.priority} />
            <span class="who">{ticket.customer_name || t.guest}</span>
            {ticket.vip && <span class="badge vip">{t.vip}</span>}
            <Mood mood={ticket.mood} />
            <Countdown ticket={ticket} />
          </span>
          <span class="row-text" dir="auto">
            {ticket.last_author === "operator" && <span class="soft">↩ </span>}
            {ticket.last_text || ticket.subject || <i>{t.reason[ticket.reason]}</i>}
            {unread && (
              <i class="unread-dot" data-unread>
                <span class="hidden">{t.unread}</span>
              </i>
            )}
          </span>
          <span class="row-foot">
            <Place ticket={ticket} />
            {drafted && <span class="badge draft">✎</span>}
            <Tags tags={ticket.tags} most={2} />
          </span>
        </a>
        {picked !== undefined && (
          <label class="pick">
            <input
              type="checkbox"
              tabIndex={tab}
              checked={picked}
              aria-label={`${t.select} №${ticket.number}`}
              onClick={(event) => onPick(ticket.id, event.shiftKey)}
            />
          </label>
        )}
      </div>
    );
  }
}

/** Number, where from, and with whom it is. */
function Place({ ticket }: { ticket: TicketView }) {
  const t = words.value;
  const { status, assignee, assignee_name, offered_to } = ticket;
  const holder = assignee && assignee !== me.value ? assignee_name : "";
  return (
    <span class="row-place">
      №{ticket.number} · {channelName(ticket.channel)} · {ticket.lang.toUpperCase()}
      {groups.value.length > 1 && ` · ${groupName(ticket.group)}`}
      {holder && <b> · {holder}</b>}
      {status === "offered" && offered_to !== me.value && ` · ${t.statusOf.offered.toLowerCase()}`}
      {ticket.next_update_at && (
        <span class="badge promise" title={t.updateAt}>
          <Icon d={CLOCK} />
          {clock(ticket.next_update_at, lang.value)}
        </span>
      )}
      {ticket.wish === "write" && (
        <span class="badge" title={t.writeLater}>
          @<span class="hidden">{t.writeLater}</span>
        </span>
      )}
    </span>
  );
}

/** A line of the lists that the server keeps; `snippet` marks what was found. */
export function PageRow({ row, current, onOpen }: { row: ConversationRow; current: boolean; onOpen?(): void }) {
  const t = words.value;
  const { ticket, last_at } = row;
  return (
    <div class="row" data-conversation={row.conversation}>
      <a
        class="row-link"
        href={ticket ? toTicket(ticket.id) : toConversation(row.conversation)}
        data-row={ticket?.id ?? row.conversation}
        aria-current={current ? "true" : undefined}
        onClick={onOpen}
      >
        <span class="row-head">
          {ticket ? <Priority priority={ticket.priority} /> : <Icon d={BOT} />}
          <span class="who">{row.customer_name || t.guest}</span>
          <span class="due calm">{sameDay(last_at, new Date().toISOString()) ? clock(last_at, lang.value) : day(last_at, lang.value)}</span>
        </span>
        <span class="row-text" dir="auto">
          <Found text={row.snippet || row.last_text} />
        </span>
        <span class="row-foot">
          <span class="row-place">
            {ticket && `№${ticket.number} · `}
            {channelName(row.channel)} · {row.lang.toUpperCase()} · {ticket ? state(ticket) : t.withBot}
          </span>
          {ticket && <Tags tags={ticket.tags} most={2} />}
        </span>
      </a>
    </div>
  );
}

const state = ({ status, outcome }: TicketView): string =>
  outcome ? words.value.outcome[outcome] : words.value.statusOf[status];

/** What the server put between « and » is what matched. */
function Found({ text }: { text: string }) {
  const parts = text.split(/[«»]/);
  const even = text.split("«").length === text.split("»").length;
  return <>{even ? parts.map((part, at) => (at % 2 ? <mark key={at}>{part}</mark> : part)) : text}</>;
}
