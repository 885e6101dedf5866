// Over the conversation: number, state, priority, tags, who holds it, the clock, and everything one may do with it.
import type { Signal } from "@preact/signals";
import { Fragment, h } from "preact";
import { Icon } from "../shared/icons";
import type { TicketView } from "../shared/wire";
import type { Desk } from "./desk";
import { moment } from "./format";
import { BACK, BOT, BUG, CLOCK, INFO, MOON, MORE, NOTE, SWAP, TAG, UP } from "./icons";
import { channelName, Countdown, Mood, Priority, Tags } from "./marks";
import { Menu, type MenuItem } from "./menu";
import { PRIORITY_ICON } from "./icons";
import { toView } from "./route";
import { agents, dialog, type DialogName, groupName, groups, isMine, known, lang, may, me, now, place, ticket, view, words } from "./store";

export function Head({ desk, panel }: { desk: Desk; panel: Signal<boolean> }) {
  const t = words.value;
  const open = ticket.value;
  const customer = known.value?.customer;
  return (
    <header class="head">
      <a class="tool back" href={toView(view.value)} aria-label={t.back}>
        <Icon d={BACK} />
      </a>
      <div class="head-who">
        <h1>
          <span class="name">{open?.customer_name || customer?.name || t.guest}</span>
          {(open?.vip || customer?.vip) && <span class="badge vip">{t.vip}</span>}
          {open && <Mood mood={open.mood} />}
        </h1>
      </div>
      <div class="acts">
        {open && isMine.value && <MineActs desk={desk} />}
        {open && open.status !== "closed" && !isMine.value && may("answer") && mayMove(open) && <ColleagueActs />}
      </div>
      <button type="button" class="tool info" aria-label={t.details} aria-expanded={panel.value} onClick={() => (panel.value = !panel.value)}>
        <Icon d={INFO} />
      </button>
      <div class="head-line">
        {open ? <Facts ticket={open} /> : `${t.withBot} · ${customer ? channelName(customer.channel) : ""}`}
        {open && <Chips ticket={open} desk={desk} />}
      </div>
    </header>
  );
}

function Facts({ ticket: open }: { ticket: TicketView }) {
  const t = words.value;
  const { status, outcome } = open;
  const state = outcome ? t.outcome[outcome] : t.statusOf[status];
  const holder = open.assignee === me.value ? t.you : open.assignee_name;
  return (
    <>
      <span class={`state ${status}`} data-status={status}>
        {state}
        {holder && status !== "queued" && `: ${holder}`}
      </span>
      <Countdown ticket={open} />
      <span>№{open.number}</span>
      <span>{channelName(open.channel)}</span>
      <span>{open.lang.toUpperCase()}</span>
      {groups.value.length > 1 && <span>{groupName(open.group)}</span>}
      {open.tier > 1 && (
        <span>
          {t.tier} {open.tier}
        </span>
      )}
    </>
  );
}

/** What can be changed with one click: priority and tags; and the promise that is running. */
function Chips({ ticket: open, desk }: { ticket: TicketView; desk: Desk }) {
  const t = words.value;
  const { status } = open;
  return (
    <>
      {may("answer") && status !== "closed" ? <PriorityMenu ticket={open} desk={desk} /> : <Priority priority={open.priority} />}
      {may("answer") && status !== "closed" && (
        <button type="button" class="chip-button" aria-label={t.tags} title={`${t.tags} (G)`} aria-keyshortcuts="G" onClick={() => (dialog.value = "tags")}>
          <Icon d={TAG} />
        </button>
      )}
      {open.next_update_at && (
        <span class="badge promise" data-update>
          <Icon d={CLOCK} />
          {t.updateAt} {moment(open.next_update_at, lang.value, new Date(now.value))}
        </span>
      )}
      {open.returned > 0 && <span class="badge promise">{times(t.returned, open.returned)}</span>}
      {open.reopened > 0 && <span class="badge">{times(t.reopened, open.reopened)}</span>}
      <Tags tags={open.tags} most={3} />
    </>
  );
}

const times = (what: string, count: number): string => (count > 1 ? `${what} ×${count}` : what);

function PriorityMenu({ ticket: open, desk }: { ticket: TicketView; desk: Desk }) {
  const t = words.value;
  const items: MenuItem[] = [1, 2, 3, 4].map((priority) => ({
    title: t.priority[priority]!,
    icon: PRIORITY_ICON[priority]!,
    checked: open.priority === priority,
    act: () => void desk.acts.prioritise(priority),
  }));
  return (
    <Menu
      kind="chip-button"
      name={`${t.changePriority}: ${t.priority[open.priority]}`}
      label={
        <>
          <Priority priority={open.priority} />
          {t.priority[open.priority]}
        </>
      }
      items={items}
    />
  );
}

const ask = (name: DialogName) => () => (dialog.value = name);

function MineActs({ desk }: { desk: Desk }) {
  const t = words.value;
  const tool = (title: string, key: string, icon: string, name: DialogName) => (
    <button type="button" class="tool" aria-label={title} title={`${title} (${key})`} aria-keyshortcuts={key} onClick={ask(name)}>
      <Icon d={icon} />
    </button>
  );
  return (
    <>
      {tool(t.snooze, "Z", MOON, "snooze")}
      {tool(t.transfer, "T", SWAP, "transfer")}
      <Menu
        kind="tool"
        name={t.more}
        label={<Icon d={MORE} />}
        items={[
          { title: t.escalate, key: "E", icon: UP, act: ask("escalate") },
          { title: t.update, icon: CLOCK, act: ask("update") },
          { title: t.tags, key: "G", icon: TAG, act: ask("tags") },
          ...(may("file_issues") ? [{ title: t.file, icon: BUG, act: ask("issue") }] : []),
          { title: t.giveBack, icon: NOTE, apart: true, act: () => void desk.acts.giveBack() },
          { title: t.toBot, key: "B", icon: BOT, act: () => void desk.acts.toBot() },
        ]}
      />
      <button type="button" class="button" aria-keyshortcuts="X" title={`${t.finish} (X)`} onClick={ask("close")}>
        {t.finish}
      </button>
    </>
  );
}

/** May this ticket, which somebody else holds or nobody, be moved on by me? The server says the last word. */
export function mayMove(open: TicketView): boolean {
  if (open.status === "closed" || place.value.kind === "lead") return false;
  if (may("assign")) return true;
  const locked = groups.value.find(({ id }) => id === open.group)?.locked;
  const holder = agents.value.find(({ id }) => id === open.assignee);
  return open.status === "queued" || (!locked && holder?.presence !== "online" && open.assignee !== null);
}

function ColleagueActs() {
  const t = words.value;
  return (
    <Menu
      kind="tool"
      name={t.more}
      label={<Icon d={MORE} />}
      items={[
        { title: t.transfer, key: "T", icon: SWAP, act: ask("transfer") },
        { title: t.escalate, key: "E", icon: UP, act: ask("escalate") },
        { title: t.tags, key: "G", icon: TAG, act: ask("tags") },
        ...(may("file_issues") ? [{ title: t.file, icon: BUG, act: ask("issue") }] : []),
      ]}
    />
  );
}
