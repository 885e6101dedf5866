// The list of the chosen view: live ones from the board, the others page by page; with filter and ticks for leads.
import { useSignal } from "@preact/signals";
import { h } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { Icon } from "../shared/icons";
import type { TicketView } from "../shared/wire";
import type { Desk } from "./desk";
import { Filters } from "./filters";
import { plural } from "./format";
import { FILTER } from "./icons";
import { Offers } from "./offers";
import { Pages } from "./pages";
import { PageRow, Row } from "./row";
import * as store from "./store";
import { isLive, narrowed, NO_FILTER, type View } from "./views";
import { Troubles } from "./troubles";
import { Windowed } from "./window";

const ROW = 92;

export function Inbox({ desk }: { desk: Desk }) {
  const t = store.words.value;
  const view = store.view.value;
  const filtering = useSignal(false);
  const live = isLive(view);
  const active = narrowed(store.filter.value);
  return (
    <section class="inbox" aria-label={t.requests}>
      <header class="inbox-head">
        <h1>{t.view[view]}</h1>
        <span class="inbox-count" data-count={store.count(view)}>
          {store.welcomed.value && (live && active ? `${store.shown.value.length} / ${store.count(view)}` : store.count(view))}
        </span>
        {live && (
          <button
            type="button"
            class="tool"
            aria-label={t.filter}
            title={t.filter}
            aria-expanded={filtering.value}
            aria-pressed={active > 0}
            onClick={() => (filtering.value = !filtering.value)}
          >
            <Icon d={FILTER} />
          </button>
        )}
      </header>
      {live && filtering.value && <Filters />}
      <Troubles />
      <Away desk={desk} />
      <Offers desk={desk} />
      {store.picked.value.size > 0 && <Picked />}
      {!store.welcomed.value ? <Skeleton /> : live ? <LiveList view={view} /> : <PageList view={view} />}
    </section>
  );
}

function LiveList({ view }: { view: View }) {
  const t = store.words.value;
  const items = store.shown.value;
  const cursor = store.cursor.value;
  const reachable = items.some(({ id }) => id === cursor) ? cursor : items[0]?.id;
  const picks = store.may("assign");
  if (!items.length) return <Empty view={view} />;
  const draw = (ticket: TicketView, at: number) => (
    <Row
      ticket={ticket}
      lang={store.lang.value}
      current={store.ticket.value?.id === ticket.id}
      reachable={ticket.id === reachable}
      unread={store.isUnread(ticket)}
      drafted={store.draft(ticket.conversation) !== ""}
      {...(picks ? { picked: store.picked.value.has(ticket.id) } : {})}
      onPick={(_, range) => pick(items, at, range)}
    />
  );
  return <Windowed items={items} height={ROW} label={t.view[view]} keyOf={(one) => one.id} draw={draw} focus={cursor} />;
}

/** With Shift, everything from the last tick to this one. */
function pick(items: readonly TicketView[], at: number, range: boolean): void {
  const next = new Set(store.picked.value);
  const id = items[at]!.id;
  if (next.delete(id)) {
    store.picked.value = next;
    return;
  }
  const last = range ? items.findIndex((one) => one.id === [...next].at(-1)) : at;
  for (const one of items.slice(Math.min(last < 0 ? at : last, at), Math.max(last, at) + 1)) next.add(one.id);
  store.picked.value = next;
}

function PageList({ view }: { view: View }) {
  const t = store.words.value;
  const pages = useMemo(() => new Pages(store.api), []);
  const moved = store.counts.value[view as "bot" | "closed"];
  useEffect(() => void pages.open(view as "bot" | "closed"), [view, moved]);
  if (pages.state.value === "loading") return <Skeleton />;
  if (pages.state.value === "failed")
    return (
      <div class="nobody" role="alert">
        <b>{t.listFailed}</b>
        <p>{pages.error.value}</p>
        <button type="button" class="button" onClick={() => void pages.open(view as "bot" | "closed")}>
          {t.retry}
        </button>
      </div>
    );
  if (!pages.rows.value.length) return <Empty view={view} />;
  const current = store.conversation.value;
  return (
    <Windowed
      items={pages.rows.value}
      height={ROW}
      label={t.view[view]}
      keyOf={(row) => row.conversation + (row.ticket?.id ?? "")}
      draw={(row) => <PageRow row={row} current={row.conversation === current} />}
      onEnd={() => void pages.more()}
    />
  );
}

function Empty({ view }: { view: View }) {
  const t = store.words.value;
  const narrow = isLive(view) && narrowed(store.filter.value) > 0;
  return (
    <div class="nobody">
      <b>{narrow ? t.emptyFilter : t.empty[view][0]}</b>
      {narrow ? (
        <button type="button" class="button" onClick={() => (store.filter.value = NO_FILTER)}>
          {t.clearFilter}
        </button>
      ) : (
        <p>{t.empty[view][1]}</p>
      )}
    </div>
  );
}

export function Skeleton() {
  return (
    <div class="skeleton" role="status">
      <span class="hidden">{store.words.value.loading}</span>
      {[0, 1, 2, 3, 4].map((at) => (
        <i key={at} />
      ))}
    </div>
  );
}

function Picked() {
  const t = store.words.value;
  const size = store.picked.value.size;
  return (
    <div class="picked-bar">
      <b>{plural(size, store.lang.value, t.selected)}</b>
      <button type="button" class="plain-button" onClick={() => (store.picked.value = new Set(store.shown.value.map(({ id }) => id)))}>
        {t.selectAll}
      </button>
      <button type="button" class="plain-button" onClick={() => (store.picked.value = new Set())}>
        {t.clear}
      </button>
      <button type="button" class="button primary" onClick={() => (store.dialog.value = "assign")}>
        {t.assignTo}
      </button>
    </div>
  );
}

function Away({ desk }: { desk: Desk }) {
  const t = store.words.value;
  const presence = store.presence.value;
  if (presence === "online" || !store.may("answer") || !store.welcomed.value) return null;
  return (
    <p class="away-note" role="status">
      <span>{t.awayBanner[presence]}</span>
      <button type="button" class="plain-button" onClick={() => desk.be("online")}>
        {t.goOnline}
      </button>
    </p>
  );
}
