// The small signs of a ticket, the same in the list, over the conversation and in what is found.
import { Fragment, h } from "preact";
import { Icon } from "../shared/icons";
import type { TicketView } from "../shared/wire";
import { moment, urgency, waited } from "./format";
import { CLOCK, MOOD_ICON, MOON, PRIORITY_ICON } from "./icons";
import { lang, now, words } from "./store";

export function Priority({ priority }: Pick<TicketView, "priority">) {
  const name = words.value.priority[priority] ?? "";
  return (
    <span class={`priority p${priority}`} data-priority={priority} title={name}>
      <Icon d={PRIORITY_ICON[priority] ?? ""} />
      <span class="hidden">{name}</span>
    </span>
  );
}

export function Mood({ mood }: Pick<TicketView, "mood">) {
  if (mood === "calm") return null;
  return (
    <span class={`mood ${mood}`} data-mood={mood} title={words.value.mood[mood]}>
      <Icon d={MOOD_ICON[mood]} />
      <span class="hidden">{words.value.mood[mood]}</span>
    </span>
  );
}

/** Until the next deadline, or since when the customer waits; ticks by itself, so that a second draws no list. */
export function Countdown({ ticket }: { ticket: TicketView }) {
  const t = words.value;
  const { due_at, due_kind, waiting_since, status } = ticket;
  if (status === "snoozed")
    return (
      <span class="due calm" data-due="snoozed">
        <Icon d={MOON} />
        <span class="hidden">{t.wakes}</span> {ticket.snoozed_until ? moment(ticket.snoozed_until, lang.value, new Date(now.value)) : t.untilReply}
      </span>
    );
  if (status === "closed") return null;
  if (due_at && due_kind && (waiting_since || due_kind === "first")) {
    const left = Date.parse(due_at) - now.value;
    const state = urgency(ticket, now.value);
    return (
      <span class={`due ${state}`} data-due={state} title={`${left < 0 ? t.overdue[due_kind] : t.dueIn[due_kind]} ${waited(Math.abs(left), t)}`}>
        <Icon d={CLOCK} />
        <span class="hidden">{left < 0 ? t.overdue[due_kind] : t.dueIn[due_kind]}</span> {left < 0 && "−"}
        {waited(Math.abs(left), t)}
      </span>
    );
  }
  if (!waiting_since) return null;
  return (
    <span class="due calm" data-due="waits">
      <span class="hidden">{t.waits}</span> {waited(now.value - Date.parse(waiting_since), t)}
    </span>
  );
}

export function Tags({ tags, most = 9 }: { tags: readonly string[]; most?: number }) {
  const t = words.value;
  return (
    <>
      {tags.slice(0, most).map((tag) => (
        <span key={tag} class={`badge tag ${tag === "complaint" || tag === "bug" ? "grave" : ""}`}>
          {t.tag[tag] ?? tag}
        </span>
      ))}
      {tags.length > most && <span class="badge">+{tags.length - most}</span>}
    </>
  );
}

export const channelName = (channel: TicketView["channel"]): string => (channel === "telegram" ? words.value.telegram : words.value.site);
